/** Curves that come out with the same bits on every engine: sums, products, quotients and roots only. */

const SINE_STEPS = 1024;
/** One whole turn and the first value again, so that an interpolation never has to wrap. */
const sines = new Float64Array(SINE_STEPS + 1);
for (let i = 0; i <= SINE_STEPS; i++) sines[i] = sineSeries((i * 2) / SINE_STEPS - 1);

/** -sin(pi x) = sin(pi (x + 1)) for -1 <= x <= 1 by its power series, to the last bit or so. */
function sineSeries(x: number): number {
  const angle = -Math.PI * x;
  let term = angle;
  let sum = angle;
  for (let n = 1; n < 16; n++) {
    term *= (-angle * angle) / (2 * n * (2 * n + 1));
    sum += term;
  }
  return sum;
}

/** Sine of an angle in turns, any size; within 5e-6. */
export function sineOfTurns(turns: number): number {
  const place = (turns - Math.floor(turns)) * SINE_STEPS;
  const below = Math.floor(place);
  const low = sines[below]!; // 0 <= below < SINE_STEPS, here and below
  return low + (sines[below + 1]! - low) * (place - below);
}

/** From 0 at 0 to 1 at 1, level at both ends, like half a wave; beyond them level. */
export function smoothStep(x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * (3 - 2 * x);
}

/** Natural logarithm of x > 0, within 1e-12 for 1e-12 <= x <= 1e12. */
export function naturalLog(x: number): number {
  let twos = 0;
  let part = x;
  for (; part < 0.75; twos--) part *= 2;
  for (; part >= 1.5; twos++) part /= 2;
  const z = (part - 1) / (part + 1); // |z| <= 0.2: ln part = 2 (z + z^3/3 + z^5/5 + ...)
  const square = z * z;
  let sum = 0;
  for (let n = 17; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return 2 * z * sum + twos * Math.LN2;
}

/** A value on a polyline through `[x, y]` points with increasing x; level beyond both ends. */
export function onPolyline(points: readonly (readonly [number, number])[], x: number): number {
  let [fromX, fromY] = points[0] ?? [0, 0];
  if (x <= fromX) return fromY;
  for (let i = 1; i < points.length; i++) {
    const [toX, toY] = points[i]!; // i < length
    if (x < toX) return fromY + ((toY - fromY) * (x - fromX)) / (toX - fromX);
    fromX = toX;
    fromY = toY;
  }
  return fromY;
}
