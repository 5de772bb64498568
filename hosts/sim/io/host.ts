/** The simulated band's parts: the ESP32's classes by name and by semantics, each bound to the virtual board's pins. */

import Analog from "embedded:io/analog";
import { GATTServer } from "embedded:io/bluetoothle/peripheral";
import Digital from "embedded:io/digital";
import PWM from "embedded:io/pwm";
import SMBus from "embedded:io/smbus";
import FlashStorage from "embedded:storage/flash";
import KeyValueStorage from "embedded:storage/key-value";
import type { HostParts } from "band/parts";
import type { Digital as DigitalPin, Observer } from "base/host-parts";
import { Op } from "sim/ops";
import { call } from "sim/port";
import type { FlashPartition, FlashStatus } from "storage/flash-port";
import Time from "time";
import Timer from "timer";
import { Pin } from "../board/pins.js";

/** As on a XIAO ESP32S3; the virtual bus does not look at them. */
const SDA_PIN = 5;
const SCL_PIN = 6;
/** A cell of 4.9 V would read full scale: the ESP32's calibrated 2450 mV behind a divider by two. */
const FULL_SCALE_MV = 4900;

type PinOptions = { mode: number; edge?: number; initialValue?: 0 | 1; onReadable?(this: DigitalPin): void };

class SensorBus extends SMBus {
  constructor(options: { hz: number; address: number }) {
    super({ ...options, data: SDA_PIN, clock: SCL_PIN });
  }
}

class SensorAlert extends Digital {
  constructor(options: PinOptions) {
    super({ ...options, pin: Pin.SensorInt });
  }
}

class Button extends Digital {
  constructor(options: PinOptions) {
    super({ ...options, pin: Pin.Button });
  }
}

class Led extends Digital {
  constructor(options: PinOptions) {
    super({ ...options, pin: Pin.Led, activeLow: true });
  }
}

class MotorDrive extends PWM {
  constructor(options: { hz: number; resolution: number }) {
    super({ ...options, pin: Pin.Motor });
  }
}

class CellVoltage extends Analog {
  constructor() {
    super({ pin: Pin.Battery });
  }
}

/** The SDK opens partitions by name; drivers construct their parts. */
class LogFlash implements FlashPartition {
  readonly #flash = FlashStorage.open({ path: "log", mode: "r+" });

  read(bytes: Uint8Array, byteOffset: number): unknown {
    return this.#flash.read(bytes, byteOffset);
  }

  write(bytes: Uint8Array, byteOffset: number): unknown {
    return this.#flash.write(bytes, byteOffset);
  }

  eraseBlock(block: number): unknown {
    return this.#flash.eraseBlock(block);
  }

  status(): FlashStatus {
    return this.#flash.status();
  }

  close(): void {
    this.#flash.close();
  }
}

const store = KeyValueStorage.open({ path: "band", format: "buffer" });

/** Tells those who watch the simulation; the firmware cannot tell whether anybody does. */
const observer: Observer = {
  beat(upstrokeTicks, rrTicks, verdict, qualityQ8) {
    call(Op.SeenBeat, upstrokeTicks, rrTicks, verdict, qualityQ8);
  },
  second(bpm, absence, batteryPercent) {
    call(Op.SeenSecond, bpm, absence, batteryPercent, 0);
  },
  contact(state, reason) {
    call(Op.SeenContact, state, reason, 0, 0);
  },
  breath(rhythmAbsence, scorePercent, swingAbsence, swingMs) {
    call(Op.SeenBreath, rhythmAbsence, scorePercent, swingAbsence, swingMs);
  },
  pace(startMs, inhaleMs, periodMs) {
    call(Op.SeenPace, startMs, inhaleMs, periodMs, 0);
  },
  session(state, program, phase) {
    call(Op.SeenSession, state, program, phase, 0);
  },
};

const parts: HostParts = {
  clock: Time,
  timers: Timer,
  sensor: { io: SensorBus },
  sensorAlert: { io: SensorAlert },
  motor: { io: MotorDrive },
  button: { io: Button },
  battery: { io: CellVoltage, fullScaleMv: FULL_SCALE_MV },
  led: { io: Led },
  radio: { io: GATTServer },
  log: { io: LogFlash },
  settings: {
    read: (key) => {
      const bytes = store.read(key);
      return bytes instanceof ArrayBuffer ? bytes : undefined;
    },
    write: (key, value) => store.write(key, value),
    delete: (key) => {
      store.delete(key);
    },
  },
  identity: {
    name: "Band",
    manufacturer: "resilience-band",
    model: "band-1",
    serial: "simulated",
    hardwareRevision: "simulated",
    firmwareRevision: "0.1.0",
  },
  watchdog: {
    feed: () => {
      call(Op.WatchdogFeed, 0, 0, 0, 0);
    },
  },
  observer,
};
export default parts;
