import assert from "node:assert/strict";
import { Board } from "../../hosts/sim/board/board.js";
import { Edge } from "../../hosts/sim/board/lines.js";
import { DUTY_FULL_Q16 } from "../../hosts/sim/board/motor.js";
import { NoContact } from "../../hosts/sim/person/skin.js";
import { SteadyPulse } from "../../hosts/sim/person/steady-pulse.js";

const SENSOR = 0x57;
const SECOND_US = 1_000_000;

function write(board: Board, register: number, ...values: number[]): void {
  assert.equal(board.bus.write(SENSOR, Uint8Array.of(register, ...values)), true);
}

function read(board: Board, register: number, count: number): number[] {
  const into = new Uint8Array(count);
  assert.equal(board.bus.writeRead(SENSOR, Uint8Array.of(register), into), true);
  return [...into];
}

function startSensor(board: Board): void {
  read(board, 0x00, 1);
  write(board, 0x0c, 0x24, 0x24);
  write(board, 0x08, 0x0f);
  write(board, 0x0a, 0x27);
  write(board, 0x09, 0x03);
  write(board, 0x02, 0x80);
}

describe("Board", () => {
  it("wires the sensor to the bus, its INT line, the skin and the cell", () => {
    const board = new Board({ seed: 1, optics: new SteadyPulse([]), processorMa: 0 });
    assert.equal(board.alertLine.level, 0);
    startSensor(board);
    let alertUs = 0;
    board.alertLine.watch(Edge.Falling, () => {
      alertUs = board.clock.nowUs;
    });
    board.clock.runUntil(SECOND_US / 5);
    assert.equal(alertUs, 170_050); // 17 samples and the line's latency
    const bytes = read(board, 0x07, 6);
    const ir = ((bytes[3] ?? 0) << 16) | ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0);
    assert.ok(ir > 128_000 && ir < 131_000, `a finger: ${ir} counts`);
    assert.ok(Math.abs(board.battery.loadMa - 1.29) < 0.01, `sensor at 7.2 mA twice: ${board.battery.loadMa} mA`);
  });

  it("reads air as far below any skin", () => {
    const board = new Board({ seed: 1, optics: new NoContact() });
    startSensor(board);
    board.clock.runUntil(SECOND_US / 5);
    const bytes = read(board, 0x07, 6);
    const ir = ((bytes[3] ?? 0) << 16) | ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0);
    assert.ok(ir > 5_000 && ir < 22_000, `${ir} counts`);
  });

  it("answers NACK at any other address", () => {
    const board = new Board({ seed: 1, optics: new NoContact() });
    assert.equal(board.bus.write(0x5a, Uint8Array.of(0)), false);
  });

  it("resets the host: motor and LED off, readers gone; the sensor samples on and the flash keeps", () => {
    const board = new Board({ seed: 1, optics: new NoContact() });
    startSensor(board);
    board.flash.write("band", "name", Uint8Array.of(1));
    board.motor.setDutyQ16(DUTY_FULL_Q16);
    board.ledLine.set(0);
    let callCount = 0;
    for (const line of [board.alertLine, board.buttonLine]) line.watch(Edge.Both, () => callCount++);
    board.clock.runUntil(SECOND_US / 10);
    assert.equal(board.led.isLit, true);
    board.button.press();
    board.resetHost();
    assert.equal(board.motor.dutyQ16, 0);
    assert.equal(board.led.isLit, false);
    board.clock.runUntil(SECOND_US);
    assert.equal(callCount, 0);
    assert.deepEqual(read(board, 0x04, 3), [0, 31, 0]);
    assert.equal(board.sensor.unreadCount, 32);
    assert.deepEqual(board.flash.read("band", "name"), Uint8Array.of(1));
    assert.equal(board.counters().hostResets, 1);
  });

  it("counts what happened", () => {
    const board = new Board({ seed: 1, optics: new NoContact() });
    startSensor(board);
    board.motor.setDutyQ16(DUTY_FULL_Q16);
    board.clock.runUntil(SECOND_US);
    board.motor.setDutyQ16(0);
    const counters = board.counters();
    assert.equal(counters.timeUs, SECOND_US);
    assert.deepEqual(counters.sensor, { conversions: 100, samples: 32, dropped: 68 });
    assert.deepEqual(counters.motor, { onUs: SECOND_US, intervals: 1 });
    assert.equal(counters.bus.transactions, 6);
    assert.equal(counters.bus.nacks, 0);
  });

  it("is the same, count for count, for the same options", () => {
    const run = () => {
      const board = new Board({ seed: 7, optics: new SteadyPulse([100_000, 900_000]), button: { bounceUs: 8_000 } });
      startSensor(board);
      board.button.press();
      board.motor.setDutyQ16(40_000);
      board.clock.runUntil(300_000);
      return [board.counters(), read(board, 0x07, 180), board.battery.percent, board.motor.speed];
    };
    assert.deepEqual(run(), run());
  });
});

describe("Button", () => {
  it("pulls its line low while it is pressed", () => {
    const board = new Board({ seed: 1, optics: new NoContact() });
    assert.equal(board.buttonLine.level, 1);
    board.button.press();
    assert.equal(board.buttonLine.level, 0);
    board.button.press();
    board.button.release();
    assert.equal(board.buttonLine.level, 1);
    assert.equal(board.buttonLine.edgeCount, 2);
  });

  it("bounces for its time and not longer, and ends where the finger is", () => {
    const board = new Board({ seed: 1, optics: new NoContact(), button: { bounceUs: 10_000 } });
    const edgesUs: number[] = [];
    board.buttonLine.onChange(() => edgesUs.push(board.clock.nowUs));
    board.clock.runUntil(1_000);
    board.button.press();
    board.clock.runUntil(SECOND_US);
    assert.ok(edgesUs.length >= 3 && edgesUs.length % 2 === 1, `${edgesUs.length} edges of one press`);
    assert.ok((edgesUs.at(-1) ?? 0) <= 11_000);
    assert.equal(board.buttonLine.level, 0);
    board.button.release();
    board.clock.runUntil(SECOND_US + 2_000);
    board.button.press(); // in the middle of the bouncing
    board.clock.runUntil(2 * SECOND_US);
    assert.equal(board.buttonLine.level, 0);
  });
});

describe("Led", () => {
  it("is lit by a low pin, draws current, and adds up its time", () => {
    const board = new Board({ seed: 1, optics: new NoContact(), processorMa: 0 });
    const changes: [boolean, number][] = [];
    board.led.onChange = (isLit, timeUs) => changes.push([isLit, timeUs]);
    const darkMa = board.battery.loadMa;
    assert.equal(board.led.isLit, false);
    board.ledLine.set(0);
    assert.ok(Math.abs(board.battery.loadMa - darkMa - 2) < 1e-9);
    board.clock.runUntil(20_000);
    assert.equal(board.led.litUs, 20_000);
    board.ledLine.set(1);
    board.clock.runUntil(50_000);
    assert.equal(board.led.litUs, 20_000);
    assert.deepEqual(changes, [
      [true, 0],
      [false, 20_000],
    ]);
  });
});
