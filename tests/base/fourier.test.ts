import assert from "node:assert/strict";
import { RealTransform, TRANSFORM_BINS } from "base/fourier";
import { describe, it } from "mocha";
import { RandomStream } from "../../hosts/sim/board/random.js";

function transformed(x: readonly number[]): RealTransform {
  const transform = new RealTransform();
  transform.begin(x.length);
  for (let pair = 0; pair < x.length / 2; pair++) transform.load(pair, x[2 * pair]!, x[2 * pair + 1]!); // even length
  transform.run();
  return transform;
}

/** Largest distance of a part from the sum itself, in units of the transform's last place, and the largest part. */
function errorOf(x: readonly number[]): { lsb: number; largest: number } {
  const transform = transformed(x);
  let lsb = 0;
  let largest = 0;
  for (let k = 0; k < TRANSFORM_BINS; k++) {
    let re = 0;
    let im = 0;
    x.forEach((one, n) => {
      re += one * Math.cos((2 * Math.PI * k * n) / 1024);
      im -= one * Math.sin((2 * Math.PI * k * n) / 1024);
    });
    const scale = 2 ** transform.scaleBits;
    lsb = Math.max(lsb, Math.abs(transform.re[k]! - re / scale), Math.abs(transform.im[k]! - im / scale)); // k < 512
    largest = Math.max(largest, Math.abs(re / scale), Math.abs(im / scale));
  }
  return { lsb, largest };
}

describe("real transform", () => {
  it("of one sample is flat: X[k] = x for sample 0, x turned by k n / 1024 for sample n", () => {
    const first = transformed([1000, ...Array.from({ length: 127 }, () => 0)]);
    assert.equal(first.scaleBits, 0);
    for (let k = 0; k < TRANSFORM_BINS; k++) assert.deepEqual([first.re[k], first.im[k]], [1000, 0], `bin ${k}`);
    const third = transformed([0, 0, 1000, ...Array.from({ length: 125 }, () => 0)]);
    assert.ok(Math.abs(third.re[128]!) <= 2 && Math.abs(third.im[128]! + 1000) <= 2); // a quarter turn, downwards
  });

  it("of a constant is its sum in bin 0", () => {
    const transform = transformed(Array.from({ length: 128 }, () => 100));
    assert.ok(Math.abs(transform.re[0]! * 2 ** transform.scaleBits - 12_800) <= 16);
  });

  it("is within 3 units of its last place and 3 in 10 000 of the largest, 30 for a spike, at any length", () => {
    const random = new RandomStream(0xf0, "transform");
    const worst: Record<string, number> = {};
    for (const count of [2, 4, 64, 128, 130, 240, 256, 300, 600, 1024])
      for (const shape of ["noise", "spike", "tone", "extremes"]) {
        const spike = random.between(0, count - 1);
        const x = Array.from({ length: count }, (_, n) => {
          if (shape === "noise") return random.between(-131_071, 131_071);
          if (shape === "spike") return n === spike ? 131_071 : random.between(-1200, 1200);
          if (shape === "tone") return Math.round(131_071 * Math.cos((2 * Math.PI * n * 51.2) / 1024));
          return random.between(0, 1) === 0 ? -131_072 : 131_071;
        });
        const { lsb, largest } = errorOf(x);
        worst[shape] = Math.max(worst[shape] ?? 0, (lsb - 3) / largest);
        assert.ok(
          lsb <= 3 + (shape === "spike" ? 30e-4 : 3e-4) * largest,
          `${shape} of ${count}: ${lsb} of ${largest}`,
        );
      }
    const figures = Object.entries(worst).map(([shape, share]) => `${shape} ${(1e4 * share).toFixed(1)}`);
    process.stdout.write(`      largest error beyond 3 units, in 10 000 of the largest part: ${figures.join(", ")}\n`);
  });

  it("refuses an odd count and more than 1024", () => {
    for (const count of [0, 3, 1026]) assert.throws(() => new RealTransform().begin(count));
  });
});
