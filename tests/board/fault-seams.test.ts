import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Board } from "../../hosts/sim/board/board.js";
import { VirtualClock } from "../../hosts/sim/board/clock.js";
import { Edge, Line } from "../../hosts/sim/board/lines.js";
import { Op } from "../../hosts/sim/io/ops.js";
import { NoContact } from "../../hosts/sim/person/skin.js";
import type { FirmwarePorts, Outcome } from "../../hosts/sim/virtual-band.js";
import { VirtualBand } from "../../hosts/sim/virtual-band.js";

const board = (): Board => new Board({ seed: 1, optics: new NoContact() });

describe("a shorted wire", () => {
  it("stays where it is held whoever drives it, and then shows what is driven", () => {
    const line = new Line(new VirtualClock(), "test", 1, 50);
    line.hold(0);
    line.set(1);
    assert.equal(line.level, 0);
    line.hold(undefined);
    assert.equal(line.level, 1);
    line.hold(1);
    line.set(0);
    assert.equal(line.level, 1);
    line.hold(undefined);
    assert.equal(line.level, 0, "driven while it was held");
  });

  it("whose edges the pin misses still has its level, and parts hear of it", () => {
    const clock = new VirtualClock();
    const line = new Line(clock, "test", 1, 50);
    let heard = 0;
    let told = 0;
    line.onChange(() => told++);
    line.watch(Edge.Both, () => heard++);
    line.losesEdge = () => true;
    line.set(0);
    clock.runUntil(1000);
    assert.deepEqual([heard, told, line.level], [0, 1, 0]);
    line.losesEdge = undefined;
    line.set(1);
    clock.runUntil(2000);
    assert.deepEqual([heard, told, line.level], [1, 2, 1]);
  });
});

describe("a jammed motor", () => {
  it("does not turn, draws the current of a standstill, and turns again when it is free", () => {
    const { motor, clock, battery } = board();
    motor.isJammed = true;
    motor.setDutyQ16(65_536);
    clock.runUntil(500_000);
    assert.equal(motor.speed, 0);
    const load = battery.loads.find(({ name }) => name === "motor");
    // 4.05 V or so over 30 ohm: at standstill there is no voltage of the motor's own.
    assert(load !== undefined && load.currentMa > 125, `${load?.currentMa} mA`);
    motor.isJammed = false;
    clock.runUntil(1_000_000);
    assert(motor.speed > 0.9, `${motor.speed}`);
  });
});

describe("a worn cell", () => {
  it("sags by its resistance, and its reading by what disturbs the converter", () => {
    const { battery } = board();
    const restCounts = battery.adcCounts;
    battery.adcNoiseMv = () => 100;
    // 100 mV of 4900 mV are 83.6 of 4095 counts.
    assert(Math.abs(battery.adcCounts - restCounts - 83.6) <= 1);
    battery.adcNoiseMv = undefined;
    const before = battery.terminalMv;
    const load = battery.loadMa;
    battery.resistanceOhm += 2;
    assert(Math.abs(before - battery.terminalMv - 2 * load) < 1e-6);
  });
});

/** A firmware of the test's own. */
function bandOf(
  onFire: (source: number, ports: FirmwarePorts) => void,
  onBoot: (ports: FirmwarePorts) => void = () => {},
) {
  const parts = board();
  let boots = 0;
  const ok: Outcome = { ok: true };
  const band = new VirtualBand(parts, async (ports) => {
    boots++;
    onBoot(ports);
    return {
      firmware: {
        fire: (source) => {
          onFire(source, ports);
          return ok;
        },
        close() {},
      },
      outcome: ok,
    };
  });
  return { band, parts, boots: () => boots };
}

describe("a processor that is held up", () => {
  it("hears of everything afterwards, in order, and its clock has gone on", async () => {
    const heard: string[] = [];
    const { band, parts } = bandOf(
      (source, { call }) => heard.push(`${source} at ${call(Op.TicksMs, 0, 0, 0, 0)}`),
      ({ call }) => {
        call(Op.TimerSet, 1, 100, 100, 0);
        call(Op.TimerSet, 2, 150, 0, 0);
      },
    );
    parts.clock.at(90_000, 0, () => band.board.stall(200_000));
    await band.run(310_000);
    assert.deepEqual(heard, ["1 at 290", "2 at 290", "1 at 290", "1 at 300"]);
    assert.equal(band.board.stalledUs, 200_000);
  });
});

describe("a power cut", () => {
  it("takes the sensor's settings and the motor, and boots when power is back", async () => {
    const { band, parts, boots } = bandOf(
      () => {},
      ({ call }) => {
        call(Op.PwmOpen, 3, 20_000, 8, 0);
        call(Op.PwmWrite, 3, 255, 0, 0);
      },
    );
    await band.run(400_000);
    parts.sensor.write(Uint8Array.of(0x09, 0x03));
    band.reset("unplugged", 1_000_000);
    await band.run(400_001);
    assert.equal(parts.motor.dutyQ16, 0);
    assert.equal(boots(), 1);
    await band.run(1_699_000); // power after 1 s, then 300 ms to boot
    assert.equal(boots(), 1);
    const mode = new Uint8Array(1);
    parts.sensor.write(Uint8Array.of(0x09));
    parts.sensor.read(mode);
    assert.deepEqual([...mode], [0]);
    await band.run(1_701_000);
    assert.equal(boots(), 2);
    assert.deepEqual(
      band.restarts.map(({ reason }) => reason),
      ["unplugged"],
    );
    band.close();
  });
});

describe("a store without room or power", () => {
  it("refuses by its status, not by an exception that kills the engine", async () => {
    const statuses: number[] = [];
    const { band, parts } = bandOf(
      () => {},
      ({ bytes, call }) => {
        bytes(Op.StoreSelect, 0, Uint8Array.of(0x6b));
        statuses.push(bytes(Op.StoreWrite, 0, Uint8Array.of(1)));
        parts.flash.powerCut = () => true;
        statuses.push(bytes(Op.StoreWrite, 0, Uint8Array.of(2)), call(Op.StoreDelete, 0, 0, 0, 0));
      },
    );
    await band.run(1000);
    assert.deepEqual(statuses, [0, 1, 1]);
    assert.deepEqual([...(parts.flash.read("band", "k") ?? [])], [1]);
  });
});
