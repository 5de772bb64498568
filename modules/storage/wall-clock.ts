/**
 * What time it is, as far as the band knows: it has no clock of its own that runs while it is off, so the phone sets
 * one and says how sure it is. Kept as an offset of the host's clock; doubles, since epoch times do not fit int32 and
 * this is asked for a few times an hour.
 */

/** 2024-01-01 and 2100-01-01, UTC: before that nobody had a band, after it the log's u32 of seconds would end soon. */
export const EPOCH_MS_MIN = 1_704_067_200_000;
export const EPOCH_MS_MAX = 4_102_444_800_000;
export const UNCERTAINTY_MS_MAX = 86_400_000;
export const ZONE_MINUTES_MAX = 14 * 60;
/** Crystal of the ESP32 boards with its ageing and temperature: 10 ppm at 25 C, 20 ppm over its range, doubled. */
export const DRIFT_PPM = 40;
const DAY_MINUTES = 1440;

export interface ClockSetting {
  /** ms since 1970 UTC. */
  readonly epochMs: number;
  /** Of the transfer and of the phone's own clock. */
  readonly uncertaintyMs: number;
  /** Local time minus UTC, for what a day is. */
  readonly zoneMinutes: number;
}

export type ClockRefusal = "notWhole" | "dateOutOfRange" | "uncertaintyOutOfRange" | "zoneOutOfRange";

export type DateReading =
  | { readonly ok: true; readonly epochMs: number; readonly uncertaintyMs: number }
  | { readonly ok: false; readonly reason: "neverSet" };

export class WallClock {
  #setting: ClockSetting | undefined;
  #anchorTicks = 0;
  /** Of the anchor, moved along by `keep`. */
  #epochMs = 0;
  #uncertaintyMs = 0;

  /** Returns why the setting is refused; undefined: taken. The caller then writes it into the log. */
  set(nowTicks: number, setting: ClockSetting): ClockRefusal | undefined {
    const refusal = refusalOf(setting);
    if (refusal !== undefined) return refusal;
    this.#setting = setting;
    this.#anchorTicks = nowTicks;
    this.#epochMs = setting.epochMs;
    this.#uncertaintyMs = setting.uncertaintyMs;
    return undefined;
  }

  /** Call it at least every week: the host's clock wraps after 24 days, and the anchor must not be so old. */
  keep(nowTicks: number): void {
    const elapsedMs = (nowTicks - this.#anchorTicks) | 0;
    this.#anchorTicks = nowTicks;
    this.#epochMs += elapsedMs;
    this.#uncertaintyMs += driftMs(elapsedMs);
  }

  /** The date of a moment of this boot, up to 24 days before or after the last `set` or `keep`. */
  at(ticks: number): DateReading {
    if (this.#setting === undefined) return { ok: false, reason: "neverSet" };
    const elapsedMs = (ticks - this.#anchorTicks) | 0;
    return {
      ok: true,
      epochMs: this.#epochMs + elapsedMs,
      uncertaintyMs: this.#uncertaintyMs + driftMs(elapsedMs),
    };
  }

  /** Local minutes since 1970-01-01; undefined as long as the clock has not been set. Makes no garbage. */
  localMinutesAt(ticks: number): number | undefined {
    const setting = this.#setting;
    if (setting === undefined) return undefined;
    return Math.floor((this.#epochMs + ((ticks - this.#anchorTicks) | 0)) / 60_000) + setting.zoneMinutes;
  }

  /** Local days since 1970-01-01; undefined as long as the clock has not been set. */
  dayAt(ticks: number): number | undefined {
    const minutes = this.localMinutesAt(ticks);
    return minutes === undefined ? undefined : Math.floor(minutes / DAY_MINUTES);
  }
}

/** What a clock may be off by after so long, either way. */
export function driftMs(elapsedMs: number): number {
  return Math.ceil((Math.abs(elapsedMs) * DRIFT_PPM) / 1e6);
}

function refusalOf({ epochMs, uncertaintyMs, zoneMinutes }: ClockSetting): ClockRefusal | undefined {
  if (!Number.isSafeInteger(epochMs) || !Number.isSafeInteger(uncertaintyMs) || !Number.isSafeInteger(zoneMinutes))
    return "notWhole";
  if (epochMs < EPOCH_MS_MIN || epochMs >= EPOCH_MS_MAX) return "dateOutOfRange";
  if (uncertaintyMs < 0 || uncertaintyMs > UNCERTAINTY_MS_MAX) return "uncertaintyOutOfRange";
  if (Math.abs(zoneMinutes) > ZONE_MINUTES_MAX) return "zoneOutOfRange";
  return undefined;
}
