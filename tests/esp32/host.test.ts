import assert from "node:assert/strict";
import { register } from "node:module";
import type { HostParts } from "band/parts";

/** Stands in for one of the SDK's classes: notes its options and what is asked of it, in one list for all. */
const fakeClass = (name: string): string => `
  export default class {
    static log = globalThis.fakeEsp32.log;
    constructor(options) { this.constructor.log.push(["${name}", options]); }
    write(...values) { this.constructor.log.push(["${name}.write", ...values]); }
    close() { this.constructor.log.push(["${name}.close"]); }
  }`;
const fakeStore = `
  const { log, entries } = globalThis.fakeEsp32;
  export default { open(options) {
    log.push(["open", options]);
    return {
      read: (key) => entries.get(key),
      write: (key, value) => { if (key === "full") throw new Error("no space"); entries.set(key, value); },
      delete: (key) => entries.delete(key),
      close: () => log.push(["close"]),
    };
  } };`;
const fakes = {
  "embedded:io/analog": fakeClass("Analog"),
  "embedded:io/digital": fakeClass("Digital"),
  "embedded:io/pwm": fakeClass("PWM"),
  "embedded:io/smbus": fakeClass("SMBus"),
  "embedded:storage/key-value": fakeStore,
  timer: "export default {};",
  time: "export default { ticks: 7 };",
  "mc/config": `export default { bandName: "Band", bandSerial: "0042", firmwareRevision: "9.9.9" };`,
};
const board = new URL("../../hosts/esp32/boards/xiao_esp32s3.js", import.meta.url).href;

/** Gives the ESP32's host, and no other importer, the fakes and a board. */
const hooks = `
  const fakes = new Map(Object.entries(${JSON.stringify(fakes)}));
  export const resolve = (name, context, next) => {
    if (!/\\/hosts\\/esp32\\/[^/]+\\.js$/.test(context.parentURL ?? "")) return next(name, context);
    if (name === "board") return { url: ${JSON.stringify(board)}, shortCircuit: true };
    const fake = fakes.get(name);
    if (fake === undefined) return next(name, context);
    return { url: "data:text/javascript," + encodeURIComponent(fake), shortCircuit: true };
  };`;

describe("ESP32 host", () => {
  const log: unknown[][] = [];
  const entries = new Map<string, unknown>();
  let parts: HostParts;

  before(async () => {
    Object.assign(globalThis, { fakeEsp32: { log, entries } });
    register(`data:text/javascript,${encodeURIComponent(hooks)}`);
    parts = (await import("../../hosts/esp32/host.js")).default;
  });
  beforeEach(() => {
    log.length = 0;
    entries.clear();
  });
  after(() => {
    delete (globalThis as { fakeEsp32?: unknown; abort?: unknown }).fakeEsp32; // set above
    globalThis.abort = undefined;
  });

  it("touches no hardware while its modules are linked into flash", () => assert.deepEqual(log, []));

  it("binds each part to the XIAO ESP32S3's pins", () => {
    new parts.sensor.io({ hz: 400_000, address: 0x57 });
    new parts.motor.io({ hz: 1000, resolution: 10 });
    new parts.button.io({ mode: 2 });
    new parts.battery.io({});
    assert.deepEqual(log, [
      ["SMBus", { hz: 400_000, address: 0x57, data: 5, clock: 6, timeout: 20 }], // D4, D5
      ["PWM", { hz: 1000, resolution: 10, pin: 3 }], // D2
      ["Digital", { mode: 2, pin: 4 }], // D3
      ["Analog", { pin: 1 }], // D0
    ]);
  });

  it("lights the LED, which the XIAO ESP32S3 drives low, by writing 1", () => {
    assert.ok(parts.led);
    new parts.led.io({ mode: 8 });
    assert.deepEqual(log, [["Digital", { mode: 8, pin: 21, activeLow: true }]]);
  });

  it("knows the cell voltage of a full reading: 2450 mV behind a divider by two", () =>
    assert.equal(parts.battery.fullScaleMv, 4900));

  it("turns the motor off for an uncaught exception, and lets the restart go on", () => {
    new parts.motor.io({ hz: 1000, resolution: 10 }).write(700);
    assert.ok(globalThis.abort);
    assert.equal(globalThis.abort("unhandled exception", new Error("bug")), undefined);
    assert.deepEqual(log.at(-1), ["PWM.write", 0]);
  });

  it("drives the motor's pin low before main, by a PWM that is closed again", async () => {
    const { default: motorOff } = await import("../../hosts/esp32/motor-off.js");
    let done = 0;
    motorOff(() => done++);
    assert.deepEqual(log, [["PWM", { pin: 3 }], ["PWM.close"]]);
    assert.equal(done, 1, "setup is reported as done, or main would never start");
  });

  it("keeps settings as bytes, and nothing open between calls", () => {
    const bytes = new Uint8Array([1, 2, 3]).buffer;
    parts.settings.write("program", bytes);
    assert.equal(parts.settings.read("program"), bytes);
    parts.settings.delete("program");
    assert.equal(parts.settings.read("program"), undefined);
    const call = [["open", { path: "band", format: "buffer" }], ["close"]];
    assert.deepEqual(log, [...call, ...call, ...call, ...call]);
  });

  it("closes the store when a write fails, and passes the failure on", () => {
    assert.throws(() => parts.settings.write("full", new Uint8Array(1)), /no space/);
    assert.deepEqual(log.at(-1), ["close"]);
  });

  it("says who it is from the build's configuration", () =>
    assert.deepEqual(
      { ...parts.identity },
      {
        name: "Band",
        manufacturer: "resilience-band",
        model: "band-1",
        serial: "0042",
        hardwareRevision: "XIAO ESP32S3",
        firmwareRevision: "9.9.9",
      },
    ));
});
