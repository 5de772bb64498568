import type { OpticalSource } from "../person/optical-source.js";
import { Battery, type BatteryOptions, batteryDefaults, type Load } from "./battery.js";
import { Button, type ButtonOptions, buttonDefaults } from "./button.js";
import { VirtualClock } from "./clock.js";
import { Flash } from "./flash.js";
import { FlashPartition } from "./flash-partition.js";
import { I2cBus } from "./i2c-bus.js";
import { Led, type LedOptions, ledDefaults } from "./led.js";
import { Line } from "./lines.js";
import { MAX30102_ADDRESS, Max30102 } from "./max30102.js";
import { type Max30102Options, max30102Defaults } from "./max30102-options.js";
import { Motor, type MotorOptions, motorDefaults } from "./motor.js";
import { Radio } from "./radio.js";
import { RandomStream } from "./random.js";

/** Everything that two bands can differ in. What is left out is as the parts' own defaults say. */
export interface BoardOptions {
  /** Of all chance on this board. */
  readonly seed: number;
  readonly optics: OpticalSource;
  readonly sensor?: Partial<Max30102Options>;
  readonly motor?: Partial<MotorOptions>;
  readonly battery?: Partial<BatteryOptions>;
  readonly button?: Partial<ButtonOptions>;
  readonly led?: Partial<LedOptions>;
  /** What the processor and its radio draw until somebody says otherwise through `processorLoad`, mA. */
  readonly processorMa?: number;
  /** From an edge to the call of its reader, µs. */
  readonly lineLatencyUs?: number;
  /** The memory of an earlier run. */
  readonly flash?: Flash;
  /** The log of an earlier run: the bytes of its partition. */
  readonly log?: Uint8Array;
}

/** Counters of a board, all of them growing only. */
export interface BoardCounters {
  readonly timeUs: number;
  readonly events: number;
  readonly sensor: { readonly conversions: number; readonly samples: number; readonly dropped: number };
  readonly bus: {
    readonly transactions: number;
    readonly nacks: number;
    readonly bytes: number;
    readonly busyUs: number;
  };
  readonly alert: { readonly edges: number };
  readonly motor: { readonly onUs: number; readonly intervals: number };
  readonly led: { readonly litUs: number };
  readonly flash: { readonly writes: number; readonly bytes: number };
  readonly hostResets: number;
}

/** XIAO ESP32-C3 without power management, advertising. */
const PROCESSOR_MA = 28.1;
const LINE_LATENCY_US = 50;

/** One virtual band without its processor: the parts, the wires between them, and the time they live in. */
export class Board {
  readonly clock = new VirtualClock();
  readonly bus = new I2cBus();
  readonly battery: Battery;
  readonly processorLoad: Load;
  readonly sensor: Max30102;
  readonly motor: Motor;
  readonly button: Button;
  readonly led: Led;
  readonly flash: Flash;
  /** The partition of the session log. */
  readonly logFlash: FlashPartition;
  readonly radio: Radio;
  /** Sensor INT, open drain with a pull-up: 0 is an alert. */
  readonly alertLine: Line;
  /** 0 is pressed. */
  readonly buttonLine: Line;
  readonly ledLine: Line;
  /** Until then the processor is busy with something else; all so far, µs. */
  stalledUntilUs = 0;
  stalledUs = 0;
  #hostResetCount = 0;

  constructor(options: BoardOptions) {
    const { seed, lineLatencyUs = LINE_LATENCY_US } = options;
    const clock = this.clock;
    this.flash = options.flash ?? new Flash();
    this.logFlash = new FlashPartition(options.log === undefined ? {} : { contents: options.log });
    this.radio = new Radio({ clock });
    this.battery = new Battery(clock, { ...batteryDefaults, ...options.battery });
    this.processorLoad = this.battery.addLoad("processor");
    this.processorLoad.setMa(options.processorMa ?? PROCESSOR_MA);
    this.alertLine = new Line(clock, "sensor alert", 1, lineLatencyUs);
    this.buttonLine = new Line(clock, "button", 1, lineLatencyUs);
    const ledOptions = { ...ledDefaults, ...options.led };
    this.ledLine = new Line(clock, "led", ledOptions.isActiveLow ? 1 : 0, lineLatencyUs);

    const sensorLoad = this.battery.addLoad("sensor");
    this.sensor = new Max30102(
      clock,
      this.alertLine,
      options.optics,
      new RandomStream(seed, "sensor noise"),
      (currentMa) => sensorLoad.setMa(currentMa),
      { ...max30102Defaults, ...options.sensor },
    );
    this.bus.attach(MAX30102_ADDRESS, this.sensor);
    this.motor = new Motor(clock, () => this.battery.terminalMv, this.battery.addLoad("motor"), {
      ...motorDefaults,
      ...options.motor,
    });
    this.button = new Button(clock, this.buttonLine, new RandomStream(seed, "button bounce"), {
      ...buttonDefaults,
      ...options.button,
    });
    this.led = new Led(clock, this.ledLine, this.battery.addLoad("led"), ledOptions);
  }

  /**
   * The processor restarts, for whatever reason. Its pins float: the motor stops, the LED goes out, nobody listens any
   * more. The sensor notices nothing and goes on with its settings; the flash keeps what was committed.
   */
  resetHost(): void {
    this.#hostResetCount++;
    this.stalledUntilUs = 0;
    this.motor.float();
    this.radio.reset();
    this.ledLine.release();
    for (const line of [this.alertLine, this.buttonLine, this.ledLine]) line.dropReaders();
  }

  /** A fault: the processor is busy with something else for so long, µs. Timers, edges and radio wait, in their order. */
  stall(us: number): void {
    const { nowUs } = this.clock;
    const fromUs = Math.max(this.stalledUntilUs, nowUs);
    if (nowUs + us <= fromUs) return;
    this.stalledUs += nowUs + us - fromUs;
    this.stalledUntilUs = nowUs + us;
  }

  /** The cell is gone: nothing of the parts' state is left but what is in the flash. Whoever resets the host does that. */
  losePower(): void {
    this.sensor.powerUp(); // silent without its settings, as it will be when power is back
    this.motor.float();
  }

  /** Power is back; the host boots by itself. */
  regainPower(): void {
    this.sensor.powerUp();
    this.logFlash.powerOn();
    this.flash.powerCut = undefined;
  }

  /** A snapshot; comparing two of them tells what happened in between. */
  counters(): BoardCounters {
    const { clock, sensor, bus, motor, flash } = this;
    return {
      timeUs: clock.nowUs,
      events: clock.eventCount,
      sensor: {
        conversions: sensor.sampler.conversionCount,
        samples: sensor.sampleCount,
        dropped: sensor.droppedCount,
      },
      bus: { transactions: bus.transactionCount, nacks: bus.nackCount, bytes: bus.byteCount, busyUs: bus.busyUs },
      alert: { edges: this.alertLine.edgeCount },
      motor: { onUs: motor.onUs, intervals: motor.history.length + motor.forgottenCount },
      led: { litUs: this.led.litUs },
      flash: { writes: flash.writeCount, bytes: flash.writtenBytes },
      hostResets: this.#hostResetCount,
    };
  }
}
