import assert from "node:assert/strict";
import { GapVerdict, UpstrokeGap } from "haptics/upstroke-gap";

/** Upstrokes every 900 ms from 1000 ms on; each answer is a millisecond off, as a rounded forecast's may be. */
const rounded = (offMs: number) => ({
  nextUpstrokeMs: (afterMs: number) => 1000 + 900 * Math.ceil((afterMs + 1 - 1000 - 0.5) / 900) + offMs,
});

describe("the gap between upstrokes", () => {
  it("has an answer for every wished time, earlier or later, though the forecast is rounded", () => {
    // A tick of 60 ms and its tail of 150 take 490 of 900 ms with a guard of 140 on each side: 245 reach an edge.
    for (const offMs of [0, 1, -1])
      for (let wishedMs = 3000; wishedMs < 3900; wishedMs += 7) {
        const gap = new UpstrokeGap(rounded(offMs));
        const verdict = gap.find(wishedMs, wishedMs - 360, 60, 245 + 2, 140);
        assert.notEqual(verdict, GapVerdict.None, `wished for ${wishedMs}, off by ${offMs}`);
        const sinceMs = (gap.atMs - 1000) % 900;
        assert(sinceMs >= 138 && sinceMs <= 900 - 348, `${wishedMs}: ${sinceMs} ms after an upstroke`);
      }
  });

  it("leaves a tick that it has moved where it is when it is asked again with less guard", () => {
    for (let wishedMs = 3000; wishedMs < 3900; wishedMs += 7) {
      const gap = new UpstrokeGap(rounded(0));
      gap.find(wishedMs, wishedMs - 360, 60, 360, 140);
      const { atMs } = gap;
      for (const offMs of [0, 4, -4])
        assert.equal(new UpstrokeGap(rounded(offMs)).find(atMs, atMs, 60, 360, 130), GapVerdict.OnTime, `${wishedMs}`);
    }
  });
});
