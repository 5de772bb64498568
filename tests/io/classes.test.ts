import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { buildWall } from "./wall.js";

const SENSOR = 0x57;
const PART_ID = 0xff; // MAX30102: 0x15
const bus = { hz: 400_000, data: 5, clock: 6 };

describe("I2C and SMBus of the simulator", () => {
  it("read a register with a repeated start", async () => {
    const { SMBus } = await buildWall();
    const smbus = new SMBus({ ...bus, address: SENSOR });
    assert.equal(smbus.readUint8(PART_ID), 0x15);
  });

  it("write and read back, also in a burst", async () => {
    const { SMBus } = await buildWall();
    const smbus = new SMBus({ ...bus, address: SENSOR });
    smbus.writeUint8(0x0c, 0x24);
    smbus.writeBuffer(0x0d, Uint8Array.of(0x3f));
    const pair = new Uint8Array(2);
    assert.equal(smbus.readBuffer(0x0c, pair), 2);
    assert.deepEqual([...pair], [0x24, 0x3f]);
  });

  it("ignore stop: every write ends in STOP, so a separate read starts from the register that was selected", async () => {
    const { I2C } = await buildWall();
    const io = new I2C({ ...bus, address: SENSOR });
    io.write(Uint8Array.of(PART_ID), false);
    assert.deepEqual([...new Uint8Array(io.read(1))], [0x15]);
  });

  it("throw for an absent device, a second user of an address, a missing speed and use after close", async () => {
    const { I2C, SMBus } = await buildWall();
    const nobody = new SMBus({ ...bus, address: 0x22 });
    assert.throws(() => nobody.readUint8(0), /writeRead failed/);
    assert.throws(() => nobody.writeUint8(0, 0), /write failed/);
    const first = new I2C({ ...bus, address: SENSOR });
    assert.throws(() => new I2C({ ...bus, address: SENSOR }), /duplicate address/);
    first.close();
    first.close();
    assert.throws(() => first.read(1), /closed/);
    new I2C({ ...bus, address: SENSOR }).close();
    assert.throws(() => new I2C({ address: SENSOR }), RangeError);
    assert.throws(() => new I2C({ ...bus, address: 0x80 }), RangeError);
  });
});

describe("Digital of the simulator", () => {
  const BUTTON = 4;
  it("merges edges that come before the first is delivered, and tells no time", async () => {
    const { board, Digital } = await buildWall();
    const seen: number[] = [];
    new Digital({
      pin: BUTTON,
      mode: Digital.InputPullUp,
      edge: Digital.Rising | Digital.Falling,
      onReadable(this: { read(): number }) {
        seen.push(this.read());
      },
    });
    board.buttonLine.set(0);
    board.buttonLine.set(1);
    board.buttonLine.set(0);
    board.clock.runUntil(10_000);
    assert.deepEqual(seen, [0], "three edges, one call, the level as it is by then");
  });

  it("does not call again for a level that stays", async () => {
    const { board, Digital } = await buildWall();
    let calls = 0;
    const pin = new Digital({
      pin: BUTTON,
      mode: Digital.InputPullUp,
      edge: Digital.Falling,
      onReadable: () => calls++,
    });
    board.buttonLine.set(0);
    board.clock.runUntil(1_000_000);
    assert.equal(calls, 1);
    assert.equal(pin.read(), 0);
  });

  it("refuses a pin in use, a write to an input, edges without a reader's edge, and use after close", async () => {
    const { Digital } = await buildWall();
    const pin = new Digital({ pin: BUTTON, mode: Digital.InputPullUp });
    assert.throws(() => new Digital({ pin: BUTTON, mode: Digital.InputPullUp }), /inUse/);
    assert.throws(() => pin.write(1));
    assert.throws(() => new Digital({ pin: 21, mode: Digital.Output, onReadable() {} }), /edge/);
    pin.close();
    assert.throws(() => pin.read(), /closed/);
    new Digital({ pin: BUTTON, mode: Digital.InputPullUp }).close();
  });
});

describe("PWM, Analog and the timers of the simulator", () => {
  it("drives the motor from off to fully on, and refuses what the ESP32's class refuses", async () => {
    const { board, PWM } = await buildWall();
    const pwm = new PWM({ pin: 3, hz: 20_000, resolution: 8 });
    pwm.write(255);
    assert.equal(board.motor.dutyQ16, 65536);
    pwm.write(0);
    assert.equal(board.motor.dutyQ16, 0);
    assert.throws(() => pwm.write(256), RangeError);
    assert.throws(() => pwm.write(-1), RangeError);
    assert.throws(() => new PWM({ pin: 3, resolution: 15 }), RangeError);
    pwm.close();
    assert.throws(() => pwm.write(0), /closed/);
  });

  it("reads the cell's voltage through the divider", async () => {
    const { board, Analog } = await buildWall();
    const counts = new Analog({ pin: 1 }).read();
    assert(Math.abs(counts - board.battery.adcCounts) <= 0);
  });

  it("fires once, repeats at absolute times, and is quiet when cleared", async () => {
    const { board, Timer, Time } = await buildWall();
    const seen: string[] = [];
    Timer.set(() => seen.push(`once ${Time.ticks}`), 5);
    const repeat = Timer.repeat(() => seen.push(`repeat ${Time.ticks}`), 10);
    const cleared = Timer.set(() => seen.push("never"), 7);
    Timer.clear(cleared);
    Timer.clear(cleared);
    Timer.clear(undefined);
    board.clock.runUntil(25_000);
    Timer.clear(repeat);
    board.clock.runUntil(60_000);
    assert.deepEqual(seen, ["once 5", "repeat 10", "repeat 20"]);
  });
});

describe("key-value store of the simulator", () => {
  it("keeps values over a restart of the host and lists keys", async () => {
    const { board, KeyValue } = await buildWall();
    const store = KeyValue.open({ path: "band" });
    assert.equal(store.read("pace"), undefined);
    store.write("pace", Uint8Array.of(6, 0));
    store.write("style", Uint8Array.of(1));
    board.resetHost();
    assert.deepEqual([...new Uint8Array(store.read("pace"))], [6, 0]);
    assert.deepEqual([...store], ["pace", "style"]);
    store.delete("pace");
    assert.equal(store.read("pace"), undefined);
  });

  it("refuses a key of more than 15 characters and a value beyond what NVS holds", async () => {
    const { KeyValue } = await buildWall();
    const store = KeyValue.open({ path: "band" });
    store.write("fifteen_letters", Uint8Array.of(1));
    assert.throws(() => store.write("sixteen_letters_", Uint8Array.of(1)), RangeError);
    assert.throws(() => store.write("big", new Uint8Array(4001)));
  });
});
