import { clockText } from "../format.js";
import type { SessionTold } from "../messages.js";

const WIDTH = 900;
const HEIGHT = 150;
const LEFT = 44;
const BOTTOM = 24;
const TOP = 8;
const MINUTE_MS = 60_000;
const TIMES_MAX = 12;

/** Intervals of the whole session; a gap is a gap. */
export function SessionPicture({ session: { intervals, lastedMs } }: { readonly session: SessionTold }) {
  const known = intervals.flatMap(([, rrMs]) => (rrMs === null ? [] : [rrMs]));
  if (known.length < 2) return <p class="quiet">No picture: fewer than two intervals count.</p>;
  const low = Math.floor((Math.min(...known) - 20) / 100) * 100;
  const high = Math.ceil((Math.max(...known) + 20) / 100) * 100;
  const xOf = (atMs: number): number => LEFT + ((WIDTH - LEFT - 8) * atMs) / Math.max(1, lastedMs);
  const yOf = (rrMs: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (rrMs - low)) / (high - low);
  let path = "";
  let isDown = false;
  for (const [atMs, rrMs] of intervals) {
    if (rrMs === null || atMs < 0) {
      isDown = false;
      continue;
    }
    path += `${isDown ? "L" : "M"}${xOf(atMs).toFixed(1)} ${yOf(rrMs).toFixed(1)}`;
    isDown = true;
  }
  const step = Math.max(1, Math.ceil(lastedMs / MINUTE_MS / TIMES_MAX)) * MINUTE_MS;
  const everyMs = lastedMs < 2 * MINUTE_MS ? MINUTE_MS / 4 : step;
  const times = Array.from({ length: Math.floor(lastedMs / everyMs) + 1 }, (_, i) => i * everyMs);
  return (
    <figure class="trend">
      <figcaption>
        <h4>Intervals between beats, ms</h4>
        <p>PRV, not an ECG; only those that the band's rules mark clean</p>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${known.length} intervals, ${low} to ${high} ms`}>
        {[low, high].map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={WIDTH - 8} y1={yOf(value)} y2={yOf(value)} />
            <text x={LEFT - 6} y={yOf(value) + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        {times.map((atMs) => (
          <text key={atMs} x={xOf(atMs)} y={HEIGHT - 6} text-anchor="middle">
            {clockText(atMs)}
          </text>
        ))}
        <path class="line" d={path} fill="none" />
      </svg>
    </figure>
  );
}
