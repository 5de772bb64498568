import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BeatKind, Turn } from "../../hosts/sim/person/truth.js";
import { assertNear, deviation, heartRate, intervals, lived, mean, plainHeart, seedOf, swingAt } from "./measure.js";

const seed = seedOf(0x5eed_0101);
const paced = (perMin: number) => ({ breathing: { how: "paced", perMin, inhaleShare: 0.5 } }) as const;

/** A fast heart, so that the beats show the rate that drives them. */
const RSA_BPM = 150;

/** Half of peak to peak of the heart rate at the breath's frequency, over whole breaths. */
function rsaAmplitude(perMin: number, resonancePerMin: number, quality: number): number {
  const heart = { ...plainHeart, restBpm: RSA_BPM, rsaBpmPerLitre: 20, resonancePerMin, resonanceQuality: quality };
  const fromS = 120;
  const toS = fromS + (60 / perMin) * 20;
  const truth = lived(seed, { ...paced(perMin), heart }, toS + 5);
  return swingAt(heartRate(truth, fromS, toS), 10, perMin / 60).amplitude / seenThroughBeats(perMin);
}

/** An interval holds the mean of the rate over its length, and between two of them there is a straight line. */
function seenThroughBeats(perMin: number): number {
  const angle = (Math.PI * perMin) / RSA_BPM;
  return (Math.sin(angle) / angle) ** 3;
}

describe("virtual heart", () => {
  it("beats once a second, to the microsecond, when nothing moves it", () => {
    for (const rr of intervals(lived(seed, { heart: plainHeart }, 60))) assertNear(rr, 1000, 0.001, "RR");
  });

  it(`keeps the planted mean rate with everything switched on (seed ${seed})`, () => {
    for (const restBpm of [45, 66, 110]) {
      const rr = intervals(lived(seed, { heart: { restBpm, driftBpm: 0 } }, 3600));
      assertNear(60_000 / mean(rr), restBpm, 0.5, `seed ${seed}: mean rate`);
    }
  });

  it("stays within 38 and 200 a minute", () => {
    const slow = intervals(lived(seed, { heart: { ...plainHeart, restBpm: 20 } }, 60));
    assertNear(mean(slow), 60_000 / 38, 0.01, "slowest");
    const fast = intervals(lived(seed, { heart: { ...plainHeart, restBpm: 260 } }, 60));
    assertNear(mean(fast), 300, 0.01, "fastest");
    assert.throws(() => lived(seed, { heart: { maxBpm: 201 } }, 1), RangeError);
    assert.throws(() => lived(seed, { heart: { minBpm: 37 } }, 1), RangeError);
  });

  for (const planted of [4.8, 5.5, 6.3])
    it(`has its largest RSA at the planted ${planted} breaths a minute`, () => {
      const step = 0.25;
      const paces: number[] = [];
      for (let pace = 3.75; pace <= 8; pace += step) paces.push(pace);
      const amplitudes = paces.map((pace) => rsaAmplitude(pace, planted, 1.5));
      const top = amplitudes.indexOf(Math.max(...amplitudes));
      const [before = 0, at = 0, after = 0] = amplitudes.slice(top - 1, top + 2);
      // The top of the parabola through the three highest points.
      const peak = paces[top]! + (step * (before - after)) / (2 * (before - 2 * at + after)); // top is an index
      assertNear(peak, planted, 0.1, "pace of the largest RSA");
    });

  it("has an RSA of the planted size", () => {
    // By hand: at rest 15 breaths of 0.5 l, of which 0.15 l count for nothing: 5.25 l a minute. At 6 a minute that is
    // 0.15 + 5.25 / 6 = 1.025 l. Twice the planted 20 bpm per litre and a resonance far above the breath, Q = 1: gain
    // 1 / sqrt(1 + (f/f0 - f0/f)^2). The largest RSA is planted at 6, so f0 is where the product peaks at 6: found here
    // by trying. A breath of two smooth steps has 0.9855 of its swing in the fundamental (96 / pi^4).
    const amplitudeAt = (f: number, f0: number): number => (0.15 + 5.25 / f) / Math.hypot(1, f / f0 - f0 / f);
    let centre = 6;
    while (amplitudeAt(5.999, centre) > amplitudeAt(6.001, centre)) centre += 0.001;
    const expected = (20 * 0.9855 * amplitudeAt(6, centre)) / 2;
    assertNear(rsaAmplitude(6, 6, 1), expected, 0.03 * expected, "half of peak to peak");
  });

  it("answers fast breathing 20 dB a decade less", () => {
    // Hirsch & Bishop 1981: 21 +- 3.4 dB a decade beyond the corner. Here with equal air a minute: litres fall, too.
    const litres = (perMin: number): number => 0.15 + 5.25 / perMin;
    const ratio = rsaAmplitude(12, 5.5, 1.2) / litres(12) / (rsaAmplitude(24, 5.5, 1.2) / litres(24));
    const dbPerDecade = (20 * Math.log10(ratio)) / Math.log10(2);
    assertNear(dbPerDecade, 21, 4, "roll-off, dB a decade");
  });

  it("peaks with the end of inhaling at the resonator's centre, and later by the planted lag", () => {
    const lagS = (rsaLagMs: number, perMin: number): number => {
      const heart = { ...plainHeart, rsaBpmPerLitre: 20, rsaLagMs, resonancePerMin: 6, resonanceQuality: 20 };
      const periodS = 60 / perMin;
      const truth = lived(seed, { ...paced(perMin), heart }, 600 + 21 * periodS);
      const { timeUs, turn } = truth.turns;
      let i = 0;
      while (timeUs.at(i) < 600e6 || turn.at(i) !== Turn.Exhale) i++;
      const fromS = timeUs.at(i) / 1e6; // cosine at time 0: the rate's peak
      return swingAt(heartRate(truth, fromS, fromS + 15 * periodS), 10, perMin / 60).turns * periodS;
    };
    assertNear(lagS(0, 6), 0, 0.35, "lag at resonance"); // Q = 20: the centre is 0.1 % off
    assertNear(lagS(800, 6) - lagS(0, 6), 0.8, 0.02, "planted lag");
    assert.ok(lagS(0, 5) < -1, "slower breaths: the heart leads");
    assert.ok(lagS(0, 8) > 1, "faster breaths: the heart lags");
  });

  it("recovers from load with the planted time constant", () => {
    for (const recoveryTauS of [30, 60, 150]) {
      const script = [{ atUs: 60e6, happening: { what: "load", level: 1, seconds: 120 } }] as const;
      const truth = lived(seed, { heart: { ...plainHeart, recoveryTauS }, script }, 900);
      const rates = heartRate(truth, 0, 890);
      const extra = (atS: number): number => rates[Math.round(atS * 10)]! - 60; // within 890 s
      assertNear(extra(180), 20, 0.3, "rise at load 1");
      const tauS = recoveryTauS / Math.log(extra(185) / extra(185 + recoveryTauS));
      assertNear(tauS, recoveryTauS, 0.02 * recoveryTauS, "time constant");
    }
  });

  it("loses the planted part of its RSA under load", () => {
    const heart = { ...plainHeart, rsaBpmPerLitre: 20, loadVagalLoss: 0.6, loadBpm: 0 };
    const script = [{ atUs: 300e6, happening: { what: "load", level: 1, seconds: 1000 } }] as const;
    const truth = lived(seed, { ...paced(6), heart, script }, 910);
    const before = swingAt(heartRate(truth, 100, 300), 10, 0.1).amplitude;
    const under = swingAt(heartRate(truth, 700, 900), 10, 0.1).amplitude;
    assertNear(under / before, 0.4, 0.01, "share that is left");
  });

  it("has vasomotor waves of the planted size near the planted frequency", () => {
    const heart = { ...plainHeart, vasomotorBpm: 2, vasomotorHz: 0.095 };
    const rates = heartRate(lived(seed, { heart }, 7210), 0, 7200);
    assertNear(deviation(rates), 2, 0.25, `seed ${seed}: standard deviation`);
    // Mean of the power over 72 stretches of 100 s.
    const power = (hz: number): number => {
      let sum = 0;
      for (let i = 0; i < 72; i++) sum += swingAt(rates.subarray(i * 1000, (i + 1) * 1000), 10, hz).amplitude ** 2;
      return sum;
    };
    assert.ok(power(0.095) > 4 * power(0.06) && power(0.095) > 4 * power(0.15), `seed ${seed}: peak at 0.095 Hz`);
  });

  it(`has as many ectopics as planted (seed ${seed})`, () => {
    const hours = 10;
    const truth = lived(seed, { heart: { ectopicsPerHour: 120, ventricularShare: 0.25 } }, hours * 3600);
    const kinds = truth.beats.kind.values();
    const ventricular = kinds.filter((kind) => kind === BeatKind.Ventricular).length;
    const atrial = kinds.filter((kind) => kind === BeatKind.Atrial).length;
    // Poisson: 4 standard deviations of 1200, and of 300. Each ectopic takes one chance away: 2 % fewer at most.
    assertNear(ventricular + atrial, 1185, 140, `seed ${seed}: ectopics`);
    assertNear(ventricular, 297, 70, `seed ${seed}: ventricular ones`);
  });

  it("pauses after a ventricular beat so that the rhythm goes on, after an atrial one for less", () => {
    for (const ventricularShare of [0, 1]) {
      const truth = lived(seed, { heart: { ...plainHeart, ectopicsPerHour: 300, ventricularShare } }, 600);
      let found = 0;
      for (let i = 1; i + 1 < truth.beats.kind.length; i++) {
        if (truth.beats.kind.at(i) === BeatKind.Sinus || truth.beats.kind.at(i + 1) !== BeatKind.Sinus) continue;
        if (truth.beats.kind.at(i - 1) !== BeatKind.Sinus) continue;
        found++;
        const coupling = truth.rrMs(i);
        assert.ok(coupling >= 549 && coupling <= 751, `coupling of ${coupling} ms`);
        const both = coupling + truth.rrMs(i + 1);
        if (ventricularShare === 1) assertNear(both, 2000, 0.01, "early beat and pause");
        else assertNear(truth.rrMs(i + 1), 1000, 0.01, "pause");
      }
      assert.ok(found > 20, `only ${found} found`);
    }
  });

  it("pauses as often and as long as planted", () => {
    const truth = lived(seed, { heart: { ...plainHeart, pausesPerHour: 30 } }, 36_000);
    let pauses = 0;
    for (let i = 1; i < truth.beats.kind.length; i++) {
      if (truth.beats.kind.at(i) !== BeatKind.AfterPause) assertNear(truth.rrMs(i), 1000, 0.01, "ordinary interval");
      else {
        pauses++;
        assert.ok(truth.rrMs(i) >= 1999 && truth.rrMs(i) <= 3501, `pause of ${truth.rrMs(i)} ms`);
      }
    }
    assertNear(pauses, 300, 70, `seed ${seed}: pauses in 10 hours`);
  });

  it(`fibrillates without a rhythm (seed ${seed})`, () => {
    const heart = { restBpm: 65, driftBpm: 0, fibrillationBpm: 25, fibrillationTailMs: 160 };
    const truth = lived(seed, { heart: { ...heart, isFibrillating: true } }, 3600);
    const rr = intervals(truth);
    assertNear(60_000 / mean(rr), 90, 1.5, `seed ${seed}: mean rate`);
    // The exponential part alone makes 160 ms; the mean is 667.
    assertNear(deviation(rr) / mean(rr), 0.24, 0.02, `seed ${seed}: coefficient of variation`);
    const beyond = rr.filter((ms) => ms > 60_000 / 90 - 160 + 2 * 160).length / rr.length;
    assertNear(beyond, Math.exp(-2), 0.015, `seed ${seed}: share beyond two tails`);
    const middle = mean(rr);
    const together = rr.slice(1).reduce((sum, ms, i) => sum + (ms - middle) * (rr[i]! - middle), 0); // i + 1 < length
    const correlation = together / (rr.length * deviation(rr) ** 2);
    assertNear(correlation, 0, 0.06, `seed ${seed}: correlation of neighbours`);
    assert.ok(Math.min(...rr) >= 240, "ventricle is refractory");
  });

  it("goes into and out of fibrillation on command", () => {
    const script = [
      { atUs: 100e6, happening: { what: "fibrillate", on: true } },
      { atUs: 200e6, happening: { what: "fibrillate", on: false } },
    ] as const;
    const truth = lived(seed, { heart: plainHeart, script }, 300);
    for (let i = 1; i < truth.beats.kind.length; i++) {
      const atS = truth.beats.heartUs.at(i) / 1e6;
      const isIn = atS >= 100 && atS < 200;
      assert.equal(truth.beats.kind.at(i) === BeatKind.Fibrillation, isIn, `beat at ${atS} s`);
      if (atS < 100 || atS > 203) assertNear(truth.rrMs(i), 1000, 0.01, `interval at ${atS} s`);
    }
  });
});
