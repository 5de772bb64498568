/** Log sync of the resilience service: requests of storage/log-sync are written, its answers are told in pieces. */
import type { Timers } from "base/host-parts";
import { type CharacteristicDefinition, Property } from "ble-gatt/gatt-port";
import { Notifier, type NotifierListener, type Outbox } from "ble-gatt/notifier";
import type { Trust } from "ble-gatt/trust";
import { LogSync, SyncRequest } from "storage/log-sync";
import type { RecordRing } from "storage/record-ring";
import type { SessionLog } from "storage/session-log";

export const SYNC_UUID = "5e110005-ba4d-4c61-8d3e-9f0b7a2c6e10";
/** One more than the longest request, so that one that is too long stays so. */
const REQUEST_BYTES_MAX = 10;
/** MTU 247 less 3. */
const PIECE_BYTES_MAX = 244;

/** The engine and its buffers live while somebody listens. Cost: no allocation per piece but the view that is sent. */
export class SyncPoint implements NotifierListener {
  readonly #trust: Trust;
  readonly #ring: RecordRing;
  readonly #log: SessionLog;
  readonly #timers: Timers;
  #sync: LogSync | undefined;
  #piece: Uint8Array | undefined;
  /** Bytes of the piece that is to be sent, or on its way. */
  #pieceBytes = 0;
  #request: Uint8Array | undefined;
  #isPlanned = false;
  /** The piece that is on its way belongs to an answer that was given up. */
  #isOutdated = false;
  #notifier: Notifier | undefined;
  readonly #carryOut = (): void => this.#work();

  constructor(trust: Trust, ring: RecordRing, log: SessionLog, timers: Timers) {
    this.#trust = trust;
    this.#ring = ring;
    this.#log = log;
    this.#timers = timers;
  }

  define(outbox: Outbox): CharacteristicDefinition {
    const notifier = new Notifier(outbox, this, true);
    this.#notifier = notifier;
    return {
      uuid: SYNC_UUID,
      properties: Property.WriteEncrypted | Property.NotifyEncrypted,
      onWrite: (value) => this.#written(new Uint8Array(value)),
      onSubscribe(connection) {
        notifier.start(this, connection);
      },
      onUnsubscribe() {
        notifier.stop();
      },
    };
  }

  onStart(): void {
    this.#sync = new LogSync(this.#ring);
    this.#piece = new Uint8Array(PIECE_BYTES_MAX);
    this.#pieceBytes = 0;
    this.#isOutdated = false;
  }

  onStop(): void {
    this.#sync = undefined;
    this.#piece = undefined;
    this.#request = undefined;
    this.#pieceBytes = 0;
  }

  onDone(sent: boolean): void {
    if (sent || this.#isOutdated) this.#pieceBytes = 0;
    this.#isOutdated = false;
  }

  onRoom(): void {
    const notifier = this.#notifier;
    const piece = this.#piece;
    const sync = this.#sync;
    if (notifier?.ready !== true || piece === undefined || sync === undefined || !this.#trust.isOpen) return;
    if (this.#pieceBytes === 0) {
      const bytesMax = notifier.bytesMax < PIECE_BYTES_MAX ? notifier.bytesMax : PIECE_BYTES_MAX;
      this.#pieceBytes = sync.nextFragment(piece, bytesMax);
    }
    if (this.#pieceBytes > 0) notifier.send(piece.subarray(0, this.#pieceBytes));
  }

  #written(bytes: Uint8Array): void {
    const trust = this.#trust;
    if (!trust.admit()) return;
    if (!trust.isOpen || this.#sync === undefined || this.#isPlanned) {
      trust.refused();
      return;
    }
    this.#request = bytes.length <= REQUEST_BYTES_MAX ? bytes : bytes.subarray(0, REQUEST_BYTES_MAX);
    this.#isPlanned = true;
    this.#timers.set(this.#carryOut, 0);
  }

  #work(): void {
    const request = this.#request;
    this.#isPlanned = false;
    this.#request = undefined;
    const notifier = this.#notifier;
    if (request === undefined || notifier === undefined || !this.#trust.isOpen) return;
    if (request.length === 1 && request[0] === SyncRequest.Info) this.#log.flush(); // what is packed is to be there too
    this.#sync?.request(request);
    this.#isOutdated = notifier.isPending;
    if (!notifier.isPending) this.#pieceBytes = 0;
    this.onRoom();
  }
}
