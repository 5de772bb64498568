/** Live state of the resilience service: what the band does and feels, in one packet of 20 bytes, once a second. */
import { type CharacteristicDefinition, Property } from "ble-gatt/gatt-port";
import { Notifier, type NotifierListener, type Outbox } from "ble-gatt/notifier";
import type { Trust } from "ble-gatt/trust";

export const LIVE_STATE_UUID = "5e110002-ba4d-4c61-8d3e-9f0b7a2c6e10";
export const LIVE_STATE_BYTES = 20;
const VERSION = 1;
/** The byte for "none" and "not known". */
const NONE = 0xff;

const enum Flag {
  Open = 1 << 0,
  Worn = 1 << 1,
  Clean = 1 << 2,
  Pacing = 1 << 3,
  Resting = 1 << 4,
  ShowsScore = 1 << 5,
  Window = 1 << 7,
}

/** What is told, as it is now. Codes are those of band/codes and of the modules named. */
export interface LiveState {
  readonly isWorn: boolean;
  readonly isClean: boolean;
  readonly isPacing: boolean;
  /** After "not OK": nothing invites. */
  readonly isResting: boolean;
  /** False in the first sessions. */
  readonly showsScore: boolean;
  readonly session: number;
  /** -1 is none. */
  readonly program: number;
  readonly phase: number;
  /** ppg/contact. */
  readonly contact: number;
  readonly contactReason: number;
  /** 0 is none, and then `bpmAbsence` (hrv/heart-rate) says why. */
  readonly bpm: number;
  readonly bpmAbsence: number;
  /** The pace that is led, hundredths of a breath a minute; 0 is none. */
  readonly rateCentiPerMin: number;
  /** 0 .. 100; counts only if `scoreAbsence` (hrv/reading) is None. */
  readonly scorePercent: number;
  readonly scoreAbsence: number;
  /** How well the heart keeps step over six breaths, and what chance alone exceeds in 5 of 100 cases; -1: not known. */
  readonly followPercent: number;
  readonly floorPercent: number;
  /** Early or late beats; -1: not known. */
  readonly irregularPercent: number;
  /** 0 .. 256. */
  readonly strengthQ8: number;
  /** How the last session of this start ended, and the stop rule that spoke last in it; -1 is none. */
  readonly endReason: number;
  readonly rule: number;
}

/** `state` into `out`, 20 bytes. Whoever has not shown the owner's key learns the version and whether a window is open. */
export function encodeLiveState(out: Uint8Array, state: LiveState, trust: Trust): void {
  out.fill(0);
  out[0] = VERSION;
  out[1] = trust.isWindowOpen ? Flag.Window : 0;
  if (!trust.isOpen) return;
  out[1] |=
    Flag.Open |
    (state.isWorn ? Flag.Worn : 0) |
    (state.isClean ? Flag.Clean : 0) |
    (state.isPacing ? Flag.Pacing : 0) |
    (state.isResting ? Flag.Resting : 0) |
    (state.showsScore ? Flag.ShowsScore : 0);
  out[2] = state.session;
  out[3] = state.program & NONE; // -1 is FF
  out[4] = state.phase & NONE;
  out[5] = state.contact | (state.contactReason << 4);
  out[6] = state.bpm < NONE ? state.bpm : NONE;
  out[7] = state.bpmAbsence;
  out[8] = state.rateCentiPerMin;
  out[9] = state.rateCentiPerMin >> 8;
  out[10] = state.scoreAbsence;
  out[11] = state.scoreAbsence === 0 ? state.scorePercent : 0;
  out[12] = state.followPercent & NONE;
  out[13] = state.floorPercent;
  out[14] = state.irregularPercent & NONE;
  out[15] = state.strengthQ8 < NONE ? state.strengthQ8 : NONE;
  out[16] = state.endReason & NONE;
  out[17] = state.rule & NONE;
  out[18] = trust.refusedCount;
  out[19] = trust.refusedCount >> 8;
}

/** The characteristic: read at any time, told once a second. Cost: no allocation. */
export class LiveStatePoint implements NotifierListener {
  readonly #trust: Trust;
  readonly #state: LiveState;
  readonly #bytes = new Uint8Array(LIVE_STATE_BYTES);
  #notifier: Notifier | undefined;
  #isDue = false;

  constructor(trust: Trust, state: LiveState) {
    this.#trust = trust;
    this.#state = state;
  }

  define(outbox: Outbox): CharacteristicDefinition {
    const notifier = new Notifier(outbox, this);
    this.#notifier = notifier;
    return {
      uuid: LIVE_STATE_UUID,
      properties: Property.ReadEncrypted | Property.NotifyEncrypted,
      onRead: () => this.#encode(),
      onSubscribe(connection) {
        notifier.start(this, connection);
      },
      onUnsubscribe() {
        notifier.stop();
      },
    };
  }

  second(): void {
    this.#isDue = true;
    this.onRoom();
  }

  onStart(): void {
    this.second();
  }

  onRoom(): void {
    const notifier = this.#notifier;
    if (!this.#isDue || notifier?.ready !== true || !this.#trust.isOpen) return;
    if (notifier.send(this.#encode())) this.#isDue = false;
  }

  #encode(): Uint8Array {
    encodeLiveState(this.#bytes, this.#state, this.#trust);
    return this.#bytes;
  }
}
