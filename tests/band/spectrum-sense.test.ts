import assert from "node:assert/strict";
import { Made, SpectrumSense, tellSpectrum } from "band/spectrum-sense";
import type { Observer } from "base/host-parts";
import { BandPower } from "hrv/band-power";
import { Coherence } from "hrv/coherence";
import { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { Respiration } from "hrv/respiration";
import { Spectrum } from "hrv/spectrum";
import { rhythm, storeOf } from "../reference/series.js";

const MINUTE = 60;
/** Five minutes and a bit: 0.1 Hz and a breath of 15 a minute. */
const intervals = rhythm({
  seconds: 310,
  tones: [
    { ms: 20, hz: 0.1 },
    { ms: 30, hz: 0.25 },
  ],
  noiseMs: 1,
  seed: 1,
});
const nowTicks = intervals.at(-1)?.endTicks ?? 0;

describe("SpectrumSense", () => {
  it("says what each says that is made at once, piece by piece", () => {
    const sense = new SpectrumSense(storeOf(intervals));
    const made = new Set<Made>();
    for (let second = 0; second < 2 * MINUTE; second++) made.add(sense.second(nowTicks));
    assert.deepEqual(made, new Set([Made.Nothing, Made.Coherence, Made.Bands]));
    const spectrum = new Spectrum(storeOf(intervals), 300);
    const coherence = new Coherence(spectrum);
    const respiration = new Respiration(spectrum);
    const bands = new BandPower(spectrum);
    coherence.measure(nowTicks);
    assert.deepEqual(sense.coherence.coherence, coherence.coherence);
    respiration.measure(nowTicks);
    assert.deepEqual(sense.respiration.rate, respiration.rate);
    bands.measure(nowTicks);
    assert.deepEqual([sense.bands.vlf, sense.bands.lf, sense.bands.hf], [bands.vlf, bands.lf, bands.hf]);
    assert.equal(coherence.coherence.absence, Absence.None);
    assert(respiration.rate.absence === Absence.None);
    assert(Math.abs(respiration.rate.breathsPerMinuteQ8 / 256 - 15) < 0.1);
    // Half the square of a swing: 20 ms in LF is 200 ms². Straight lines between beats take more off in HF.
    const { lf } = sense.bands;
    assert(lf.absence === Absence.None && Math.abs(lf.ms2Q8 / 256 - 200) < 10);
  });

  it("has a coherence every 5 s, but while the bands are made, and those once a minute", () => {
    const sense = new SpectrumSense(storeOf(intervals));
    const at: [number, Made][] = [];
    for (let second = 1; second <= 10 * MINUTE + 15; second++) {
      const made = sense.second(nowTicks);
      if (made !== Made.Nothing) at.push([second, made]);
    }
    const coherences = at.filter(([, made]) => made === Made.Coherence).map(([second]) => second);
    const apart = coherences.slice(1).map((second, i) => second - (coherences[i] ?? 0));
    assert(Math.max(...apart) <= 16, `${apart}`);
    assert.equal(apart.filter((seconds) => seconds > 6).length, 10, "once a minute"); // the bands' turn
    assert.equal(at.length - coherences.length, 10);
  });

  it("tells why there is nothing, and no number with it", () => {
    const sense = new SpectrumSense(new NnSeries(64));
    const told: number[][] = [];
    const observer = {
      spectrum: (...values: number[]) => void told.push(values),
      bands: (...values: number[]) => void told.push(values),
    } as Partial<Observer> as Observer; // of the others nothing is asked
    for (let second = 0; second < 70; second++) tellSpectrum(sense.second(second * 1024), sense, observer);
    const short = Absence.TooShort;
    assert.deepEqual(told[0], [short, 0, 0, short, 0]);
    assert.deepEqual(
      told.find((values) => values.length === 6),
      [short, 0, short, 0, short, 0],
    );
  });
});
