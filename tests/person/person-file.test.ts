import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { personOptions } from "../../hosts/sim/person/options.js";
import { PEOPLE } from "../../hosts/sim/person/people.js";
import { choicesOf, readPersonFile } from "../../hosts/sim/person/person-file.node.js";

const folder = mkdtempSync(join(tmpdir(), "person file-"));
const write = (text: string): string => {
  const path = join(folder, "who.json");
  writeFileSync(path, text);
  return path;
};

describe("file of a person", () => {
  after(() => rmSync(folder, { recursive: true }));

  it("may say any part of a person, and all of it", () => {
    const choices = { about: { ageYears: 50 }, heart: { restBpm: 55 }, place: "finger" } as const;
    assert.deepEqual(readPersonFile(write(JSON.stringify(choices))), choices);
    for (const { choices } of Object.values(PEOPLE)) {
      const whole = personOptions(choices);
      assert.deepEqual(choicesOf(JSON.parse(JSON.stringify(whole))), whole);
    }
  });

  for (const [text, says] of [
    ["{", /who\.json: not JSON \(/],
    ["[]", /who\.json: not an object$/],
    ['{"hart":{}}', /a person has no "hart"/],
    ['{"constructor":{}}', /a person has no "constructor"/],
    ['{"heart":3}', /"heart" is not an object/],
    ['{"heart":{"restBmp":60}}', /"heart" has no "restBmp"/],
    ['{"heart":{"restBpm":"60"}}', /"restBpm" is not a number/],
    ['{"heart":{"restBpm":-1}}', /"restBpm" is below 0/],
    ['{"heart":{"minBpm":20}}', /heart rate from 20 to 200/],
    ['{"place":"nose"}', /"place" is none of wrist, finger/],
    ['{"light":{"mainsHz":55}}', /"mainsHz" is none of 0, 50, 60/],
    ['{"breathing":{"how":"gills"}}', /breathing: say breathe free, or/],
    ['{"breathing":{"how":"free","deep":true}}', /breathing: has more or less than it should/],
    ['{"breathing":7}', /breathing: /],
    ['{"script":[{"atUs":0,"happening":{"what":"strap","pressure":9}}]}', /"script" 0: say strap/],
    ['{"script":[{"atUs":-1,"happening":{"what":"yawn"}}]}', /something happens at -1 us/],
    ['{"script":{}}', /"script" is not a list/],
  ] as const)
    it(`refuses ${text} in one line`, () => {
      assert.throws(
        () => readPersonFile(write(text)),
        (error: Error) => {
          assert.equal(error.name, "BadInput");
          assert.match(error.message, says);
          assert(!error.message.includes("\n"));
          return true;
        },
      );
    });

  it("says that there is no such file", () =>
    assert.throws(() => readPersonFile("nobody.json"), { message: "nobody.json: no such file" }));
});
