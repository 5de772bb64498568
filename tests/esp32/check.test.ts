import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

describe("check:esp32", () => {
  const script = fileURLToPath(new URL("../../../scripts/check-esp32.mjs", import.meta.url));
  const { MODDABLE: _, ...environment } = process.env;

  it("says in one line that it was skipped, and is content, where there is no Moddable SDK", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: "utf8" });
    assert.match(stdout, /^skipped: .*\$MODDABLE.*\n$/);
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });

  it("fails where $MODDABLE is set and its tools are not built", () => {
    if (process.platform !== "linux" && process.platform !== "darwin") return; // skipped there for that reason first
    const env = { ...environment, MODDABLE: fileURLToPath(new URL(".", import.meta.url)) };
    const { status, stderr } = spawnSync(process.execPath, [script], { env, encoding: "utf8" });
    assert.match(stderr, /mcconfig does not exist: build the SDK's tools first/);
    assert.equal(status, 2);
  });
});
