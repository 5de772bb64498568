// Members that the ESP32's classes have and the SDK's declarations (8.2.3) lack. For mcconfig: see manifest.json.
export {};

declare module "embedded:io/i2c" {
  export default interface I2C {
    close(): void;
  }
}

declare module "embedded:io/pwm" {
  export default interface PWM {
    close(): void;
  }
}

declare module "embedded:io/analog" {
  export default interface Analog {
    close(): void;
  }
}

declare module "embedded:io/bluetoothle/_common" {
  export interface GATTSecurityOptions {
    display?: boolean;
    keyboard?: boolean | "yes/no";
  }
}
