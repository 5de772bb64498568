import type { Motor, MotorDrive } from "haptics/motor";
import type { FakeTime } from "./fake-time.js";

/** A drive that writes down what it was told and when. */
export class FakeDrive implements MotorDrive {
  readonly writes: { readonly atMs: number; readonly levelQ8: number }[] = [];
  /** This many of the next writes are not taken. */
  nackCount = 0;
  /** This many of the next writes throw instead. */
  throwCount = 0;

  constructor(readonly time: FakeTime) {}

  get levelQ8(): number {
    return this.writes.at(-1)?.levelQ8 ?? 0;
  }

  write(levelQ8: number): boolean {
    if (this.throwCount > 0) {
      this.throwCount--;
      throw new Error("bad drive");
    }
    if (this.nackCount > 0) {
      this.nackCount--;
      return false;
    }
    this.writes.push({ atMs: this.time.ticks, levelQ8 });
    return true;
  }
}

/** A motor without bounds that writes down its pulses. */
export class FakeMotor implements Motor {
  readonly pulses: { readonly atMs: number; readonly strengthQ8: number; readonly onMs: number }[] = [];
  readonly offsMs: number[] = [];

  constructor(readonly time: FakeTime) {}

  get running(): boolean {
    const last = this.pulses.at(-1);
    const offMs = this.offsMs.at(-1);
    if (last === undefined || this.time.ticks >= last.atMs + last.onMs) return false;
    return offMs === undefined || offMs < last.atMs;
  }

  pulse(strengthQ8: number, onMs: number): boolean {
    this.pulses.push({ atMs: this.time.ticks, strengthQ8, onMs });
    return true;
  }

  off(): void {
    this.offsMs.push(this.time.ticks);
  }
}
