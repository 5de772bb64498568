/** The resilience service: what no standard service has. docs/ble.md has each byte. */
import type { Timers } from "base/host-parts";
import { ControlPoint, type ControlPort } from "ble-gatt/control-point";
import type { ServiceDefinition } from "ble-gatt/gatt-port";
import { type LiveState, LiveStatePoint } from "ble-gatt/live-state";
import type { Outbox } from "ble-gatt/notifier";
import { RawLight } from "ble-gatt/raw-light";
import type { GattService } from "ble-gatt/service";
import { SyncPoint } from "ble-gatt/sync-point";
import type { Trust } from "ble-gatt/trust";
import type { RecordRing } from "storage/record-ring";
import type { SessionLog } from "storage/session-log";

export const RESILIENCE_UUID = "5e110001-ba4d-4c61-8d3e-9f0b7a2c6e10";

export interface ResilienceOptions {
  readonly trust: Trust;
  readonly port: ControlPort;
  readonly liveState: LiveState;
  readonly ring: RecordRing;
  readonly log: SessionLog;
  readonly timers: Timers;
}

export class ResilienceService implements GattService {
  readonly light: RawLight;
  readonly #trust: Trust;
  readonly #state: LiveStatePoint;
  readonly #control: ControlPoint;
  readonly #sync: SyncPoint;

  constructor({ trust, port, liveState, ring, log, timers }: ResilienceOptions) {
    this.#trust = trust;
    this.#state = new LiveStatePoint(trust, liveState);
    this.#control = new ControlPoint(trust, port, timers);
    this.light = new RawLight(trust);
    this.#sync = new SyncPoint(trust, ring, log, timers);
  }

  define(outbox: Outbox): ServiceDefinition {
    return {
      uuid: RESILIENCE_UUID,
      characteristics: [
        this.#state.define(outbox),
        this.#control.define(outbox),
        this.light.define(outbox),
        this.#sync.define(outbox),
      ],
    };
  }

  second(): void {
    this.#trust.second();
    this.#state.second();
    this.#control.onRoom();
    this.#sync.onRoom();
  }

  linkChanged(): void {
    this.#trust.lock();
  }
}
