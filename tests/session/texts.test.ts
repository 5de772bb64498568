import assert from "node:assert/strict";
import { CUES } from "haptics/cues";
import { BREATH_STYLES } from "haptics/styles";
import { LIMITS } from "session/limits";
import { PROGRAMS, SOFTLY } from "session/programs";
import { SAFETY_RULES, SESSIONS_WITHOUT_SCORE } from "session/safety";
import * as texts from "session/texts";

/** Claims of physiology 7.1 that a wellness aid may not make, and marks of others. */
const FORBIDDEN =
  /stress detected|medical grade|clinical(ly)? |scientific|anxi|depress|PTSD|burnout|hypertension|abnormal|parasympath|heartmath|reduces|cures|therap/i;
/** These words may only deny. */
const DENIED = /medical|diagnose|treat|prevent/i;

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
}

describe("everything that the band's tables say", () => {
  const all = [CUES, BREATH_STYLES, LIMITS, PROGRAMS, SAFETY_RULES, { ...texts }].flatMap(strings);

  it("makes no claim that a wellness aid may not make", () => {
    assert.ok(all.length > 200);
    for (const text of all) assert.doesNotMatch(text, FORBIDDEN);
    for (const text of all) if (DENIED.test(text)) assert.match(text, /is not a medical device; it does not/);
  });

  it("tells before the first session to breathe softly, how to stop, and that no score comes yet", () => {
    const first = texts.FIRST_SESSION.join(" ");
    assert.ok(first.includes(SOFTLY.slice(0, -1)));
    assert.match(first, /hold the button to stop/);
    assert.equal(SESSIONS_WITHOUT_SCORE, 3);
    assert.match(first, /no score in the first three sessions/);
  });

  it("asks for everything of physiology 7.2", () => {
    const screening = texts.SCREENING.join("; ");
    for (const word of ["trauma", "distress", "panic", "heart", "fainting", "blood pressure", "seizures", "asthma"])
      assert.ok(screening.includes(word), word);
    for (const word of ["pregnancy", "under 16", "skin", "pacemaker", "cut off"])
      assert.ok(screening.includes(word), word);
  });
});
