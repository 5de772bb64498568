import type { TrueEvent } from "../../../web/messages.js";
import { BeatKind, type Truth, Turn } from "../person/truth.js";

const KINDS = {
  [BeatKind.Sinus]: "sinus",
  [BeatKind.Ventricular]: "ventricular",
  [BeatKind.Atrial]: "atrial",
  [BeatKind.AfterPause]: "after a pause",
  [BeatKind.Fibrillation]: "fibrillation",
} as const;

const turnName = (turn: number) => (turn === Turn.Inhale ? "inhale" : "exhale");

/** Reads on in a person's ground truth, as far as virtual time has come. */
export class TruthReader {
  readonly #truth: Truth;
  readonly #tell: (event: TrueEvent) => void;
  #beats = 0;
  #turns = 0;
  #cues = 0;

  constructor(truth: Truth, tell: (event: TrueEvent) => void) {
    this.#truth = truth;
    this.#tell = tell;
  }

  /** What has happened since the last call, up to `nowUs`. */
  tell(nowUs: number): void {
    const { beats, turns, cues } = this.#truth;
    for (; this.#beats < beats.arrivalUs.length && beats.arrivalUs.at(this.#beats) <= nowUs; this.#beats++) {
      const i = this.#beats;
      this.#tell({
        what: "beat",
        atMs: beats.arrivalUs.at(i) / 1000,
        rrMs: i === 0 ? null : this.#truth.pulseIntervalMs(i),
        kind: KINDS[beats.kind.at(i) as BeatKind], // only kinds are pushed
      });
    }
    for (; this.#turns < turns.timeUs.length && turns.timeUs.at(this.#turns) <= nowUs; this.#turns++)
      this.#tell({
        what: "turn",
        atMs: turns.timeUs.at(this.#turns) / 1000,
        to: turnName(turns.turn.at(this.#turns)),
      });
    for (; this.#cues < cues.timeUs.length && cues.timeUs.at(this.#cues) <= nowUs; this.#cues++)
      this.#tell({ what: "cue", atMs: cues.timeUs.at(this.#cues) / 1000, to: turnName(cues.turn.at(this.#cues)) });
  }
}
