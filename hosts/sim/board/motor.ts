import type { Load } from "./battery.js";
import { type EventHandle, EventPriority, type VirtualClock } from "./clock.js";

/** A coin motor with an eccentric weight (ERM), 10 mm, 3 V class, behind one MOSFET with a freewheeling diode. */
export interface MotorOptions {
  /** From rest it moves only if it gets this much on average, for this long. */
  readonly startMv: number;
  readonly startUs: number;
  /** Once it turns it keeps turning down to this. */
  readonly holdMv: number;
  /** Time constants of the speed. One MOSFET cannot brake: down is coasting. */
  readonly tauUpUs: number;
  readonly tauDownUs: number;
  /** The speed 1 is the one at this voltage. */
  readonly ratedMv: number;
  readonly resistanceOhm: number;
  /** Voltage that the motor makes itself at speed 1. */
  readonly backEmfMv: number;
  /** How many past intervals are kept. */
  readonly historyMax: number;
}

/** 100 mA at standstill and 70 mA running at 3 V. */
export const motorDefaults: MotorOptions = {
  startMv: 1500,
  startUs: 10_000,
  holdMv: 1000,
  tauUpUs: 50_000,
  tauDownUs: 70_000,
  ratedMv: 3000,
  resistanceOhm: 30,
  backEmfMv: 900,
  historyMax: 4096,
};

/** A stretch of constant duty above 0. */
export interface MotorInterval {
  readonly fromUs: number;
  readonly toUs: number;
  /** 1 .. 65536; 65536 is fully on. */
  readonly dutyQ16: number;
}

export const DUTY_FULL_Q16 = 65536;
/** Below this speed friction stops the weight. */
const REST_SPEED = 0.05;
/** How often the load on the cell follows the speed while that changes. */
const SETTLE_STEP_US = 10_000;
const SETTLED_SPEED = 0.02;

/**
 * What the wearer feels. The speed goes exponentially towards the one that belongs to the mean voltage; it is worked
 * out in closed form from the last change, so looking at it changes nothing.
 */
export class Motor {
  readonly #clock: VirtualClock;
  readonly #options: MotorOptions;
  readonly #supplyMv: () => number;
  readonly #load: Load;
  readonly #onSettle: () => void;
  readonly #history: MotorInterval[] = [];
  #settling: EventHandle = 0;
  #dutyQ16 = 0;
  #dutySinceUs = 0;
  #onUs = 0;
  /** State at the last change: its time, mean voltage since, speed then, and how long the start voltage was there. */
  #changedUs = 0;
  #meanMv = 0;
  #changedSpeed = 0;
  #startedForUs = 0;
  /** Intervals that no longer fit the history. */
  forgottenCount = 0;
  #isJammed = false;
  /** Told of every change of duty: the page's and the recorder's ear. */
  onDuty: ((dutyQ16: number, timeUs: number) => void) | undefined;

  /** @param supplyMv  what the cell gives at this moment, mV */
  constructor(clock: VirtualClock, supplyMv: () => number, load: Load, options: MotorOptions = motorDefaults) {
    this.#clock = clock;
    this.#supplyMv = supplyMv;
    this.#load = load;
    this.#options = options;
    this.#onSettle = () => {
      this.#settling = 0;
      this.#change();
    };
    this.#changedUs = clock.nowUs;
  }

  get dutyQ16(): number {
    return this.#dutyQ16;
  }

  /** The gate's duty from now on, 0 .. 65536. Errors: RangeError */
  setDutyQ16(dutyQ16: number): void {
    if (!Number.isInteger(dutyQ16) || dutyQ16 < 0 || dutyQ16 > DUTY_FULL_Q16)
      throw new RangeError(`motor duty ${dutyQ16} is not a whole number of 0 .. ${DUTY_FULL_Q16}`);
    if (dutyQ16 === this.#dutyQ16) return;
    const nowUs = this.#clock.nowUs;
    if (this.#dutyQ16 > 0 && nowUs > this.#dutySinceUs) {
      this.#onUs += nowUs - this.#dutySinceUs;
      this.#history.push({ fromUs: this.#dutySinceUs, toUs: nowUs, dutyQ16: this.#dutyQ16 });
      if (this.#history.length > this.#options.historyMax) {
        this.#history.shift();
        this.forgottenCount++;
      }
    }
    this.#dutyQ16 = dutyQ16;
    this.#dutySinceUs = nowUs;
    this.#change();
    this.onDuty?.(dutyQ16, nowUs);
  }

  /** The host's pin floats (reset, deep sleep): the 100k resistor pulls the gate down. */
  float(): void {
    this.setDutyQ16(0);
  }

  /** Finished intervals, oldest first; the one that still runs is not among them. */
  get history(): readonly MotorInterval[] {
    return this.#history;
  }

  /** Time with a duty above 0 so far, µs. */
  get onUs(): number {
    return this.#onUs + (this.#dutyQ16 > 0 ? this.#clock.nowUs - this.#dutySinceUs : 0);
  }

  /** Speed now; 1 is that at the rated voltage. */
  get speed(): number {
    return this.#speedAt(this.#clock.nowUs);
  }

  /** Strength of the vibration now, as the square of the speed; 1 is that at the rated voltage. */
  get amplitude(): number {
    const speed = this.speed;
    return speed * speed;
  }

  /** A fault: the weight is stuck. It draws the current of a standstill and nobody feels it. */
  get isJammed(): boolean {
    return this.#isJammed;
  }
  set isJammed(isJammed: boolean) {
    this.#isJammed = isJammed;
    this.#change();
  }

  /** The speed the present voltage leads to, once the motor turns. */
  #targetSpeed(): number {
    return this.#meanMv >= this.#options.holdMv && !this.#isJammed ? this.#meanMv / this.#options.ratedMv : 0;
  }

  #speedAt(timeUs: number): number {
    const { startMv, startUs, tauUpUs, tauDownUs } = this.#options;
    let elapsedUs = timeUs - this.#changedUs;
    if (this.#isJammed) return 0;
    if (this.#changedSpeed === 0) {
      if (this.#meanMv < startMv) return 0;
      elapsedUs -= startUs - this.#startedForUs;
      if (elapsedUs <= 0) return 0;
    }
    const target = this.#targetSpeed();
    const tauUs = target > this.#changedSpeed ? tauUpUs : tauDownUs;
    const speed = target + (this.#changedSpeed - target) * decay(elapsedUs / tauUs);
    return target === 0 && speed < REST_SPEED ? 0 : speed;
  }

  /** Duty or supply has changed, or some time has passed: state, voltage and load are brought up to now. */
  #change(): void {
    const { startMv, startUs, backEmfMv, resistanceOhm } = this.#options;
    const nowUs = this.#clock.nowUs;
    const speed = this.#speedAt(nowUs);
    const wasPushed = this.#changedSpeed === 0 && speed === 0 && this.#meanMv >= startMv;
    this.#startedForUs = wasPushed ? Math.min(startUs, this.#startedForUs + nowUs - this.#changedUs) : 0;
    this.#changedSpeed = speed;
    this.#changedUs = nowUs;
    const duty = this.#dutyQ16 / DUTY_FULL_Q16;
    const supplyMv = this.#supplyMv();
    this.#meanMv = duty * supplyMv;
    if (this.#meanMv < startMv) this.#startedForUs = 0;
    // While the MOSFET is on the coil's current rises to its final value (L/R 0.1 .. 0.3 ms): the worst case.
    this.#load.setMa(duty * Math.max(0, (supplyMv - backEmfMv * speed) / resistanceOhm));
    if (this.#settling !== 0) this.#clock.cancel(this.#settling);
    const away = this.#targetSpeed() - speed;
    const canMove = !this.#isJammed && (speed > 0 || this.#meanMv >= startMv);
    this.#settling =
      canMove && (away > SETTLED_SPEED || away < -SETTLED_SPEED)
        ? this.#clock.at(nowUs + SETTLE_STEP_US, EventPriority.Part, this.#onSettle)
        : 0;
  }
}

/**
 * e^-x for x >= 0, within 10^-5: a cubic in the denominator at x/64, squared six times. Sums and products only,
 * which every engine rounds alike; `Math.exp` they do not.
 */
export function decay(x: number): number {
  if (x > 20) return 0;
  const y = x / 64;
  let power = 1 / (1 + y * (1 + y * (1 / 2 + y * (1 / 6 + y / 24))));
  for (let i = 0; i < 6; i++) power *= power;
  return power;
}
