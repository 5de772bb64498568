/**
 * Dates for what is in the log, also for what was written before the clock was first set. For the page and export:
 * allocates, and wants all records at once.
 */
import type { LogRecord } from "storage/log-reader";
import { driftMs } from "storage/wall-clock";

export type RecordDate =
  /** By the nearest setting of the clock in the same boot, before or after. */
  | { readonly kind: "dated"; readonly epochMs: number; readonly uncertaintyMs: number }
  /** The clock was never set in that boot: after the last date known before, before the first known after. */
  | { readonly kind: "between"; readonly afterEpochMs: number | undefined; readonly beforeEpochMs: number | undefined };

interface Anchor {
  readonly atMs: number;
  readonly epochMs: number;
  readonly uncertaintyMs: number;
}
interface Boot {
  readonly anchors: Anchor[];
  firstAtMs: number;
  lastAtMs: number;
}

/** When the u32 of a record starts again: ms, and 1/1024 s. */
const WRAP_MS = 4_294_967_296;
const BEATS_WRAP_MS = 4_194_304_000;

export class LogDating {
  readonly #boots: Boot[] = [];
  readonly #places = new Map<number, { readonly boot: number; readonly atMs: number }>();

  /** @param records  all that there are, by rising number; holes and damaged ones left out */
  constructor(records: readonly LogRecord[]) {
    let boot: Boot | undefined;
    let bootLowByte: number | undefined;
    for (const record of records) {
      if (record.kind === "acknowledged") continue; // carries no time
      // A boot shows by its own record, or if that is lost by the low byte of its number.
      if (boot === undefined || record.kind === "boot" || record.bootLowByte !== bootLowByte) {
        const atMs = unwrapped(record, 0);
        boot = { anchors: [], firstAtMs: atMs, lastAtMs: atMs };
        this.#boots.push(boot);
        bootLowByte = record.bootLowByte;
      }
      const atMs = unwrapped(record, boot.lastAtMs);
      boot.lastAtMs = Math.max(boot.lastAtMs, atMs);
      this.#places.set(record.seq, { boot: this.#boots.length - 1, atMs });
      if (record.kind === "clockSet")
        boot.anchors.push({ atMs, epochMs: record.epochMs, uncertaintyMs: record.uncertaintyMs });
    }
  }

  /** Undefined for a record that was not among those given, and for acknowledgements. */
  dateOf(seq: number): RecordDate | undefined {
    const place = this.#places.get(seq);
    if (place === undefined) return undefined;
    const anchor = nearest(this.#boots[place.boot]?.anchors ?? [], place.atMs);
    if (anchor !== undefined) {
      const elapsedMs = place.atMs - anchor.atMs;
      return {
        kind: "dated",
        epochMs: anchor.epochMs + elapsedMs,
        uncertaintyMs: anchor.uncertaintyMs + driftMs(elapsedMs),
      };
    }
    const before = this.#boots.slice(0, place.boot).filter((boot) => boot.anchors.length > 0);
    const after = this.#boots.slice(place.boot + 1).find((boot) => boot.anchors.length > 0);
    const last = before.at(-1);
    return {
      kind: "between",
      afterEpochMs: last && dateIn(last, last.lastAtMs),
      beforeEpochMs: after && dateIn(after, after.firstAtMs),
    };
  }
}

function dateIn(boot: Boot, atMs: number): number | undefined {
  const anchor = nearest(boot.anchors, atMs);
  return anchor && anchor.epochMs + (atMs - anchor.atMs);
}

function nearest(anchors: readonly Anchor[], atMs: number): Anchor | undefined {
  let best: Anchor | undefined;
  for (const anchor of anchors)
    if (best === undefined || Math.abs(anchor.atMs - atMs) < Math.abs(best.atMs - atMs)) best = anchor;
  return best;
}

/** ms since the boot. Records are at most a few hours apart, so the turn of the u32 is the one nearest to the last. */
function unwrapped(record: LogRecord, lastAtMs: number): number {
  const isBeats = record.kind === "beats";
  const wrapMs = isBeats ? BEATS_WRAP_MS : WRAP_MS;
  const atMs = isBeats ? Math.round((record.at * 1000) / 1024) : record.at;
  return atMs + Math.max(0, Math.round((lastAtMs - atMs) / wrapMs)) * wrapMs;
}
