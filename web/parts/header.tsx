import { send } from "../connection.js";
import { clockText } from "../format.js";
import { SPEEDS, STEPS_MS } from "../messages.js";
import { hello, isConnected, state, view } from "../model.js";

const VIEWS = [
  ["live", "Live"],
  ["sessions", "Sessions"],
  ["trends", "Trends"],
] as const;

/** Who, when, how fast, and where one is. */
export function Header() {
  const now = state.value;
  return (
    <header>
      <h1>Resilience Band</h1>
      <p class="who">
        simulated · <span id="title">{hello.value?.title ?? "–"}</span>
      </p>
      <nav aria-label="Views">
        {VIEWS.map(([name, title]) => (
          <a key={name} href={`#${name}`} aria-current={view.value === name ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      {now === undefined ? null : <Time />}
    </header>
  );
}

function Time() {
  const now = state.value;
  if (now === undefined) return null;
  const { nowMs, durationMs, times, isPaused, isOver, speed } = now;
  const isStill = isPaused || isOver;
  return (
    <section class="time" aria-label="Time">
      <span id="clock">
        {clockText(nowMs)}
        {durationMs === null ? "" : ` of ${clockText(durationMs)}`}
      </span>
      <label class="speed">
        <span class="unseen">Speed of time</span>
        <select
          id="speed"
          disabled={!isConnected.value}
          value={String(times)}
          onChange={(event) => {
            const chosen = SPEEDS.find((one) => String(one) === event.currentTarget.value);
            if (chosen !== undefined) void send({ do: "speed", times: chosen });
          }}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={String(one)}>
              {one === "max" ? "full speed" : `${one}×`}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        id="pause"
        aria-pressed={isPaused}
        disabled={!isConnected.value || isOver}
        onClick={() => void send({ do: "pause", on: !isPaused })}
      >
        {isPaused ? "Go on" : "Pause"}
      </button>
      {isStill
        ? STEPS_MS.map((ms) => (
            <button
              key={ms}
              type="button"
              id={`step-${ms}`}
              disabled={!isConnected.value || isOver}
              onClick={() => void send({ do: "step", ms })}
            >
              + {ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}
            </button>
          ))
        : null}
      <span id="pace" class="quiet">
        {isOver ? "over" : isPaused ? "paused" : speed}
      </span>
    </section>
  );
}
