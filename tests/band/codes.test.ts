import assert from "node:assert/strict";
import {
  absenceCode,
  absenceName,
  endCode,
  programCode,
  programOf,
  refusalCode,
  ruleCode,
  SETTING_KEYS,
  starterCode,
  stateCode,
  styleCode,
  styleOf,
  touchRefusalCode,
} from "band/codes";
import { Absence } from "hrv/reading";
import { describe, it } from "mocha";
import { PROGRAMS, type ProgramName } from "session/programs";
import { SAFETY_RULES } from "session/safety";
import { SETTINGS, type SettingName } from "storage/settings-table";

// By hand: what a log written by an earlier firmware means. Append; never renumber.
const PROGRAM_CODES: Record<ProgramName, number> = {
  breathe: 0,
  heart: 1,
  findPace: 2,
  findPaceShort: 3,
  findPaceSlide: 4,
  bodyScan: 5,
  relax: 6,
  recover: 7,
  moment: 8,
  baseline: 9,
  feel: 10,
};

describe("codes of the log", () => {
  it("number programs as they always have, both ways", () => {
    assert.equal(Object.keys(PROGRAMS).length, Object.keys(PROGRAM_CODES).length);
    for (const [name, code] of Object.entries(PROGRAM_CODES)) {
      assert.equal(programCode(name as ProgramName), code, name); // its own keys
      assert.equal(programOf(code), name);
    }
    assert.equal(programOf(99), "breathe");
  });

  it("number styles, starters, ends, refusals and states as they always have", () => {
    assert.deepEqual((["wave", "exhale", "edges", "beat"] as const).map(styleCode), [0, 1, 2, 3]);
    assert.deepEqual([0, 1, 2, 3, 9].map(styleOf), ["wave", "exhale", "edges", "beat", "wave"]);
    assert.deepEqual((["button", "app", "nudge"] as const).map(starterCode), [0, 1, 2]);
    const ends = [
      "completed",
      "wearer",
      "stopGesture",
      "notOk",
      "pausedTooLong",
      "cap",
      "rule",
      "batteryEmpty",
      "fault",
    ] as const;
    assert.deepEqual(ends.map(endCode), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const refusals = [
      "busy",
      "batteryEmpty",
      "afterWeekOne",
      "dayFull",
      "resting",
      "lengthOutOfRange",
      "nothingLeft",
      "noTrial",
      "pace",
      "screening",
    ] as const;
    assert.deepEqual(refusals.map(refusalCode), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const states = ["idle", "opening", "running", "unscored", "pacedOnly", "paused"] as const;
    assert.deepEqual(states.map(stateCode), [0, 1, 2, 3, 4, 5]);
  });

  it("number why nothing was found as `hrv/reading` does, and why the touch was not fitted", () => {
    const absences = ["none", "tooShort", "tooFew", "lowCoverage", "longGap", "noVariation", "noPeak", "atEdge"];
    const more = ["aboveBeatNyquist", "notElevated", "poorFit", "notFollowing"];
    assert.deepEqual([...absences, ...more].map(absenceCode), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.equal(absenceName(Absence.AtEdge), "atEdge");
    assert.equal(absenceName(Absence.NotFollowing), "notFollowing");
    assert.deepEqual((["guessed", "unsettled", "left"] as const).map(touchRefusalCode), [0, 1, 2]);
  });

  it("number the stop rules in the order of their table", () => {
    for (const [index, name] of Object.keys(SAFETY_RULES).entries()) assert.equal(ruleCode(name), index);
  });
});

describe("keys of settings over the radio", () => {
  // By hand: what an app that was written for an earlier firmware asks for. Append; never renumber.
  const KEYS: Record<SettingName, number> = {
    rateCentiPerMin: 0,
    inhalePermille: 1,
    strengthQ8: 2,
    style: 3,
    program: 4,
    sessionMs: 5,
    regionsOn: 6,
    regionsOff: 7,
    restingBpm: 8,
    floorBpm: 9,
    ageYears: 10,
    isSupervised: 11,
    sessionsADayMax: 12,
    sessionMinutesMax: 13,
    nudgesADayMax: 14,
    quietFromMinute: 15,
    quietToMinute: 16,
    isAdaptive: 17,
    isFading: 18,
    bellEveryMin: 19,
    bellFromMinute: 20,
    bellToMinute: 21,
    screening: 22,
    foundCentiPerMin: 23,
    foundSpreadCenti: 24,
    foundDay: 25,
  };

  it("are as they always were, one for every setting", () => {
    assert.deepEqual(Object.keys(KEYS).sort(), Object.keys(SETTINGS.rows).sort());
    for (const [name, key] of Object.entries(KEYS)) assert.equal(SETTING_KEYS[key], name);
    assert.equal(SETTING_KEYS.length, 26);
  });
});
