import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, describe, it } from "mocha";
import { BadInput } from "../../hosts/sim/cli/bad-input.js";
import { readRecording } from "../../hosts/sim/person/recording-file.node.js";

const folder = mkdtempSync(join(tmpdir(), "band-recording-"));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const refusal = (path: string, column?: string): string => {
  try {
    readRecording(path, column);
  } catch (error) {
    assert(error instanceof BadInput, `not a BadInput: ${error}`);
    assert(!error.message.includes("\n"), "one line");
    assert(error.message.startsWith(path), "names the file");
    return error.message;
  }
  assert.fail("was accepted");
};

describe("recording file", () => {
  after(() => rmSync(folder, { recursive: true }));

  it("reads regular samples with their rate and polarity", () => {
    const recording = readRecording(file("regular.csv", "# id=x fs=100 polarity=down\nppg,ecg\n5,1\n6.5,2\n4,3\n"));
    assert.equal(recording.id, "x");
    assert.equal(recording.rateHz, 100);
    assert.equal(recording.polarity, "down");
    assert.deepEqual([...recording.values], [5, 6.5, 4]);
    assert.equal(recording.durationMs, 30);
  });

  it("reads irregular samples with their times, from gzip, from another column", () => {
    const recording = readRecording(
      file("irregular.csv.gz", gzipSync("# polarity=up\nt_ms,g\n0,1\n33,2\n70,3\n")),
      "g",
    );
    assert.equal(recording.rateHz, undefined);
    assert.deepEqual([...(recording.timesMs ?? [])], [0, 33, 70]);
    assert.deepEqual([...recording.values], [1, 2, 3]);
    assert.equal(recording.durationMs, 70);
    assert.equal(recording.id, "irregular");
  });

  it("reads what the repository ships", () => {
    const recording = readRecording("recordings/neurokit_rest5min.csv.gz");
    assert.equal(recording.rateHz, 100);
    assert.equal(recording.values.length, 30_000); // 300 s by the data's own description
  });

  it("refuses bad files with file, line and remedy", () => {
    assert.match(refusal(join(folder, "none.csv")), /no such file/);
    assert.match(refusal(folder), /cannot be read \(EISDIR\)/);
    assert.match(refusal(file("empty.csv", "")), /is empty/);
    assert.match(refusal(file("header.csv", "# fs=100\nppg\n")), /holds 0 samples/);
    const whole = readFileSync("recordings/welltory_02.csv.gz");
    assert.match(refusal(file("cut.csv.gz", whole.subarray(0, 5000))), /gzip data is damaged or cut short/);
    assert.match(refusal(file("column.csv", "# fs=100\nred,ir\n1,2\n3,4\n")), /no column "ppg".*red, ir.*--column/);
    assert.match(refusal(file("nan.csv", "# fs=100\nppg\n1\nNaN\n3\n")), /line 4: ppg is "NaN", not a number/);
    assert.match(refusal(file("gap.csv", "# fs=100\nppg,x\n1,1\n,2\n3,3\n")), /line 4: ppg is "", not a number/);
    assert.match(refusal(file("unsorted.csv", "t_ms,ppg\n0,1\n20,1\n20,1\n30,1\n")), /line 4: t_ms does not rise/);
    assert.match(refusal(file("rate0.csv", "# fs=0\nppg\n1\n2\n")), /line 1: fs is 0; give the sampling rate/);
    assert.match(refusal(file("norate.csv", "ppg\n1\n2\n")), /fs is missing/);
    assert.match(
      refusal(file("ragged.csv", "# fs=100\nppg,x\n1,2\n3\n4,5\n")),
      /line 4: not a CSV row like the others/,
    );
    assert.match(refusal(file("polarity.csv", "# fs=100 polarity=left\nppg\n1\n2\n")), /polarity is left/);
  });
});
