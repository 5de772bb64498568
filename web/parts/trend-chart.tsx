import type { TrendsTold } from "../messages.js";

const WIDTH = 900;
const HEIGHT = 220;
const LEFT = 48;
const RIGHT = 12;
const TOP = 26;
const BOTTOM = 30;
/** Less than this apart, days are not blown up. */
const SPAN_MIN = 0.4;
const DATES_SHOWN = 6;
const DAY_MS = 86_400_000;

const dayOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(5, 10);

/** lnRMSSD day by day over its normal band; a day without one is a gap; questionnaires stand above their day. */
export function TrendChart({ trends: { days, normal, scores } }: { readonly trends: TrendsTold }) {
  const known = days.flatMap(({ lnRmssd }) => (lnRmssd === null ? [] : [lnRmssd]));
  if (known.length < 2)
    return (
      <p class="quiet" id="no-trend">
        No curve yet: it takes two days with a resting measurement, and the log has {known.length}.
      </p>
    );
  const first = dayOf(days[0]?.date ?? "");
  const last = Math.max(first + 1, dayOf(days.at(-1)?.date ?? ""));
  const all = normal === null ? known : [...known, normal.low, normal.high];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const spare = Math.max(0, SPAN_MIN - (high - low)) / 2 + 0.05;
  const xOf = (day: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (day - first)) / (last - first);
  const yOf = (value: number): number =>
    HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - low + spare)) / (high - low + 2 * spare);
  const step = Math.max(1, Math.ceil((last - first) / DATES_SHOWN));
  const dates = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
  const marks = scores.filter(({ date }) => dayOf(date) >= first && dayOf(date) <= last);
  const told = `lnRMSSD of ${known.length} days, ${Math.min(...known).toFixed(2)} to ${Math.max(...known).toFixed(2)}`;
  return (
    <figure class="trend">
      <figcaption>
        <h3>lnRMSSD at rest, day by day</h3>
        <p>{normal === null ? "no normal band below five days" : "shaded: normal for this person"} · PRV, not an ECG</p>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={told} id="trend">
        {normal === null ? null : (
          <rect
            class="normal"
            x={LEFT}
            width={WIDTH - LEFT - RIGHT}
            y={yOf(normal.high)}
            height={yOf(normal.low) - yOf(normal.high)}
          />
        )}
        {[low, high].map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={yOf(value)} y2={yOf(value)} />
            <text x={LEFT - 6} y={yOf(value) + 4} text-anchor="end">
              {value.toFixed(2)}
            </text>
          </g>
        ))}
        {dates.map((day) => (
          <text key={day} x={xOf(day)} y={HEIGHT - 10} text-anchor="middle">
            {dateOf(day)}
          </text>
        ))}
        {days.map(({ date, lnRmssd }, i) => {
          if (lnRmssd === null) return null;
          const [x, y] = [xOf(dayOf(date)), yOf(lnRmssd)];
          const before = days[i - 1];
          const follows = before !== undefined && before.lnRmssd !== null && dayOf(date) - dayOf(before.date) === 1;
          return (
            <g key={date}>
              {follows ? (
                <line class="line" x1={xOf(dayOf(before.date))} y1={yOf(before.lnRmssd ?? 0)} x2={x} y2={y} />
              ) : null}
              <circle class="dot" cx={x} cy={y} r={4} />
            </g>
          );
        })}
        {marks.map(({ date, scale, scores: sums }, i) => (
          <g key={i}>
            <line class="mark" x1={xOf(dayOf(date))} x2={xOf(dayOf(date))} y1={TOP} y2={HEIGHT - BOTTOM} />
            <text x={xOf(dayOf(date))} y={16} text-anchor={dayOf(date) - first > (last - first) / 2 ? "end" : "start"}>
              {scale} {Object.values(sums).join(" · ")}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}
