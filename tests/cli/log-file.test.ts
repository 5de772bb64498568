import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { BadInput } from "../../hosts/sim/cli/bad-input.js";
import { readLog, writeLog } from "../../hosts/sim/cli/log-file.js";

const folder = mkdtempSync(join(tmpdir(), "band-log-"));
const MIB = 1_048_576; // the log's partition: 1 MB

describe("log file", () => {
  after(() => rmSync(folder, { recursive: true }));

  it("is nothing before the first run, and afterwards what was written", () => {
    const path = join(folder, "first.log");
    assert.equal(readLog(path), undefined);
    const bytes = new Uint8Array(MIB).fill(0xff);
    bytes[7] = 3;
    writeLog(path, bytes);
    assert.deepEqual(readLog(path), bytes);
    assert.deepEqual(readdirSync(folder), ["first.log"], "nothing half-written beside it");
  });

  it("is refused in one line when it is something else", () => {
    const path = join(folder, "other.txt");
    writeFileSync(path, "not a log");
    assert.throws(
      () => readLog(path),
      (error) => error instanceof BadInput && /is no band's log \(9 bytes/.test(error.message),
    );
    assert.throws(() => writeLog(join(folder, "no", "such", "folder.log"), new Uint8Array(MIB)), BadInput);
  });
});
