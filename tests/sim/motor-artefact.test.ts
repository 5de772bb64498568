import assert from "node:assert/strict";
import { BeatVerdict } from "hrv/beat";
import { Absence } from "hrv/reading";
import { describe, it } from "mocha";
import { feelMotor } from "../../hosts/sim/person/motor-link.js";
import type { PersonChoices } from "../../hosts/sim/person/options.js";
import { Person } from "../../hosts/sim/person/person.js";
import { bootOn, SECOND_US, WatchedBand } from "./rig.js";

const SEED = Number(process.env.SEED ?? 0x5eed_0004);
const SESSION_FROM_S = 20;
const SESSION_S = 240;
/** A beat belongs to a true pulse if it is this close to its arrival, after the record's own constant lag. */
const MATCH_MS = 100;

interface Heard {
  /** Upstroke, ms since power-on. */
  readonly beats: readonly { readonly atMs: number; readonly rrMs: number; readonly verdict: number }[];
  readonly scores: readonly number[];
  readonly person: Person;
  readonly band: WatchedBand["band"];
}

/** A still wearer with the band on, and a session or none. */
async function wear(options: PersonChoices, session: boolean): Promise<Heard> {
  const person = new Person({ seed: SEED, options });
  const beats: { atMs: number; rrMs: number; verdict: number }[] = [];
  const scores: number[] = [];
  const watched = new WatchedBand(await bootOn("v8"), person, {
    beat: (upstrokeTicks, rrTicks, verdict) =>
      beats.push({ atMs: (upstrokeTicks * 1000) / 1024, rrMs: (rrTicks * 1000) / 1024, verdict }),
    breath: (absence, scorePercent) => {
      if (absence === Absence.None) scores.push(scorePercent);
    },
  });
  const { band } = watched;
  feelMotor(person, band.board.motor, band.board.clock);
  await band.run(SESSION_FROM_S * SECOND_US);
  if (session) watched.press(150_000);
  await band.run((SESSION_FROM_S + SESSION_S) * SECOND_US);
  band.close();
  assert.equal(band.restarts.length, 0, JSON.stringify(band.restarts));
  return { beats, scores, person, band };
}

/** Errors of accepted intervals against the wearer's own pulse intervals, ms, and how many true pulses had one. */
function intervalErrors({ beats, person }: Heard): number[] {
  const { truth } = person;
  const errors: number[] = [];
  let next = 1;
  const lagMs = medianLag(
    beats.map(({ atMs }) => atMs),
    truth.beats.arrivalUs.values(),
  );
  for (const { atMs, rrMs, verdict } of beats) {
    if (verdict !== BeatVerdict.Accepted || atMs < SESSION_FROM_S * 1000) continue;
    while (next < truth.beats.arrivalUs.length && truth.beats.arrivalUs.at(next) / 1000 + lagMs < atMs - MATCH_MS)
      next++;
    const interval = truth.pulseIntervalMs(next);
    if (next < truth.beats.arrivalUs.length && interval !== undefined) errors.push(Math.abs(rrMs - interval));
  }
  return errors;
}

function medianLag(beatsMs: readonly number[], arrivalsUs: ArrayLike<number>): number {
  const lags = beatsMs.map((ms) => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < arrivalsUs.length; i++) {
      const lag = ms - (arrivalsUs[i] ?? 0) / 1000;
      if (Math.abs(lag) < Math.abs(best)) best = lag;
    }
    return best;
  });
  return lags.sort((a, b) => a - b)[lags.length >> 1] ?? 0;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const still: PersonChoices = { place: "finger" };
const atPace: PersonChoices = { place: "finger", breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 } };
const noRsa: PersonChoices = { place: "finger", heart: { rsaBpmPerLitre: 0, vasomotorBpm: 0 } };

describe(`the motor beside the sensor (seed ${SEED})`, function () {
  this.timeout(120_000);

  it("leaves at least 95 % of upstrokes free of vibration, tail included", async () => {
    const { band, person } = await wear(still, true);
    const { history } = band.board.motor;
    assert(history.length > 50, "the motor led the breath");
    const fromUs = history[0]?.fromUs ?? 0;
    const arrivals = [...person.truth.beats.arrivalUs.values()].filter((us) => us > fromUs);
    const shaken = arrivals.filter((us) => history.some((pulse) => us >= pulse.fromUs && us < pulse.toUs + 150_000));
    assert(shaken.length <= arrivals.length * 0.05, `${shaken.length} of ${arrivals.length}`);
  });

  it("does not spoil intervals: their error with it is within a tenth of that without", async () => {
    const without = intervalErrors(await wear(still, false));
    const beside = intervalErrors(await wear(still, true));
    assert(without.length > 150 && beside.length > 100, `${without.length} and ${beside.length} intervals`);
    assert(mean(beside) <= mean(without) * 1.1, `${mean(beside).toFixed(2)} ms beside ${mean(without).toFixed(2)} ms`);
  });

  it("fakes no rhythm: without respiratory arrhythmia the score is absent or at its floor", async () => {
    const { scores } = await wear(noRsa, true);
    const { scores: real } = await wear(atPace, true);
    assert(real.length >= 5, `${real.length} scores of a wearer with a rhythm`);
    // Three breaths of noise score 0 in the median by the bias correction; a planted rhythm is far above.
    if (scores.length > 0) assert(mean(scores) < 35, `mean ${mean(scores).toFixed(0)} of ${scores.length}`);
    assert(mean(real) > 60, `mean ${mean(real).toFixed(0)} of the real rhythm`);
  });
});
