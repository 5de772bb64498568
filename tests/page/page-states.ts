import type { Introduction } from "../../hosts/sim/page/feed.node.js";
import type { BandState, Beat, Point, Reading } from "../../web/messages.js";

const ABSENT: Reading = { value: null, reason: "settling", remedy: "wait" };

/** A band that is worn and at rest, as the page has it. */
export const stateAt = (nowMs: number): BandState => ({
  nowMs,
  durationMs: 300_000,
  speed: "1×",
  times: 1,
  isPaused: false,
  isOver: false,
  contact: "worn",
  readings: { heartRate: ABSENT, rmssd: ABSENT, breath: ABSENT, rhythm: ABSENT, coherence: ABSENT },
  session: { state: "idle", program: null, phase: null, phaseSinceMs: 0, sinceMs: 0 },
  isPacing: false,
  batteryPercent: 84,
  batteryMv: 4000,
  link: "advertising",
  engine: {
    name: "XS",
    unitsPerSample: 1400,
    unitsNow: 1400,
    heapKb: 40,
    heapPeakKb: 60,
    stackPeak: 100,
    stackSize: 640,
    collections: 3,
    samples: 100,
    samplesDropped: 0,
    busNacks: 0,
  },
  restarts: 0,
  settings: { program: 0, rateCentiPerMin: 600, inhalePermille: 400, strengthQ8: 160, style: 0, sessionMs: 300_000 },
  faults: [],
  sessionsEnded: 0,
  wearer: null,
  command: "",
});

export const introduction: Introduction = {
  title: "t",
  version: "1",
  person: null,
  seed: 1,
  programs: [],
  styles: [],
  settings: [],
  people: [],
  faults: [],
  states: [],
  rules: [],
  texts: {
    frame: "",
    screening: [],
    screeningAdvice: "",
    neverWhile: "",
    crisis: "",
    firstSession: [],
    softly: "",
    sessionsWithoutScore: 3,
  },
  questionnaires: [],
  formats: [],
};

export const pointAt = (atMs: number): Point => ({ atMs, light: 1000 + atMs, motor: 0, litres: null });
export const beatAt = (atMs: number, rrMs: number | null, counts = true): Beat => ({
  atMs,
  rrMs,
  counts,
  verdict: counts ? "accepted" : "noisy",
});
