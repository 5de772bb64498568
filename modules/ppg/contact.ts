/**
 * Is the sensor on living skin? Told from the light that comes back per LED current, from what comes with the red LED
 * dark (ambient light), from sudden changes, and from the beats that the beat side believes in.
 *
 * Less light than skin's is seen within 0.3 s. A lamp is found out by darkening red. A thing without a pulse never
 * becomes `Worn`, whatever its light: only a beat does that.
 */
import { quotientFloor } from "base/divide";
import type { DipRhythm } from "ppg/dip-rhythm";
import type { LightBlocks } from "ppg/light-blocks";
import {
  AMBIENT_FRESH_BLOCKS,
  FLICKER_RATIO_HIGH_Q12,
  FLICKER_RATIO_LOW_Q12,
  FLICKER_SHIFT,
  LAMP_PER_STEP_Q2,
  LAMP_SHIFT,
  LOOK_AGAIN_BLOCKS,
  NOTHING_PER_STEP_Q2,
  OFF_BLOCKS,
  OFF_SKIN_PER_STEP_Q2,
  ON_BLOCKS,
  ON_SKIN_PER_STEP_Q2,
  PROBE_PAUSE_BLOCKS,
  PULSE_LOST_BLOCKS,
  PULSELESS_AT_LAST_BLOCKS,
  PULSELESS_BLOCKS,
  SAME_SHIFT,
  SOMETHING_DEPTH_COUNTS,
  STEP_SHIFT,
} from "ppg/optics-tuning";
import type { PulseLight } from "ppg/pulse-light";

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

/** LED currents (steps of 0.2 mA) and converter range under which a block was taken. `irCode` is never 0. */
export interface Light {
  redCode: number;
  irCode: number;
  rangeCode: number;
}

/** Blocks: long ago. */
const LONG = 1 << 20;

export class Contact {
  state = ContactState.NotWorn;
  reason = ContactReason.Settling;
  /** The red LED should be dark for a moment: what is left is ambient light. */
  wantsDarkRed = false;

  /** Number of the block; when something was last so, in such numbers. They last for years. */
  #now = 0;
  #stateAt = 0;
  #ambientAt = 0 - LONG;
  #probeAt = 0 - LONG;
  #pulseAt = 0;
  #settledAt = 0;
  #like = 0;
  #unlike = 0;
  #bright = 0;
  /** With the red LED dark; Q2 counts at the 2048 nA range. */
  #ambientQ2 = 0;
  #isProbeDue = false;
  #something = false;
  #isAmbientLit = false;
  #levels = 0;
  #levelQ2 = 0;
  #levelBeforeQ2 = 0;
  /** Light of the thing without a pulse, per LED current as above, Q2. */
  #pulselessQ2 = 0;

  /** On skin with a living pulse. */
  get isWorn(): boolean {
    return this.state === ContactState.Worn;
  }

  /** One block, under `light`. Cost: no allocation; some 60 operations */
  block(blocks: LightBlocks, light: Light, dips: DipRhythm): void {
    this.#now++;
    if (light.redCode === 0 && !blocks.isNewLight) {
      this.#ambientQ2 = blocks.redQ2 << light.rangeCode; // below 2^23
      this.#ambientAt = this.#now;
      this.wantsDarkRed = false;
    }
    const ambientQ2 = this.#ambientQ2 >> light.rangeCode;
    const ownQ2 = blocks.irQ2 - ambientQ2;
    const { irCode, rangeCode } = light;
    const isLamp =
      ambientQ2 > blocks.irQ2 >> LAMP_SHIFT ||
      (!blocks.irHigh && ownQ2 > Math.imul(LAMP_PER_STEP_Q2, irCode) >> rangeCode); // below 2^25, here and below
    const isSkin = !isLamp && !blocks.irHigh && ownQ2 >= Math.imul(ON_SKIN_PER_STEP_Q2, irCode) >> rangeCode;
    const isLess = !blocks.irHigh && ownQ2 < Math.imul(OFF_SKIN_PER_STEP_Q2, irCode) >> rangeCode;
    this.#like = isSkin ? this.#like + 1 : 0;
    this.#unlike = isLamp || isLess ? this.#unlike + 1 : 0;
    this.#bright = isLamp || blocks.irHigh ? this.#bright + 1 : 0;
    this.#isAmbientLit = ambientQ2 > blocks.irQ2 >> FLICKER_SHIFT;
    if (this.state === ContactState.NotWorn) this.#notWorn(blocks, light, ownQ2, isLamp);
    else this.#onSomething(blocks, light, ownQ2, isLamp, dips.isOverdue);
    this.#remember(blocks);
  }

  /** A look at the pulse in the light, every 1.28 s. */
  look(light: PulseLight): void {
    if (light.depthCounts >= SOMETHING_DEPTH_COUNTS) this.#something = true;
  }

  /** Blocks since what is in front of the sensor last changed: a beat that is older says nothing about it. */
  get blocksSettled(): number {
    const blocks = this.#now - this.#settledAt;
    return blocks < LONG ? blocks : LONG;
  }

  /** Blocks since `state` last changed. */
  get blocksInState(): number {
    return this.#now - this.#stateAt;
  }

  /**
   * The beat side believes in a beat, one of what is in front of the sensor now.
   * @param light  the latest look
   */
  pulseSeen(light: PulseLight): void {
    if (this.state === ContactState.NotWorn) return;
    if (this.#mayBeFlicker(light)) {
      if (this.state === ContactState.Candidate) this.#set(ContactState.Candidate, ContactReason.Flicker);
      return;
    }
    this.#pulseAt = this.#now;
    this.#set(ContactState.Worn, ContactReason.None);
  }

  /** The sensor gives nothing. */
  lost(): void {
    this.#like = 0;
    this.#levels = 0;
    this.#set(ContactState.NotWorn, ContactReason.NoSensor);
  }

  #notWorn(blocks: LightBlocks, light: Light, ownQ2: number, isLamp: boolean): void {
    if (this.reason === ContactReason.Pulseless && !this.#unlike) {
      const isSame = this.#isPulselessThing(light, ownQ2);
      if (isSame && this.blocksInState < LOOK_AGAIN_BLOCKS) {
        this.#like = 0;
        return;
      }
    }
    if (this.#like >= ON_BLOCKS) {
      this.#something = false;
      this.#settledAt = this.#now;
      this.#set(ContactState.Candidate, ContactReason.Settling);
      return;
    }
    if (this.#bright >= OFF_BLOCKS) this.#set(ContactState.NotWorn, ContactReason.Lamp);
    else if (this.#unlike >= OFF_BLOCKS && !isLamp) this.#set(ContactState.NotWorn, faint(blocks, light));
  }

  #onSomething(blocks: LightBlocks, light: Light, ownQ2: number, isLamp: boolean, isOverdue: boolean): void {
    if (this.#unlike >= OFF_BLOCKS) {
      this.#set(ContactState.NotWorn, isLamp ? ContactReason.Lamp : faint(blocks, light));
      return;
    }
    // A pause of the heart looks like a lamp in the skin's place, so the number stays until the lamp is found out.
    if (blocks.ambientOverrun || isOverdue) this.#isProbeDue = true;
    this.#probe();
    if (this.#hasStepped(blocks)) {
      this.#doubt(ContactReason.Settling);
      return;
    }
    if (this.state === ContactState.Worn) {
      if (this.#now - this.#pulseAt >= PULSE_LOST_BLOCKS) this.#doubt(ContactReason.PulseLost);
      return;
    }
    if (this.#now - this.#settledAt < (this.#something ? PULSELESS_AT_LAST_BLOCKS : PULSELESS_BLOCKS)) return;
    this.#pulselessQ2 = quotientFloor(ownQ2 << light.rangeCode, light.irCode); // at least skin's light, so positive
    this.#set(ContactState.NotWorn, ContactReason.Pulseless);
  }

  /** It may be another thing than before: only a beat from now on counts. */
  #doubt(reason: ContactReason): void {
    this.#settledAt = this.#now;
    this.#something = false;
    this.#isProbeDue = true;
    this.#set(ContactState.Candidate, reason);
  }

  /** Does the thing still look as it did when it was found to have no pulse, to an eighth? */
  #isPulselessThing(light: Light, ownQ2: number): boolean {
    const changeQ2 = ownQ2 - (Math.imul(this.#pulselessQ2, light.irCode) >> light.rangeCode);
    const limitQ2 = ownQ2 >> SAME_SHIFT;
    return changeQ2 <= limitQ2 && changeQ2 >= 0 - limitQ2;
  }

  #hasStepped(blocks: LightBlocks): boolean {
    if (this.#levels < 2 || blocks.isBroken) return false;
    const changeQ2 = blocks.irQ2 - this.#levelBeforeQ2;
    const limitQ2 = this.#levelBeforeQ2 >> STEP_SHIFT;
    return changeQ2 > limitQ2 || changeQ2 < 0 - limitQ2;
  }

  #remember(blocks: LightBlocks): void {
    if (blocks.isBroken) this.#levels = 0;
    this.#levelBeforeQ2 = this.#levels === 0 ? blocks.irQ2 : this.#levelQ2;
    this.#levelQ2 = blocks.irQ2;
    this.#levels++;
  }

  /** The ambient light should be known. Not asked for more often than its disturbance is worth. */
  #probe(): void {
    if (!this.#isProbeDue) return;
    if (this.#now - this.#ambientAt < AMBIENT_FRESH_BLOCKS) this.#isProbeDue = false;
    if (!this.#isProbeDue || this.#now - this.#probeAt < PROBE_PAUSE_BLOCKS) return;
    this.#isProbeDue = false;
    this.#probeAt = this.#now;
    this.wantsDarkRed = true;
  }

  /** Under a lamp only a pulse whose red differs from its infrared is believed. */
  #mayBeFlicker(light: PulseLight): boolean {
    if (!this.#isAmbientLit) return false;
    const ratio = light.ratioSquaredQ12;
    return !light.isClear || (ratio > FLICKER_RATIO_LOW_Q12 && ratio < FLICKER_RATIO_HIGH_Q12);
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

const faint = (blocks: LightBlocks, light: Light): ContactReason =>
  blocks.irQ2 < Math.imul(NOTHING_PER_STEP_Q2, light.irCode) >> light.rangeCode
    ? ContactReason.Dark
    : ContactReason.Desk;
