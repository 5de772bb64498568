import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Central } from "../../hosts/sim/board/central.js";
import { Person } from "../../hosts/sim/person/person.js";
import { bootOn, SECOND_US, WatchedBand } from "../sim/rig.js";

async function worn() {
  const person = new Person({ seed: 0x5eed_0011, options: { place: "finger" } });
  const watched = new WatchedBand(await bootOn("xs"), person);
  return { watched, band: watched.band, board: watched.band.board };
}

const rates = (lines: readonly string[], fromS: number, toS: number): number =>
  lines.filter((line) => {
    const [us, kind, , absence] = line.split(" ");
    return kind === "second" && absence === "0" && Number(us) >= fromS * SECOND_US && Number(us) < toS * SECOND_US;
  }).length;

describe("a band without its sensor", function () {
  this.timeout(60_000);

  for (const [what, begin, end] of [
    ["nobody answers", "nack", "ack"],
    ["another part answers", 0x11, 0x15],
  ] as const)
    it(`starts, paces and is found when ${what}, and measures when the sensor is back`, async () => {
      const { watched, band, board } = await worn();
      const set = (state: typeof begin | typeof end): void => {
        if (typeof state === "number") board.sensor.partId = state;
        else if (state === "nack") board.bus.fault = { write: () => false, read: () => false };
        else board.bus.fault = undefined;
      };
      set(begin);
      const phone = new Central(board.radio, board.clock);
      await band.run(20 * SECOND_US);
      assert(phone.connect(), "the phone finds it");
      watched.press(150_000);
      await band.run(60 * SECOND_US);
      assert(board.motor.onUs > 3 * SECOND_US, `the motor has run for ${board.motor.onUs} us`);
      assert.equal(rates(watched.lines, 0, 60), 0);
      set(end);
      await band.run(90 * SECOND_US);
      assert(rates(watched.lines, 80, 90) >= 9, "a rate within 20 s");
      assert(phone.connected, "the link has lived through it");
      assert.deepEqual(band.restarts, []);
      band.close();
    });

  it("is not restarted, and its session goes on, when the sensor is lost for a minute", async () => {
    const { watched, band, board } = await worn();
    await band.run(20 * SECOND_US);
    watched.press(150_000);
    await band.run(40 * SECOND_US);
    assert(rates(watched.lines, 15, 40) > 20);
    board.bus.fault = { write: () => false, read: () => false };
    await band.run(45 * SECOND_US);
    const onUs = board.motor.onUs;
    await band.run(100 * SECOND_US);
    assert.equal(rates(watched.lines, 45, 100), 0);
    assert(board.motor.onUs - onUs > 3 * SECOND_US, "pacing goes on");
    board.bus.fault = undefined;
    await band.run(130 * SECOND_US);
    assert(rates(watched.lines, 125, 130) >= 4, "a rate within 25 s");
    assert.deepEqual(band.restarts, []);
    band.close();
  });
});
