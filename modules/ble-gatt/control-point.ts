/**
 * Control point of the resilience service: a request is written, its answer is told. One at a time.
 * Request: kind, tag, arguments. Answer: kind + 0x80, the same tag, status, results. Numbers are little endian.
 */
import type { Timers } from "base/host-parts";
import { type CharacteristicDefinition, Property } from "ble-gatt/gatt-port";
import { Notifier, type NotifierListener, type Outbox } from "ble-gatt/notifier";
import { OWNER_KEY_BYTES, type Trust } from "ble-gatt/trust";

export const CONTROL_UUID = "5e110003-ba4d-4c61-8d3e-9f0b7a2c6e10";
const VERSION = 1;

export const enum ControlKind {
  Hello = 0x01,
  Claim = 0x02,
  Unlock = 0x03,
  Start = 0x10,
  Stop = 0x11,
  NotOk = 0x12,
  Pause = 0x13,
  Resume = 0x14,
  Pace = 0x15,
  Get = 0x20,
  Set = 0x21,
  Clock = 0x30,
  LightRate = 0x40,
}

export const enum ControlStatus {
  Ok = 0,
  UnknownKind = 1,
  WrongLength = 2,
  OutOfRange = 3,
  /** Not now; a result byte may say why. */
  Refused = 4,
  /** The owner's key was not shown on this link. */
  Locked = 5,
  NotKept = 6,
}

/** Bytes of each request's arguments. */
const ARGUMENT_BYTES = Object.freeze({
  [ControlKind.Hello]: 0,
  [ControlKind.Claim]: 0,
  [ControlKind.Unlock]: OWNER_KEY_BYTES,
  [ControlKind.Start]: 3,
  [ControlKind.Stop]: 0,
  [ControlKind.NotOk]: 0,
  [ControlKind.Pause]: 0,
  [ControlKind.Resume]: 0,
  [ControlKind.Pace]: 4,
  [ControlKind.Get]: 1,
  [ControlKind.Set]: 5,
  [ControlKind.Clock]: 12,
  [ControlKind.LightRate]: 1,
} as const) as Readonly<Record<number, number>>; // asked with bytes from outside

const HEAD_BYTES = 2;
const REQUEST_BYTES_MAX = HEAD_BYTES + OWNER_KEY_BYTES;
const ANSWER_BIT = 0x80;
const ANSWER_HEAD_BYTES = 3;
const ANSWER_BYTES_MAX = 20;
/** Where the request's kind, tag and arguments are. */
const KIND = ANSWER_BYTES_MAX;
const TAG = KIND + 1;
const ARGUMENTS = KIND + HEAD_BYTES;

/** Outcome of what the band was asked: a status and, above it, the byte that says more. */
export const outcome = (status: ControlStatus, reason = 0): number => status | (reason << 8);

/** What the control point may do to the band. Values come from outside and are checked by whoever is behind this. */
export interface ControlPort {
  /** A session goes on: stopping it waits for nothing. */
  readonly isInSession: boolean;
  start(program: number, chosenMs: number): number;
  stop(): void;
  notOk(): void;
  pause(): boolean;
  resume(): boolean;
  changePace(rateCentiPerMin: number, inhalePermille: number): number;
  /** Value and bounds of a setting into `view` as three int32, from `at` on. */
  getSetting(key: number, view: DataView, at: number): number;
  setSetting(key: number, value: number): number;
  setClock(epochMs: number, uncertaintyMs: number, zoneMinutes: number): number;
  /** 25, 50 or 100 samples a second. */
  setLightRate(hz: number): boolean;
}

/**
 * The characteristic. A write is only noted while the radio waits, and carried out by a timer at once after it; one that
 * comes before the answer to the last was sent, or without a listener, is ignored and counted.
 * Errors: none to the radio; what the band behind throws goes up through the timer, as from everything else.
 */
export class ControlPoint implements NotifierListener {
  readonly #trust: Trust;
  readonly #port: ControlPort;
  readonly #timers: Timers;
  /** The answer, then the request. */
  readonly #bytes = new Uint8Array(ANSWER_BYTES_MAX + REQUEST_BYTES_MAX);
  readonly #view = new DataView(this.#bytes.buffer);
  /** 0: none waits to be carried out. */
  #requestBytes = 0;
  /** A stop that waits to be carried out: its kind, or 0. It counts even if the link ends meanwhile. */
  #urgent = 0;
  #urgentTag = 0;
  /** From the write to the answer's being sent. */
  #isBusy = false;
  #answerBytes = 0;
  /** The answer has not been handed to the radio, or the radio has failed to send it. */
  #isDue = false;
  #notifier: Notifier | undefined;
  readonly #carryOut = (): void => this.#work();

  constructor(trust: Trust, port: ControlPort, timers: Timers) {
    this.#trust = trust;
    this.#port = port;
    this.#timers = timers;
  }

  define(outbox: Outbox): CharacteristicDefinition {
    const notifier = new Notifier(outbox, this);
    this.#notifier = notifier;
    return {
      uuid: CONTROL_UUID,
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

  onStop(): void {
    this.#requestBytes = 0;
    this.#isBusy = false;
    this.#isDue = false;
  }

  onDone(sent: boolean): void {
    if (!sent) this.#isDue = true;
    else if (!this.#isDue) this.#isBusy = false; // else a stop's answer took the place of the one that was sent
  }

  /** Also once a second, should an answer have failed. */
  onRoom(): void {
    const notifier = this.#notifier;
    if (!this.#isDue || notifier?.ready !== true) return;
    if (notifier.send(this.#bytes.subarray(0, this.#answerBytes))) this.#isDue = false;
  }

  #written(bytes: Uint8Array): void {
    const trust = this.#trust;
    const kind = bytes[0];
    const isUrgent = (kind === ControlKind.Stop || kind === ControlKind.NotOk) && bytes.length === HEAD_BYTES;
    if (isUrgent && trust.isOpen && this.#port.isInSession)
      this.#interrupt(kind, bytes[1]!); // of two bytes
    else if (!trust.admit()) return;
    else if (this.#isBusy || this.#notifier?.subscribed !== true || bytes.length < HEAD_BYTES) trust.refused();
    else this.#note(bytes);
  }

  /** Ends the session, whatever else is under way: what was asked before is not done, its answer not told. */
  #interrupt(kind: number, tag: number): void {
    if (this.#urgent === 0) this.#timers.set(this.#carryOut, 0);
    this.#urgent = kind;
    this.#urgentTag = tag;
    this.#requestBytes = 0;
    this.#isBusy = true;
  }

  #note(bytes: Uint8Array): void {
    this.#bytes.set(bytes.length <= REQUEST_BYTES_MAX ? bytes : bytes.subarray(0, REQUEST_BYTES_MAX), KIND);
    this.#requestBytes = bytes.length;
    this.#isBusy = true;
    this.#timers.set(this.#carryOut, 0);
  }

  #work(): void {
    const urgent = this.#urgent;
    const length = this.#requestBytes;
    this.#urgent = 0;
    this.#requestBytes = 0;
    if (urgent !== 0) this.#tell(urgent, this.#urgentTag, this.#do(urgent));
    else if (length > 0) {
      const kind = this.#bytes[KIND]!; // two bytes or more were noted
      this.#answerBytes = ANSWER_HEAD_BYTES;
      this.#tell(kind, this.#bytes[TAG]!, this.#judge(kind, length)); // as above
    }
  }

  /** Results, if there are any, are in the answer already. */
  #tell(kind: number, tag: number, said: number): void {
    const status = said & 0xff;
    if (status !== ControlStatus.Ok || kind === ControlKind.Stop || kind === ControlKind.NotOk)
      this.#answerBytes = ANSWER_HEAD_BYTES;
    this.#bytes[0] = kind | ANSWER_BIT;
    this.#bytes[1] = tag;
    this.#bytes[2] = status;
    if (status === ControlStatus.Refused) this.#bytes[this.#answerBytes++] = said >> 8;
    if (status !== ControlStatus.Ok) this.#trust.refused();
    this.#isDue = this.#notifier?.subscribed === true;
    this.#isBusy = this.#isDue;
    this.onRoom();
  }

  #judge(kind: number, length: number): number {
    const argumentBytes = ARGUMENT_BYTES[kind];
    if (argumentBytes === undefined) return ControlStatus.UnknownKind;
    if (length !== HEAD_BYTES + argumentBytes) return ControlStatus.WrongLength;
    if (kind > ControlKind.Unlock && !this.#trust.isOpen) return ControlStatus.Locked;
    return this.#do(kind);
  }

  #do(kind: number): number {
    const port = this.#port;
    const trust = this.#trust;
    const view = this.#view;
    switch (kind) {
      case ControlKind.Hello:
        this.#bytes[3] = VERSION;
        this.#bytes[4] = (trust.isOpen ? 1 : 0) | (trust.isWindowOpen ? 2 : 0) | (trust.hasOwner ? 4 : 0);
        this.#answerBytes = 5;
        return ControlStatus.Ok;
      case ControlKind.Claim:
        if (!trust.claim(this.#bytes, ANSWER_HEAD_BYTES)) return ControlStatus.Refused;
        this.#answerBytes = ANSWER_HEAD_BYTES + OWNER_KEY_BYTES;
        return ControlStatus.Ok;
      case ControlKind.Unlock:
        return trust.unlock(this.#bytes, ARGUMENTS) ? ControlStatus.Ok : ControlStatus.Locked;
      case ControlKind.Start:
        return port.start(view.getUint8(ARGUMENTS), view.getUint16(ARGUMENTS + 1, true) * 1000);
      case ControlKind.Stop:
        port.stop();
        return ControlStatus.Ok;
      case ControlKind.NotOk:
        port.notOk();
        return ControlStatus.Ok;
      case ControlKind.Pause:
        return port.pause() ? ControlStatus.Ok : ControlStatus.Refused;
      case ControlKind.Resume:
        return port.resume() ? ControlStatus.Ok : ControlStatus.Refused;
      case ControlKind.Pace:
        return port.changePace(view.getUint16(ARGUMENTS, true), view.getUint16(ARGUMENTS + 2, true));
      case ControlKind.Get: {
        const said = port.getSetting(view.getUint8(ARGUMENTS), view, 4);
        if (said !== ControlStatus.Ok) return said;
        this.#bytes[3] = view.getUint8(ARGUMENTS);
        this.#answerBytes = 16;
        return said;
      }
      case ControlKind.Set:
        return port.setSetting(view.getUint8(ARGUMENTS), view.getInt32(ARGUMENTS + 1, true));
      case ControlKind.Clock: {
        const epochMs = view.getUint32(ARGUMENTS, true) + view.getUint16(ARGUMENTS + 4, true) * 0x1_0000_0000;
        return port.setClock(epochMs, view.getUint32(ARGUMENTS + 6, true), view.getInt16(ARGUMENTS + 10, true));
      }
      default: // LightRate: the table has no other
        return port.setLightRate(view.getUint8(ARGUMENTS)) ? ControlStatus.Ok : ControlStatus.OutOfRange;
    }
  }
}
