import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "mocha";
import type { Counters } from "../../hosts/sim/engine/counters.js";
import { type Creation, ROOMY } from "../../hosts/sim/engine/creation.js";
import { loadEngine } from "../../hosts/sim/engine/load.node.js";
import { Machine } from "../../hosts/sim/engine/machine.js";
import { readFirmware } from "../../hosts/sim/firmware-files.node.js";
import { BUILD_TIMEOUT_MS, DEVICE, expectOk } from "../engine/world.js";
import { EVERY_SERIES, type Interval, rhythm, SOURCES } from "../reference/series.js";
import { Do, hostEvent, LOST, told } from "./xs-day.js";

const TELL = -100;
const MAIN = `import { hostEvent, told } from "day"; globalThis.hostEvent = (event) => event === ${TELL} ? told() : hostEvent(event);`;

/** All modules that the day needs and this part of the firmware owns. */
const PRELOAD = [
  "time-domain",
  "lock-in",
  "spectrum",
  "coherence",
  "band-power",
  "respiration",
  "free-rhythm",
  "recovery",
  "resonance",
];

async function machineOf(creation: Creation): Promise<Machine> {
  const files = readFirmware();
  const texts: Record<string, string> = {
    main: MAIN,
    day: readFileSync(new URL("./xs-day.js", import.meta.url), "utf8"),
  };
  const source = (name: string): { code: string } | undefined => {
    const code = texts[name];
    return code === undefined ? files.source(name) : { code };
  };
  const ports = { source, call: () => 0, bytes: () => 0, print: () => {}, nowUs: () => 0 };
  const machine = new Machine(await loadEngine(), creation, ports);
  expectOk(machine.freezeIntrinsics());
  for (const name of PRELOAD) expectOk(machine.importModule(`hrv/${name}`));
  assert.deepEqual(
    PRELOAD.flatMap((name) => machine.preloadViolations(`hrv/${name}`)),
    [],
  );
  expectOk(machine.sealFlash());
  expectOk(machine.importModule("main"));
  return machine;
}

/** The events of a series: beats as they come, a look at everything every 240 beats and at the end. */
function eventsOf(intervals: readonly Interval[]): number[] {
  const looks = [Do.TimeDomain, Do.Coherence, Do.Free, Do.Respiration, Do.Bands, Do.Recovery, Do.PracticeRate, TELL];
  const events: number[] = [Do.Clear];
  let endTicks = 0;
  intervals.forEach((one, i) => {
    if (!one.joined) events.push(Do.Gap);
    if (one.endTicks - one.rrTicks > endTicks) events.push(LOST + one.endTicks - one.rrTicks - endTicks);
    endTicks = one.endTicks;
    events.push(one.rrTicks, Do.Breath);
    if (i % 240 === 239) events.push(...looks);
  });
  return [...events, ...looks];
}

describe("metrics on XS", function () {
  this.timeout(BUILD_TIMEOUT_MS);
  before(() => loadEngine());

  it(`say the same as on V8, bit for bit, over ${SOURCES}`, async () => {
    const machine = await machineOf(ROOMY);
    const hashes = new Set<number>();
    for (const { name, intervals } of EVERY_SERIES)
      for (const event of eventsOf(intervals)) {
        const wanted = event === TELL ? told() : hostEvent(event);
        assert.equal(expectOk(machine.dispatch(event)), wanted, `${name}, event ${event}`);
        if (event === TELL) hashes.add(wanted);
      }
    assert.ok(hashes.size > EVERY_SERIES.length, "readings that differ between series");
  });

  it("do no double arithmetic and allocate nothing, in the device's memory; what each costs", async () => {
    const machine = await machineOf(DEVICE);
    const atRest = { ...machine.counters() };
    const day = eventsOf(rhythm({ seed: 1, seconds: 460, tones: [{ ms: 40, hz: 0.1 }], noiseMs: 10 }));
    for (const event of day) if (event !== TELL) expectOk(machine.dispatch(event));
    const costOf = (event: number): { meter: number; counters: Counters } => {
      expectOk(machine.collectGarbage());
      const start = { ...machine.counters() };
      expectOk(machine.dispatch(event));
      const end = { ...machine.counters() };
      for (const what of ["floatOperations", "slots", "chunkBytes", "collections"] as const)
        assert.equal(end[what], start[what], `event ${event}: ${what}`);
      return { meter: end.meter - start.meter, counters: end };
    };
    const idle = costOf(Do.Idle).meter;
    const lines: string[] = [];
    const price = (what: string, event: number): void => {
      lines.push(`${what} ${Math.round((costOf(event).meter - idle) / 1000)}`);
    };
    // A beat at a time at which neither a breath nor a mean begins, then on until a breath is due.
    price("beat", 800);
    price("time domain of 5 min", Do.TimeDomain);
    price("coherence of 64 s", Do.Coherence);
    price("free rhythm", Do.Free);
    price("respiration", Do.Respiration);
    price("bands of 5 min", Do.Bands);
    price("recovery of 5 min by 5 s", Do.Recovery);
    price("practice rate", Do.PracticeRate);
    let breath = 0;
    for (let i = 0; i < 30; i++) {
      costOf(810);
      breath = Math.max(breath, costOf(Do.Breath).meter - idle);
    }
    lines.push(`breath ${Math.round(breath / 1000)}`);
    process.stdout.write(`      thousand meter units: ${lines.join(", ")}\n`);
    const { slots, chunkBytes, slotBytes } = machine.counters();
    const bytes = (slots - atRest.baselineSlots) * slotBytes + chunkBytes - atRest.baselineChunkBytes;
    process.stdout.write(`      all metrics and the day that drives them: ${bytes} bytes above flash\n`);
  });
});
