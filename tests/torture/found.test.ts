/** What torture has found, each under a name that says what it was: it must not come back. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { root } from "#manifest";
import { runScenario } from "../../hosts/sim/torture/run.js";
import { SCENARIO_FORMAT, type Scenario } from "../../hosts/sim/torture/scenario.js";
import { tortureOptions } from "../../hosts/sim/torture/worker.node.js";

const FOLDER = join(root, "tests", "torture", "found");

describe("what torture has found", function () {
  this.timeout(120_000);
  for (const file of readdirSync(FOLDER).sort())
    it(file.replace(/\.json$/, "").replaceAll("-", " "), async () => {
      const scenario: Scenario = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
      assert.equal(scenario.format, SCENARIO_FORMAT);
      const { failure } = await runScenario(scenario, await tortureOptions());
      assert.equal(failure, undefined);
    });
});
