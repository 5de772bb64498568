import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FAULT_IDS } from "../../hosts/sim/faults/catalogue.js";
import { scenariosOf } from "../../hosts/sim/torture/pool.node.js";
import { runScenario } from "../../hosts/sim/torture/run.js";
import { drawScenario, type Scenario } from "../../hosts/sim/torture/scenario.js";
import { shrink } from "../../hosts/sim/torture/shrink.js";
import type { Invariant } from "../../hosts/sim/torture/verdict.js";
import { tortureOptions } from "../../hosts/sim/torture/worker.node.js";
import { faultAt, restful, withBug } from "./rig.js";

const short = (atMs: number) => ({ atMs, kind: "short" as const });
const session = { gestures: [short(30_000), { atMs: 181_000, kind: "long" as const }] };
/** Begins and ends sessions at ever other places of a breath. */
const comings = Array.from({ length: 14 }, (_, i) => short(30_000 + 7_300 * i));

/** Bugs that somebody could put into the firmware, and the invariant that must tell. */
const BUGS: readonly [what: string, module: string, from: string, to: string, Scenario, Invariant][] = [
  [
    "a motor without an off-edge",
    "haptics/motor",
    "const offMs = (nowMs + allowedMs) | 0;",
    "const offMs = (nowMs + 30_000) | 0;",
    restful(session),
    "motor within its limits",
  ],
  [
    "a button that does not mute",
    "session/session",
    "this.#player.muted = true",
    "this.#player.muted = false",
    restful({ gestures: comings }),
    "motor silent when it must be",
  ],
  [
    "a deaf long press",
    "session/session",
    'this.#engine.fire("stop");\n        else if',
    ";\n        else if",
    restful({ gestures: [short(30_000), { atMs: 60_000, kind: "long" }] }),
    "a stop gesture stops",
  ],
  [
    "a rate that is twice the heart's",
    "hrv/heart-rate",
    "this.bpm = quotientNearest(",
    "this.bpm = 2 * quotientNearest(",
    restful(),
    "no number without warrant",
  ],
  [
    "a failed notification whose intervals are sent after newer ones",
    "ble-gatt/heart-rate",
    "this.rr.unsent()",
    "[...Array(64)].forEach((_, i) => this.rr.push(900 + i))",
    restful({ faults: [faultAt("notifyFails", 60_000, 30_000, { perMille: 1000 })] }),
    "no interval twice or out of order",
  ],
  [
    "a leak of some bytes a second",
    "band/pulse-sense",
    "this.heartRate.second(",
    "(this.heartRate.leak ??= []).push({}); this.heartRate.second(",
    restful({ durationMs: 600_000, calmFromMs: 400_000 }),
    "memory below its limit",
  ],
  [
    "an exception at a lost sensor",
    "ppg/optics",
    "sensorLost() {",
    "sensorLost() { throw new Error('lost');",
    restful({ faults: [faultAt("wrongPart", 60_000, 5_000)] }),
    "no uncaught exception",
  ],
  [
    "a sensor that is given up for good",
    "ppg/max30102",
    "this.#after(this.#absentMs, this.#comeBack);",
    "",
    restful({ faults: [faultAt("wrongPart", 170_000, 9_000)] }),
    "recovered in time",
  ],
  [
    "a log that begins anew at every boot",
    "storage/ring-mount",
    "first[block] = firstSeq;",
    "first[block] = firstSeq > 1 ? firstSeq : 0;",
    restful({ ...session, faults: [faultAt("unplug", 100_000, 100, { offMs: 1000 })], durationMs: 400_000 }),
    "log intact",
  ],
];

describe("torture", function () {
  this.timeout(180_000);

  it("finds nothing in a restful wear", async () => {
    const { failure, figures } = await runScenario(restful(session), await tortureOptions());
    assert.equal(failure, undefined);
    assert(figures.rateSeconds > 250 && figures.intervals > 200 && figures.packets > 280, JSON.stringify(figures));
    assert.equal(figures.rateWrong, 0);
    assert(figures.motorSeconds > 3);
  });

  for (const [what, module, from, to, scenario, invariant] of BUGS)
    it(`finds ${what}`, async () => {
      const { failure } = await runScenario(scenario, await withBug(module, from, to));
      assert.equal(failure?.invariant, invariant, failure?.what ?? "nothing found");
    });

  it("does the same again for the same scenario", async () => {
    const options = { ...(await tortureOptions()), storyLines: 10_000 };
    const scenario = drawScenario(106);
    assert.deepEqual(await runScenario(scenario, options), await runScenario(scenario, options));
  });

  it("draws the same scenarios for the same seed, plain data that survives being written", () => {
    const once = [...scenariosOf(9, 2, FAULT_IDS)];
    assert.deepEqual([...scenariosOf(9, 2, FAULT_IDS)], once);
    assert.deepEqual(JSON.parse(JSON.stringify(once)), once);
    const hours = once.reduce((sum, { durationMs }) => sum + durationMs / 3_600_000, 0);
    assert(hours >= 2 && hours < 4.2, `${hours} h`);
    const bus = [...scenariosOf(9, 2, ["nackBurst", "bitFlip"])].flatMap(({ faults }) => faults.map(({ id }) => id));
    assert(bus.length > 0 && bus.every((id) => id === "nackBurst" || id === "bitFlip"), bus.join());
  });

  it("makes a scenario shorter until only what matters is left, the same way each time", async () => {
    const options = await withBug("ppg/optics", "sensorLost() {", "sensorLost() { throw new Error('lost');");
    const judge = async (scenario: Scenario) => (await runScenario(scenario, options)).failure;
    const scenario = restful({
      gestures: [short(20_000), short(50_000), { atMs: 55_000, kind: "double" }],
      phoneMs: [1_000, 40_000, 60_000],
      faults: [
        faultAt("adcNoise", 10_000, 20_000),
        faultAt("missedInt", 30_000, 5_000),
        faultAt("wrongPart", 90_000, 10_000),
        faultAt("strapStep", 120_000, 1_000),
      ],
    });
    const failure = await judge(scenario);
    assert(failure !== undefined);
    const shrunk = await shrink(scenario, failure, judge);
    assert.deepEqual(
      shrunk.scenario.faults.map(({ id }) => id),
      ["wrongPart"],
    );
    assert.deepEqual([shrunk.scenario.gestures, shrunk.scenario.phoneMs, shrunk.scenario.happenings], [[], [], []]);
    assert(shrunk.scenario.durationMs < 20_000, `${shrunk.scenario.durationMs} ms`);
    assert.deepEqual(await shrink(scenario, failure, judge), shrunk);
    assert.equal((await judge(JSON.parse(JSON.stringify(shrunk.scenario))))?.invariant, failure.invariant);
  });
});
