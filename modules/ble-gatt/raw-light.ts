/** Raw light of the resilience service: the infrared samples of the pulse sensor, for researchers. */
import { quotientFloor } from "base/divide";
import { type CharacteristicDefinition, Property } from "ble-gatt/gatt-port";
import { Notifier, type NotifierListener, type Outbox } from "ble-gatt/notifier";
import type { Trust } from "ble-gatt/trust";
import type { SampleBatch } from "ppg/samples";

export const RAW_LIGHT_UUID = "5e110004-ba4d-4c61-8d3e-9f0b7a2c6e10";
export const RAW_LIGHT_RATES_HZ: readonly number[] = Object.freeze([25, 50, 100]);
/** Number of the first sample u32, rate u8, flags u8. */
const HEAD_BYTES = 6;
const SAMPLE_BYTES = 3;
const SAMPLES_PER_PACKET_MAX = 32;
/** Places in the ring, a power of two: 1.28 s at the highest rate. */
const CAPACITY = 128;

/**
 * The stream. While nobody listens it has no memory and costs one comparison a batch. Samples within a packet follow
 * each other; where some are missing, those that wait are dropped and the next packet's number tells how many.
 * Cost: per sample no allocation and some 20 operations.
 */
export class RawLight implements NotifierListener {
  /** Samples that a listener did not get. */
  droppedCount = 0;
  readonly #trust: Trust;
  #notifier: Notifier | undefined;
  #rateHz = 50;
  /** Samples of the sensor that make one: 1, 2 or 4. */
  #every = 2;
  /** Made for a listener, gone with it. */
  #ring: Int32Array | undefined;
  #packet: Uint8Array | undefined;
  /** Number of the oldest sample that waits, at the sensor's rate. */
  #firstIndex = 0;
  #oldest = 0;
  #waiting = 0;
  #flags = 0;
  /** Of the sample that is being averaged. */
  #sum = 0;
  #summed = 0;
  #nextIndex = -1;

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  /** False for a rate that there is not. What waits is dropped. */
  setRate(hz: number): boolean {
    if (!RAW_LIGHT_RATES_HZ.includes(hz)) return false;
    this.#rateHz = hz;
    this.#every = hz === 100 ? 1 : hz === 50 ? 2 : 4;
    this.#restart();
    return true;
  }

  define(outbox: Outbox): CharacteristicDefinition {
    const notifier = new Notifier(outbox, this, true);
    this.#notifier = notifier;
    return {
      uuid: RAW_LIGHT_UUID,
      properties: Property.NotifyEncrypted,
      onSubscribe(connection) {
        notifier.start(this, connection);
      },
      onUnsubscribe() {
        notifier.stop();
      },
    };
  }

  onStart(): void {
    this.#ring = new Int32Array(CAPACITY);
    this.#packet = undefined;
    this.#restart();
  }

  onStop(): void {
    this.#ring = undefined;
    this.#packet = undefined;
  }

  /** From the sample path. */
  push({ count, ir, flags, firstIndex }: SampleBatch): void {
    const ring = this.#ring;
    if (ring === undefined || !this.#trust.isOpen) return;
    if (firstIndex !== this.#nextIndex) this.#restart();
    this.#nextIndex = (firstIndex + count) | 0;
    const every = this.#every;
    for (let i = 0; i < count; i++) {
      // Groups begin at multiples of their length, so that the same sample is always in the same group.
      if (this.#summed === 0 && (((firstIndex + i) | 0) & (every - 1)) !== 0) continue;
      this.#sum = (this.#sum + ir[i]!) | 0; // i < count
      this.#flags |= flags[i]!; // as above
      this.#summed = (this.#summed + 1) | 0;
      if (this.#summed < every) continue;
      const value = this.#sum >> (every >> 1); // 1, 2 and 4 are shifts of 0, 1 and 2
      this.#sum = 0;
      this.#summed = 0;
      this.#keep(ring, value, (firstIndex + i - every + 1) | 0);
    }
    this.onRoom();
  }

  onRoom(): void {
    const notifier = this.#notifier;
    const ring = this.#ring;
    if (ring === undefined || this.#waiting === 0 || notifier?.ready !== true || !this.#trust.isOpen) return;
    let samples = quotientFloor(notifier.bytesMax - HEAD_BYTES, SAMPLE_BYTES);
    if (samples > SAMPLES_PER_PACKET_MAX) samples = SAMPLES_PER_PACKET_MAX;
    if (this.#waiting < samples) return;
    const length = HEAD_BYTES + Math.imul(samples, SAMPLE_BYTES);
    // Once for a link's MTU, not for every packet.
    if (this.#packet?.length !== length) this.#packet = new Uint8Array(length);
    this.#encode(this.#packet, ring, samples);
    if (!notifier.send(this.#packet)) return;
    this.#oldest = (this.#oldest + samples) & (CAPACITY - 1);
    this.#waiting -= samples;
    this.#firstIndex = (this.#firstIndex + Math.imul(samples, this.#every)) | 0;
    this.#flags = 0;
  }

  #encode(packet: Uint8Array, ring: Int32Array, samples: number): void {
    packet[0] = this.#firstIndex;
    packet[1] = this.#firstIndex >> 8;
    packet[2] = this.#firstIndex >> 16;
    packet[3] = this.#firstIndex >> 24;
    packet[4] = this.#rateHz;
    packet[5] = this.#flags;
    for (let i = 0, at = HEAD_BYTES; i < samples; i++, at += SAMPLE_BYTES) {
      const value = ring[(this.#oldest + i) & (CAPACITY - 1)]!; // masked to the ring
      packet[at] = value;
      packet[at + 1] = value >> 8;
      packet[at + 2] = value >> 16;
    }
  }

  #keep(ring: Int32Array, value: number, index: number): void {
    if (this.#waiting === CAPACITY) {
      // A link that is too slow gets whole stretches with gaps between them, not a stream that lags ever more.
      this.droppedCount += CAPACITY;
      this.#waiting = 0;
    }
    if (this.#waiting === 0) this.#firstIndex = index;
    ring[(this.#oldest + this.#waiting) & (CAPACITY - 1)] = value;
    this.#waiting++;
  }

  #restart(): void {
    this.droppedCount += this.#waiting;
    this.#waiting = 0;
    this.#sum = 0;
    this.#summed = 0;
    this.#flags = 0;
  }
}
