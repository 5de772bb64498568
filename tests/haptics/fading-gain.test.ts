import assert from "node:assert/strict";
import { FadingGain } from "haptics/fading-gain";

describe("the fading guide", () => {
  it("keeps its full strength for two minutes of following and then fades breath by breath to its floor", () => {
    const fading = new FadingGain();
    for (let breath = 0; breath < 12; breath++) fading.breathed(10_000, 900);
    assert.equal(fading.gainQ8, 256);
    fading.breathed(10_000, 600);
    assert.equal(fading.gainQ8, 240);
    for (let breath = 0; breath < 30; breath++) fading.breathed(10_000, 900);
    assert.equal(fading.gainQ8, 96);
  });

  for (const [what, follow] of [
    ["off the pacer", 599],
    ["of which nothing is known", undefined],
  ] as const)
    it(`is back at once after two breaths ${what}, not after one`, () => {
      const fading = new FadingGain();
      for (let breath = 0; breath < 40; breath++) fading.breathed(10_000, 900);
      fading.breathed(10_000, follow);
      fading.breathed(10_000, 900);
      fading.breathed(10_000, follow);
      assert.equal(fading.gainQ8, 96);
      fading.breathed(10_000, follow);
      assert.equal(fading.gainQ8, 256);
      for (let breath = 0; breath < 12; breath++) fading.breathed(10_000, 900);
      assert.equal(fading.gainQ8, 256);
    });
});
