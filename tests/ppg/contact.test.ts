import assert from "node:assert/strict";
import { ContactReason, ContactState } from "ppg/contact";
import { AIR, BANANA, FINGER, LAMP, type Scene, Stage, WRIST } from "./scene.js";

/** Worn for long enough that everything has settled. */
function worn(scene: Scene): Stage {
  const stage = new Stage(scene);
  stage.run(15);
  assert.equal(stage.contact.state, ContactState.Worn);
  return stage;
}

describe("contact", () => {
  for (const [name, scene] of [
    ["a finger", FINGER],
    ["a wrist", WRIST],
    ["the faintest wrist", { ...WRIST, irNaPerMa: 80, redNaPerMa: 50 }],
    ["a slow heart", { ...WRIST, bpm: 40 }],
  ] as const)
    it(`takes ${name} for a candidate at once, and for worn at its first believed beat`, () => {
      const stage = new Stage(AIR);
      stage.run(4);
      const atMs = stage.time.ticks;
      stage.scene = scene;
      stage.run(6);
      const candidateMs = stage.reached(ContactState.Candidate, atMs) - atMs;
      assert.ok(candidateMs <= 400, `candidate after ${candidateMs} ms`);
      const wornMs = stage.reached(ContactState.Worn, atMs) - atMs;
      const secondBeatMs = (2 * 60_000) / scene.bpm + 600;
      assert.ok(wornMs <= secondBeatMs + 200 && wornMs < 5000, `worn after ${wornMs} ms`);
      assert.equal(stage.contact.reason, ContactReason.None);
    });

  it("says within a second that it has been taken off, and why", () => {
    for (const [scene, reason] of [
      [AIR, ContactReason.Desk],
      [{ ...AIR, irNaPerMa: 48, redNaPerMa: 48 }, ContactReason.Desk],
      [{ ...AIR, irNaPerMa: 2, redNaPerMa: 2 }, ContactReason.Dark],
      [LAMP, ContactReason.Lamp],
      [{ ...LAMP, ambientNa: 20_000 }, ContactReason.Lamp],
    ] as const)
      for (const from of [FINGER, WRIST]) {
        const stage = worn(from);
        const atMs = stage.time.ticks;
        stage.scene = scene;
        stage.run(1);
        const left = stage.contacts.find(([ms, state]) => ms >= atMs && state !== ContactState.Worn);
        assert.ok(left !== undefined && left[0] - atMs <= 700, `left ${left}, at ${atMs}`);
        stage.run(1);
        assert.deepEqual([stage.contact.state, stage.contact.reason], [ContactState.NotWorn, reason]);
      }
  });

  it("finds out within four beats that a lamp has taken the place of the skin, at the very same level", () => {
    for (const bpm of [42, 60, 100]) {
      const stage = worn({ ...FINGER, bpm });
      const atMs = stage.time.ticks;
      const ownMa = stage.sensor.registers[0x0d]! * 0.2;
      stage.scene = { ...LAMP, irNaPerMa: 30, redNaPerMa: 30, ambientNa: 250 * ownMa };
      stage.run(8);
      const left = stage.contacts.find(([ms, state]) => ms >= atMs && state !== ContactState.Worn);
      assert.ok(left !== undefined && left[0] - atMs < 800 + (4 * 60_000) / bpm, `left ${left}, at ${atMs}`);
      assert.deepEqual([stage.contact.state, stage.contact.reason], [ContactState.NotWorn, ContactReason.Lamp]);
    }
  });

  it("does not doubt for a dropped beat", () => {
    const stage = worn(WRIST);
    const atMs = stage.time.ticks;
    stage.time.run(1000 - (atMs % 1000)); // a beat begins
    stage.scene = { ...WRIST, bpm: 30 }; // one beat of twice the length
    stage.run(2);
    stage.scene = WRIST;
    stage.run(5);
    assert.deepEqual(
      stage.contacts.filter(([ms]) => ms > atMs),
      [],
    );
  });

  it("never takes desk, lamp, dark or air for worn, whatever the light does", () => {
    for (const scene of [AIR, LAMP, { ...LAMP, ambientNa: 900 }, { ...AIR, irNaPerMa: 0, redNaPerMa: 0 }]) {
      const stage = new Stage(scene);
      stage.run(60);
      assert.equal(stage.reached(ContactState.Candidate, 0), Number.POSITIVE_INFINITY);
      assert.equal(stage.contact.state, ContactState.NotWorn);
    }
  });

  it("calls a banana a thing without a pulse after 10 s, looks again after 30 s, and never shows it worn", () => {
    const stage = new Stage(AIR);
    stage.run(2);
    stage.scene = BANANA;
    stage.run(14);
    assert.deepEqual([stage.contact.state, stage.contact.reason], [ContactState.NotWorn, ContactReason.Pulseless]);
    const pulselessMs = stage.contacts.at(-1)![0];
    assert.ok(pulselessMs > 11_000 && pulselessMs < 14_000, `${pulselessMs}`);
    stage.run(120);
    const looks = stage.contacts.filter(([, state]) => state === ContactState.Candidate).map(([ms]) => ms);
    assert.ok(looks.length >= 3 && looks.length <= 5, `${looks}`);
    assert.equal(stage.reached(ContactState.Worn, 0), Number.POSITIVE_INFINITY);
  });

  it("sees the wearer's arm at once where the banana was", () => {
    const stage = new Stage(BANANA);
    stage.run(15);
    assert.equal(stage.contact.reason, ContactReason.Pulseless);
    const atMs = stage.time.ticks;
    stage.scene = WRIST;
    stage.run(6);
    assert.ok(stage.reached(ContactState.Candidate, atMs) - atMs < 600);
    assert.equal(stage.contact.state, ContactState.Worn);
  });

  it("asks for a new beat after the sensor has moved, and takes none that is older than the move", () => {
    const stage = worn(WRIST);
    stage.run(0.3); // the beat of 15.0 s is reported at 15.6 s
    const atMs = stage.time.ticks;
    stage.scene = { ...WRIST, irNaPerMa: 150, redNaPerMa: 112 };
    stage.run(3);
    const [moved, again] = stage.contacts.filter(([ms]) => ms >= atMs);
    assert.deepEqual(moved!.slice(1), [ContactState.Candidate, ContactReason.Settling]);
    assert.ok(moved![0] - atMs < 300);
    assert.deepEqual(again!.slice(1), [ContactState.Worn, ContactReason.None]);
    assert.equal(again![0], 16_600); // the beat of 16.0 s
  });

  it("doubts after 5 s without a beat, keeps looking, and believes the next one", () => {
    const stage = worn(WRIST);
    stage.believes = false;
    stage.run(8);
    assert.deepEqual([stage.contact.state, stage.contact.reason], [ContactState.Candidate, ContactReason.PulseLost]);
    stage.run(100);
    assert.notEqual(stage.contact.state, ContactState.NotWorn); // something beats in the light, believed or not
    stage.believes = true;
    stage.run(4);
    assert.equal(stage.contact.state, ContactState.Worn);
  });

  it("does not take flicker for a pulse, though the beat side does", () => {
    // 12 nA of leaking lamp light, in both channels alike; our own light is a pulse-less thing's.
    const scene = { ...BANANA, ambientNa: 150, flickerNa: 12, flickerHz: 1.5, depth: 1e-9, bpm: 90 };
    const stage = new Stage(AIR);
    stage.run(2);
    stage.scene = scene;
    stage.run(20);
    assert.equal(stage.reached(ContactState.Worn, 4_000), Number.POSITIVE_INFINITY);
    assert.deepEqual([stage.contact.state, stage.contact.reason], [ContactState.Candidate, ContactReason.Flicker]);
  });

  it("finds a few nA of flicker on a thing without a pulse out within two looks at it", () => {
    // 0.3 % of our own light: as deep as a wrist's pulse, and far below what counts as lit by a lamp (1/64).
    const stage = new Stage(AIR);
    stage.run(2);
    stage.scene = { ...BANANA, ambientNa: 4, flickerNa: 4, flickerHz: 1.5, depth: 1e-9, bpm: 90 };
    stage.run(60);
    const wornMs = stage.contacts
      .map(([ms, state], i): number => (state === ContactState.Worn ? (stage.contacts[i + 1]?.[0] ?? 62_000) - ms : 0))
      .reduce((sum, ms) => sum + ms, 0);
    assert.ok(wornMs < 2 * 1280 + 1000, `${wornMs} ms`); // a beat of 0.67 s, told 0.6 s later, asks what was seen
    assert.notEqual(stage.contact.state, ContactState.Worn);
  });

  it("has nothing to say without a sensor, and finds the skin again with it", () => {
    const stage = worn(FINGER);
    stage.sensor.nackNext(12);
    stage.run(1);
    assert.deepEqual([stage.contact.state, stage.contact.reason], [ContactState.NotWorn, ContactReason.NoSensor]);
    stage.run(10);
    assert.equal(stage.contact.state, ContactState.Worn);
  });

  it("withholds itself in motion of eight per cent at the pace of a walk, and does not call it taken off", () => {
    const stage = worn(WRIST);
    const atMs = stage.time.ticks;
    stage.scene = { ...WRIST, depth: 0.08, redRatio: 1, bpm: 110 };
    stage.run(60);
    assert.equal(stage.reached(ContactState.NotWorn, atMs), Number.POSITIVE_INFINITY);
    stage.scene = WRIST;
    stage.run(8);
    assert.equal(stage.contact.state, ContactState.Worn);
  });
});
