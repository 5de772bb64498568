import type { Scenario } from "./scenario.js";
import type { Failure } from "./verdict.js";

/** Runs a scenario again; the same every time. */
export type Judge = (scenario: Scenario) => Promise<Failure | undefined>;

export interface Shrunk {
  readonly scenario: Scenario;
  readonly failure: Failure;
  readonly runs: number;
}

/** Lists that may be shorter. */
const LISTS = ["faults", "gestures", "happenings", "phoneMs"] as const;
const SECOND_MS = 1_000;

/**
 * A shorter scenario that breaks the same invariant: cut off after the failure, moved towards power-on, with parts of
 * its lists left out, by halves. Deterministic. @param runsMax  gives up then, with what there is
 */
export async function shrink(scenario: Scenario, failure: Failure, judge: Judge, runsMax = 150): Promise<Shrunk> {
  let best = scenario;
  let bestFailure = failure;
  let runs = 0;
  const attempt = async (candidate: Scenario): Promise<boolean> => {
    if (runs >= runsMax) return false;
    runs++;
    const again = await judge(candidate);
    if (again?.invariant !== failure.invariant) return false;
    best = candidate;
    bestFailure = again;
    return true;
  };
  const cut = (): Promise<boolean> =>
    attempt({ ...best, durationMs: Math.min(best.durationMs, bestFailure.atMs + SECOND_MS) });
  await cut();
  // Most of what came before has often nothing to do with it.
  for (let share = 15; share >= 1; share--) {
    const fromMs = Math.floor((bestFailure.atMs * share) / 16);
    if (fromMs > SECOND_MS && (await attempt(since(best, fromMs)))) break;
  }
  for (let before = ""; before !== JSON.stringify(best) && runs < runsMax; ) {
    before = JSON.stringify(best);
    for (const list of LISTS) await shorten(() => best, list, attempt);
    for (let byMs = Math.floor(best.calmFromMs / 2); byMs >= 5 * SECOND_MS; byMs = Math.floor(byMs / 2))
      while (firstMs(best) - byMs > SECOND_MS && (await attempt(earlier(best, byMs))));
    if (bestFailure.atMs + SECOND_MS < best.durationMs) await cut();
  }
  return { scenario: best, failure: bestFailure, runs };
}

/** Leaves out halves, then quarters, down to single ones. */
async function shorten(
  best: () => Scenario,
  list: (typeof LISTS)[number],
  attempt: (candidate: Scenario) => Promise<boolean>,
): Promise<void> {
  for (let chunk = best()[list].length; chunk >= 1; chunk = Math.floor(chunk / 2))
    for (let from = 0; from < best()[list].length; ) {
      const items: readonly unknown[] = best()[list];
      const rest = [...items.slice(0, from), ...items.slice(from + chunk)];
      if (!(await attempt({ ...best(), [list]: rest }))) from += chunk;
    }
}

/** When the first thing happens that is not the unit's own. */
function firstMs({ faults, gestures, happenings, phoneMs, calmFromMs }: Scenario): number {
  return Math.min(
    calmFromMs,
    ...faults.filter(({ rageMs }) => rageMs > 0).map(({ atMs }) => atMs),
    ...gestures.map(({ atMs }) => atMs),
    ...happenings.map(({ atUs }) => atUs / 1000),
    ...phoneMs,
  );
}

/** Only what begins from then on, and the unit's own. */
function since(scenario: Scenario, fromMs: number): Scenario {
  const { faults, gestures, happenings, phoneMs } = scenario;
  const phoneBefore = phoneMs.filter((atMs) => atMs < fromMs).length;
  return earlier(
    {
      ...scenario,
      faults: faults.filter(({ atMs, rageMs }) => rageMs === 0 || atMs >= fromMs),
      gestures: gestures.filter(({ atMs }) => atMs >= fromMs),
      happenings: happenings.filter(({ atUs }) => atUs >= fromMs * 1000),
      phoneMs: [...(phoneBefore % 2 === 1 ? [fromMs] : []), ...phoneMs.slice(phoneBefore)],
    },
    fromMs,
  );
}

function earlier(scenario: Scenario, byMs: number): Scenario {
  return {
    ...scenario,
    durationMs: scenario.durationMs - byMs,
    calmFromMs: scenario.calmFromMs - byMs,
    faults: scenario.faults.map((fault) => (fault.rageMs === 0 ? fault : { ...fault, atMs: fault.atMs - byMs })),
    gestures: scenario.gestures.map((gesture) => ({ ...gesture, atMs: gesture.atMs - byMs })),
    happenings: scenario.happenings.map((one) => ({ ...one, atUs: one.atUs - byMs * 1000 })),
    phoneMs: scenario.phoneMs.map((atMs) => atMs - byMs),
  };
}
