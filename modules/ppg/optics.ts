/**
 * What the light itself tells, before any beat: contact, the right amount of light, and which LED is which. Stands
 * between the sensor and the beat detector; looks at every sample and changes none.
 */
import type { SampleClock } from "hrv/beat";
import { Contact, type ContactReason, type ContactState } from "ppg/contact";
import { DipRhythm } from "ppg/dip-rhythm";
import { LedOrder, LedOrderVote } from "ppg/led-order";
import { BLOCK_HZ, LightBlocks } from "ppg/light-blocks";
import { LightControl } from "ppg/light-control";
import { PulseLight } from "ppg/pulse-light";
import type { SampleBatch } from "ppg/samples";

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
  readonly dips = new DipRhythm();
  readonly ledOrder = new LedOrderVote();

  readonly #options: OpticsOptions;
  readonly #blocks: LightBlocks;
  readonly #blockSamples: number;
  #lastIndex = 0;
  #state: ContactState;
  #reason: ContactReason;

  /** @throws RangeError: rates are 25, 50, 100, 200, 400 */
  constructor(options: OpticsOptions) {
    this.#options = options;
    this.#blocks = new LightBlocks(options.rateHz);
    this.#blockSamples = (options.rateHz / BLOCK_HZ) | 0; // a quotient stays a double in XS
    this.#state = this.contact.state;
    this.#reason = this.contact.reason;
  }

  /** One drain. Cost: no allocation; a sample some 15 operations, a block (25 a second) some 120 */
  push(batch: SampleBatch): void {
    const blocks = this.#blocks;
    if (batch.lostBefore > 0) blocks.gap();
    for (let next = blocks.push(batch, 0); next >= 0; next = blocks.push(batch, next)) {
      this.#lastIndex = (batch.firstIndex + next - 1) | 0;
      this.#block(blocks);
    }
  }

  /** The beat side has accepted a beat, whose upstroke was then (1/1024 s since the host started). */
  pulseSeen(upstrokeTicks: number): void {
    const { contact } = this;
    const settledIndex = (this.#lastIndex - Math.imul(contact.blocksSettled, this.#blockSamples)) | 0;
    if (((upstrokeTicks - this.#options.clock.ticksAt(settledIndex, 0)) | 0) < 0) return;
    contact.pulseSeen(this.pulse);
    this.#tell();
  }

  /** The sensor is out of reach: whatever was known of the skin is not known any more. */
  sensorLost(): void {
    this.#blocks.gap();
    this.contact.lost();
    this.#tell();
  }

  #block(blocks: LightBlocks): void {
    const { contact, light, pulse, dips } = this;
    light.follow(blocks);
    const isLook = pulse.push(blocks);
    dips.block(blocks, contact.isWorn);
    contact.block(blocks, light.now, dips);
    if (isLook) {
      contact.look(pulse);
      light.look(pulse);
      if (contact.isWorn && this.ledOrder.look(pulse) && this.ledOrder.order === LedOrder.Swapped) {
        this.ledOrder.reset();
        this.#options.onLedsSwapped();
      }
    }
    if (light.block(blocks, contact)) this.#options.setLight(light.redCode, light.irCode, light.rangeCode);
    this.#tell();
  }

  #tell(): void {
    const { state, reason } = this.contact;
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#options.onContact(state, reason);
  }
}
