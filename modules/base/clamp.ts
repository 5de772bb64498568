/** `value`, or the bound that it is beyond. Integers; `Math.min` and `Math.max` would make doubles of them in XS. */
export function clamp(value: number, low: number, high: number): number {
  if (value < low) return low;
  return value > high ? high : value;
}
