import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Central } from "../../hosts/sim/board/central.js";
import { NoContact } from "../../hosts/sim/person/skin.js";
import { bootOn, bootWithMain, SECOND_US, shippedPulse, WatchedBand } from "./rig.js";

const SHORT_PRESS_US = 150_000;
const LONG_PRESS_US = 1_500_000;

/** 40 s of wear with a phone that listens from second 12 and, if wished, a session from second 10. */
async function aMorning(engine: "xs" | "v8", session = true): Promise<string[]> {
  const watched = new WatchedBand(await bootOn(engine), shippedPulse());
  const { band } = watched;
  const { clock, radio, motor, bus } = band.board;
  const phone = new Central(radio, clock);
  phone.onNotification = (handle, value) =>
    watched.lines.push(`${clock.nowUs} value ${handle} ${[...value].join(",")}`);
  await band.run(10 * SECOND_US);
  if (session) watched.press(SHORT_PRESS_US);
  await band.run(12 * SECOND_US);
  assert(phone.connect(), "the band advertises");
  const measurement = phone.find("2a37");
  assert(measurement, "the band has a heart rate measurement");
  phone.subscribe(measurement);
  await band.run(40 * SECOND_US);
  watched.lines.push(`motor ${JSON.stringify(motor.history)} bus ${bus.transactionCount} ${bus.byteCount}`);
  band.close();
  assert.equal(band.restarts.length, 0, JSON.stringify(band.restarts));
  return watched.lines;
}

describe("a simulated band", () => {
  it("says the same, byte for byte, in two runs on XS", async () => {
    assert.deepEqual(await aMorning("xs"), await aMorning("xs"));
  });

  it("says the same on V8 as on XS", async () => {
    const xs = await aMorning("xs");
    assert(xs.filter((line) => line.includes(" beat ")).length > 30, "there was something to compare");
    assert(
      xs.some((line) => line.includes(" value ")),
      "the phone heard something",
    );
    assert.deepEqual(await aMorning("v8"), xs);
  });

  it("is silent within 200 ms of the stop gesture's first contact", async () => {
    for (const pressAtMs of [10_900, 12_000, 13_300, 15_000, 17_700]) {
      const watched = new WatchedBand(await bootOn("xs"), shippedPulse());
      const { band } = watched;
      await band.run(10 * SECOND_US);
      watched.press(SHORT_PRESS_US);
      await band.run(pressAtMs * 1000);
      const { motor } = band.board;
      watched.press(LONG_PRESS_US);
      const pressedUs = band.board.clock.nowUs;
      await band.run(pressedUs + 590_000); // just before the press is long enough to be one
      const late = motor.history.filter(({ toUs }) => toUs > pressedUs + 200_000);
      assert.deepEqual(late, [], `pressed at ${pressAtMs} ms`);
      assert.equal(motor.dutyQ16, 0);
      band.close();
    }
  });

  it("tells a phone each accepted interval once, oldest first", async () => {
    const lines = await aMorning("xs", false);
    const sent: number[] = [];
    let firstValueUs = Number.POSITIVE_INFINITY;
    for (const line of lines) {
      const [us = "", kind, , bytes = ""] = line.split(" ");
      if (kind !== "value") continue;
      firstValueUs = Math.min(firstValueUs, Number(us));
      const packet = bytes.split(",").map(Number);
      for (let i = 2; i + 1 < packet.length; i += 2) sent.push((packet[i] ?? 0) | ((packet[i + 1] ?? 0) << 8));
    }
    const accepted = lines
      .filter((line) => line.includes(" beat ") && Number(line.split(" ")[0]) > 12 * SECOND_US)
      .map((line) => line.split(" "))
      .filter(([, , , , verdict]) => verdict === "0")
      .map(([, , , rrTicks]) => Number(rrTicks));
    assert(firstValueUs <= 13.2 * SECOND_US, "the first packet comes within a second of subscribing");
    assert(sent.length > 20, lines.filter((line) => line.includes(" value ")).join("\n"));
    assert.deepEqual(sent, accepted.slice(0, sent.length));
    assert(accepted.length - sent.length <= 2, "what is not sent yet is of the last second");
  });

  it("restarts after an uncaught exception, motor off, with the reason", async () => {
    const boot = await bootWithMain(`
      import parts from "host";
      const motor = new parts.motor.io({ hz: 20000, resolution: 8 });
      motor.write(255);
      parts.timers.set(() => { throw new TypeError("lost its way"); }, 500);`);
    const watched = new WatchedBand(boot, new NoContact());
    await watched.band.run(499_000);
    assert.equal(watched.band.board.motor.dutyQ16, 65_536, "it ran until then");
    await watched.band.run(501_000);
    assert.equal(watched.band.board.motor.dutyQ16, 0);
    const [restart] = watched.band.restarts;
    assert.equal(restart?.reason, "exception");
    assert.equal(restart?.message, "TypeError: lost its way");
    assert.equal(restart?.atUs, 500_000);
    await watched.band.run(900_000);
    assert.equal(watched.band.board.motor.dutyQ16, 65_536, "it booted again after 300 ms");
    watched.band.close();
  });

  it("restarts when memory is full, when it hangs, and when it forgets the watchdog", async () => {
    const cases: [reason: string, code: string, atUs?: number][] = [
      ["memory full", "const kept = []; parts.timers.set(() => { for (;;) kept.push({ a: kept.length }); }, 10);"],
      ["stack overflow", "const dive = (n) => 1 + dive(n + 1); parts.timers.set(() => dive(0), 10);"],
      ["too much computation", "parts.timers.set(() => { for (;;); }, 10);"],
      ["watchdog", "", 5.1 * SECOND_US],
    ];
    for (const [reason, code, atUs = 0.1 * SECOND_US] of cases) {
      const watched = new WatchedBand(await bootWithMain(`import parts from "host"; ${code}`), new NoContact());
      await watched.band.run(atUs);
      assert.equal(watched.band.restarts[0]?.reason, reason);
      watched.band.close();
    }
  });
});
