import type { Observer } from "base/host-parts";
import type { Board } from "./board/board.js";
import { EventPriority } from "./board/clock.js";
import type { Counters } from "./engine/counters.js";
import { Bridge } from "./io/bridge.js";

/** How a call into the firmware ended. */
export type Outcome = { ok: true } | { ok: false; reason: string; message: string; stack: string };

/** What a firmware instance needs of the world: the wall of `io/port.ts`, seen from outside. */
export interface FirmwarePorts {
  call(op: number, a: number, b: number, c: number, d: number): number;
  bytes(op: number, a: number, view: Uint8Array): number;
  print(text: string): void;
  nowUs(): number;
}

/** One running firmware: `main.ts` in an XS machine or in V8. Dead after the first outcome that is not ok. */
export interface Firmware {
  fire(source: number): Outcome;
  close(): void;
  /** What the engine has used; V8 does not say. */
  counters?(): Readonly<Counters>;
  collectGarbage?(): void;
}
/** Starts `main.ts` afresh, as power-on does. */
export type Boot = (ports: FirmwarePorts) => Promise<{ firmware: Firmware; outcome: Outcome }>;

export interface Restart {
  readonly reason: string;
  readonly message: string;
  readonly stack: string;
  readonly atUs: number;
}

/** What can be watched from outside; all optional. */
export interface BandWatcher extends Partial<Observer> {
  print?(text: string): void;
  restart?(restart: Restart): void;
}

/** From reset to the first line of `main.ts`: boot loader and engine start on the ESP32. */
const BOOT_US = 300_000;
/** The firmware feeds the watchdog from its sample path, several times a second. */
const WATCHDOG_US = 5_000_000;

/**
 * A band that exists only here: the firmware, the wall, the board, one clock. Time moves only in `run`.
 * A firmware that throws, aborts or hangs is restarted as the real one is: motor off, reason kept, sensor sampling on.
 */
export class VirtualBand {
  readonly board: Board;
  readonly restarts: Restart[] = [];
  readonly #boot: Boot;
  readonly #watcher: BandWatcher;
  #bridge: Bridge | undefined;
  #firmware: Firmware | undefined;
  #bootAtUs = 0;

  constructor(board: Board, boot: Boot, watcher: BandWatcher = {}) {
    this.board = board;
    this.#boot = boot;
    this.#watcher = watcher;
  }

  /** Runs until the board's clock shows `untilUs`; the first run switches the band on. */
  async run(untilUs: number): Promise<void> {
    const clock = this.board.clock;
    while (true) {
      if (this.#firmware === undefined) {
        if (this.#bootAtUs > untilUs) break;
        clock.runUntil(Math.max(this.#bootAtUs, clock.nowUs));
        await this.#start();
        continue; // the boot itself may have failed
      }
      if (clock.nextUs === undefined || clock.nextUs > untilUs) break;
      clock.step();
    }
    clock.runUntil(untilUs);
  }

  /** The engine's counters, while a firmware runs in one that counts. One object, filled anew by every call. */
  engineCounters(): Readonly<Counters> | undefined {
    return this.#firmware?.counters?.();
  }

  /** Before a measurement: what is left afterwards is in use. */
  collectGarbage(): void {
    this.#firmware?.collectGarbage?.();
  }

  /**
   * A fault: the processor is reset as soon as what runs now has ended, and boots again. May be called from inside of
   * the firmware. @param offUs  it has no power for so long; 0 is a reset with power
   */
  reset(reason: string, offUs = 0): void {
    const { clock } = this.board;
    clock.at(clock.nowUs, EventPriority.Part, () => {
      if (this.#bootAtUs === Number.POSITIVE_INFINITY) return; // switched off since
      if (offUs > 0) {
        this.board.losePower();
        this.board.clock.at(clock.nowUs + offUs, EventPriority.Part, () => this.board.regainPower());
      }
      if (this.#firmware === undefined) this.#bootAtUs = Math.max(this.#bootAtUs, clock.nowUs + offUs + BOOT_US);
      else this.#die({ ok: false, reason, message: "", stack: "" }, offUs);
    });
  }

  /** Off and on again, between two runs: nothing has failed. */
  powerCycle(): void {
    this.#stop();
    this.#bootAtUs = this.board.clock.nowUs + BOOT_US;
  }

  /** Switches off as a wearer would: motor silent, firmware gone, flash kept. */
  close(): void {
    this.#stop();
    this.#bootAtUs = Number.POSITIVE_INFINITY;
  }

  #stop(): void {
    this.#firmware?.close();
    this.#firmware = undefined;
    this.#bridge?.close();
    this.#bridge = undefined;
    this.board.resetHost();
  }

  async #start(): Promise<void> {
    const clock = this.board.clock;
    const bridge = new Bridge(this.board, (source) => this.#fire(source), this.#watcher);
    this.#bridge = bridge;
    const { firmware, outcome } = await this.#boot({
      call: (op, a, b, c, d) => bridge.call(op, a, b, c, d),
      bytes: (op, a, view) => bridge.bytes(op, a, view),
      print: (text) => this.#watcher.print?.(text),
      nowUs: () => clock.nowUs,
    });
    this.#firmware = firmware;
    if (!outcome.ok) this.#die(outcome);
    else this.#watchdog(bridge);
  }

  #fire(source: number): void {
    if (this.#firmware === undefined) return;
    const { clock, stalledUntilUs } = this.board;
    if (clock.nowUs < stalledUntilUs) {
      const bridge = this.#bridge;
      clock.at(stalledUntilUs, EventPriority.Host, () => {
        if (bridge === this.#bridge) this.#fire(source);
      });
      return;
    }
    const outcome = this.#firmware.fire(source);
    if (!outcome.ok) this.#die(outcome);
  }

  #watchdog(bridge: Bridge): void {
    const clock = this.board.clock;
    clock.at(clock.nowUs + WATCHDOG_US, 0, () => {
      if (this.#bridge !== bridge || this.#firmware === undefined) return;
      if (clock.nowUs - bridge.fedAtUs >= WATCHDOG_US)
        this.#die({ ok: false, reason: "watchdog", message: `not fed for ${WATCHDOG_US / 1e6} s`, stack: "" });
      else this.#watchdog(bridge);
    });
  }

  #die(outcome: Outcome & { ok: false }, offUs = 0): void {
    const { reason, message, stack } = outcome;
    const restart = { reason, message, stack, atUs: this.board.clock.nowUs };
    this.#stop();
    this.#bootAtUs = this.board.clock.nowUs + offUs + BOOT_US;
    this.restarts.push(restart);
    this.#watcher.restart?.(restart);
  }
}
