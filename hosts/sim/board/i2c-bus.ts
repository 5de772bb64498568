/** A part on the bus. False is a NACK: of the address, or of one of the bytes. */
export interface I2cDevice {
  /** Takes the bytes of one write transfer, the address byte not among them. */
  write(bytes: Uint8Array): boolean;
  /** Fills `into` in one read transfer. */
  read(into: Uint8Array): boolean;
}

/**
 * What may go wrong between the host and a part. It stands in front of the device and decides what reaches it:
 * a lost address (do not call), a byte lost half way (call with fewer), flipped bits (change `into` after the call).
 */
export interface I2cFault {
  write(device: I2cDevice, address: number, bytes: Uint8Array): boolean;
  read(device: I2cDevice, address: number, into: Uint8Array): boolean;
  /** The host has opened the bus anew: it has clocked SCL until SDA was high, and sent a STOP. */
  opened?(): void;
}

/**
 * The wire time of one transfer, µs, rounded up: 9 clocks for each byte with its acknowledge, addresses included, and
 * one each for START, repeated START and STOP.
 */
export function transferUs(hz: number, writtenCount: number, readCount: number): number {
  const writing = writtenCount > 0 || readCount === 0;
  const clocks = (writing ? 1 + 9 * (1 + writtenCount) : 0) + (readCount > 0 ? 1 + 9 * (1 + readCount) : 0) + 1;
  return Math.ceil((clocks * 1_000_000) / hz);
}

/** I2C as the host sees it: whole transfers, in zero virtual time; what they would have taken is added up. */
export class I2cBus {
  readonly #devices = new Map<number, I2cDevice>();
  /** Clock rate of the transfers to come; the host sets it. */
  hz = 400_000;
  fault: I2cFault | undefined;
  /** Transfers asked for (a write with repeated START and read is one), and those refused. */
  transactionCount = 0;
  nackCount = 0;
  byteCount = 0;
  /** Wire time of the last transfer and of all so far, µs. */
  lastTransferUs = 0;
  busyUs = 0;

  /** Errors: RangeError if the address is not of 7 bits or is taken. */
  attach(address: number, device: I2cDevice): void {
    if (!Number.isInteger(address) || address < 0x08 || address > 0x77)
      throw new RangeError(`I2C address ${address} is not one of 0x08 .. 0x77`);
    if (this.#devices.has(address)) throw new RangeError(`I2C address 0x${address.toString(16)} is taken`);
    this.#devices.set(address, device);
  }

  /** The host opens it. */
  opened(): void {
    this.fault?.opened?.();
  }

  /** START, address, bytes, STOP. False = NACK; nobody at the address is one. */
  write(address: number, bytes: Uint8Array): boolean {
    return this.#count(this.#write(address, bytes), bytes.length, 0);
  }

  /** START, address, as many bytes as `into` holds, STOP. False = NACK; `into` is then worth nothing. */
  read(address: number, into: Uint8Array): boolean {
    return this.#count(this.#read(address, into), 0, into.length);
  }

  /** Write, repeated START, read. False = NACK in either half. */
  writeRead(address: number, out: Uint8Array, into: Uint8Array): boolean {
    return this.#count(this.#write(address, out) && this.#read(address, into), out.length, into.length);
  }

  #write(address: number, bytes: Uint8Array): boolean {
    const device = this.#devices.get(address);
    if (device === undefined) return false;
    return this.fault === undefined ? device.write(bytes) : this.fault.write(device, address, bytes);
  }

  #read(address: number, into: Uint8Array): boolean {
    const device = this.#devices.get(address);
    if (device === undefined) return false;
    return this.fault === undefined ? device.read(into) : this.fault.read(device, address, into);
  }

  #count(acknowledged: boolean, writtenCount: number, readCount: number): boolean {
    this.transactionCount++;
    if (!acknowledged) this.nackCount++;
    this.byteCount += writtenCount + readCount;
    this.lastTransferUs = transferUs(this.hz, writtenCount, readCount);
    this.busyUs += this.lastTransferUs;
    return acknowledged;
  }
}
