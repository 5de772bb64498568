import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { moduleFiles } from "#manifest";
import { Board } from "../../hosts/sim/board/board.js";
import { bootXs } from "../../hosts/sim/boot-xs.node.js";
import { mapStack } from "../../hosts/sim/cli/stack.js";
import { type FirmwareFiles, readFirmware } from "../../hosts/sim/firmware-files.node.js";
import { NoContact } from "../../hosts/sim/person/skin.js";
import { VirtualBand } from "../../hosts/sim/virtual-band.js";
import { BUILD_TIMEOUT_MS } from "../engine/world.js";

const throwingMain = new URL("./throwing-main.js", import.meta.url);

/** The firmware with another `main`. */
function withMain(url: URL): FirmwareFiles {
  const files = readFirmware();
  const code = readFileSync(url, "utf8");
  return { ...files, source: (name) => (name === "main" ? { code } : files.source(name)) };
}

describe("stacks of the firmware", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("name functions and lines of the TypeScript source, and the band starts again", async () => {
    const boot = await bootXs({ debug: true }, withMain(throwingMain));
    const band = new VirtualBand(new Board({ seed: 1, optics: new NoContact() }), boot);
    await band.run(2_000_000);
    const [restart] = band.restarts;
    assert.equal(restart?.reason, "exception");
    assert.equal(restart.message, "RangeError: reading of 7 counts");
    assert.equal(Math.floor(restart.atUs / 1000), 1000);
    const files = new Map([...moduleFiles(), ["main", throwingMain]]);
    const frames = mapStack(restart.stack, files).split("\n");
    assert.equal(frames[0], "at fail (tests/cli/throwing-main.ts:9)");
    assert.equal(frames[1], "at measure (tests/cli/throwing-main.ts:14)");
    assert.match(frames[2] ?? "", /\(tests\/cli\/throwing-main\.ts:19\)$/);
    assert.match(frames.slice(3).join("\n"), /\(hosts\/sim\/io\/port\.ts:\d+\)/); // from where timers are called
    await band.run(3_000_000);
    assert.equal(band.restarts.length, 2, "a second life, which ends alike");
    band.close();
  });

  it("stay as they are where there is nothing to map them with", () => {
    assert.equal(mapStack(""), "");
    assert.equal(mapStack("RangeError: x\n at f (nobody:3)"), "at f (nobody:3)");
    assert.equal(
      mapStack("RangeError: x\n    at f (file:///a/b.js:3:4)\n    at g (native)"),
      "at f (file:///a/b.js:3:4)\nat g (native)",
    );
  });
});
