import assert from "node:assert/strict";
import { Button, type Gesture } from "session/button";
import { FakeTime } from "../haptics/fake-time.js";
import { FakePin } from "./fake-pin.js";

function buttonAt(startMs: number, level = 1) {
  const time = new FakeTime(startMs);
  const pin = new FakePin();
  pin.level = level;
  const told: [string, number][] = [];
  const names = ["none", "short", "long", "double", "warning", "veryLong", "link"];
  const button = new Button(pin, time, time, {
    onPress: (atMs) => told.push(["press", atMs]),
    onGesture: (gesture: Gesture) => told.push([names[gesture] ?? "?", time.ticks]),
  });
  return { time, pin, told, button };
}

describe("the button", () => {
  it("tells a press at the first contact and a short one 300 ms after the release", () => {
    const { time, pin, told } = buttonAt(1000);
    pin.press();
    time.advance(100);
    pin.release();
    time.advance(1000);
    assert.deepEqual(told, [
      ["press", 1000],
      ["short", 1400],
    ]);
    assert.equal(time.pendingCount, 0);
  });

  it("tells a long press at 600 ms, while it is held, once", () => {
    const { time, pin, told } = buttonAt(0);
    pin.press();
    time.advance(599);
    assert.equal(told.length, 1);
    time.advance(1);
    assert.deepEqual(told[1], ["long", 600]);
    time.advance(2000);
    pin.release();
    time.advance(2000);
    assert.equal(told.length, 2);
  });

  it("asks for the link when it is let go after 3 s and before 8 s of holding", () => {
    for (const [heldMs, expected] of [
      [2990, ["press", "long"]],
      [3010, ["press", "long", "link"]],
      [7990, ["press", "long", "link"]],
      [8010, ["press", "long"]],
    ] as const) {
      const { time, pin, told } = buttonAt(0);
      pin.press();
      time.advance(heldMs);
      pin.release();
      time.advance(1000);
      assert.deepEqual(
        told.map(([what]) => what),
        expected,
        `held ${heldMs} ms`,
      );
    }
  });

  it("is short at 590 ms and long at 600 ms", () => {
    for (const [heldMs, gesture] of [
      [590, "short"],
      [600, "long"],
    ] as const) {
      const { time, pin, told } = buttonAt(0);
      pin.press();
      time.advance(heldMs);
      pin.release();
      time.advance(1000);
      assert.equal(told[1]?.[0], gesture, `held ${heldMs} ms`);
    }
  });

  it("tells a double press when the second one has lasted 30 ms", () => {
    const { time, pin, told } = buttonAt(0);
    pin.press();
    time.advance(80);
    pin.release();
    time.advance(120);
    pin.press();
    time.advance(30);
    assert.deepEqual(told[1], ["double", 230]);
    time.advance(50);
    pin.release();
    time.advance(1000);
    assert.equal(told.length, 2);
  });

  it("takes presses 310 ms apart for two short ones", () => {
    const { time, pin, told } = buttonAt(0);
    for (let i = 0; i < 2; i++) {
      pin.press();
      time.advance(100);
      pin.release();
      time.advance(310);
    }
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "short", "press", "short"],
    );
  });

  it("takes hammering for one double press, and holding at its end for a stop", () => {
    const { time, pin, told } = buttonAt(0);
    for (let i = 0; i < 6; i++) {
      pin.press();
      time.advance(60);
      pin.release();
      time.advance(100);
    }
    pin.press();
    time.advance(700);
    // Each contact silences the motor, and what follows a double press is nothing until it is held.
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "double", ...Array.from({ length: 4 }, () => ["press", "none"]).flat(), "press", "long"],
    );
  });

  it("hears a stop that begins 50 ms after a stuck button came free, and silences at its contact", () => {
    const { time, pin, told } = buttonAt(0, 0);
    time.advance(20_000);
    pin.release();
    time.advance(50);
    pin.press();
    assert.deepEqual(told, [["press", 20_050]]);
    time.advance(700);
    assert.equal(told[1]?.[0], "long");
  });

  it("hears the next stop although its listener threw at the last one and the edge of its release got lost", () => {
    const { time, pin, told } = buttonAt(0);
    const push = told.push.bind(told);
    told.push = (item) => {
      push(item);
      if (item[0] === "long") throw new Error("log full");
      return told.length;
    };
    pin.press();
    assert.throws(() => time.advance(700), /log full/);
    time.advance(100);
    pin.level = 1;
    time.advance(100);
    pin.press();
    assert.throws(() => time.advance(700), /log full/);
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "long", "press", "long"],
    );
  });

  it("takes a contact of 20 ms for a bounce and says so", () => {
    const { time, pin, told } = buttonAt(0);
    pin.press();
    time.advance(20);
    pin.release();
    time.advance(1000);
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "none"],
    );
  });

  it("sees through bouncing contacts at both ends", () => {
    const { time, pin, told } = buttonAt(0);
    const bounce = (down: boolean): void => {
      for (let i = 0; i < 4; i++) {
        if (down === (i % 2 === 0)) pin.press();
        else pin.release();
        time.advance(4);
      }
    };
    bounce(true);
    pin.press();
    time.advance(150);
    bounce(false);
    pin.release();
    time.advance(1000);
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "short"],
    );
  });

  it("needs no edge for the release: the level is read", () => {
    const { time, pin, told } = buttonAt(0);
    pin.press();
    time.advance(200);
    pin.level = 1; // the edge got lost
    time.advance(1000);
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "short"],
    );
  });

  it("ignores a button that was down at the start, until it has been up", () => {
    const { time, pin, told } = buttonAt(0, 0);
    time.advance(5000);
    assert.equal(told.length, 0);
    pin.release();
    time.advance(1500);
    pin.press();
    time.advance(600);
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "long"],
    );
  });

  it("tells a warning at 10 s of holding and a very long press at 15 s, and each once", () => {
    const { time, pin, told } = buttonAt(0);
    pin.press();
    time.advance(9_999);
    assert.deepEqual(told.at(-1), ["long", 600]);
    time.advance(20_000);
    pin.release();
    time.advance(1000);
    assert.deepEqual(told, [
      ["press", 0],
      ["long", 600],
      ["warning", 10_000],
      ["veryLong", 15_000],
    ]);
    assert.equal(time.pendingCount, 0);
  });

  it("tells neither of a press that was let go before", () => {
    for (const [heldMs, last] of [
      [9_990, "long"],
      [10_010, "warning"],
      [14_990, "warning"],
      [15_010, "veryLong"],
    ] as const) {
      const { time, pin, told } = buttonAt(0);
      pin.press();
      time.advance(heldMs);
      pin.release();
      time.advance(30_000);
      assert.equal(told.at(-1)?.[0], last, `held ${heldMs} ms`);
    }
  });

  it("rests at twice a second when stuck for 30 s, and works again after the release", () => {
    const { time, pin, told } = buttonAt(0);
    pin.press();
    time.advance(31_000);
    let wakes = 0;
    const set = time.set.bind(time);
    time.set = (callback, delayMs) => {
      wakes++;
      return set(callback, delayMs);
    };
    time.advance(10_000);
    assert.ok(wakes <= 21, `${wakes} wakes in 10 s`);
    pin.release();
    time.advance(1500);
    pin.press();
    time.advance(100);
    pin.release();
    time.advance(500);
    assert.deepEqual(
      told.map(([what]) => what),
      ["press", "long", "warning", "veryLong", "press", "short"],
    );
  });

  it("leaves no timer when it is closed", () => {
    const { time, pin, button } = buttonAt(0);
    pin.press();
    button.close();
    assert.equal(time.pendingCount, 0);
  });
});
