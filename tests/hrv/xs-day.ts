/**
 * A day of metrics as one module that both engines run: intervals go in by events, a number comes back that depends on
 * every bit of what was said. Nothing of Node's in here.
 */
import { quotientFloor } from "base/divide";
import { BandPower } from "hrv/band-power";
import { Coherence } from "hrv/coherence";
import { FreeRhythm } from "hrv/free-rhythm";
import { LockIn } from "hrv/lock-in";
import { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { Recovery } from "hrv/recovery";
import { Resonance } from "hrv/resonance";
import { Respiration } from "hrv/respiration";
import { Spectrum } from "hrv/spectrum";
import { TimeDomain } from "hrv/time-domain";

/** Events below zero; others are rrTicks, or 65 536 and the ticks that were lost. */
export const Do = {
  Clear: -1,
  Gap: -2,
  TimeDomain: -3,
  Coherence: -4,
  Free: -5,
  Respiration: -6,
  Bands: -7,
  Breath: -8,
  Recovery: -9,
  PracticeRate: -10,
  Idle: -11,
} as const;
export const LOST = 0x1_0000;

/** A small source of chance that never leaves int32: xorshift32 (Marsaglia 2003). */
const chance = {
  last: 1,
  next32(): number {
    this.last ^= this.last << 13;
    this.last ^= (this.last >> 17) & 0x7fff; // >>> of a negative number is a double
    this.last ^= this.last << 5;
    return this.last;
  },
};

const series = new NnSeries(512);
const domain = new TimeDomain(series);
const lockIn = new LockIn(series);
const spectrum = new Spectrum(series, 300);
const coherence = new Coherence(spectrum);
const free = new FreeRhythm(series);
const respiration = new Respiration(spectrum);
const bands = new BandPower(spectrum);
let recovery = new Recovery(5000);
let practice = new Resonance([1152, 1280, 1408, 1536, 1664], chance);
let nowTicks = 0;
let nextBreathTicks = 0;
let nextMeanTicks = 0;
let breathCount = 0;
let hash = 0;

const fold = (value: number): void => {
  hash = (Math.imul(hash, 31) + value) | 0;
};

/** Every number of a reading, or the reason why there is none. */
function foldReading(reading: object): void {
  for (const value of Object.values(reading)) fold(Number(value));
}

function beat(rrTicks: number): void {
  nowTicks = (nowTicks + rrTicks) | 0;
  series.add(rrTicks, nowTicks);
  if (nowTicks >= nextMeanTicks) {
    recovery.add(quotientFloor(15_728_640, rrTicks)); // 61 440 ticks a minute in Q8
    nextMeanTicks = (nowTicks + 5120) | 0;
  }
  if (nowTicks >= nextBreathTicks) {
    lockIn.beginBreath(nextBreathTicks, 10_240);
    nextBreathTicks = (nextBreathTicks + 10_240) | 0;
  }
}

/** Eighths of its swing that a breath has at each of the five rates: the middle one is the best. */
const SHARES = [3, 5, 6, 5, 3];

function judgeBreath(): void {
  if (!lockIn.advance(nowTicks)) return;
  breathCount = (breathCount + 1) | 0;
  if (lockIn.breath.absence !== Absence.None) practice.miss(10_000);
  else {
    const rate = breathCount % 5;
    const share = SHARES[rate] ?? 0;
    practice.add(
      rate,
      Math.imul(lockIn.fit.realTicksQ8, share) >> 3,
      Math.imul(lockIn.fit.imaginaryTicksQ8, share) >> 3,
      10_000,
    );
  }
}

function clear(): void {
  series.clear();
  lockIn.reset();
  recovery = new Recovery(5000);
  practice = new Resonance([1152, 1280, 1408, 1536, 1664], chance);
  nowTicks = 0;
  nextBreathTicks = 0;
  nextMeanTicks = 0;
  breathCount = 0;
  hash = 0;
  chance.last = 1;
}

/** One event; works, but tells nothing: what `told` is for. */
export function hostEvent(event: number): number {
  if (event >= LOST) nowTicks = (nowTicks + event - LOST) | 0;
  else if (event > 0) beat(event);
  else if (event === Do.Clear) clear();
  else if (event === Do.Gap) series.gap();
  else if (event === Do.TimeDomain) domain.measure(nowTicks, 300_000);
  else if (event === Do.Coherence) coherence.measure(nowTicks);
  else if (event === Do.Free) free.measure(coherence.coherence, spectrum.endTicks);
  else if (event === Do.Respiration) respiration.measure(nowTicks);
  else if (event === Do.Bands) bands.measure(nowTicks);
  else if (event === Do.Breath) judgeBreath();
  else if (event === Do.Recovery) recovery.fit();
  else if (event === Do.PracticeRate) practice.decide();
  return 0;
}

/** A number that depends on every reading and on the powers of the last spectrum, since the last clear. */
export function told(): number {
  for (const one of [domain.meanNn, domain.sdnn, domain.rmssd, domain.lnRmssd, domain.pnn50, domain.sd1, domain.sd2])
    foldReading(one);
  for (const one of [domain.stress, bands.vlf, bands.lf, bands.hf, bands.lfShare, coherence.coherence])
    foldReading(one);
  for (const one of [lockIn.breath, lockIn.rhythm, lockIn.following, free.rhythm, respiration.rate]) foldReading(one);
  for (const one of [recovery.recovery, practice.practiceRate]) foldReading(one);
  for (let k = 0; k <= 256; k++) fold(spectrum.power(k));
  return hash;
}
