import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { root } from "#manifest";
import { countOf, hoursOf, seedOf } from "../../hosts/sim/cli/arguments.js";
import { faultsOf } from "../../hosts/sim/cli/fault-set.js";
import { FAULT_IDS } from "../../hosts/sim/faults/catalogue.js";
import { PROCESS_TIMEOUT_MS, runBand, Scratch, startBand } from "./run-band.js";

describe("band torture", function () {
  this.timeout(2 * PROCESS_TIMEOUT_MS);

  it("runs scenarios on several workers and prints what they come to, with bounds", async () => {
    const { code, stdout, stderr } = await runBand("torture", "--hours", "0.3", "--seed", "3", "--jobs", "2");
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^band torture --hours 0\.3 --seed 3, 2 at a time\n\d scenarios, 0\.\d h in \d+ s: .* h a minute\n/,
    );
    assert.match(stdout, /seconds with a wrong rate, all: \d+ of \d+, \d\.\d+ % \(bound 2\.5 %\)\n/);
    assert.equal(code, 0, stdout);
  });

  it("repeats one scenario from its seed, or from a file, and says the same of it", async () => {
    const once = await runBand("torture", "--scenario", "117");
    const again = await runBand("torture", "--scenario", "117");
    const timeless = (text: string): string => text.replace(/ in \d+ s: .*/, "");
    assert.match(once.stdout, /^1 scenarios, /);
    assert.equal(timeless(again.stdout), timeless(once.stdout));
    const scratch = new Scratch();
    try {
      const { code, stderr } = await runBand("torture", "--scenario", scratch.write("no.json", '{"format":99}'));
      assert.match(stderr, /^--scenario .*no\.json: not a scenario of format 1\n$/);
      assert.equal(code, 2);
    } finally {
      scratch.remove();
    }
  });

  it("tells what there is by then when it is interrupted", async () => {
    const { child, ended, said } = startBand("torture", "--hours", "500", "--jobs", "1");
    await said("at a time");
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.match(stdout, /\nstopped: this is what there was by then\n$/);
    assert.equal(code, 130);
  });

  it("takes faults by id and by part, seeds in both bases, and refuses the rest", () => {
    assert.deepEqual(faultsOf("none"), []);
    assert.deepEqual(faultsOf("all"), FAULT_IDS);
    assert.deepEqual(faultsOf("button,nackBurst"), ["nackBurst", "buttonBounce", "buttonStuck"]);
    assert.throws(() => faultsOf("nackburst"), /no fault and no part/);
    assert.equal(seedOf("0x10"), 16);
    assert.equal(seedOf("4294967295"), 4_294_967_295);
    for (const text of ["4294967296", "-1", "1.5", "x", ""]) assert.throws(() => seedOf(text), text);
    assert.equal(hoursOf("0.5"), 0.5);
    for (const text of ["0", "-1", "h"]) assert.throws(() => hoursOf(text), text);
    assert.throws(() => countOf("0"));
    if (existsSync(join(root, ".git"))) assert(seedOf("commit") >= 0);
  });
});
