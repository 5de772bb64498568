/**
 * Is the sensor on living skin? Told from the light that comes back per LED current, from what comes with the red LED
 * dark (ambient light), from sudden changes, and from the beats that the beat side believes in.
 *
 * Less light than skin's is seen within 0.3 s. A lamp is found out by darkening red. A thing without a pulse never
 * becomes `Worn`, whatever its light: only a beat does that.
 */
import {
  AMBIENT_FRESH_BLOCKS,
  FLICKER_RATIO_HIGH_Q12,
  FLICKER_RATIO_LOW_Q12,
  LOOK_AGAIN_BLOCKS,
  OFF_BLOCKS,
  ON_BLOCKS,
  PROBE_PAUSE_BLOCKS,
  PULSE_LOST_BLOCKS,
  PULSELESS_AT_LAST_BLOCKS,
  PULSELESS_BLOCKS,
  SOMETHING_DEPTH_COUNTS,
} from "ppg/optics-tuning";
import type { PulseLight } from "ppg/pulse-light";
import type { SkinLight } from "ppg/skin-light";

export const enum ContactState {
  /** No number may be shown, no beat is looked for. */
  NotWorn = 0,
  /** Light as from skin: look for beats. No number yet. */
  Candidate = 1,
  /** On skin, with a pulse that was seen a moment ago. */
  Worn = 2,
}

export const enum ContactReason {
  /** Worn. */
  None = 0,
  /** NotWorn: hardly any light comes back; nothing is near, or the LED is broken. */
  Dark = 1,
  /** NotWorn: some light comes back, less than from skin; a desk, paper, a hand's breadth of air. */
  Desk = 2,
  /** NotWorn: light that does not come from our LEDs. */
  Lamp = 3,
  /** NotWorn: light as from skin, and no pulse in it. */
  Pulseless = 4,
  /** Candidate: just put on, or moved. */
  Settling = 5,
  /** Candidate: it was worn, and no beat has come for 5 s. */
  PulseLost = 6,
  /** Candidate: what beats may be the flicker of a lamp. */
  Flicker = 7,
  /** NotWorn: the sensor gives nothing. */
  NoSensor = 8,
}

/** Blocks: longer ago than anything asks about. */
const LONG_AGO = -(1 << 20);

export class Contact {
  state = ContactState.NotWorn;
  reason = ContactReason.Settling;
  /** The red LED should be dark for a moment: what is left is ambient light. */
  wantsDarkRed = false;

  /** Blocks so far, and at which of them things happened. */
  #now = 0;
  #stateAt = 0;
  #ambientAt = LONG_AGO;
  #probeAt = LONG_AGO;
  #pulseAt = LONG_AGO;
  #settledAt = 0;
  #isProbeDue = false;
  #something = false;
  /** What had no pulse a moment ago is looked at before it is believed to have one. */
  #hasLooked = true;
  /** Worn, and a look at it was as of a pulse, or of one too weak to be compared. */
  #isConfirmed = false;
  #isAmbientLit = false;
  /** Light of the thing without a pulse, per LED current. */
  #pulselessPerStepQ2 = 0;

  /** On skin with a living pulse. */
  get isWorn(): boolean {
    return this.state === ContactState.Worn;
  }

  /** Blocks since `state` last changed. */
  get blocksInState(): number {
    return this.#now - this.#stateAt;
  }

  /** Blocks since what is in front of the sensor last changed: a beat that is older says nothing about it. */
  get blocksSettled(): number {
    return this.#now - this.#settledAt;
  }

  /**
   * One block has been seen.
   * @param ambientOverrun  the sensor's canceller was at its limit
   * @param isOverdue       the dips of the pulse have stopped coming
   * Cost: no allocation; some 15 operations while nothing changes
   */
  block(skin: SkinLight, ambientOverrun: boolean, isOverdue: boolean): void {
    this.#now++;
    this.#isAmbientLit = skin.isAmbientLit;
    if (skin.sawAmbient) {
      this.#ambientAt = this.#now;
      this.wantsDarkRed = false;
    }
    if (this.state === ContactState.NotWorn) {
      this.#notWorn(skin);
      return;
    }
    if (skin.unlikeRun >= OFF_BLOCKS) {
      this.#set(ContactState.NotWorn, skin.isLamp ? ContactReason.Lamp : faint(skin));
      return;
    }
    // A pause of the heart looks like a lamp in the skin's place, so the number stays until the lamp is found out.
    if (ambientOverrun || isOverdue) this.#isProbeDue = true;
    if (this.#isProbeDue) this.#probe();
    if (skin.hasStepped) this.#doubt(ContactReason.Settling);
    else if (this.state === ContactState.Candidate) this.#candidate(skin);
    else if (this.#now - this.#pulseAt >= PULSE_LOST_BLOCKS) this.#doubt(ContactReason.PulseLost);
  }

  /** A look at the pulse in the light, every 1.28 s. */
  look(light: PulseLight): void {
    this.#hasLooked = true;
    if (this.state === ContactState.Worn && !isStrange(light)) this.#isConfirmed = true;
    if (light.depthCounts >= SOMETHING_DEPTH_COUNTS) this.#something = true;
  }

  /**
   * The beat side believes in a beat, one of what is in front of the sensor now.
   * @param light  the latest look
   */
  pulseSeen(light: PulseLight): void {
    if (this.state === ContactState.NotWorn) return;
    if (this.state === ContactState.Candidate && !this.#hasLooked) return; // it cannot be told yet
    if (this.#mayBeFlicker(light)) {
      if (this.state === ContactState.Worn && this.#isConfirmed) return;
      this.#hasLooked = false; // nor is it before the next look
      this.#set(ContactState.Candidate, ContactReason.Flicker);
      return;
    }
    this.#pulseAt = this.#now;
    this.#set(ContactState.Worn, ContactReason.None);
  }

  /** The sensor gives nothing. */
  lost(): void {
    this.#set(ContactState.NotWorn, ContactReason.NoSensor);
  }

  #notWorn(skin: SkinLight): void {
    const isPulseless = this.reason === ContactReason.Pulseless && skin.unlikeRun === 0;
    if (isPulseless && this.blocksInState < LOOK_AGAIN_BLOCKS && skin.isLike(this.#pulselessPerStepQ2)) return;
    if (skin.skinRun >= ON_BLOCKS) {
      this.#something = false;
      this.#hasLooked = this.reason !== ContactReason.Pulseless;
      this.#isConfirmed = false;
      this.#settledAt = this.#now;
      this.#set(ContactState.Candidate, ContactReason.Settling);
    } else if (skin.brightRun >= OFF_BLOCKS) this.#set(ContactState.NotWorn, ContactReason.Lamp);
    else if (skin.unlikeRun >= OFF_BLOCKS && !skin.isLamp) this.#set(ContactState.NotWorn, faint(skin));
  }

  /** Light as from skin, and no believed beat yet: it may be a thing that has none. */
  #candidate(skin: SkinLight): void {
    const limit = this.#something ? PULSELESS_AT_LAST_BLOCKS : PULSELESS_BLOCKS;
    if (this.blocksSettled < limit || skin.skinRun === 0) return;
    this.#pulselessPerStepQ2 = skin.perStepQ2();
    this.#set(ContactState.NotWorn, ContactReason.Pulseless);
  }

  /** It may be another thing than before: only a beat from now on counts. */
  #doubt(reason: ContactReason): void {
    this.#settledAt = this.#now;
    this.#something = this.#isConfirmed = false;
    this.#isProbeDue = true;
    this.#set(ContactState.Candidate, reason);
  }

  /** The ambient light should be known. Not asked for more often than its disturbance is worth. */
  #probe(): void {
    const now = this.#now;
    if (now - this.#ambientAt < AMBIENT_FRESH_BLOCKS) this.#isProbeDue = false;
    if (!this.#isProbeDue || now - this.#probeAt < PROBE_PAUSE_BLOCKS) return;
    this.#isProbeDue = false;
    this.#probeAt = now;
    this.wantsDarkRed = true;
  }

  /**
   * What swings alike in red and infrared, or strongly and not together, is not believed to be a pulse where none has
   * been, however little ambient light there is: some nA that flicker are as deep as a pulse, and the two channels are
   * sampled a millisecond apart. Under a lamp only what surely is no flicker is believed.
   */
  #mayBeFlicker(light: PulseLight): boolean {
    if (this.#isAmbientLit && !light.isClear) return true;
    return isStrange(light) && (this.#isAmbientLit || !this.#isConfirmed);
  }

  #set(state: ContactState, reason: ContactReason): void {
    if (state !== this.state) {
      this.state = state;
      this.#stateAt = this.#now;
    }
    this.reason = reason;
    if (state === ContactState.NotWorn) this.wantsDarkRed = this.#isProbeDue = false; // it is dark then
  }
}

/** As flicker looks, and no pulse. */
function isStrange({ isClear, isApart, ratioSquaredQ12, swingSquaredQ12 }: PulseLight): boolean {
  return isApart || (isClear && (isNearOne(ratioSquaredQ12) || isNearOne(swingSquaredQ12)));
}

const isNearOne = (squaredQ12: number): boolean =>
  squaredQ12 > FLICKER_RATIO_LOW_Q12 && squaredQ12 < FLICKER_RATIO_HIGH_Q12;

const faint = (skin: SkinLight): ContactReason => (skin.isNothing ? ContactReason.Dark : ContactReason.Desk);
