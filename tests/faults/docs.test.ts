import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "mocha";

it("docs/faults.md is up to date (node --import ./scripts/names.mjs scripts/docs-faults.mjs)", () => {
  const parameters = ["--import", "./scripts/names.mjs", "scripts/docs-faults.mjs", "--check"];
  const { status, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});
