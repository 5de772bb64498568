/** The ESP32's parts for `main.ts`: Moddable's ECMA-419 classes, each bound to the pins of the board that is built for. */

import Analog from "embedded:io/analog";
import { GATTServer } from "embedded:io/bluetoothle/peripheral";
import Digital from "embedded:io/digital";
import PWM from "embedded:io/pwm";
import SMBus from "embedded:io/smbus";
import KeyValueStorage from "embedded:storage/key-value";
import type { HostParts } from "band/parts";
import type { Digital as DigitalPin, KeyValueStore, Pwm } from "base/host-parts";
import type { GattServerConstructor } from "ble-gatt/gatt-port";
import board from "board";
import config from "mc/config";
import Time from "time";
import Timer from "timer";

/** XS calls it for an uncaught exception, before the restart. Answering nothing lets the restart go on. */
declare global {
  var abort: ((message: string, exception: unknown) => void) | undefined;
}

type PinOptions = {
  mode: number;
  edge?: number;
  initialValue?: 0 | 1;
  onReadable?(this: DigitalPin): void;
};

/** A whole FIFO is 195 bytes, 4.4 ms at 400 kHz. The SDK would wait 400 ms for a bus that hangs, and the motor with it. */
const BUS_TIMEOUT_MS = 20;

class SensorBus extends SMBus {
  constructor(options: { hz: number; address: number }) {
    const { dataPin, clockPin } = board.sensor;
    // `never`, because the SDK declares the constructor's argument as the tuple of I2C's arguments.
    super({ ...options, data: dataPin, clock: clockPin, timeout: BUS_TIMEOUT_MS } as never);
  }
}

class SensorAlert extends Digital {
  constructor(options: PinOptions) {
    super({ ...options, pin: board.sensor.alertPin });
  }
}

class Button extends Digital {
  constructor(options: PinOptions) {
    super({ ...options, pin: board.buttonPin });
  }
}

class Led extends Digital {
  constructor(options: PinOptions) {
    super({ ...options, pin: board.led.pin, activeLow: board.led.activeLow });
  }
}

class MotorDrive extends PWM implements Pwm {
  constructor(options: { hz: number; resolution: number }) {
    super({ ...options, pin: board.motorPin });
    // With a debugger attached the chip stops at the fault instead of restarting: it must not go on shaking the wearer.
    globalThis.abort = () => this.write(0);
  }
}

class CellVoltage extends Analog {
  constructor() {
    super({ pin: board.cell.pin });
  }
}

/** Pin voltage, mV, that reads as full scale: the SDK scales its calibrated reading to the end of the 12 dB range. */
const ADC_FULL_SCALE_MV = 2450;

/** Opened for each call: settings are rare, and an open handle would be state in a module that lives in flash. */
function withStore<Result>(use: (store: ReturnType<typeof KeyValueStorage.open>) => Result): Result {
  const store = KeyValueStorage.open({ path: "band", format: "buffer" });
  try {
    return use(store);
  } finally {
    store.close();
  }
}

const settings: KeyValueStore = {
  read: (key) => {
    const bytes = withStore((store) => store.read(key));
    return bytes instanceof ArrayBuffer ? bytes : undefined;
  },
  write: (key, value) => withStore((store) => store.write(key, value)),
  delete: (key) => withStore((store) => store.delete(key)),
};

const parts: HostParts = {
  clock: Time,
  timers: Timer,
  sensor: { io: SensorBus },
  sensorAlert: { io: SensorAlert },
  motor: { io: MotorDrive },
  button: { io: Button },
  battery: { io: CellVoltage, fullScaleMv: ADC_FULL_SCALE_MV * board.cell.dividerRatio },
  led: { io: Led },
  // The SDK declares the services as mutable; the class does not change them.
  radio: { io: GATTServer as unknown as GattServerConstructor },
  settings,
  identity: {
    name: config.bandName,
    manufacturer: "resilience-band",
    model: "band-1",
    serial: config.bandSerial,
    hardwareRevision: board.name,
    firmwareRevision: config.firmwareRevision,
  },
};
export default Object.freeze(parts, true);
