/**
 * The driver on the virtual chip, whose silicon is written from the reference and not from the driver. The light tells
 * the time, so each sample says by its value when it was taken: nothing invented, nothing twice, all in its place.
 */
import assert from "node:assert/strict";
import type { DigitalConstructor, Smbus, SmbusOptions, Timers } from "base/host-parts";
import { Max30102, SensorState } from "ppg/max30102";
import type { SampleBatch } from "ppg/samples";
import { SensorClock } from "ppg/sensor-clock";
import { EventPriority } from "../../hosts/sim/board/clock.js";
import { Edge } from "../../hosts/sim/board/lines.js";
import type { Max30102Options as ChipOptions } from "../../hosts/sim/board/max30102-options.js";
import { ChipRig, Lamp } from "../board/chip-rig.js";
import { randomFrom } from "./fakes.js";

/** Light rises from 100 to 3600 nA in 2 s, again and again: 112 counts a millisecond at 64 counts to the nA. */
const CYCLE_MS = 2000;
const COUNTS_PER_MS = (3500 * 64) / CYCLE_MS;
const timeLamp = (): Lamp => new Lamp((_ledMa, timeUs) => 100 + ((timeUs / 1000) % CYCLE_MS) * 1.75);

class Host {
  readonly rig: ChipRig;
  readonly driver: Max30102;
  readonly clock = new SensorClock(100);
  readonly errors: unknown[] = [];
  /** The host's processor is busy until then, µs. */
  busyUntilUs = 0;
  samples = 0;
  lost = 0;
  newest = -1;
  /** Largest difference of map and truth since `checkFromMs`. */
  worstMs = 0;
  checkFromMs = Number.POSITIVE_INFINITY;

  constructor(chip: Partial<ChipOptions>, hasAlert = true) {
    const rig = new ChipRig(timeLamp(), { noiseCountsRms: 0, darkNa: 0, ...chip });
    this.rig = rig;
    const { bus, clock: virtual } = rig;
    const fail = (): never => {
      throw new Error("nack");
    };
    const one = new Uint8Array(1);
    const io: SmbusOptions["io"] = class implements Smbus {
      readUint8(register: number): number {
        if (!bus.writeRead(0x57, Uint8Array.of(register), one)) fail();
        return one[0]!;
      }
      writeUint8(register: number, value: number): void {
        if (!bus.write(0x57, Uint8Array.of(register, value))) fail();
      }
      readBuffer(register: number, bytes: Uint8Array): void {
        if (!bus.writeRead(0x57, Uint8Array.of(register), bytes)) fail();
      }
      close(): void {}
    };
    const watch = (onReadable: () => void): void =>
      void rig.alert.watch(Edge.Falling, () => this.#whenFree(onReadable));
    const alert: DigitalConstructor = class {
      static readonly InputPullUp = 1;
      static readonly Output = 8;
      static readonly Falling = 2;
      static readonly Rising = 1;
      constructor(options: { onReadable?(this: unknown): void }) {
        watch(() => options.onReadable?.call(this));
      }
      read = (): number => rig.alert.level;
      write(): void {}
      close(): void {}
    };
    const timers: Timers = {
      set: (callback, delayMs) =>
        virtual.at(virtual.nowUs + delayMs * 1000, EventPriority.Host, () => this.#whenFree(callback)),
      repeat: (callback, periodMs) => {
        const again = (): void => {
          virtual.at(virtual.nowUs + periodMs * 1000, EventPriority.Host, again);
          this.#whenFree(callback);
        };
        virtual.at(virtual.nowUs + periodMs * 1000, EventPriority.Host, again);
        return again;
      },
      clear: (timer) => void virtual.cancel(timer as number), // repeats are not cleared here
    };
    this.driver = new Max30102({
      sensor: { io },
      ...(hasAlert ? { alert: { io: alert } } : {}),
      timers,
      clock: {
        get ticks() {
          return Math.floor(virtual.nowUs / 1000);
        },
      },
      onSamples: (batch) => this.#onSamples(batch),
      onError: (error) => this.errors.push(error),
    });
  }

  run(ms: number): void {
    this.rig.clock.runUntil(this.rig.clock.nowUs + ms * 1000);
    assert.equal(this.rig.chip.misuse, undefined);
  }

  #whenFree(callback: () => void): void {
    if (this.rig.clock.nowUs >= this.busyUntilUs) callback();
    else this.rig.clock.at(this.busyUntilUs, EventPriority.Host, callback);
  }

  #onSamples(batch: SampleBatch): void {
    this.clock.observe(batch.firstIndex, batch.count, batch.lostBefore, batch.drainedAtMs);
    assert.equal(batch.firstIndex, this.newest + 1 + batch.lostBefore);
    const periodMs = 10 / (1 + this.rig.chip.sampler.oscillator.errorPpm / 1e6);
    for (let i = 0; i < batch.count; i++) {
      const step = (this.#ms(batch, i) - this.#ms(batch, i - 1) + CYCLE_MS) % CYCLE_MS;
      if (i > 0) assert.ok(Math.abs(step - periodMs) < 0.1, `${step} ms between two samples of a batch`);
      if (this.rig.clock.nowUs < this.checkFromMs * 1000) continue;
      const mapMs = this.clock.ticksAt(batch.firstIndex + i, 0) / 1.024;
      const offMs = ((mapMs - this.#ms(batch, i) + CYCLE_MS * 1.5) % CYCLE_MS) - CYCLE_MS / 2;
      this.worstMs = Math.max(this.worstMs, Math.abs(offMs));
    }
    this.newest = batch.firstIndex + batch.count - 1;
    this.samples += batch.count;
    this.lost += batch.lostBefore;
  }

  #ms(batch: SampleBatch, at: number): number {
    return ((batch.ir[at] ?? 0) - 6400) / COUNTS_PER_MS;
  }
}

/** Every silence of the datasheet, both ways. */
const SILICON: readonly Partial<ChipOptions>[] = [
  {},
  { aFullRefire: "level" },
  { emptyRead: "stale" },
  { emptyRead: "zero" },
  { rolloverPush: "rdPushed" },
  { resetMs: 60 },
  { tempEnClearsEarly: false, tempFlagNeedsEnable: false },
];

describe("Max30102 on the virtual chip", () => {
  for (const silicon of SILICON)
    for (const oscillatorPpm of [-30_000, 0, 30_000]) {
      const name = `${JSON.stringify(silicon)}, ${oscillatorPpm} ppm`;
      it(`keeps every sample of 5 min and its time: ${name}`, () => {
        const host = new Host({ ...silicon, oscillatorPpm });
        host.checkFromMs = 30_000;
        host.run(300_000);
        assert.ok(host.samples >= 30_000 * (1 + oscillatorPpm / 1e6) - 30, `${host.samples} samples`);
        assert.equal(host.lost, 0);
        assert.ok(host.worstMs < 12, `${host.worstMs} ms off`);
        assert.deepEqual(host.errors, []);
        assert.equal(host.driver.counters.missedInterrupts, 0);
      });

      it(`gives a stall its true length, and goes on: ${name}`, () => {
        for (const stallMs of [100, 200, 310, 320, 330, 400, 900, 5000]) {
          const host = new Host({ ...silicon, oscillatorPpm });
          host.run(20_000);
          const lostBefore = host.rig.chip.droppedCount;
          host.busyUntilUs = host.rig.clock.nowUs + stallMs * 1000;
          host.run(stallMs + 3000);
          const dropped = host.rig.chip.droppedCount - lostBefore;
          // Up to 30 the counter tells; beyond, the clock at its nominal rate: 3 % of the stall, and 2.
          const slack = dropped <= 30 ? 0 : 2 + (stallMs / 10) * 0.03;
          assert.ok(Math.abs(host.lost - dropped) <= slack, `${host.lost} lost of ${dropped}, stalled ${stallMs} ms`);
          host.checkFromMs = host.rig.clock.nowUs / 1000 + 20_000;
          host.run(40_000);
          assert.ok(host.worstMs < 15, `${host.worstMs} ms off after ${stallMs} ms`);
          assert.equal(host.driver.counters.reinits, 0);
        }
      });
    }

  it("works without an interrupt line", () => {
    const host = new Host({ oscillatorPpm: 15_000 }, false);
    host.checkFromMs = 30_000;
    host.run(120_000);
    assert.equal(host.lost, 0);
    assert.ok(host.worstMs < 12, `${host.worstMs} ms off`);
  });

  it("comes back from a brown-out with a gap, and with its time line", () => {
    const host = new Host({ oscillatorPpm: -15_000 });
    host.run(20_000);
    for (let i = 0; i < 20; i++) {
      host.rig.chip.powerUp();
      host.run(3_337);
    }
    assert.equal(host.driver.counters.brownouts, 20);
    assert.equal(host.driver.state, SensorState.Sampling);
    assert.ok(host.lost > 20 && host.lost < 20 * 22, `${host.lost} lost`);
    host.checkFromMs = host.rig.clock.nowUs / 1000 + 40_000;
    host.run(60_000);
    assert.ok(host.worstMs < 12, `${host.worstMs} ms off`);
  });

  it("finds its way through an hour of NACKs, torn bursts, flipped bits and stalls", () => {
    for (const silicon of SILICON) {
      const host = new Host({ ...silicon, oscillatorPpm: 30_000 });
      host.run(5_000);
      const random = randomFrom(0x5eed_0500);
      host.rig.bus.fault = {
        write: (device, _address, bytes) => (random() < 1 / 400 ? false : device.write(bytes)),
        read: (device, _address, into) => {
          const chance = random();
          if (chance < 1 / 800) return false;
          if (chance < 2 / 800) {
            device.read(into.subarray(0, Math.floor(random() * into.length)));
            return false;
          }
          const ok = device.read(into);
          // A bit that can be told to be wrong: one of 23:18.
          if (chance < 3 / 800 && into.length > 6) into[6] = into[6]! | 0x10;
          return ok;
        },
      };
      for (let minute = 0; minute < 60; minute++) {
        host.run(60_000);
        host.busyUntilUs = host.rig.clock.nowUs + Math.floor(random() * 600) * 1000;
      }
      host.rig.bus.fault = undefined;
      const { counters } = host.driver;
      assert.ok(counters.nacks > 100 && counters.tornReads > 10 && counters.bitFlips > 10);
      assert.equal(counters.samplesLost, host.lost);
      const passed = ((host.rig.clock.nowUs - 5_000) / 10_000) * 1.03;
      assert.ok(host.lost < passed * 0.005, `${host.lost} lost`);
      assert.ok(Math.abs(host.newest - passed) < passed * 0.001, `${host.newest} of ${passed}`);
      host.checkFromMs = host.rig.clock.nowUs / 1000 + 40_000;
      host.run(60_000);
      assert.ok(host.worstMs < 12, `${host.worstMs} ms off`);
      assert.equal(host.driver.state, SensorState.Sampling);
    }
  });
});
