import assert from "node:assert/strict";
import fc from "fast-check";
import { BandPower } from "hrv/band-power";
import { Coherence } from "hrv/coherence";
import { FreeRhythm } from "hrv/free-rhythm";
import { LockIn } from "hrv/lock-in";
import { NnSeries } from "hrv/nn-series";
import { Absence, type Warrant } from "hrv/reading";
import { Recovery } from "hrv/recovery";
import { Resonance } from "hrv/resonance";
import { Respiration } from "hrv/respiration";
import { Spectrum } from "hrv/spectrum";
import { TimeDomain } from "hrv/time-domain";
import { before, describe, it } from "mocha";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { EVERY_SERIES, intervalsOf, type NamedSeries, SOURCES } from "../reference/series.js";
import { checkedTwin } from "./checked-twin.js";

/** The classes under test: as they ship, or their watched twins. */
interface Firmware {
  readonly NnSeries: typeof NnSeries;
  readonly TimeDomain: typeof TimeDomain;
  readonly LockIn: typeof LockIn;
  readonly Spectrum: typeof Spectrum;
  readonly Coherence: typeof Coherence;
  readonly BandPower: typeof BandPower;
  readonly Respiration: typeof Respiration;
  readonly FreeRhythm: typeof FreeRhythm;
  readonly Recovery: typeof Recovery;
  readonly Resonance: typeof Resonance;
}

const SHIPPED: Firmware = {
  NnSeries,
  TimeDomain,
  LockIn,
  Spectrum,
  Coherence,
  BandPower,
  Respiration,
  FreeRhythm,
  Recovery,
  Resonance,
};

const MODULES = [
  "nn-series",
  "time-domain",
  "lock-in",
  "spectrum",
  "coherence",
  "band-power",
  "respiration",
  "free-rhythm",
  "recovery",
  "resonance",
];

/** One step of a day on the wrist: an interval after some ticks lost, a gap, or a breath that the pacer begins. */
interface Step {
  readonly rrTicks: number;
  readonly lostTicks: number;
  readonly isGap: boolean;
  readonly breathTicks: number;
}

const step = (rrTicks: fc.Arbitrary<number>, trouble: number): fc.Arbitrary<Step> =>
  fc.record({
    rrTicks,
    lostTicks: fc.oneof(
      { weight: 100 - trouble, arbitrary: fc.constant(0) },
      { weight: trouble, arbitrary: fc.integer({ min: -3000, max: 9000 }) },
    ),
    isGap: fc.oneof(
      { weight: 100 - trouble, arbitrary: fc.constant(false) },
      { weight: trouble, arbitrary: fc.boolean() },
    ),
    breathTicks: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1024, max: 20_000 }) },
    ),
  });

/** From anything at all to hearts that stay clean enough for every number, with the wildest swings that are plausible. */
const days: Readonly<Record<string, fc.Arbitrary<Step[]>>> = {
  "any interval 1 .. 65535, with gaps": fc.array(step(fc.integer({ min: 1, max: 65_535 }), 10), {
    minLength: 1,
    maxLength: 400,
  }),
  "any plausible interval, few gaps": fc.array(step(fc.integer({ min: 307, max: 2048 }), 1), {
    minLength: 100,
    maxLength: 500,
  }),
  "shortest and longest, no gap": fc.array(step(fc.constantFrom(307, 2048), 0), { minLength: 200, maxLength: 500 }),
  "nearly still, no gap": fc.array(step(fc.integer({ min: 800, max: 803 }), 0), { minLength: 200, maxLength: 500 }),
  "as fast as can be, no gap": fc.array(step(fc.integer({ min: 307, max: 330 }), 0), {
    minLength: 600,
    maxLength: 1000,
  }),
};

/** A heart that comes down from 110 to 70 a minute with 40 s, swinging with the breath, most at 6 a minute. */
const SLOWING: NamedSeries = {
  name: "slowing",
  intervals: intervalsOf(
    Array.from({ length: 900 }).reduce<number[]>(
      (beats) => {
        const at = beats.at(-1) ?? 0;
        const bpm = 70 + 40 * Math.exp(-at / 40_000);
        return [...beats, at + 60_000 / bpm + 30 * Math.cos((2 * Math.PI * at) / 10_000)];
      },
      [0],
    ),
  ),
};

type Told = Record<string, Warrant & { readonly absence: Absence }>;

/** A day through every metric: all that they say at its end, and that whatever they say on the way has its warrant. */
function lived(steps: readonly Step[], firmware: Firmware): Told[] {
  const series = new firmware.NnSeries(1024);
  const domain = new firmware.TimeDomain(series);
  const lockIn = new firmware.LockIn(series);
  const spectrum = new firmware.Spectrum(series, 300);
  const coherence = new firmware.Coherence(spectrum);
  const bands = new firmware.BandPower(spectrum);
  const respiration = new firmware.Respiration(spectrum);
  const free = new firmware.FreeRhythm(series);
  const recovery = new firmware.Recovery(1000);
  const resonance = new firmware.Resonance([1152, 1280, 1408, 1536, 1664], new RandomStream(1, "draws"));
  const told: Told[] = [];
  let now = 0;
  const look = (): void => {
    domain.measure(now, 300_000);
    coherence.measure(now);
    free.measure(coherence.coherence, spectrum.endTicks);
    respiration.measure(now);
    bands.measure(now);
    recovery.fit();
    resonance.decide();
    const { meanNn, sdnn, rmssd, lnRmssd, pnn50, sd1, sd2, stress } = domain;
    const { vlf, lf, hf, lfShare } = bands;
    const said = {
      ...{ meanNn, sdnn, rmssd, lnRmssd, pnn50, sd1, sd2, stress, vlf, lf, hf, lfShare },
      ...{ breath: lockIn.breath, rhythm: lockIn.rhythm, following: lockIn.following },
      ...{ coherence: coherence.coherence, free: free.rhythm, respiration: respiration.rate },
      ...{ recovery: recovery.recovery, practiceRate: resonance.practiceRate },
    };
    const copies: Told = Object.fromEntries(Object.entries(said).map(([name, reading]) => [name, { ...reading }]));
    warranted(copies);
    told.push(copies);
  };
  steps.forEach(({ rrTicks, lostTicks, isGap, breathTicks }, i) => {
    if (isGap) series.gap();
    now += Math.max(1, rrTicks + lostTicks);
    series.add(rrTicks, now);
    if (rrTicks > 240) recovery.add(Math.min(65_535, Math.round((61_440 * 256) / rrTicks)));
    else recovery.miss();
    if (breathTicks > 0) lockIn.beginBreath(now, breathTicks);
    while (lockIn.advance(now)) {
      if (lockIn.breath.absence !== Absence.None) continue;
      const rate = i % 5;
      const share = 6 - 2 * Math.abs(rate - 2); // of eight parts: the middle rate swings most
      const { realTicksQ8, imaginaryTicksQ8 } = lockIn.fit;
      resonance.add(rate, (realTicksQ8 * share) >> 3, (imaginaryTicksQ8 * share) >> 3, lockIn.breath.windowMs);
    }
    if (i % 150 === 149) look();
  });
  look();
  assert.ok(series.count <= 1024);
  return told;
}

/** Least window and coverage of each reading, as docs/hrv.md has them. */
const LEAST: Readonly<Record<string, readonly [number, number]>> = {
  meanNn: [30_000, 90],
  sdnn: [120_000, 90],
  rmssd: [30_000, 90],
  lnRmssd: [30_000, 90],
  pnn50: [30_000, 90],
  sd1: [30_000, 90],
  sd2: [120_000, 90],
  stress: [120_000, 90],
  hf: [64_000, 95],
  lf: [120_000, 95],
  lfShare: [120_000, 95],
  vlf: [300_000, 95],
  coherence: [64_000, 90],
  respiration: [64_000, 95],
  free: [10_000, 90],
  breath: [1000, 90],
  rhythm: [3000, 90],
  following: [6000, 90],
  recovery: [60_000, 90],
  practiceRate: [32_000, 0],
};

/** Upper bounds that no series of 300 .. 2000 ms can exceed. */
const MOST: Readonly<Record<string, number>> = {
  msQ8: 2000 * 256,
  amplitudeMsQ8: 1700 * 256,
  percentQ8: 25_600,
  fractionQ16: 65_536,
  coherenceQ16: 65_536,
  scorePercent: 100,
  longestAtTurnQ16: 65_535,
  explainedQ8: 256,
  ms2Q8: 4_000_000 * 256,
};

function warranted(told: Told): void {
  for (const [name, reading] of Object.entries(told)) {
    const { absence, coveragePercent, windowMs } = reading;
    assert.ok(coveragePercent >= 0 && coveragePercent <= 100, `${name} covers ${coveragePercent} %`);
    if (absence !== Absence.None) continue;
    const [leastMs = 0, leastPercent = 0] = LEAST[name] ?? [];
    assert.ok(windowMs >= leastMs && coveragePercent >= leastPercent, `${name}: ${JSON.stringify(reading)}`);
    for (const [field, number] of Object.entries(reading)) {
      assert.ok(Number.isInteger(number), `${name}.${field} is ${number}`);
      const isSigned = field === "lnMsQ10" || field === "restBpmQ8";
      assert.ok((isSigned || number >= 0) && number <= (MOST[field] ?? 2 ** 31 - 1), `${name}.${field} is ${number}`);
    }
  }
}

describe("metrics over any series", function () {
  this.timeout(120_000);
  let watched: Firmware;

  before(async () => {
    const twins = await Promise.all(MODULES.map((name) => checkedTwin(`hrv/${name}`)));
    watched = Object.assign({}, ...twins) as Firmware; // the twins export what the modules export
  });

  for (const [name, day] of Object.entries(days))
    it(`say nothing without warrant, never throw, never leave int32: ${name}`, () => {
      let present = 0;
      fc.assert(
        fc.property(day, (steps) => {
          const shipped = lived(steps, SHIPPED);
          assert.deepEqual(lived(steps, watched), shipped);
          for (const told of shipped)
            for (const reading of Object.values(told)) if (reading.absence === Absence.None) present++;
        }),
        { numRuns: 25, seed: 0x5eed },
      );
      process.stdout.write(`      ${present} numbers said, seed 0x5eed\n`);
    });

  it(`agree with their watched twins over ${SOURCES}, and between them say every number`, () => {
    const said = new Set<string>();
    for (const { name, intervals } of [...EVERY_SERIES, SLOWING]) {
      let endTicks = 0;
      const steps = intervals.map(({ rrTicks, endTicks: end, joined }) => {
        const lostTicks = end - endTicks - rrTicks;
        const isNextBreath = Math.floor(end / 10_240) > Math.floor(endTicks / 10_240);
        endTicks = end;
        return { rrTicks, lostTicks, isGap: !joined, breathTicks: isNextBreath ? 10_240 : 0 };
      });
      const shipped = lived(steps, SHIPPED);
      assert.deepEqual(lived(steps, watched), shipped, name);
      for (const told of shipped)
        for (const [what, reading] of Object.entries(told)) if (reading.absence === Absence.None) said.add(what);
    }
    assert.deepEqual(
      Object.keys(LEAST).filter((what) => !said.has(what)),
      [],
    );
  });

  it("the twin does watch: it throws where int32 is left", async () => {
    const { Wide } = (await checkedTwin("base/wide")) as typeof import("base/wide"); // it exports what the module exports
    assert.throws(
      () => new Wide().addProduct(2 ** 31 - 1, 2 ** 31 - 1).addProduct(2 ** 31 - 1, 2 ** 31 - 1),
      RangeError,
    );
    const { msFromTicksFloor } = (await checkedTwin("base/units")) as typeof import("base/units"); // likewise
    assert.equal(msFromTicksFloor(2 ** 24), 16_384_000);
    assert.throws(() => msFromTicksFloor(2 ** 25), RangeError);
  });
});
