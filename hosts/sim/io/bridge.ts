import type { Observer } from "base/host-parts";
import { FlashOp } from "sim/flash-ops";
import { Op } from "sim/ops";
import type { Board } from "../board/board.js";
import { type EventHandle, EventPriority } from "../board/clock.js";
import { FlashError } from "../board/flash.js";
import type { Line, LineReader } from "../board/lines.js";
import { Pin } from "../board/pins.js";

/** The firmware's settings live in one domain of the flash's key-value store. */
export const DOMAIN = "band";
const RADIO_OPS_FROM = 200;

interface BridgeTimer {
  readonly source: number;
  readonly repeatUs: number;
  dueUs: number;
  handle: EventHandle;
}

/**
 * The wall of `port.ts` seen from the board: every operation of `ops.ts`, from the firmware's integers to the parts.
 * One bridge serves one life of the firmware, from its boot to its restart. Node-free: it also runs in a browser worker.
 */
export class Bridge {
  /** When the firmware last fed the watchdog, µs of the board's clock. */
  fedAtUs: number;
  readonly #board: Board;
  readonly #fire: (source: number) => void;
  readonly #observer: Partial<Observer>;
  readonly #bootUs: number;
  readonly #timers: (BridgeTimer | undefined)[] = [];
  readonly #openPins = new Set<number>();
  readonly #readers = new Map<number, LineReader>();
  readonly #openAddresses = new Set<number>();
  readonly #selected = new Uint8Array(3);
  #selectedCount = 1;
  #pwmFullDuty = 1023;
  #key = "";

  constructor(board: Board, fire: (source: number) => void, observer: Partial<Observer> = {}) {
    this.#board = board;
    this.#fire = fire;
    this.#observer = observer;
    this.#bootUs = board.clock.nowUs;
    this.fedAtUs = this.#bootUs;
    board.radio.connectHost(fire);
  }

  /** The firmware is gone: none of its timers fires any more. */
  close(): void {
    for (const timer of this.#timers) if (timer !== undefined) this.#board.clock.cancel(timer.handle);
    this.#timers.length = 0;
  }

  call(op: number, a: number, b: number, c: number, d: number): number {
    const board = this.#board;
    switch (op) {
      case Op.TicksMs:
        return Math.floor((board.clock.nowUs - this.#bootUs) / 1000) | 0;
      case Op.TimerSet:
        return this.#setTimer(a, b, c);
      case Op.TimerClear:
        this.#clearTimer(a);
        return 0;
      case Op.I2cOpen:
        board.bus.opened();
        return open(this.#openAddresses, a);
      case Op.I2cClose:
        this.#openAddresses.delete(a);
        return 0;
      case Op.I2cSelect:
        this.#selectedCount = a;
        this.#selected[0] = b;
        this.#selected[1] = c;
        this.#selected[2] = d;
        return 0;
      case Op.DigitalOpen:
        if (open(this.#openPins, a) !== 0) return 1;
        if (d >= 0)
          this.#readers.set(
            a,
            this.#line(a).watch(c, () => this.#fire(d)),
          );
        return 0;
      case Op.DigitalClose:
        this.#readers.get(a)?.close();
        this.#readers.delete(a);
        this.#openPins.delete(a);
        return 0;
      case Op.DigitalRead:
        return this.#line(a).level;
      case Op.DigitalWrite:
        this.#line(a).set(b === 0 ? 0 : 1);
        return 0;
      case Op.PwmOpen:
        if (a !== Pin.Motor) throw new RangeError(`PWM on pin ${a}: only pin ${Pin.Motor} is wired for it`);
        this.#pwmFullDuty = (1 << c) - 1;
        return open(this.#openPins, a);
      case Op.PwmWrite:
        board.motor.setDutyQ16(Math.round((b * 65536) / this.#pwmFullDuty));
        return 0;
      case Op.PwmClose:
        board.motor.float();
        this.#openPins.delete(a);
        return 0;
      case Op.AnalogRead:
        if (a !== Pin.Battery) throw new RangeError(`analog read of pin ${a}: only pin ${Pin.Battery} is wired for it`);
        return board.battery.adcCounts;
      case Op.StoreDelete:
        return kept(() => board.flash.delete(DOMAIN, this.#key));
      case Op.WatchdogFeed:
        this.fedAtUs = board.clock.nowUs;
        return 0;
      case Op.SeenBeat:
        this.#observer.beat?.(a, b, c, d);
        return 0;
      case Op.SeenSecond:
        this.#observer.second?.(a, b, c);
        return 0;
      case Op.SeenContact:
        this.#observer.contact?.(a, b);
        return 0;
      case Op.SeenBreath:
        this.#observer.breath?.(a, b, c, d);
        return 0;
      case Op.SeenPace:
        this.#observer.pace?.(a, b, c);
        return 0;
      case Op.SeenSession:
        this.#observer.session?.(a, b, c);
        return 0;
      default:
        if (op >= RADIO_OPS_FROM) return board.radio.handleCall(op, a, b, c, d);
        if (op >= FlashOp.Size && op <= FlashOp.Write) return board.logFlash.handleCall(op, a);
        throw new RangeError(`operation ${op} is none of the board's`);
    }
  }

  bytes(op: number, a: number, view: Uint8Array): number {
    const { bus, flash, logFlash, radio } = this.#board;
    switch (op) {
      case Op.I2cWrite:
        return bus.write(a, view) ? 1 : 0;
      case Op.I2cRead:
        return bus.read(a, view) ? 1 : 0;
      case Op.I2cWriteRead:
        return bus.writeRead(a, this.#selected.subarray(0, this.#selectedCount), view) ? 1 : 0;
      case Op.StoreSelect:
        this.#key = String.fromCharCode(...view);
        return flash.read(DOMAIN, this.#key)?.length ?? -1;
      case Op.StoreRead: {
        const value = flash.read(DOMAIN, this.#key);
        view.set(value ?? []);
        return value?.length ?? 0;
      }
      case Op.StoreWrite:
        return kept(() => flash.write(DOMAIN, this.#key, view));
      case Op.StoreKeyAt: {
        const key = flash.keys(DOMAIN)[a];
        if (key === undefined) return -1;
        for (let i = 0; i < key.length; i++) view[i] = key.charCodeAt(i);
        return key.length;
      }
      default:
        if (op >= RADIO_OPS_FROM) return radio.handleBytes(op, a, view);
        if (op >= FlashOp.Size && op <= FlashOp.Write) return logFlash.handleBytes(op, a, view);
        throw new RangeError(`operation ${op} is none of the board's`);
    }
  }

  #line(pin: number): Line {
    switch (pin) {
      case Pin.SensorInt:
        return this.#board.alertLine;
      case Pin.Button:
        return this.#board.buttonLine;
      case Pin.Led:
        return this.#board.ledLine;
      default:
        throw new RangeError(`pin ${pin} is not wired to anything digital`);
    }
  }

  /** Repeats are absolute: a late one does not shift those after it. */
  #setTimer(source: number, delayMs: number, repeatMs: number): number {
    const { clock } = this.#board;
    let number = 0;
    while (this.#timers[number] !== undefined) number++;
    const dueUs = clock.nowUs + Math.max(0, delayMs) * 1000;
    const timer: BridgeTimer = { source, repeatUs: repeatMs * 1000, dueUs, handle: 0 };
    this.#timers[number] = timer;
    const due = (): void => {
      if (clock.nowUs < this.#board.stalledUntilUs) {
        timer.handle = clock.at(this.#board.stalledUntilUs, EventPriority.Host, due); // and may be cleared until then
        return;
      }
      if (timer.repeatUs === 0) this.#timers[number] = undefined;
      else {
        timer.dueUs += timer.repeatUs;
        timer.handle = clock.at(Math.max(timer.dueUs, clock.nowUs), EventPriority.Host, due);
      }
      this.#fire(source);
    };
    timer.handle = clock.at(dueUs, EventPriority.Host, due);
    return number;
  }

  #clearTimer(number: number): void {
    const timer = this.#timers[number];
    if (timer === undefined) return;
    this.#board.clock.cancel(timer.handle);
    this.#timers[number] = undefined;
  }
}

/** 0 if the store did it, 1 if it could not: full, or without power. */
function kept(act: () => unknown): 0 | 1 {
  try {
    act();
    return 0;
  } catch (error) {
    if (error instanceof FlashError) return 1;
    throw error;
  }
}

/** 0 and taken, or 1: taken already. */
function open(taken: Set<number>, number: number): number {
  if (taken.has(number)) return 1;
  taken.add(number);
  return 0;
}
