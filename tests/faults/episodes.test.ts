/**
 * Each fault bites, and the band recovers in the time that the catalogue gives. What is seen of a fault is looked at
 * from outside: what the board counted, what the band said or did not say while it raged.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FAULT_IDS, type FaultId, faultRow, isUnit } from "../../hosts/sim/faults/catalogue.js";
import { drawCase, withoutEpisode } from "../../hosts/sim/faults/injector.js";
import { bootOn, SECOND_US } from "../sim/rig.js";
import { FaultyBand } from "./rig.js";

/** The fault begins then, with a band that is worn and heard; a session is begun before it if asked for. */
const AT_S = 40;
const SESSION_AT_MS = 25_000;
/** After it is due to be well: how long it must stay so. */
const STAYS_S = 10;

interface Bite {
  readonly values?: Readonly<Record<string, number>>;
  readonly rageS?: number;
  readonly session?: true;
  /** Presses during the fault, s after its beginning. */
  readonly pressS?: number;
  /** What must be so at the end of the run, and would not be without the fault. */
  seen(run: FaultyBand): boolean;
}

const added = (run: FaultyBand, of: (counters: NonNullable<FaultyBand["before"]>) => number): number => {
  assert(run.before !== undefined && run.after !== undefined, "it has begun and ended");
  return of(run.after) - of(run.before);
};
/** Refused transfers, each of which threw in the firmware. */
const nacks = (run: FaultyBand): number => added(run, ({ bus }) => bus.nacks);
const lost = (run: FaultyBand): number => added(run, ({ sensor }) => sensor.dropped);
const edges = (run: FaultyBand): number => added(run, ({ alert }) => alert.edges);
const ratesWhile = (run: FaultyBand): number => run.ratesIn(AT_S + 4, AT_S + run.fault.rageMs / 1000);
const isReset = (reason: string) => (run: FaultyBand) => run.band.restarts[0]?.reason === reason;

const BITES: Readonly<Record<FaultId, Bite>> = {
  clockOff: { values: { ppm: 30_000 }, seen: ({ board }) => board.sensor.sampler.oscillator.errorPpm === 30_000 },
  ledsSwapped: {
    // On this finger infra-red gives more than red for the same current: LED 1 does so now.
    seen: ({ board: { sensor, clock } }) =>
      sensor.sampler.converter.convert(1, 40, clock.nowUs) > sensor.sampler.converter.convert(2, 40, clock.nowUs),
  },
  paGain: {
    values: { redPercent: 70, irPercent: 130 },
    seen: ({ board }) => Math.abs(board.sensor.sampler.converter.ledMa(2, 100) - 26) < 1e-9, // 100 x 0.2 mA x 1.3
  },
  silicon: {
    values: { aFullRefire: 1, rolloverPush: 0, emptyRead: 2, tempBits: 0 },
    seen: ({ board }) => board.alertLine.edgeCount > 0,
  },
  resetSlow: { values: { ms: 90 }, seen: ({ board }) => board.sensor.resetMs === 90 },
  fullLog: { values: { blocks: 6 }, seen: ({ board }) => board.logFlash.eraseCounts.some((count) => count > 0) },
  slowFlash: { values: { eraseMs: 400 }, session: true, seen: ({ band }) => band.board.stalledUs >= 400_000 },
  noAlert: { seen: ({ board }) => board.alertLine.edgeCount <= 2 && board.sensor.droppedCount === 0 },
  nackBurst: { values: { perMille: 1000 }, rageS: 15, seen: (run) => nacks(run) > 3 && ratesWhile(run) === 0 },
  nackData: { values: { perMille: 400 }, rageS: 15, seen: (run) => nacks(run) > 3 },
  bitFlip: {
    values: { perMillion: 3000 },
    rageS: 60,
    // 100 samples of 6 bytes a second for 60 s: some 36,000 bytes, 108 of them flipped. The clock's fit has seen them.
    seen: (run) => added(run, ({ bus }) => bus.bytes) > 30_000,
  },
  shortRead: { values: { perMille: 300 }, rageS: 30, seen: (run) => nacks(run) > 20 },
  sdaStuck: { rageS: 1, seen: (run) => nacks(run) >= 4 },
  sclStuck: {
    values: { timeoutMs: 50 },
    rageS: 20,
    seen: (run) => nacks(run) > 3 && run.band.board.stalledUs >= 200_000 && ratesWhile(run) === 0,
  },
  missedInt: { values: { perMille: 1000 }, rageS: 20, seen: (run) => edges(run) > 0 && lost(run) === 0 },
  intStuckLow: { rageS: 20, seen: (run) => edges(run) <= 2 && lost(run) === 0 },
  sensorBrownout: {
    values: { perMille: 300 },
    rageS: 30,
    session: true,
    // Its settings are gone: it samples again only because somebody has written them.
    seen: (run) => added(run, ({ sensor }) => sensor.samples) < 2990,
  },
  resetNever: { rageS: 15, seen: (run) => added(run, ({ sensor }) => sensor.samples) === 0 && ratesWhile(run) === 0 },
  wrongPart: { values: { id: 0 }, rageS: 15, seen: (run) => ratesWhile(run) === 0 },
  clockDrift: {
    values: { ppmPerMinute: 300 },
    rageS: 60,
    seen: ({ board }) => board.sensor.sampler.oscillator.errorPpm >= 300,
  },
  ledFails: { values: { leds: 2 }, rageS: 15, seen: (run) => ratesWhile(run) === 0 },
  ledDroop: {
    values: { redPercent: 60, irPercent: 80 },
    rageS: 10,
    seen: ({ calm, raging }) => raging.redNa < 0.65 * calm.redNa,
  },
  saturate: { values: { gainPercent: 800 }, rageS: 20, seen: (run) => run.ratesIn(AT_S + 1, AT_S + 3) < 2 },
  ambientStep: { values: { nanoamps: 2500, everyMs: 3000 }, rageS: 20, seen: (run) => ratesWhile(run) < 16 },
  flicker: {
    values: { hertz: 100, nanoamps: 60 },
    rageS: 20,
    seen: ({ calm, raging }) => raging.ambientNa !== calm.ambientNa,
  },
  strapStep: { values: { permille: 200, recoveryMs: 5000 }, rageS: 5, seen: (run) => run.ratesIn(AT_S, AT_S + 8) < 8 },
  walking: { values: { motion: 3 }, rageS: 30, seen: (run) => ratesWhile(run) < 26 },
  coldFinger: {
    values: { celsius: 15 },
    rageS: 120,
    seen: ({ person }) => person.truth.states.worn.at(person.truth.states.worn.length - 1) === 1,
  },
  strapWrong: { values: { percent: 10 }, rageS: 60, seen: ({ calm, raging }) => raging.ambientNa > calm.ambientNa + 1 },
  takenOff: { values: { place: 3 }, rageS: 30, seen: (run) => run.ratesIn(AT_S + 6, AT_S + 30) === 0 },
  fibrillation: { rageS: 30, seen: ({ person }) => [...person.truth.beats.kind.values()].includes(4) },
  stall: { values: { ms: 1000, everyMs: 500 }, rageS: 20, seen: (run) => lost(run) > 100 },
  ptrAmbiguous: {
    values: { samples: 32, everyMs: 1000 },
    rageS: 10,
    seen: (run) => run.band.board.stalledUs > 2 * SECOND_US,
  },
  hostBrownout: { values: { untilMotorRuns: 1 }, rageS: 20, session: true, seen: isReset("brown-out") },
  unplug: { values: { offMs: 5000 }, rageS: 0.1, seen: isReset("unplugged") },
  motorJam: { rageS: 20, session: true, seen: ({ raging }) => !raging.spins },
  batterySag: {
    values: { milliohms: 3000 },
    rageS: 35,
    session: true,
    seen: ({ calm, raging }) => raging.terminalMv < calm.terminalMv - 50,
  },
  adcNoise: { values: { millivolts: 100, perMille: 400 }, rageS: 35, seen: ({ adcOff }) => adcOff > 0 },
  cellEmpty: { values: { percent: 1 }, rageS: 60, session: true, seen: (run) => run.batteryPercents.includes(1) },
  buttonBounce: { values: { us: 20_000 }, rageS: 20, pressS: 3, seen: (run) => run.sessions === 1 },
  buttonStuck: { rageS: 15, session: true, seen: (run) => run.isIdle && run.sessions === 1 },
  phoneVanishes: {
    values: { awayMs: 20_000, everyMs: 8_000 },
    rageS: 30,
    seen: (run) => run.board.radio.counters.connections >= 2 && run.packetsAfter - run.packetsBefore < 25,
  },
  phoneFloods: { values: { everyMs: 1 }, rageS: 10, seen: (run) => run.board.radio.counters.connections === 2 },
  phoneStalls: { rageS: 20, seen: (run) => run.packetsAfter - run.packetsBefore <= 2 },
  notifyFails: {
    values: { perMille: 1000 },
    rageS: 20,
    seen: (run) => run.board.radio.counters.notificationsFailed >= 5,
  },
  phoneHops: { values: { everyMs: 30 }, rageS: 10, seen: (run) => run.board.radio.counters.connections > 100 },
  advertisingLost: { rageS: 0.1, seen: (run) => run.board.radio.counters.connections === 2 },
  powerCutInWrite: { values: { operations: 0, offMs: 500 }, rageS: 60, session: true, seen: isReset("power cut") },
  storeFails: { rageS: 10, seen: ({ raging }) => !raging.storeTakes },
  bitRot: { values: { bits: 4 }, rageS: 0.1, seen: (run) => run.board.logFlash.contents.some((byte) => byte !== 0xff) },
  wornBlock: {
    values: { wear: 2, block: 0 },
    rageS: 0.1,
    session: true,
    seen: ({ board }) => board.logFlash.misuseCount === 0,
  },
};

describe("each fault", function () {
  this.timeout(120_000);

  it("that is no unit's own has something that does it", () => assert.deepEqual(withoutEpisode(), []));

  it("draws its numbers within the catalogue's ranges, the same for the same seed", () => {
    for (const id of FAULT_IDS) {
      const { values, rageMs = [0, 0] } = faultRow(id);
      for (let seed = 0; seed < 50; seed++) {
        const one = drawCase(id, seed, 5_000);
        assert.deepEqual(drawCase(id, seed, 5_000), one);
        assert(one.rageMs >= rageMs[0] && one.rageMs <= rageMs[1], id);
        for (const [name, { from, to }] of Object.entries(values))
          assert(one.values[name]! >= from && one.values[name]! <= to, `${id} ${name}`); // drawn from these names
      }
    }
  });

  for (const id of FAULT_IDS)
    it(`${id}: bites, and the band is well ${faultRow(id).recoverMs / 1000} s later`, async () => {
      const { values = {}, rageS = 1, session, pressS, seen } = BITES[id];
      const run = new FaultyBand(await bootOn("xs"), id, values, rageS * 1000, AT_S * 1000);
      if (session) run.press(SESSION_AT_MS, 150);
      if (pressS !== undefined) run.press((AT_S + pressS) * 1000, 150);
      // Whatever goes on then is stopped, so that only the fault counts.
      const endS = isUnit(id) ? AT_S : AT_S + rageS;
      run.press(endS * 1000 + 500, 1_200);
      const wellByS = isUnit(id) && session === undefined ? run.wellByS : Math.max(run.wellByS, endS + 15);
      await run.band.run(Math.round(wellByS * SECOND_US));
      const packets = run.phone.packetCount;
      await run.band.run(Math.round((wellByS + STAYS_S) * SECOND_US));
      run.band.close();
      assert(seen(run), `it is not seen: ${JSON.stringify([run.before, run.after, run.band.restarts])}`);
      const rates = run.ratesIn(wellByS, wellByS + STAYS_S);
      assert(rates >= STAYS_S - 1, `${rates} rates in ${STAYS_S} s`);
      assert(run.phone.packetCount - packets >= STAYS_S - 2, `${run.phone.packetCount - packets} packets`);
      assert(run.isIdle, "idle after the stop gesture");
      assert.equal(run.board.logFlash.misuseCount, 0);
      const asked = run.band.restarts.filter(({ reason }) => !["brown-out", "unplugged", "power cut"].includes(reason));
      assert.deepEqual(asked, [], "no restart that the fault did not ask for");
    });
});
