import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

describe("the pages made from the tables", () => {
  for (const page of ["haptics", "programs", "safety"])
    it(`docs/${page}.md and its pictures are up to date (node --import ./scripts/names.mjs scripts/docs-${page}.mjs)`, () => {
      const parameters = ["--import", "./scripts/names.mjs", `scripts/docs-${page}.mjs`, "--check"];
      const { status, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
});
