/**
 * What the light itself tells, before any beat: contact, the right amount of light, and which LED is which. Stands
 * between the sensor and the beat detector; looks at every sample and changes none.
 */
import type { SampleClock } from "hrv/beat";
import { Contact, type ContactReason, ContactState } from "ppg/contact";
import { DipRhythm } from "ppg/dip-rhythm";
import { LedOrder, LedOrderVote } from "ppg/led-order";
import { LightBlocks } from "ppg/light-blocks";
import { LightControl } from "ppg/light-control";
import { PulseLight } from "ppg/pulse-light";
import type { SampleBatch } from "ppg/samples";
import { SkinLight } from "ppg/skin-light";

/** Two minutes of blocks, of which there are 12.5 a second. */
const SETTLED_BLOCKS_MAX = 1500;

export interface OpticsOptions {
  readonly rateHz: number;
  /** For the age of a beat. It must have observed a batch before the batch is pushed here. */
  readonly clock: SampleClock;
  /** Other light is wanted: LED currents in steps of 0.2 mA, range 2048 nA << code. */
  setLight(redCode: number, irCode: number, rangeCode: number): void;
  /** State or reason has changed. */
  onContact(state: ContactState, reason: ContactReason): void;
  /** It is sure that the board's LEDs are the other way round than the sensor is told: tell it, and keep the answer. */
  onLedsSwapped(): void;
}

export class Optics {
  readonly contact = new Contact();
  readonly light = new LightControl();
  readonly pulse = new PulseLight();
  readonly skin = new SkinLight();
  readonly dips = new DipRhythm();
  readonly ledOrder = new LedOrderVote();

  readonly #options: OpticsOptions;
  readonly #blocks: LightBlocks;
  #lastIndex = 0;
  #state: ContactState;
  #reason: ContactReason;

  /** @throws RangeError: rates are 25, 50, 100, 200, 400 */
  constructor(options: OpticsOptions) {
    this.#options = options;
    this.#blocks = new LightBlocks(options.rateHz);
    this.#state = this.contact.state;
    this.#reason = this.contact.reason;
  }

  /** One drain. Cost: no allocation; a sample some 6 operations, a block (12.5 a second) some 150 */
  push(batch: SampleBatch): void {
    const blocks = this.#blocks;
    if (batch.lostBefore > 0) blocks.gap();
    const count = batch.count;
    for (let at = 0; at < count; ) {
      at = blocks.gather(batch, at);
      if (!blocks.isComplete) continue;
      this.#lastIndex = (batch.firstIndex + at - 1) | 0;
      this.#block(blocks);
    }
  }

  /** The beat side has accepted a beat, whose upstroke was then (1/1024 s since the host started). */
  pulseSeen(upstrokeTicks: number): void {
    const { contact } = this;
    // Longer ago than two minutes is longer than any beat waits to be told, and the clock maps two hours only.
    const blocks = contact.blocksSettled < SETTLED_BLOCKS_MAX ? contact.blocksSettled : SETTLED_BLOCKS_MAX;
    const settledIndex = (this.#lastIndex - Math.imul(blocks, this.#blocks.size)) | 0;
    if (((upstrokeTicks - this.#options.clock.ticksAt(settledIndex, 0)) | 0) < 0) return;
    contact.pulseSeen(this.pulse);
    this.#tell();
  }

  /** The sensor is out of reach: whatever was known of the skin is not known any more. */
  sensorLost(): void {
    this.#blocks.gap();
    this.skin.forget();
    this.contact.lost();
    this.#tell();
  }

  #block(blocks: LightBlocks): void {
    const { contact, light, pulse, dips, skin } = this;
    light.follow(blocks);
    skin.block(blocks, light.now);
    dips.block(blocks, contact.isWorn);
    const isLook = pulse.push(blocks);
    contact.block(skin, blocks.ambientOverrun, dips.isOverdue);
    if (isLook) this.#look();
    if (light.block(blocks, contact)) this.#options.setLight(light.redCode, light.irCode, light.rangeCode);
    this.#tell();
  }

  #look(): void {
    const { contact, light, pulse, ledOrder } = this;
    contact.look(pulse);
    light.look(pulse);
    if (!contact.isWorn || !ledOrder.look(pulse) || ledOrder.order !== LedOrder.Swapped) return;
    ledOrder.reset();
    this.#options.onLedsSwapped();
  }

  #tell(): void {
    const { state, reason } = this.contact;
    if (state === this.#state && reason === this.#reason) return;
    if (state !== ContactState.Worn) this.pulse.forget(); // what was seen of the pulse is not of what comes now
    this.#state = state;
    this.#reason = reason;
    this.#options.onContact(state, reason);
  }
}
