import assert from "node:assert/strict";
import { loadSamples } from "../../bench/accuracy/accuracy.js";
import { firmwareOn } from "../../bench/accuracy/firmware.js";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { bootXs } from "../../hosts/sim/boot-xs.node.js";
import { BUILD_TIMEOUT_MS } from "../engine/world.js";

describe("whole firmware over recordings", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("says on XS what it says on V8, bit for bit, beats and rates", async () => {
    const onXs = firmwareOn(await bootXs());
    const onV8 = firmwareOn(bootV8);
    for (const samples of loadSamples()) {
      if (samples.set === "bidmc") continue; // 26 of eight minutes: too long for every test run
      const told = await onV8(samples);
      assert.ok(told.detections.length > 40, samples.id);
      assert.deepEqual(await onXs(samples), told, samples.id);
    }
  });
});
