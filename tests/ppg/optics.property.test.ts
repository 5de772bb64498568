import assert from "node:assert/strict";
import fc from "fast-check";
import { ContactState } from "ppg/contact";
import { Optics } from "ppg/optics";
import type { SampleBatch } from "ppg/samples";
import { SensorClock } from "ppg/sensor-clock";

const isInt32 = (value: number): boolean => value === (value | 0);

/** One drain of anything: levels that hold, jump or rush, any flags, gaps, late clocks. */
const drain = fc.record({
  count: fc.integer({ min: 1, max: 32 }),
  lost: fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 200_000 })),
  lateMs: fc.integer({ min: 0, max: 300 }),
  red: fc.integer({ min: 0, max: 262_143 }),
  ir: fc.integer({ min: 0, max: 262_143 }),
  spread: fc.constantFrom(0, 1, 30, 2000, 262_143),
  flags: fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 15),
  flagAt: fc.integer({ min: 0, max: 31 }),
  repeats: fc.integer({ min: 1, max: 60 }),
});

describe("Optics and SensorClock", () => {
  it("take any samples without an exception, and stay within their bounds", () => {
    fc.assert(
      fc.property(fc.array(drain, { minLength: 1, maxLength: 30 }), fc.constantFrom(25, 100, 400), (drains, rateHz) => {
        const clock = new SensorClock(rateHz);
        const lights: number[][] = [];
        let swaps = 0;
        const optics = new Optics({
          rateHz,
          clock,
          setLight: (...light) => lights.push(light),
          onContact: () => {},
          onLedsSwapped: () => swaps++,
        });
        const batch: SampleBatch = {
          count: 0,
          red: new Int32Array(32),
          ir: new Int32Array(32),
          flags: new Uint8Array(32),
          firstIndex: 0,
          lostBefore: 0,
          drainedAtMs: 2_147_400_000, // about to wrap
        };
        let before = Number.NaN;
        for (const { count, lost, lateMs, red, ir, spread, flags, flagAt, repeats } of drains)
          for (let repeat = 0; repeat < repeats; repeat++) {
            batch.firstIndex = (batch.firstIndex + batch.count + lost) | 0;
            batch.count = count;
            batch.lostBefore = lost;
            batch.drainedAtMs = (batch.drainedAtMs + Math.floor(((count + lost) * 1000) / rateHz) + lateMs) | 0;
            for (let i = 0; i < count; i++) {
              const noise = ((i * 7919 + repeat * 104_729) % (spread + 1)) - (spread >> 1);
              batch.red[i] = Math.max(0, Math.min(262_143, red + noise));
              batch.ir[i] = Math.max(0, Math.min(262_143, ir + noise));
              batch.flags[i] = i === flagAt ? flags : 0;
            }
            clock.observe(batch.firstIndex, count, lost, batch.drainedAtMs);
            optics.push(batch);
            const ticks = clock.ticksAt(batch.firstIndex + count - 1, 255);
            assert.ok(isInt32(ticks));
            if (!Number.isNaN(before)) assert.ok(((ticks - before) | 0) >= 0, "time runs back");
            before = ticks;
            assert.notEqual(optics.contact.state, ContactState.Worn, "nobody has seen a pulse");
            assert.ok(isInt32(optics.pulse.ratioSquaredQ12) && optics.pulse.ratioSquaredQ12 >= 0);
            assert.ok(optics.pulse.depthQ16 >= 0 && isInt32(optics.skin.ownQ2));
          }
        for (const [redCode, irCode, rangeCode] of lights) {
          assert.ok(redCode! >= 0 && redCode! <= 127 && isInt32(redCode!), `red ${redCode}`);
          assert.ok(irCode! >= 1 && irCode! <= 127 && isInt32(irCode!), `infrared ${irCode}`);
          assert.ok(rangeCode! >= 0 && rangeCode! <= 3 && isInt32(rangeCode!), `range ${rangeCode}`);
        }
        assert.equal(swaps, 0);
        assert.ok(Math.abs(clock.errorPpm) <= 70_000);
      }),
      { seed: 0x5eed_0600, numRuns: 300 },
    );
  });
});
