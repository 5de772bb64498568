import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type QuestionnaireName, score } from "../../hosts/sim/export/questionnaires.js";

const scoresOf = (name: QuestionnaireName, answers: readonly number[]): Readonly<Record<string, number>> => {
  const scored = score(name, answers);
  assert(scored.ok);
  return scored.scores;
};
const reasonOf = (name: QuestionnaireName, answers: readonly number[]): string => {
  const scored = score(name, answers);
  assert(!scored.ok);
  return scored.reason;
};
const all = (count: number, answer: number): number[] => Array.from({ length: count }, () => answer);
/** All at `rest`, the items named at `answer`. */
const but = (count: number, rest: number, items: readonly number[], answer: number): number[] =>
  all(count, rest).map((value, i) => (items.includes(i + 1) ? answer : value));

describe("PSS-10", () => {
  // Items 4, 5, 7 and 8 are reversed, answers 0 .. 4: physiology 7.4.
  it("is 0 to 40, and 0 only with the reversed items at their other end", () => {
    assert.deepEqual(scoresOf("pss10", but(10, 0, [4, 5, 7, 8], 4)), { stress: 0 });
    assert.deepEqual(scoresOf("pss10", but(10, 4, [4, 5, 7, 8], 0)), { stress: 40 });
  });
  it("is 16 where every answer is 0, 24 where every answer is 4, 20 in the middle", () => {
    assert.deepEqual(scoresOf("pss10", all(10, 0)), { stress: 16 });
    assert.deepEqual(scoresOf("pss10", all(10, 4)), { stress: 24 });
    assert.deepEqual(scoresOf("pss10", all(10, 2)), { stress: 20 });
  });
  it("counts each item in its own direction", () => {
    for (let item = 1; item <= 10; item++)
      assert.equal(scoresOf("pss10", but(10, 2, [item], 3)).stress, [4, 5, 7, 8].includes(item) ? 19 : 21, `${item}`);
  });
  it("refuses what is missing, too much or out of range", () => {
    assert.match(reasonOf("pss10", all(9, 1)), /10 items.*9 answers/);
    assert.match(reasonOf("pss10", all(11, 1)), /11 answers/);
    assert.match(reasonOf("pss10", but(10, 1, [10], 5)), /answer 10/);
    assert.match(reasonOf("pss10", but(10, 1, [1], -1)), /answer 1 /);
    assert.match(reasonOf("pss10", but(10, 1, [3], 1.5)), /answer 3/);
  });
});

describe("FFMQ-15", () => {
  // Facets in turn. Reversed: 3, 8, 13 (act aware), 4, 9, 14 (non-judge), 7 (FFMQ-39 item 16, describe).
  it("has five facets of three items, 9 each in the middle", () => {
    assert.deepEqual(scoresOf("ffmq15", all(15, 3)), {
      observe: 9,
      describe: 9,
      actAware: 9,
      nonJudge: 9,
      nonReact: 9,
    });
  });
  it("is 3 to 15 a facet", () => {
    const reversed = [3, 4, 7, 8, 9, 13, 14];
    const least = { observe: 3, describe: 3, actAware: 3, nonJudge: 3, nonReact: 3 };
    const most = { observe: 15, describe: 15, actAware: 15, nonJudge: 15, nonReact: 15 };
    assert.deepEqual(scoresOf("ffmq15", but(15, 1, reversed, 5)), least);
    assert.deepEqual(scoresOf("ffmq15", but(15, 5, reversed, 1)), most);
  });
  it("puts each item to its facet and direction", () => {
    const facets = ["observe", "describe", "actAware", "nonJudge", "nonReact"];
    for (let item = 1; item <= 15; item++) {
      const scores = scoresOf("ffmq15", but(15, 3, [item], 4));
      const facet = facets[(item - 1) % 5] ?? "";
      const expected = [3, 4, 7, 8, 9, 13, 14].includes(item) ? 8 : 10;
      for (const name of facets) assert.equal(scores[name], name === facet ? expected : 9, `item ${item}, ${name}`);
    }
  });
  it("has answers from 1 to 5", () => {
    assert.match(reasonOf("ffmq15", but(15, 1, [2], 0)), /answer 2 .*1 to 5/);
    assert.match(reasonOf("ffmq15", but(15, 1, [2], 6)), /answer 2/);
  });
});
