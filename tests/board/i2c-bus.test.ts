import assert from "node:assert/strict";
import { I2cBus, type I2cDevice, transferUs } from "../../hosts/sim/board/i2c-bus.js";

/** Keeps what was written, reads 1, 2, 3 … */
class Probe implements I2cDevice {
  readonly written: number[][] = [];
  write(bytes: Uint8Array): boolean {
    this.written.push([...bytes]);
    return true;
  }
  read(into: Uint8Array): boolean {
    for (let i = 0; i < into.length; i++) into[i] = i + 1;
    return true;
  }
}

describe("I2cBus", () => {
  it("passes bytes to the device at the address", () => {
    const bus = new I2cBus();
    const probe = new Probe();
    bus.attach(0x57, probe);
    assert.equal(bus.write(0x57, Uint8Array.of(9, 3)), true);
    const into = new Uint8Array(3);
    assert.equal(bus.writeRead(0x57, Uint8Array.of(7), into), true);
    assert.deepEqual(probe.written, [[9, 3], [7]]);
    assert.deepEqual([...into], [1, 2, 3]);
    assert.equal(bus.transactionCount, 2);
    assert.equal(bus.byteCount, 6);
    assert.equal(bus.nackCount, 0);
  });

  it("answers NACK where nobody is", () => {
    const bus = new I2cBus();
    bus.attach(0x57, new Probe());
    assert.equal(bus.write(0x58, Uint8Array.of(0)), false);
    assert.equal(bus.read(0x58, new Uint8Array(1)), false);
    assert.equal(bus.writeRead(0x58, Uint8Array.of(0), new Uint8Array(1)), false);
    assert.equal(bus.transactionCount, 3);
    assert.equal(bus.nackCount, 3);
  });

  it("refuses a second device at one address and addresses that are reserved", () => {
    const bus = new I2cBus();
    bus.attach(0x57, new Probe());
    assert.throws(() => bus.attach(0x57, new Probe()), /0x57 is taken/);
    assert.throws(() => bus.attach(0x07, new Probe()), RangeError);
    assert.throws(() => bus.attach(0x78, new Probe()), RangeError);
  });

  it("lets a fault stand in front of the device, in both directions", () => {
    const bus = new I2cBus();
    const probe = new Probe();
    bus.attach(0x57, probe);
    bus.fault = {
      write: (device, _address, bytes) => device.write(bytes.subarray(0, 1)) && false, // the second byte is lost
      read: (device, _address, into) => {
        device.read(into);
        into[0] = (into[0] ?? 0) ^ 0x80;
        return true;
      },
    };
    assert.equal(bus.write(0x57, Uint8Array.of(9, 3)), false);
    assert.deepEqual(probe.written, [[9]]);
    const into = new Uint8Array(1);
    assert.equal(bus.read(0x57, into), true);
    assert.deepEqual([...into], [0x81]);
    assert.equal(bus.writeRead(0x57, Uint8Array.of(7), into), false);
    assert.equal(bus.nackCount, 2);
  });

  it("works out wire time from the clock rate", () => {
    // 22.5 us a byte at 400 kHz. Write of 2: START + 3 x 9 + STOP = 29 clocks = 72.5 us.
    assert.equal(transferUs(400_000, 2, 0), 73);
    // 17 samples: START + 2 x 9, START + 103 x 9, STOP = 948 clocks = 2370 us: the reference's 2.4 ms.
    assert.equal(transferUs(400_000, 1, 102), 2370);
    assert.equal(transferUs(100_000, 1, 102), 9480);
    const bus = new I2cBus();
    bus.write(0x57, Uint8Array.of(9, 3));
    bus.hz = 100_000;
    bus.writeRead(0x57, Uint8Array.of(7), new Uint8Array(102));
    assert.equal(bus.lastTransferUs, 9480);
    assert.equal(bus.busyUs, 9553);
  });
});
