/** Faults that share one place: several may rage at once, each on top of those that began before it. */
import type { I2cDevice, I2cFault } from "../board/i2c-bus.js";
import type { LightChannel, OpticalSource } from "../person/optical-source.js";

/** What one fault does to the bus; what is left out it lets through. */
export interface BusTrouble {
  write?(next: I2cDevice, bytes: Uint8Array): boolean;
  read?(next: I2cDevice, into: Uint8Array): boolean;
  opened?(): void;
}

/** Stands between the host and the sensor. Without trouble everything goes through as it is. */
export class TroubledBus implements I2cFault {
  readonly #troubles: { readonly trouble: BusTrouble; readonly device: I2cDevice }[] = [];
  #device: I2cDevice | undefined;

  /** Returns what takes it away again. */
  add(trouble: BusTrouble): () => void {
    const at = this.#troubles.length;
    const below = (): I2cDevice => this.#below(this.#troubles.findIndex((each) => each.trouble === trouble));
    const device: I2cDevice = {
      write: (bytes) => (trouble.write === undefined ? below().write(bytes) : trouble.write(below(), bytes)),
      read: (into) => (trouble.read === undefined ? below().read(into) : trouble.read(below(), into)),
    };
    this.#troubles.splice(at, 0, { trouble, device });
    return () => {
      const index = this.#troubles.findIndex((each) => each.trouble === trouble);
      if (index >= 0) this.#troubles.splice(index, 1);
    };
  }

  write(device: I2cDevice, _address: number, bytes: Uint8Array): boolean {
    this.#device = device;
    return this.#below(this.#troubles.length).write(bytes);
  }

  read(device: I2cDevice, _address: number, into: Uint8Array): boolean {
    this.#device = device;
    return this.#below(this.#troubles.length).read(into);
  }

  opened(): void {
    for (const { trouble } of this.#troubles.slice()) trouble.opened?.();
  }

  #below(index: number): I2cDevice {
    return this.#troubles[index - 1]?.device ?? this.#device!; // set by the call that asks
  }
}

/** What one fault does to the light; nA at the photodiode. */
export interface LightTrouble {
  /** Of the LEDs' light. */
  gain?(channel: LightChannel, timeUs: number): number;
  /** On top of the ambient light. */
  ambientNa?(timeUs: number): number;
  /** The canceller is beyond its range. */
  isOverrun?: boolean;
}

/** The wearer's skin, with whatever comes between it and the sensor. */
export class TroubledLight implements OpticalSource {
  readonly #source: OpticalSource;
  readonly #troubles: LightTrouble[] = [];

  constructor(source: OpticalSource) {
    this.#source = source;
  }

  add(trouble: LightTrouble): () => void {
    this.#troubles.push(trouble);
    return () => {
      const index = this.#troubles.indexOf(trouble);
      if (index >= 0) this.#troubles.splice(index, 1);
    };
  }

  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number {
    let currentNa = this.#source.photocurrentNa(channel, ledMa, timeUs);
    for (let i = 0; i < this.#troubles.length; i++) currentNa *= this.#troubles[i]!.gain?.(channel, timeUs) ?? 1; // bounded
    return currentNa;
  }

  ambientLeakNa(timeUs: number): number {
    let leakNa = this.#source.ambientLeakNa(timeUs);
    for (let i = 0; i < this.#troubles.length; i++) leakNa += this.#troubles[i]!.ambientNa?.(timeUs) ?? 0; // bounded
    return leakNa;
  }

  ambientOverrun(timeUs: number): boolean {
    return this.#source.ambientOverrun(timeUs) || this.#troubles.some((trouble) => trouble.isOverrun === true);
  }
}
