import assert from "node:assert/strict";
import { ContactState } from "ppg/contact";
import { SampleFlag } from "ppg/samples";
import { AIR, FINGER, type Scene, Stage, WRIST } from "./scene.js";

const register = (stage: Stage, address: number): number => stage.sensor.registers[address]!;
/** LED1 is red, LED2 infrared; the range is in bits 6:5 of 0x0A. */
const irCode = (stage: Stage): number => register(stage, 0x0d);
const redCode = (stage: Stage): number => register(stage, 0x0c);
const range = (stage: Stage): number => register(stage, 0x0a) >> 5;

const SKINS: readonly [string, Scene][] = [
  ["a finger", FINGER],
  ["a bright finger on a bright LED", { ...FINGER, irNaPerMa: 280 * 1.3, redNaPerMa: 240 * 1.3 }],
  ["a wrist", WRIST],
  ["a faint wrist", { ...WRIST, irNaPerMa: 80, redNaPerMa: 55 }],
  ["a bright wrist", { ...WRIST, irNaPerMa: 250, redNaPerMa: 160 }],
];

describe("light control", () => {
  for (const [name, scene] of SKINS)
    it(`brings ${name} to 50 .. 75 % of full scale within 2 s, and leaves it there`, () => {
      const stage = new Stage(AIR);
      stage.run(3);
      stage.scene = scene;
      stage.run(2);
      const before = stage.lights.length;
      stage.run(1);
      assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75, `${stage.irLevel}`);
      stage.run(8);
      assert.equal(stage.lights.length, before, "changed again");
      assert.ok(stage.lights.length <= before && before <= 4, `${before} changes`);
    });

  it("does so from saturation, from the dark, and from any light that the sensor was left with", () => {
    for (const [red, ir, rangeCode] of [
      [255, 255, 0],
      [127, 127, 3],
      [1, 1, 3],
      [36, 36, 1],
      [0, 0, 0],
    ] as const) {
      const stage = new Stage(FINGER, { redCode: red, irCode: ir, rangeCode });
      stage.run(3);
      assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75, `${stage.irLevel} from ${red}, ${ir}, ${rangeCode}`);
    }
  });

  it("follows skin that gives half or four times the light within 2 s, worn", () => {
    for (const factor of [0.5, 2, 4]) {
      const stage = new Stage(WRIST);
      stage.run(15);
      stage.scene = { ...WRIST, irNaPerMa: 120 * factor, redNaPerMa: 90 * factor };
      if (factor === 0.5) stage.scene = { ...WRIST, irNaPerMa: 70, redNaPerMa: 50 };
      stage.run(2);
      stage.run(1);
      assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75, `${stage.irLevel} at ${factor}`);
    }
  });

  it("waits while the level still rises: at most three changes for a touch of 0.8 s", () => {
    const stage = new Stage(AIR);
    stage.run(3);
    const before = stage.lights.length;
    for (let i = 1; i <= 16; i++) {
      const share = 1 - Math.exp(-i / 4.5); // 97 % after 0.8 s
      stage.scene = { ...FINGER, irNaPerMa: 20 + 260 * share, redNaPerMa: 20 + 220 * share };
      stage.run(0.05);
    }
    stage.scene = FINGER;
    stage.run(2.2);
    assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75, `${stage.irLevel}`);
    assert.ok(stage.lights.length - before <= 3, `${stage.lights.length - before} changes`);
  });

  it("marks every change, and no step of the level is without a mark", () => {
    const stage = new Stage(AIR);
    stage.noise = 0;
    stage.run(3);
    stage.scene = { ...FINGER, depth: 0 };
    stage.irs.length = 0;
    stage.flags.length = 0;
    stage.run(0.4); // on the skin, before the first change
    const from = stage.irs.length;
    stage.run(4);
    for (let i = from; i < stage.irs.length; i++)
      if (!((stage.flags[i] ?? 0) & SampleFlag.LightStep))
        assert.equal(stage.irs[i], stage.irs[i - 1], `sample ${i} steps without a mark`);
    assert.ok(stage.lightSteps >= 1);
  });

  it("burns 2 mA of infrared alone when not worn, from half a second after it was taken off", () => {
    const stage = new Stage(FINGER);
    stage.run(10);
    assert.equal(stage.contact.state, ContactState.Worn);
    stage.scene = AIR;
    stage.run(1.5);
    assert.deepEqual([redCode(stage), irCode(stage), range(stage)], [0, 10, 1]);
    stage.run(60);
    assert.deepEqual([redCode(stage), irCode(stage), range(stage)], [0, 10, 1]);
  });

  it("halves the light of a deep pulse after 20 s, and keeps the level", () => {
    const stage = new Stage(FINGER);
    stage.run(10);
    const [ir, red] = [irCode(stage), redCode(stage)];
    assert.equal(range(stage), 1);
    stage.run(30);
    assert.equal(range(stage), 0);
    assert.ok(Math.abs(irCode(stage) - ir / 2) <= 1 && Math.abs(redCode(stage) - red / 2) <= 1);
    assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75);
    const changes = stage.lights.length;
    stage.run(120);
    assert.equal(stage.lights.length, changes, "settled");
  });

  it("doubles the light for a shallow pulse as far as the LED goes, and no further", () => {
    const shallow = { ...WRIST, irNaPerMa: 250, redNaPerMa: 200, depth: 0.0004 };
    const stage = new Stage(shallow);
    stage.run(10);
    assert.equal(range(stage), 1);
    stage.run(60);
    assert.equal(range(stage), 2);
    assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75);
    const faint = new Stage({ ...shallow, irNaPerMa: 100, redNaPerMa: 80 });
    faint.run(70);
    assert.equal(range(faint), 1);
    assert.ok(irCode(faint) <= 127 && redCode(faint) <= 127);
  });

  it("takes a finer range for skin that gives little, rather than more than 25 mA", () => {
    const stage = new Stage({ ...WRIST, irNaPerMa: 66, redNaPerMa: 40 });
    stage.run(4);
    assert.equal(range(stage), 0);
    assert.ok(irCode(stage) <= 127 && redCode(stage) <= 127);
    assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75, `${stage.irLevel}`);
  });

  it("leaves the light alone for ten minutes of breathing and slow drift within the band", () => {
    const stage = new Stage(WRIST);
    stage.run(60);
    const changes = stage.lights.length;
    for (let s = 0; s < 600; s += 0.04) {
      const drift = 1 + 0.05 * Math.sin(s / 90) + 0.005 * Math.sin(2 * s);
      stage.scene = { ...WRIST, irNaPerMa: 120 * drift, redNaPerMa: 90 * drift };
      stage.run(0.04);
    }
    assert.ok(stage.lights.length - changes <= 1, `${stage.lights.length - changes} changes`);
    assert.equal(stage.contact.state, ContactState.Worn);
  });
});

describe("LED order", () => {
  it("is recognised on a board with swapped LEDs within 45 s, once, and what follows is right", () => {
    // LED1 is infrared there: the first channel has the deeper pulse and gives more light.
    const swapped = { ...FINGER, irNaPerMa: 240, redNaPerMa: 280, depth: 0.004, redRatio: 2 };
    const stage = new Stage(swapped);
    stage.run(45);
    assert.equal(stage.swaps, 1);
    assert.equal(stage.driver.counters.reinits, 0);
    stage.run(60);
    assert.equal(stage.swaps, 1);
    assert.equal(stage.optics.ledOrder.order, 1); // as wired, now
    assert.ok(stage.irLevel >= 0.5 && stage.irLevel <= 0.75);
    assert.equal(stage.contact.state, ContactState.Worn);
  });

  it("is not doubted on a proper board, at R from 0.4 to 1.1, with a shallow pulse and none", () => {
    for (const [depth, redRatio] of [
      [0.008, 0.4],
      [0.008, 0.75],
      [0.008, 1.1],
      [0.002, 0.5],
      [0.0003, 0.5],
      [0, 0.5],
    ] as const) {
      const stage = new Stage({ ...FINGER, depth, redRatio });
      stage.run(120);
      assert.equal(stage.swaps, 0, `depth ${depth}, R ${redRatio}`);
    }
  });

  it("is taken from the caller when it is known", () => {
    const swapped = { ...FINGER, irNaPerMa: 240, redNaPerMa: 280, depth: 0.004, redRatio: 2 };
    const stage = new Stage(swapped, { ledsSwapped: true });
    stage.run(60);
    assert.equal(stage.swaps, 0);
    assert.equal(stage.optics.ledOrder.order, 1);
  });
});
