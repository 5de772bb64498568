import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { PROCESS_TIMEOUT_MS, runBand } from "../cli/run-band.js";

describe("band sim --hci", function () {
  this.timeout(PROCESS_TIMEOUT_MS);
  const refusals: readonly [string, readonly string[], RegExp][] = [
    [
      "a word that is no place",
      ["hci:0"],
      /^sim: .*say tcp:HOST:PORT or unix:PATH, as in tcp:127\.0\.0\.1:6402\. .*\n$/,
    ],
    [
      "a controller that is not there",
      ["unix:/nowhere/hci"],
      /^--hci unix:\/nowhere\/hci: .*ENOENT.*docs\/ble\.md.*\n$/,
    ],
    ["time that is not real", ["unix:/nowhere/hci", "--speed", "max"], /^--hci: .*leave out --speed max\n$/],
  ];
  it("refuses a capture and bonds without a controller, and bonds that are none", async () => {
    for (const [args, words] of [
      [["--hci-log", "x"], /^--hci-log: .*--hci\n$/],
      [["--bonds", "x"], /^--bonds: .*--hci\n$/],
      [["--hci", "unix:/nowhere/hci", "--bonds", "package.json"], /^package\.json .*delete it, and pair again\n$/],
    ] as const) {
      const { code, stderr } = await runBand("sim", "--engine", "v8", ...args);
      assert.match(stderr, words);
      assert.equal(code, 2);
    }
  });

  for (const [what, args, words] of refusals)
    it(`refuses ${what} in one line`, async () => {
      const { code, stderr, stdout } = await runBand("sim", "--engine", "v8", "--hci", ...args);
      assert.match(stderr, words);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    });
});
