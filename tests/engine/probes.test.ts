import assert from "node:assert/strict";
import { differing, printedByV8, printedByXs } from "../../hosts/sim/engine/check.node.js";
import { loadEngine } from "../../hosts/sim/engine/load.node.js";
import { exceptions } from "../../hosts/sim/engine/probes/exceptions.js";
import { KNOWN, numbers } from "../../hosts/sim/engine/probes/numbers.js";
import { BUILD_TIMEOUT_MS } from "./world.js";

describe("engine probes", () => {
  it("convert edge numbers in XS as in V8 but for the five known lines", async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    const v8 = await printedByV8(numbers);
    assert.ok(v8.length >= 150, `${v8.length} lines`);
    assert.deepEqual(differing(v8, printedByXs(await loadEngine(), "numbers", "numbers")), KNOWN);
  });

  it("give what the language defines in V8", async () => {
    const v8 = await printedByV8(numbers);
    // By hand from ECMA-262: ToInt32, ToUint32, ToInt8 of 3e9 = 0xB2D05E00; DataView big-endian; Number::remainder.
    for (const line of ["3e9 |0=-1294967296", "3e9 >>>0=3000000000", "3e9 Int8Array=0", "3e9 setUint16=1577058304 0"])
      assert.ok(v8.includes(line), line);
    for (const line of ["3e9 %7=4", "NaN |0=0", "Infinity newArray=RangeError", "min%-1=-0", "-min=2147483648"])
      assert.ok(v8.includes(line), line);
  });

  it("take every way out of a try in XS as in V8", async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    const v8 = await printedByV8(exceptions);
    assert.ok(v8.length >= 20, `${v8.length} cases`);
    assert.deepEqual(printedByXs(await loadEngine(), "exceptions", "exceptions"), v8);
  });

  it("give what the language defines for exceptions in V8", async () => {
    const v8 = await printedByV8(exceptions);
    for (const line of [
      "finally order=gave try, inner finally, RangeError, finally, returned",
      "rethrow=gave RangeError, TypeError, finally, TypeError",
      "closures=gave o0t0 o0c0 o0f0 o0 o1t1 o1f1 o1 o2t2 o2c2 o2f2 o2",
      "many throws=gave 6667",
      "thrown values=gave true,true,true,true,true",
      "async try=EvalError, kept, finally",
    ])
      assert.ok(v8.includes(line), line);
  });

  it("name the lines that differ", () => {
    assert.deepEqual(differing(["a=1", "b=2=3"], ["a=1", "b=2"]), ["b"]);
    assert.deepEqual(differing(["a=1"], ["a=1", "c=4"]), ["c"]);
  });
});
