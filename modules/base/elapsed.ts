/**
 * Milliseconds from `sinceMs` to `nowMs`, both host clock, which wraps as int32 after 24 days. Right for spans shorter
 * than 24 days, across the wrap too; negative if `nowMs` is the earlier one. Cost: no allocation.
 */
export function elapsedMs(nowMs: number, sinceMs: number): number {
  return (nowMs - sinceMs) | 0;
}
