import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { FeltLine } from "../../hosts/sim/cli/felt.js";
import { PlayedBand } from "../../hosts/sim/cli/make-band.js";
import { stretchOf } from "../../hosts/sim/cli/replay.js";
import { playing, spanOf } from "../../hosts/sim/cli/source.js";
import type { RecordingFile } from "../../hosts/sim/person/recording-file.node.js";
import type { Boot } from "../../hosts/sim/virtual-band.js";

const regular: RecordingFile = {
  id: "regular",
  rateHz: 50,
  timesMs: undefined,
  values: Float64Array.from({ length: 500 }, (_, i) => i % 40), // 0 .. 9.98 s
  polarity: "up",
  durationMs: 10_000,
  attributes: new Map(),
};
const timed: RecordingFile = {
  ...regular,
  id: "timed",
  rateHz: undefined,
  timesMs: Float64Array.from({ length: 500 }, (_, i) => 5000 + i * 20),
};

describe("played band", () => {
  it("gives up on a firmware that dies as soon as it starts, and has told of each death", async () => {
    const boot: Boot = async () => ({
      firmware: { fire: () => ({ ok: true }), close() {} },
      outcome: { ok: false, reason: "exception", message: "TypeError: x", stack: "" },
    });
    const told: FeltLine[] = [];
    const played = new PlayedBand({ source: playing(regular, 0), boot, tell: (line) => told.push(line) });
    for (let ms = 500; ms <= 1000; ms += 500) await played.band.run(ms * 1000);
    assert(!played.isHopeless, "three lives may end so");
    await played.band.run(2_000_000);
    assert(played.isHopeless);
    // Power-on, then 300 ms from each death to the next start: 0, 300, 600 …
    assert.deepEqual(
      told.slice(0, 3),
      [0, 300, 600].map((tMs) => ({ type: "restart", tMs, reason: "exception", message: "TypeError: x", stack: "" })),
    );
    played.band.close();
  });

  it("tells of beats in the recording's time, also after a restart", async () => {
    let boots = 0;
    const told: FeltLine[] = [];
    const played: PlayedBand = new PlayedBand({
      source: playing(timed, 6000),
      boot: async () => {
        boots++;
        return {
          firmware: { fire: () => ({ ok: true }), close() {} },
          outcome: boots === 1 ? { ok: false, reason: "exception", message: "", stack: "" } : { ok: true },
        };
      },
      tell: (line) => told.push(line),
    });
    await played.band.run(1_000_000);
    assert.equal(played.recordingMs, 7000);
    assert.equal(told[0]?.tMs, 6000);
    played.band.close();
  });
});

describe("stretch of a recording", () => {
  it("is the whole of it, on its own time line", () => {
    assert.deepEqual(spanOf(regular), { firstMs: 0, lastMs: 9980 });
    assert.deepEqual(spanOf(timed), { firstMs: 5000, lastMs: 14_980 });
    assert.deepEqual(stretchOf(timed), { recording: timed, startMs: 5000, endMs: 14_980 });
  });

  it("begins and ends where it is told, within the recording", () => {
    assert.deepEqual(stretchOf(timed, 6.5, 9), { recording: timed, startMs: 6500, endMs: 9000 });
    assert.deepEqual(stretchOf(timed, 0, 99), { recording: timed, startMs: 5000, endMs: 14_980 });
  });

  it("refuses what holds nothing", () => {
    assert.throws(
      () => stretchOf(regular, 5, 5),
      /regular: there is nothing from 5 to 5; name .* within 0\.0 \.\. 10\.0 s/,
    );
    assert.throws(() => stretchOf(regular, 9.98), /from 9\.98 to the end/);
    assert.throws(
      () => stretchOf(timed, undefined, 5),
      /from the start to 5; name --from and --to within 5\.0 \.\. 15\.0 s/,
    );
  });
});
