/**
 * The driver, its clock and the optics on a fake sensor that looks at a simple scene: light returned per LED current,
 * a pulse, ambient light. Numbers from hardware.md 1.7.
 */
import type { Contact, ContactReason, ContactState } from "ppg/contact";
import { DIM_LIGHT } from "ppg/light-control";
import { Max30102, type Max30102Options } from "ppg/max30102";
import { Optics } from "ppg/optics";
import { SampleFlag } from "ppg/samples";
import { SensorClock } from "ppg/sensor-clock";
import { FakeSensor, FakeTime, randomFrom } from "./fakes.js";

export interface Scene {
  /** nA of photocurrent per mA of LED current. */
  irNaPerMa: number;
  redNaPerMa: number;
  /** Light that is there anyway, nA, and how much of it flickers, at which frequency. */
  ambientNa: number;
  flickerNa: number;
  flickerHz: number;
  /** Pulse over mean, infrared; red's is `redRatio` of that. 0: no pulse, and no beat is reported. */
  depth: number;
  redRatio: number;
  bpm: number;
}

export const AIR: Scene = {
  irNaPerMa: 20,
  redNaPerMa: 20,
  ambientNa: 0,
  flickerNa: 0,
  flickerHz: 1.5,
  depth: 0,
  redRatio: 0.5,
  bpm: 60,
};
export const FINGER: Scene = { ...AIR, irNaPerMa: 280, redNaPerMa: 240, depth: 0.008 };
export const WRIST: Scene = { ...AIR, irNaPerMa: 120, redNaPerMa: 90, depth: 0.002 };
/** Light as from skin, and nothing in it that beats. */
export const BANANA: Scene = { ...AIR, irNaPerMa: 200, redNaPerMa: 170 };
/** 4000 lux on paper: 160 000 counts at 4096 nA, whatever our LEDs do. */
export const LAMP: Scene = { ...AIR, irNaPerMa: 30, redNaPerMa: 30, ambientNa: 2500 };

export class Stage {
  readonly time = new FakeTime();
  readonly sensor = new FakeSensor(this.time);
  readonly clock = new SensorClock(100);
  readonly optics: Optics;
  readonly driver: Max30102;
  /** [ms, state, reason] of each change. */
  readonly contacts: [number, ContactState, ContactReason][] = [];
  /** ms of each change of light. */
  readonly lights: number[] = [];
  readonly irs: number[] = [];
  readonly flags: number[] = [];
  swaps = 0;
  /** Counts that the converter shows beyond the truth, rms. */
  noise = 15;
  /** Does the beat side believe in beats that are there? */
  believes = true;

  #scene: Scene;
  #random = randomFrom(0x5eed_0400);
  #nextBeatMs = 0;
  #beats = 0;

  constructor(scene: Scene, options: Partial<Max30102Options> = {}) {
    this.#scene = scene;
    this.sensor.light = () => this.#convert();
    this.optics = new Optics({
      rateHz: 100,
      clock: this.clock,
      setLight: (redCode, irCode, rangeCode) => {
        this.lights.push(this.time.ticks);
        this.driver.setLight(redCode, irCode, rangeCode);
      },
      onContact: (state, reason) => this.contacts.push([this.time.ticks, state, reason]),
      onLedsSwapped: () => {
        this.swaps++;
        this.driver.configure({ ledsSwapped: true });
      },
    });
    this.driver = new Max30102({
      sensor: this.sensor.bus,
      alert: { io: this.sensor.alertIo },
      timers: this.time,
      clock: this.time,
      ...DIM_LIGHT,
      onSamples: (batch) => {
        this.clock.observe(batch.firstIndex, batch.count, batch.lostBefore, batch.drainedAtMs);
        this.optics.push(batch);
        for (let i = 0; i < batch.count; i++) {
          this.irs.push(batch.ir[i]!);
          this.flags.push(batch.flags[i]!);
        }
      },
      onError: () => this.optics.sensorLost(),
      ...options,
    });
  }

  get contact(): Contact {
    return this.optics.contact;
  }

  set scene(scene: Scene) {
    this.#scene = scene;
  }

  /** Runs on; each beat is reported 0.6 s after its upstroke, as the beat side does, if it was there for two beats. */
  run(seconds: number): void {
    const endMs = this.time.ticks + Math.round(seconds * 1000);
    while (this.time.ticks < endMs) {
      const { bpm, depth } = this.#scene;
      if (this.#nextBeatMs < this.time.ticks) this.#nextBeatMs = this.time.ticks;
      this.time.run(Math.min(endMs, this.#nextBeatMs) - this.time.ticks);
      if (this.time.ticks < this.#nextBeatMs) continue;
      this.#nextBeatMs += Math.round(60_000 / bpm);
      this.#beats = depth > 0 ? this.#beats + 1 : 0;
      const upstrokeTicks = Math.round(this.time.ticks * 1.024);
      if (this.#beats >= 2 && this.believes) this.time.set(() => this.optics.pulseSeen(upstrokeTicks), 600);
    }
  }

  /** Mean of infrared in the last second over full scale. */
  get irLevel(): number {
    const last = this.irs.slice(-100);
    return last.reduce((sum, ir) => sum + ir, 0) / last.length / 262_144;
  }

  get lightSteps(): number {
    return this.flags.filter((flag, i) => (flag & SampleFlag.LightStep) !== 0 && !((this.flags[i - 1] ?? 0) & 1))
      .length;
  }

  /** First ms from `fromMs` on at which the contact is in `state`, as far as it has changed since. */
  reached(state: ContactState, fromMs: number): number {
    return this.contacts.find(([ms, to]) => ms >= fromMs && to === state)?.[0] ?? Number.POSITIVE_INFINITY;
  }

  /** LED1 and LED2, as wired: red and infrared. */
  #convert(): [number, number] {
    const { irNaPerMa, redNaPerMa, depth, redRatio, bpm } = this.#scene;
    const r = this.sensor.registers;
    const phase = ((this.time.nowUs / 1e6) * bpm) / 60;
    const beat = pulse(phase - Math.floor(phase));
    return [
      this.#count(redNaPerMa * r[0x0c]! * 0.2 * (1 - depth * redRatio * beat)),
      this.#count(irNaPerMa * r[0x0d]! * 0.2 * (1 - depth * beat)),
    ];
  }

  #count(na: number): number {
    const { ambientNa, flickerNa, flickerHz } = this.#scene;
    const flicker = flickerNa * Math.sin(2 * Math.PI * flickerHz * (this.time.nowUs / 1e6));
    const fullNa = 2048 << ((this.sensor.registers[0x0a]! >> 5) & 3);
    let normal = -6;
    for (let i = 0; i < 12; i++) normal += this.#random();
    const counts = ((na + ambientNa + flicker + 0.5) / fullNa) * 262_144 + normal * this.noise;
    return Math.max(0, Math.min(262_143, Math.round(counts)));
  }
}

/** Blood in the skin, 0 .. 1: up within 0.15 of a beat, down over the rest. */
function pulse(phase: number): number {
  return phase < 0.15
    ? (1 - Math.cos((Math.PI * phase) / 0.15)) / 2
    : (1 + Math.cos((Math.PI * (phase - 0.15)) / 0.85)) / 2;
}
