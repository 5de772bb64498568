import { styleOf } from "band/codes";
import { LIMITS, type Limit } from "session/limits";
import { PROGRAMS, type Program, SOFTLY } from "session/programs";
import { SAFETY_RULES, type SafetyRule, SESSIONS_WITHOUT_SCORE } from "session/safety";
import { SESSION_STATES } from "session/session-table";
import { CRISIS, FIRST_SESSION, FRAME, NEVER_WHILE, SCREENING, SCREENING_ADVICE } from "session/texts";
import { SETTINGS } from "storage/settings-table";
import { SETTING_NAMES } from "../../../web/messages.js";
import { EPISODE_IDS } from "../cli/live-faults.js";
import { ANYBODY } from "../cli/source.js";
import { FORMATS, type Format } from "../export/formats.js";
import { QUESTIONNAIRES } from "../export/questionnaires.js";
import { faultRow } from "../faults/catalogue.js";
import { PEOPLE } from "../person/people.js";
import type { Introduction } from "./feed.node.js";
import { extensionOf, hasFit } from "./session-files.node.js";

/** "600 000 ms" → "10 min", "650 1/100 per minute" → "6.5 per minute". */
export function limitWords({ unit, usual, says }: Limit): string {
  const value = ((): string => {
    switch (unit) {
      case "ms":
        return usual >= 120_000 ? `${usual / 60_000} min` : `${usual / 1000} s`;
      case "1/100 per minute":
        return `${usual / 100} per minute`;
      case "1/1000":
        return `${usual / 10} %`;
      default:
        return `${usual} ${unit}`;
    }
  })();
  return `${value}: ${says}`;
}

/** In the order of their numbers. */
const STYLES = [0, 1, 2, 3].map(styleOf);

/** What the page shows of the firmware's own tables. */
export function pageInfo(): Omit<Introduction, "title" | "version" | "person" | "seed"> {
  const rules: readonly [string, SafetyRule][] = Object.entries(SAFETY_RULES);
  const programs: readonly [string, Program][] = Object.entries(PROGRAMS);
  const formats: readonly [string, Format][] = Object.entries(FORMATS);
  return {
    programs: programs.map(([name, { title, says, phases }]) => ({
      name,
      title,
      says,
      phases: phases.map(({ id, says: words, durationMs, press }) => ({ id, says: words, durationMs, press })),
      isPaced: phases.some(({ pace }) => pace !== "none"),
    })),
    states: SESSION_STATES,
    styles: STYLES,
    settings: SETTING_NAMES.map((name) => {
      const { min, max, says } = SETTINGS.rows[name];
      return { name, min, max, says };
    }),
    faults: EPISODE_IDS.map((name) => {
      const { part, says, must } = faultRow(name);
      return { name, part, says, must };
    }),
    people: [
      ...Object.entries(PEOPLE).map(([name, { says }]) => ({ name, says })),
      { name: ANYBODY, says: "one of a population of adults, another one for each seed" },
    ],
    rules: rules.map(([name, { when, does, limits }]) => ({
      name,
      when,
      does,
      limits: limits.map((limit) => limitWords(LIMITS[limit])),
    })),
    texts: {
      frame: FRAME,
      screening: SCREENING,
      screeningAdvice: SCREENING_ADVICE,
      neverWhile: NEVER_WHILE,
      crisis: CRISIS,
      firstSession: FIRST_SESSION,
      softly: SOFTLY,
      sessionsWithoutScore: SESSIONS_WITHOUT_SCORE,
    },
    questionnaires: Object.entries(QUESTIONNAIRES).map(([name, { title, itemCount, answerMin, answerMax }]) => ({
      name,
      title,
      itemCount,
      answerMin,
      answerMax,
    })),
    formats: formats
      .filter(([name]) => name !== "fit" || hasFit)
      .map(([name, { says }]) => ({ name, says, file: `session.${extensionOf(name)}` })),
  };
}
