import type { BodyReading } from "session/body";
import { Climb, ClimbWatch } from "session/climb-watch";
import type { SafetyLimits } from "session/limits";
import type { RuleName } from "session/safety";
import { Sustained } from "session/sustained";

/** What is known of the wearer; a value that no adult can have is taken for unknown. */
export interface Wearer {
  readonly ageYears?: number;
  readonly restingBpm?: number;
}

/** Without an age the rule asks what it would ask of this one: sooner too early than too late. */
const AGE_ASSUMED_YEARS = 70;

export const enum RuleVerdict {
  None = 0,
  End = 1,
  EndScoring = 2,
  Ease = 3,
}

/** The rules of SAFETY_RULES that the body decides, looked at once a second. Integers, bounded state, no allocation. */
export class StopRules {
  /** Which rule the last verdict comes from. */
  rule: RuleName = "heartHigh";
  readonly #high = new Sustained();
  readonly #low = new Sustained();
  readonly #irregular = new Sustained();
  readonly #climb = new ClimbWatch();
  #isScoringOver = false;

  begin(nowMs: number): void {
    this.#high.begin(nowMs);
    this.#low.begin(nowMs);
    this.#irregular.begin(nowMs);
    this.#climb.begin(nowMs);
    this.#isScoringOver = false;
  }

  second(reading: BodyReading, limits: SafetyLimits, wearer: Wearer, isPacing: boolean, nowMs: number): RuleVerdict {
    const { worn, still, clean, bpm, irregularPercent } = reading;
    const isKnown = worn && still && clean && bpm !== undefined;
    const isHigh = bpm !== undefined && isFarAbove(bpm, limits, wearer);
    const isLow = bpm !== undefined && bpm < limits.heartFloorBpm;
    if (this.#high.look(isKnown, isHigh, nowMs) >= limits.heartHighForMs)
      return this.#say("heartHigh", RuleVerdict.End);
    if (this.#low.look(isKnown, isLow, nowMs) >= limits.heartLowForMs) return this.#say("heartLow", RuleVerdict.End);

    let climb = Climb.None;
    if (isPacing) climb = this.#climb.second(isKnown ? bpm : undefined, limits.heartClimbBpm, nowMs);
    else this.#climb.interrupt(nowMs);
    if (climb === Climb.First) return this.#say("heartClimbs", RuleVerdict.Ease);
    if (climb === Climb.Again) return this.#say("heartClimbs", RuleVerdict.End);

    const isCounted = worn && still && irregularPercent !== undefined;
    const isIrregular = irregularPercent !== undefined && irregularPercent >= limits.irregularPercent;
    const irregularMs = this.#irregular.look(isCounted, isIrregular, nowMs);
    if (this.#isScoringOver || irregularMs < limits.irregularForMs) return RuleVerdict.None;
    this.#isScoringOver = true;
    return this.#say("irregular", RuleVerdict.EndScoring);
  }

  #say(rule: RuleName, verdict: RuleVerdict): RuleVerdict {
    this.rule = rule;
    return verdict;
  }
}

function isFarAbove(bpm: number, limits: SafetyLimits, { ageYears, restingBpm }: Wearer): boolean {
  if (restingBpm !== undefined && restingBpm >= 30 && restingBpm <= 120 && bpm > restingBpm + limits.heartAboveRestBpm)
    return true;
  const age = ageYears !== undefined && ageYears >= 16 && ageYears <= 110 ? ageYears : AGE_ASSUMED_YEARS;
  return bpm * 100 > limits.heartOfAgePercent * (220 - age);
}
