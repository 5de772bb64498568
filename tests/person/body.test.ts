import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LightChannel } from "../../hosts/sim/person/optical-source.js";
import type { Motion, PersonChoices, Place } from "../../hosts/sim/person/options.js";
import { Person } from "../../hosts/sim/person/person.js";
import { BeatKind } from "../../hosts/sim/person/truth.js";
import { assertNear, deviation, mean, plainHeart, plainSkin, seedOf, swingAt } from "./measure.js";

const seed = seedOf(0x5eed_0103);
/** 0x24, the project's own current. */
const LED_MA = 7.2;
const RATE_HZ = 100;

const plain = (choices: PersonChoices = {}): PersonChoices => ({
  place: "finger",
  ...choices,
  heart: { ...plainHeart, ...choices.heart },
  skin: { ...plainSkin, ...choices.skin },
});

/** What the sensor would see of one channel, nA, 100 times a second. */
function light(person: Person, channel: LightChannel, fromS: number, toS: number): Float64Array {
  const samples = new Float64Array(Math.round((toS - fromS) * RATE_HZ));
  for (let i = 0; i < samples.length; i++)
    samples[i] = person.photocurrentNa(channel, LED_MA, Math.round((fromS + i / RATE_HZ) * 1e6));
  return samples;
}
const seen = (choices: PersonChoices, channel: LightChannel = LightChannel.Ir, fromS = 20, toS = 40): Float64Array =>
  light(new Person({ seed, options: choices }), channel, fromS, toS);

const swing = (samples: Float64Array): number => Math.max(...samples) - Math.min(...samples);
/** Peak to peak over the mean. */
const fraction = (samples: Float64Array): number => swing(samples) / mean(samples);

describe("virtual skin", () => {
  it("gives the currents of the recorded fingers", () => {
    // Hardware reference 1.7: infra-red 2.0 uA at 7.2 mA; red 122,000 counts where infra-red has 143,000.
    const ir = seen(plain());
    const red = seen(plain(), LightChannel.Red);
    assertNear(mean(ir), 2000, 40, "infra-red, nA");
    assertNear(mean(red) / mean(ir), 122 / 143, 0.02, "red over infra-red");
    // Warm finger: infra-red 0.8 .. 1.9 %, red 0.4 .. 0.8 %, ratio 0.40 .. 0.48.
    assert.ok(fraction(ir) > 0.008 && fraction(ir) < 0.019, `infra-red AC/DC ${fraction(ir)}`);
    assert.ok(fraction(red) > 0.004 && fraction(red) < 0.008, `red AC/DC ${fraction(red)}`);
    const ratio = fraction(red) / fraction(ir);
    assert.ok(ratio > 0.4 && ratio < 0.48, `ratio ${ratio}`);
  });

  it("gives less light and five times less pulse on the wrist", () => {
    // Hardware reference 1.7: 80 .. 250 nA/mA, red 0.6 .. 1.0 of it, AC/DC 0.05 .. 0.4 %.
    const ir = seen(plain({ place: "wrist" }));
    const red = seen(plain({ place: "wrist" }), LightChannel.Red);
    assert.ok(mean(ir) > 80 * LED_MA && mean(ir) < 250 * LED_MA, `infra-red ${mean(ir)} nA`);
    assert.ok(mean(red) > 0.6 * mean(ir) && mean(red) < mean(ir));
    assert.ok(fraction(ir) > 0.0005 && fraction(ir) < 0.004, `AC/DC ${fraction(ir)}`);
  });

  it("swings by the planted part at 60 beats a minute", () => {
    for (const fingerPulse of [0.005, 0.018])
      assertNear(fraction(seen(plain({ skin: { fingerPulse } }))), fingerPulse, 0.03 * fingerPulse, "peak to peak");
  });

  it("is proportional to the LED current", () => {
    const person = new Person({ seed, options: plain() });
    const one = person.photocurrentNa(LightChannel.Ir, 1, 5e6);
    assertNear(person.photocurrentNa(LightChannel.Ir, 25.4, 5e6), 25.4 * one, 1e-9 * one, "at 25.4 mA");
    assert.equal(person.photocurrentNa(LightChannel.Ir, 0, 5e6), 0);
  });

  it("gets darker at the pulse: a fast fall within 100 to 250 ms of the foot, then a slow rise", () => {
    for (const ageYears of [20, 50, 80]) {
      const person = new Person({ seed, options: plain({ about: { ageYears } }) });
      const samples = light(person, LightChannel.Ir, 20, 22.5);
      const foot = person.truth.beats.arrivalUs.values().find((us) => us >= 20e6) ?? 0;
      const at = (ms: number): number => samples[Math.round((foot / 1e6 - 20 + ms / 1000) * RATE_HZ)] ?? 0;
      const darkestMs = [...Array(50).keys()].map((i) => i * 10).sort((a, b) => at(a) - at(b))[0] ?? 0;
      assert.ok(darkestMs >= 100 && darkestMs <= 250, `darkest ${darkestMs} ms after the foot at age ${ageYears}`);
      assert.ok(at(0) > at(60) && at(60) > at(110), "falls");
      assert.ok(at(900) > at(700) && at(700) > at(560), "rises");
    }
  });

  it("has a dicrotic notch in the young and none in the old", () => {
    const hasNotch = (ageYears: number): boolean => {
      const person = new Person({ seed, options: plain({ about: { ageYears } }) });
      const samples = light(person, LightChannel.Ir, 20, 22.5);
      const foot = (person.truth.beats.arrivalUs.values().find((us) => us >= 20e6) ?? 0) / 1e6 - 20;
      const from = Math.round((foot + 0.3) * RATE_HZ);
      // Blood again after it had gone: the light falls somewhere in 300 .. 550 ms.
      for (let i = from; i < from + 25; i++) if (samples[i + 1]! < samples[i]! - 1e-9) return true; // within 2.5 s
      return false;
    };
    assert.equal(hasNotch(20), true);
    assert.equal(hasNotch(80), false);
  });

  it("shows each beat after the planted time, and early beats weakly", () => {
    const heart = { ectopicsPerHour: 200, ventricularShare: 1 };
    const skin = { fingerArrivalMs: 210 };
    const person = new Person({ seed, options: plain({ heart, skin }) });
    const samples = light(person, LightChannel.Ir, 0, 600);
    const { heartUs, arrivalUs, kind } = person.truth.beats;
    const depth = (i: number): number => {
      const from = Math.floor((arrivalUs.at(i) / 1e6) * RATE_HZ);
      return samples[from]! - Math.min(...samples.subarray(from, from + 25)); // within 600 s
    };
    let early = 0;
    for (let i = 20; i + 2 < kind.length && arrivalUs.at(i) < 599e6; i++) {
      const delayMs = (arrivalUs.at(i) - heartUs.at(i)) / 1000;
      if (kind.at(i - 1) !== BeatKind.Sinus || kind.at(i - 2) !== BeatKind.Sinus) continue;
      if (kind.at(i) !== BeatKind.Ventricular)
        assert.ok(delayMs >= 210 && delayMs <= 220, `arrives after ${delayMs} ms`);
      else {
        early++;
        assert.ok(depth(i) < 0.7 * depth(i - 1), `early beat ${i} is ${depth(i) / depth(i - 1)} of the one before`);
        assert.ok(kind.at(i + 1) !== BeatKind.Sinus || depth(i + 1) > depth(i - 1), "stronger after the pause");
      }
    }
    assert.ok(early > 10, `${early} early beats`);
  });

  it("is smaller in the cold, by 3 to 10 times, and darker by 2 to 6 %", () => {
    const warm = seen(plain({ skin: { temperatureC: 33 } }));
    const cold = seen(plain({ skin: { temperatureC: 22 } }));
    const times = fraction(warm) / fraction(cold);
    assert.ok(times >= 3 && times <= 10, `${times} times smaller`);
    assertNear(mean(cold) / mean(warm), 0.945, 0.01, "infra-red level");
    const level = (temperatureC: number): number => mean(seen(plain({ skin: { temperatureC } }), LightChannel.Red));
    assertNear(level(22) / level(33), 0.98, 0.005, "red level");
  });

  it("loses the pulse when the strap is too tight, and half of it when it is loose", () => {
    const at = (strapPressure: number): number =>
      fraction(seen(plain({ skin: { strapPressure } }), LightChannel.Ir, 400, 420));
    assert.ok(at(2) < 0.1 * at(1));
    assertNear(at(0.5) / at(1), 0.7, 0.05, "loose");
  });

  it("is darkened by ink, red most, and the pulse with it", () => {
    const ink = { inkIr: 0.5, inkRed: 0.25 };
    assertNear(mean(seen(plain({ skin: ink }))) / mean(seen(plain())), 0.5, 0.01, "infra-red");
    assertNear(
      mean(seen(plain({ skin: ink }), LightChannel.Red)) / mean(seen(plain(), LightChannel.Red)),
      0.25,
      0.01,
      "red",
    );
    assert.ok(fraction(seen(plain({ skin: ink }))) < 0.8 * fraction(seen(plain())));
  });

  it("swings with the breath by the planted part", () => {
    const breathing = { how: "paced", perMin: 6, inhaleShare: 0.5 } as const;
    const skin = { breathDc: 0.005, fingerPulse: 0 };
    const samples = seen(plain({ skin, breathing }), LightChannel.Ir, 100, 150);
    // 1.025 l (by hand in breath.test.ts); a breath of two smooth steps has 0.9855 of it in the fundamental.
    assertNear((2 * swingAt(samples, RATE_HZ, 0.1).amplitude) / mean(samples), 0.005 * 1.025 * 0.9855, 1e-4, "swing");
  });

  it("comes on touch: within 3 % after 0.8 s, settled after 10 s", () => {
    const script = [{ atUs: 10e6, happening: { what: "place", place: "finger" } }] as const;
    const person = new Person({ seed, options: plain({ place: "air", skin: { fingerPulse: 0 }, script }) });
    const level = (s: number): number => person.photocurrentNa(LightChannel.Ir, LED_MA, s * 1e6);
    assertNear(level(9.9), 20 * LED_MA, 1, "air, nA");
    const early = level(10.2);
    const touched = level(10.82);
    const settled = level(30);
    assert.ok(early < 0.75 * settled, "on its way");
    assert.ok(touched > 0.95 * settled && touched < 0.98 * settled, `${touched / settled} after 0.8 s`);
    assertNear(level(31) / settled, 1, 1e-3, "settled");
  });

  for (const [place, leastNa, mostNa] of [
    ["air", 78, 344], // 5,000 .. 22,000 counts of 15.6 pA
    ["lamp", 78, 344],
    ["desk", 78, 344],
    ["banana", 80 * LED_MA, 280 * LED_MA],
  ] as const)
    it(`has no pulse on: ${place}`, () => {
      const person = new Person({ seed, options: plain({ place }) });
      const samples = light(person, LightChannel.Ir, 20, 40);
      assert.ok(mean(samples) >= leastNa && mean(samples) <= mostNa, `${mean(samples)} nA`);
      assertNear(deviation(samples), 0, 1e-9, "nothing moves");
      assert.equal(person.truth.wornAt(20e6), false);
    });

  it("is shaken by walking 2 to 20 times as much as by the pulse, the same in both channels", () => {
    const moved = (motion: Motion, channel: LightChannel): number =>
      deviation(seen(plain({ place: "wrist", motion }), channel, 20, 140)) /
      mean(seen(plain({ place: "wrist", motion }), channel, 20, 140));
    const pulse = moved("still", LightChannel.Ir);
    const [typing, walking, running] = [
      moved("typing", LightChannel.Ir),
      moved("walking", LightChannel.Ir),
      moved("running", LightChannel.Ir),
    ];
    assert.ok(walking / pulse > 4 && walking / pulse < 20, `seed ${seed}: walking is ${walking / pulse} pulses`);
    assert.ok(running > 1.5 * walking, `seed ${seed}: running`);
    assert.ok(typing > 1.2 * pulse && typing < 0.7 * walking, `seed ${seed}: typing is ${typing / pulse} pulses`);
    assertNear(moved("walking", LightChannel.Red) / walking, 1, 0.1, `seed ${seed}: ratio of the channels`);
  });

  it("swings with the arm at 0.8 to 2 Hz when walking", () => {
    const samples = seen(
      plain({ place: "wrist", motion: "walking", skin: { wristPulse: 0.002 } }),
      LightChannel.Ir,
      20,
      60,
    );
    const power = (hz: number): number => {
      let sum = 0;
      for (let i = 0; i < 10; i++) sum += swingAt(samples.subarray(i * 400, i * 400 + 400), RATE_HZ, hz).amplitude ** 2;
      return sum;
    };
    const arm = power(1);
    assert.ok(arm > 3 * power(0.5) && arm > 3 * power(3), `seed ${seed}`);
  });

  it("jumps when the strap slips, and comes back", () => {
    const happening = { what: "slip", step: -0.15, recoveryS: 2 } as const;
    const options = plain({ skin: { fingerPulse: 0 }, script: [{ atUs: 10e6, happening }] });
    const person = new Person({ seed, options });
    const before = person.photocurrentNa(LightChannel.Ir, LED_MA, 9.9e6);
    assertNear(person.photocurrentNa(LightChannel.Ir, LED_MA, 10.04e6) / before, 0.85, 0.01, "step");
    assertNear(
      person.photocurrentNa(LightChannel.Ir, LED_MA, 12e6) / before,
      1 - 0.15 / Math.E,
      0.005,
      "after its time constant",
    );
    assertNear(person.photocurrentNa(LightChannel.Ir, LED_MA, 30e6) / before, 1, 0.001, "in the end");
  });
});

describe("motor and light", () => {
  const still = (place: Place): PersonChoices => plain({ place, skin: { motorDc: 0.005, motorLine: 0.003 } });

  it("shakes the light only while the motor turns, and for the tail's time after it", () => {
    const person = new Person({ seed, options: still("banana") });
    const levelNa = person.photocurrentNa(LightChannel.Ir, LED_MA, 9e6);
    const away = (s: number): number =>
      person.photocurrentNa(LightChannel.Ir, LED_MA, Math.round(s * 1e6)) / levelNa - 1;
    for (const s of [9.1, 9.5, 9.99]) assert.equal(away(s), 0);
    person.feelMotor(1, 10e6);
    let sum = 0;
    for (let i = 0; i < 100; i++) sum += away(10.5 + i / 100);
    assertNear(sum / 100, -0.005, 1e-4, "step of the mean");
    person.feelMotor(0, 12e6);
    assertNear(away(12.2), -0.005 / Math.exp(3), 1e-5, "after the tail's 200 ms");
    assert.ok(Math.abs(away(12.1)) > 0.0005, "in the tail");
    assert.equal(away(14), 0);
  });

  it("shows the motor's line at its alias, as large as the square of its speed", () => {
    for (const speed of [1, 0.5]) {
      const options = plain({ place: "banana", skin: { motorLine: 0.003, motorHz: 170 / speed } });
      const person = new Person({ seed, options });
      person.feelMotor(speed, 1e6);
      const samples = light(person, LightChannel.Ir, 5, 10);
      // 170 Hz sampled at 100 Hz: |170 - 2 x 100| = 30 Hz.
      const seenAt = (hz: number): number => swingAt(samples, RATE_HZ, hz).amplitude / mean(samples);
      assertNear(seenAt(30), 0.003 * speed * speed, 3e-5 * speed * speed, "at 30 Hz");
      assert.ok(seenAt(20) < 1e-5 && seenAt(40) < 1e-5, "nowhere else");
    }
  });

  it("shakes nothing that it does not touch", () => {
    const person = new Person({ seed, options: still("air") });
    const levelNa = person.photocurrentNa(LightChannel.Ir, LED_MA, 9e6);
    person.feelMotor(1, 10e6);
    assert.equal(person.photocurrentNa(LightChannel.Ir, LED_MA, 11e6), levelNa);
  });
});

describe("light of the room", () => {
  it("is nil under a well fitted band: 2 counts of 16384 nA at 100 klux", () => {
    const person = new Person({ seed, options: plain({ light: { lux: 100_000, mainsHz: 0 } }) });
    assertNear(person.ambientLeakNa(5e6), 2 * 0.0625, 0.01, "leak, nA");
    assert.equal(person.ambientOverrun(5e6), false);
  });

  it("moves an open sensor under a lamp by 2,500 nA, more than the canceller takes", () => {
    const person = new Person({ seed, options: plain({ place: "lamp", light: { flicker: 0 } }) });
    // Hardware reference 1.7: 4,000 lux moved the baseline to 160,000 .. 172,000 counts; 15.6 pA each.
    assertNear(person.ambientLeakNa(5e6), 2590, 150, "leak, nA");
    assert.equal(person.ambientOverrun(5e6), true);
  });

  it("flickers under a loose band at twice the mains' frequency, which a clock 1.5 % off turns into 1.5 Hz", () => {
    for (const [mainsHz, aliasHz] of [
      [50, 1.5], // |100 - 101.5|
      [60, 18.5], // |120 - 101.5|
    ] as const) {
      const options = plain({ light: { lux: 500, mainsHz, flicker: 0.4 }, skin: { strapPressure: 0.5 } });
      const person = new Person({ seed, options });
      const rateHz = 101.5;
      const samples = new Float64Array(2030); // 20 s
      for (let i = 0; i < samples.length; i++) samples[i] = person.ambientLeakNa(5e6 + (i * 1e6) / rateHz);
      const { amplitude } = swingAt(samples, rateHz, aliasHz);
      assertNear(amplitude / mean(samples), 0.4, 0.004, `flicker at ${aliasHz} Hz`);
      // 0.01 .. 0.5 % of the 2,000 nA of a finger.
      assert.ok(amplitude > 0.2 && amplitude < 10, `${amplitude} nA`);
    }
  });
});
