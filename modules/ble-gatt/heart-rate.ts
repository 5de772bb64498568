/**
 * Heart Rate service 0x180D: 2A37 (notify) and 2A38 (read). No Energy Expended, hence no control point 2A39, whose
 * refusals need ATT errors that the ESP32's class cannot give.
 * Source: Heart Rate Service 1.0, sections 3.1 and 3.2; GATT Specification Supplement, "Heart Rate Measurement".
 */
import { type CharacteristicDefinition, Property, type ServiceDefinition } from "ble-gatt/gatt-port";
import { Notifier, type Outbox } from "ble-gatt/notifier";
import { RrQueue } from "ble-gatt/rr-queue";
import type { GattService } from "ble-gatt/service";
import { type Beat, BeatVerdict } from "hrv/beat";

/** First byte of 2A37. Bit 3 (energy) and bits 5 to 7 are always 0. */
const enum Flag {
  Bpm16 = 1 << 0,
  InContact = 1 << 1,
  /** InContact means something. Set in every packet: support must not change within a connection. */
  ContactKnown = 1 << 2,
  RrPresent = 1 << 4,
}

const BPM_8_BIT_MAX = 255;
/** Body Sensor Location 2A38. */
const WRIST = 2;
/** More than 10 s of backlog ever holds. */
const RR_PER_PACKET_MAX = 64;

/** One 2A37 packet's content. What is absent is left out of the packet, and the flags follow. */
export interface HeartRate {
  /** The sensor touches skin. If not, nothing else counts. */
  inContact: boolean;
  /** Beats a minute, an integer 1 .. 65,535; undefined: no reading. */
  bpm: number | undefined;
  /** 1/1024 s, oldest first. */
  readonly rrTicks: Uint16Array;
  /** How many of `rrTicks` wait to be sent. */
  rrCount: number;
}

/**
 * 2A37 into `out`. Sends the oldest intervals that fit and leaves the rest: `rrSentIn` tells how many went in.
 * @param bytesMax  20 or more: what the link carries in one notification
 * @returns         bytes written, at most `bytesMax` and `out.length`
 * Errors: none. Cost: no allocation.
 */
export function encodeHeartRate(out: Uint8Array, bytesMax: number, measurement: HeartRate): number {
  const { inContact } = measurement;
  const bpm = inContact ? (measurement.bpm ?? 0) : 0; // 0 is the wire's word for no reading
  let at = bpm > BPM_8_BIT_MAX ? 3 : 2;
  // By comparison, not Math.min, which XS works out in doubles.
  let end = bytesMax;
  if (end > out.length) end = out.length;
  let rrSent = inContact ? measurement.rrCount : 0;
  if (rrSent > (end - at) >> 1) rrSent = (end - at) >> 1;
  out[0] =
    Flag.ContactKnown |
    (inContact ? Flag.InContact : 0) |
    (bpm > BPM_8_BIT_MAX ? Flag.Bpm16 : 0) |
    (rrSent > 0 ? Flag.RrPresent : 0);
  out[1] = bpm;
  if (bpm > BPM_8_BIT_MAX) out[2] = bpm >> 8;
  for (let i = 0; i < rrSent; i++) {
    const rrTicks = measurement.rrTicks[i]!; // rrCount is at most its length
    out[at++] = rrTicks;
    out[at++] = rrTicks >> 8;
  }
  return at;
}

/** Intervals in an encoded packet of that many bytes. */
export const rrSentIn = (packet: Uint8Array, bytes: number): number =>
  (bytes - ((packet[0]! & Flag.Bpm16) !== 0 ? 3 : 2)) >> 1; // a packet has its first byte

/**
 * The service. Tell it what the band feels (`measured`, `beat`) as it happens; it speaks once a second, and at once to
 * a new subscriber, who gets no interval from before.
 * Cost: no allocation once a packet of each length has been sent.
 */
export class HeartRateService implements GattService {
  readonly rr = new RrQueue();
  readonly #packet = new Uint8Array(3 + 2 * RR_PER_PACKET_MAX);
  readonly #measurement: HeartRate = {
    inContact: false,
    bpm: undefined,
    rrTicks: new Uint16Array(RR_PER_PACKET_MAX),
    rrCount: 0,
  };
  /** The packet's first n bytes, made when a packet of that length is first sent, so that sending makes no garbage. */
  readonly #packets: (Uint8Array | undefined)[] = [];
  #notifier: Notifier | undefined;

  /** What the band knows now. Without contact there is no rate, and intervals that still wait are dropped as stale. */
  measured(inContact: boolean, bpm: number | undefined): void {
    this.#measurement.inContact = inContact;
    this.#measurement.bpm = bpm;
    if (!inContact) this.rr.drop();
  }

  /** Every beat; only accepted intervals are sent, and only to somebody who listens. */
  beat(beat: Readonly<Beat>): void {
    if (beat.verdict === BeatVerdict.Accepted && this.#notifier?.subscribed === true) this.rr.push(beat.rrTicks);
  }

  second(): void {
    const notifier = this.#notifier;
    if (notifier?.subscribed !== true) return;
    const measurement = this.#measurement;
    measurement.rrCount = this.rr.peek(measurement.rrTicks);
    const bytes = encodeHeartRate(this.#packet, notifier.bytesMax, measurement);
    let packet = this.#packets[bytes];
    if (packet === undefined) this.#packets[bytes] = packet = this.#packet.subarray(0, bytes);
    if (!notifier.send(packet)) return; // the rate is merged into the next, intervals wait
    this.rr.take(rrSentIn(this.#packet, bytes));
  }

  define(outbox: Outbox): ServiceDefinition {
    const notifier = new Notifier(outbox, {
      onStart: () => this.second(),
      onStop: () => {
        this.rr.sent(); // on its way to somebody who has stopped listening: not to be sent again
        this.rr.drop();
      },
      onDone: (sent) => (sent ? this.rr.sent() : this.rr.unsent()),
    });
    this.#notifier = notifier;
    const measurement: CharacteristicDefinition = {
      uuid: "2a37",
      properties: Property.Notify,
      onSubscribe(connection) {
        notifier.start(this, connection);
      },
      onUnsubscribe() {
        notifier.stop();
      },
    };
    const location = { uuid: "2a38", properties: Property.Read, value: Uint8Array.of(WRIST) };
    return { uuid: "180d", characteristics: [measurement, location] };
  }
}
