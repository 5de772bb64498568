import assert from "node:assert/strict";
import { BeatWatch } from "band/beat-watch";
import { BeatVerdict } from "hrv/beat";
import { describe, it } from "mocha";

function watch(...verdicts: BeatVerdict[]): BeatWatch {
  const beatWatch = new BeatWatch();
  for (const verdict of verdicts) tell(beatWatch, 1, verdict);
  return beatWatch;
}

function tell(beatWatch: BeatWatch, beats: number, verdict: BeatVerdict): void {
  for (let i = 0; i < beats; i++) beatWatch.beat({ upstrokeTicks: 0, rrTicks: 0, verdict, qualityQ8: 0 });
}

describe("the watch over the last 32 beats", () => {
  it("tells nothing from nine beats, and that ten are clean from the tenth on", () => {
    const beatWatch = watch();
    tell(beatWatch, 9, BeatVerdict.Accepted);
    assert.equal(beatWatch.clean, false);
    assert.equal(beatWatch.irregularPercent, undefined);
    tell(beatWatch, 1, BeatVerdict.Accepted);
    assert.equal(beatWatch.clean, true);
    assert.equal(beatWatch.irregularPercent, 0);
  });

  it("calls one refused in ten clean and two in eleven not", () => {
    const beatWatch = watch();
    tell(beatWatch, 9, BeatVerdict.Accepted);
    tell(beatWatch, 1, BeatVerdict.Unlike);
    assert.equal(beatWatch.clean, true);
    tell(beatWatch, 1, BeatVerdict.Unlike);
    assert.equal(beatWatch.clean, false);
  });

  it("rounds the share of early and late beats down", () => {
    const beatWatch = watch(BeatVerdict.Ectopic);
    tell(beatWatch, 11, BeatVerdict.Accepted);
    assert.equal(beatWatch.irregularPercent, 8); // 1 of 12: 8.3
  });

  it("forgets the beat 33 beats ago, round after round", () => {
    const beatWatch = watch();
    for (let round = 0; round < 3; round++) {
      tell(beatWatch, 4, BeatVerdict.Noisy); // four of 32: 87.5 % are clean
      tell(beatWatch, 28, BeatVerdict.Accepted);
      assert.equal(beatWatch.clean, false, `round ${round}`);
      tell(beatWatch, 1, BeatVerdict.Accepted); // three of 32: 90.6 %
      assert.equal(beatWatch.clean, true, `round ${round}`);
      tell(beatWatch, 31, BeatVerdict.Accepted);
      assert.equal(beatWatch.clean, true, `round ${round}`);
    }
  });

  it("knows nothing of the beats before a reset", () => {
    const beatWatch = watch();
    tell(beatWatch, 20, BeatVerdict.Noisy);
    beatWatch.reset();
    assert.equal(beatWatch.clean, false);
    tell(beatWatch, 10, BeatVerdict.Accepted);
    assert.equal(beatWatch.clean, true);
    assert.equal(beatWatch.irregularPercent, 0);
  });
});
