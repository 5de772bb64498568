import assert from "node:assert/strict";
import { ROOMY } from "../../hosts/sim/engine/creation.js";
import { loadEngine } from "../../hosts/sim/engine/load.node.js";
import { Machine } from "../../hosts/sim/engine/machine.js";
import { BUILD_TIMEOUT_MS, expectOk, failure, makeWorld } from "./world.js";

describe("XS machine", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("calls hostEvent with the source and gives its integer", async () => {
    const { machine } = await makeWorld({ modules: { main: "globalThis.hostEvent = (source) => source * 2;" } });
    expectOk(machine.importModule("main"));
    assert.equal(expectOk(machine.dispatch(21)), 42);
    assert.equal(expectOk(machine.dispatch(-1)), -2);
  });

  it("runs promise jobs before a dispatch comes back", async () => {
    const main = `globalThis.hostEvent = async () => { await undefined; await undefined; hostPrint("done"); };`;
    const { machine, printed } = await makeWorld({ modules: { main } });
    expectOk(machine.importModule("main"));
    expectOk(machine.dispatch(0));
    assert.deepEqual(printed, ["done"]);
  });

  it("passes int32 to the host's call and back", async () => {
    const calls: number[][] = [];
    const call = (...args: number[]) => {
      calls.push(args);
      return -7;
    };
    const { machine } = await makeWorld({ ports: { call } });
    assert.equal(expectOk(machine.evaluate("hostCall(1, 2, -3, 2147483647, -2147483648)")), -7);
    expectOk(machine.evaluate("hostCall(9)"));
    assert.deepEqual(calls, [
      [1, 2, -3, 2147483647, -2147483648],
      [9, 0, 0, 0, 0],
    ]);
  });

  it("lets the host read and write a typed array in place", async () => {
    const seen: number[][] = [];
    const bytes = (op: number, a: number, view: Uint8Array) => {
      seen.push([op, a, ...view]);
      view.set([9, 8], 0);
      return view.length;
    };
    const { machine, printed } = await makeWorld({ ports: { bytes } });
    expectOk(
      machine.evaluate(`
        const all = Uint8Array.of(1, 2, 3, 4, 5);
        hostPrint(hostBytes(3, 4, all.subarray(1, 4)) + ":" + all.join());
        hostPrint(hostBytes(5, 6, new Int16Array([1, 256])));
        try { hostBytes(0, 0, [1]) } catch (error) { hostPrint(error.name) }`),
    );
    assert.deepEqual(seen, [
      [3, 4, 2, 3, 4],
      [5, 6, 1, 0, 0, 1],
    ]);
    assert.deepEqual(printed, ["3:1,9,8,4,5", "4", "TypeError"]);
  });

  it("takes the time from the host", async () => {
    let nowUs = 1_500_000;
    const { machine, printed } = await makeWorld({ ports: { nowUs: () => nowUs } });
    expectOk(machine.evaluate("hostPrint(Date.now())"));
    nowUs = 90_000_000_001_999;
    expectOk(machine.evaluate("hostPrint(Date.now())"));
    assert.deepEqual(printed, ["1500", "90000000001"]);
  });

  it("draws the same random numbers in every machine", async () => {
    const source = "hostPrint([Math.random(), Math.random()].join())";
    const [one, two] = [await makeWorld(), await makeWorld()];
    expectOk(one.machine.evaluate(source));
    expectOk(two.machine.evaluate(source));
    assert.deepEqual(one.printed, two.printed);
  });

  it("gives an uncaught exception's name and message and lives on", async () => {
    const main = `globalThis.hostEvent = (source) => { if (source === 1) throw new RangeError("out"); return 5; };`;
    const { machine } = await makeWorld({ modules: { main } });
    expectOk(machine.importModule("main"));
    assert.equal(failure(machine.dispatch(1)), "exception: RangeError: out");
    assert.equal(machine.death, undefined);
    assert.equal(expectOk(machine.dispatch(0)), 5);
  });

  it("describes whatever is thrown", async () => {
    const { machine } = await makeWorld();
    const thrown = (expression: string) => failure(machine.evaluate(`throw ${expression}`));
    assert.equal(thrown(`"text"`), "exception: text");
    assert.equal(thrown("undefined"), "exception: undefined");
    assert.equal(thrown("12"), "exception: 12");
    assert.equal(thrown("new (class Lost extends Error { name = 'Lost' })('x')"), "exception: Lost: x");
    assert.equal(thrown("({ get message() { throw 1 }, name: 'Odd' })"), "exception: Odd: ");
    assert.equal(thrown("{ name: 'N', message: 'ä'.repeat(3000) }"), `exception: N: ${"ä".repeat(2047)}`);
  });

  it("says 'exception' when there is no hostEvent", async () => {
    const { machine } = await makeWorld();
    assert.match(failure(machine.dispatch(0)), /^exception: TypeError: /);
  });

  it("aborts on an unhandled rejection at the end of the dispatch", async () => {
    const main = `globalThis.hostEvent = () => { Promise.reject(new TypeError("nobody")); };`;
    const { machine } = await makeWorld({ modules: { main } });
    expectOk(machine.importModule("main"));
    assert.equal(failure(machine.dispatch(0)), "unhandled rejection: TypeError: nobody");
    assert.equal(machine.death, "unhandled rejection: TypeError: nobody");
  });

  it("accepts a rejection that is handled within the dispatch", async () => {
    const { machine, printed } = await makeWorld();
    expectOk(machine.evaluate("const p = Promise.reject(3); Promise.resolve().then(() => p.catch(hostPrint)); 0"));
    assert.deepEqual(printed, ["3"]);
  });

  it("aborts an endless loop as too much computation", async () => {
    for (const loop of [
      "for (;;) ;",
      "while (true) { try { null.x } catch {} }",
      "const f = () => { do f.x; while (1) }; f()",
    ]) {
      const { machine } = await makeWorld();
      machine.meterLimit = 100_000;
      assert.equal(failure(machine.evaluate(loop)), "too much computation");
      assert.equal(machine.death, "too much computation");
    }
  });

  it("gives each entry its own share of computation", async () => {
    const main = "globalThis.hostEvent = (n) => { for (let i = 0; i < n; i++) ; };";
    const { machine } = await makeWorld({ modules: { main } });
    expectOk(machine.importModule("main"));
    machine.meterLimit = 20_000;
    for (let i = 0; i < 100; i++) expectOk(machine.dispatch(1000));
    assert.ok(machine.counters().meter > 500_000);
    assert.equal(failure(machine.dispatch(10_000)), "too much computation");
  });

  it("aborts deep recursion as a stack overflow", async () => {
    const { machine } = await makeWorld();
    assert.equal(failure(machine.evaluate("const dive = (n) => dive(n + 1) + 1; dive(0)")), "stack overflow");
    const other = await makeWorld();
    assert.equal(failure(other.machine.evaluate("JSON.parse('['.repeat(5000))")), "stack overflow");
  });

  it("aborts when JS cannot catch it: a try around does not help", async () => {
    const { machine, printed } = await makeWorld();
    const source =
      "const dive = (n) => dive(n + 1) + 1; try { dive(0) } catch { hostPrint('caught') } finally { hostPrint('f') }";
    assert.equal(failure(machine.evaluate(source)), "stack overflow");
    assert.deepEqual(printed, []);
  });

  it("turns source nested too deep into an outcome", async () => {
    const { machine } = await makeWorld();
    const depth = 20_000;
    const outcome = machine.evaluate(`${"(".repeat(depth)}1${")".repeat(depth)}`);
    assert.ok(
      !outcome.ok && (outcome.reason === "wasm trap" || outcome.reason === "stack overflow"),
      JSON.stringify(outcome),
    );
    assert.notEqual(machine.death, undefined);
  });

  it("refuses work once it is dead, and says why", async () => {
    const { machine } = await makeWorld();
    machine.meterLimit = 1000;
    machine.evaluate("for (;;) ;");
    assert.throws(() => machine.dispatch(0), /dead: too much computation/);
    assert.throws(() => machine.importModule("x"), /dead: too much computation/);
    assert.ok(machine.counters().slots > 0, "counters of a dead machine can be read");
    const closed = await makeWorld();
    closed.machine.close();
    assert.throws(() => closed.machine.dispatch(0), /dead: closed/);
  });

  it("lets what a port throws come out as it is, past any catch in JS, and is dead", async () => {
    const misuse = new Error("register 0x40 does not exist");
    const fail = () => {
      throw misuse;
    };
    for (const source of ["hostCall(1)", "hostBytes(1, 2, new Uint8Array(1))", "hostPrint('x')", "import('y')"]) {
      const { machine } = await makeWorld({ ports: { call: fail, bytes: fail, print: fail, source: fail } });
      assert.throws(
        () => machine.evaluate(`try { ${source} } catch { } finally { }`),
        (error) => error === misuse,
      );
      assert.equal(machine.death, "a host port threw");
    }
  });

  it("lets a port throw anything, even undefined", async () => {
    const { machine } = await makeWorld({
      ports: {
        call: () => {
          throw undefined;
        },
      },
    });
    let threw = false;
    try {
      machine.evaluate("hostCall(1)");
    } catch (error) {
      threw = error === undefined;
    }
    assert.ok(threw);
  });

  it("refuses a port that calls back into it", async () => {
    const world: { machine?: Machine } = {};
    const call = (): number => expectOk(world.machine?.evaluate("1") ?? { ok: true, value: 0 });
    const { machine } = await makeWorld({ ports: { call } });
    world.machine = machine;
    assert.throws(() => machine.evaluate("hostCall(0)"), /called back into its XS machine/);
  });

  it("keeps machines apart", async () => {
    const module = await loadEngine();
    const ports = (await makeWorld()).machine;
    expectOk(ports.evaluate("globalThis.mine = 1; 0"));
    const other = new Machine(module, ROOMY, {
      source: () => undefined,
      call: () => 0,
      bytes: () => 0,
      print: () => {},
      nowUs: () => 0,
    });
    assert.equal(expectOk(other.evaluate("typeof mine === 'undefined' ? 1 : 0")), 1);
  });
});
