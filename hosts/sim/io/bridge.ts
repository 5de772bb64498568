import type { Board } from "../board/board.js";
import { type EventHandle, EventPriority } from "../board/clock.js";
import { type Line, type LineReader } from "../board/lines.js";
import type { Observer } from "base/host-parts";
import { Op } from "sim/ops";

interface BridgeTimer {
  source: number;
  repeatUs: number;
  dueUs: number;
  handle: EventHandle;
}

const NOT_OPEN = -1;

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
  readonly #readers = new Map<number, LineReader | undefined>();
  readonly #openAddresses = new Set<number>();
  readonly #selected = new Uint8Array(3);
  #selectedBytes: Uint8Array = this.#selected;
  #key = "";

  constructor(board: Board, fire: (source: number) => void, observer: Partial<Observer> = {}) {
    this.#board = board;
    this.#fire = fire;
    this.#observer = observer;
    this.#bootUs = board.clock.nowUs;
    this.fedAtUs = this.#bootUs;
    board.radio.connectHost(fire);
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
        if (this.#openAddresses.has(a)) return 1;
        this.#openAddresses.add(a);
        return 0;
      case Op.I2cClose:
        this.#openAddresses.delete(a);
        return 0;
      case Op.I2cSelect:
        this.#selected[0] = b;
        this.#selected[1] = c;
        this.#selected[2] = d;
        this.#selectedBytes = a === 1 ? this.#selected.subarray(0, 1) : this.#selected.subarray(0, a);
        return 0;
      case Op.DigitalOpen:
        return this.#openPin(a, c, d);
      case Op.DigitalClose:
        this.#readers.get(a)?.close();
        this.#readers.delete(a);
        return 0;
      case Op.DigitalRead:
        return this.#line(a).level;
      case Op.DigitalWrite:
        this.#line(a).set(b === 0 ? 0 : 1);
        return 0;
      case Op.PwmOpen:
        return 0;
      case Op.PwmWrite:
        return 0;
      case Op.PwmClose:
        return 0;
      case Op.AnalogRead:
        return board.battery.adcCounts;
      case Op.StoreDelete:
        return 0;
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
      default:
        throw new RangeError(`operation ${op} is none of the board's`);
    }
  }

  bytes(op: number, a: number, view: Uint8Array): number {
    throw new RangeError(`operation ${op} is none of the board's`);
  }
}
