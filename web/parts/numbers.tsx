import { NOISE_95_PERCENT } from "../charts/score.js";
import { numberText } from "../format.js";
import type { Reading, ReadingName } from "../messages.js";
import { history, isTruthShown, state } from "../model.js";

interface Shown {
  readonly name: ReadingName;
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  /** Of the virtual person, where it is planted. */
  readonly truth?: () => number | undefined;
}

const SHOWN: readonly Shown[] = [
  { name: "heartRate", title: "Heart rate", unit: "bpm", digits: 0, truth: () => history.trueBpm() },
  { name: "rmssd", title: "RMSSD", unit: "ms", digits: 0 },
  { name: "breath", title: "Breath", unit: "a minute", digits: 1, truth: () => history.trueBreathPerMin() },
  { name: "rhythm", title: "Rhythm", unit: "of 100", digits: 0 },
];

/** The numbers a wearer asks for; one that is not there says why. */
export function Numbers() {
  const readings = state.value?.readings;
  if (readings === undefined) return null;
  return (
    <dl class="numbers">
      {SHOWN.map((shown) => (
        <Tile key={shown.name} shown={shown} reading={readings[shown.name]} />
      ))}
    </dl>
  );
}

function Tile({ shown, reading }: { readonly shown: Shown; readonly reading: Reading }) {
  const { name, title, unit, digits } = shown;
  const truth = isTruthShown.value ? shown.truth?.() : undefined;
  const kind = reading.value === null ? "absent" : reading.isProvisional ? "provisional" : "solid";
  return (
    <div class="tile">
      <dt>{title}</dt>
      <dd>
        <span id={name} class={`number ${kind}`}>
          {reading.value === null ? "–" : numberText(reading.value, digits)}
        </span>{" "}
        <span id={`${name}-unit`} class="unit">
          {reading.value === null ? "" : unit}
          {kind === "provisional" ? ", provisional" : ""}
        </span>
      </dd>
      {name === "rhythm" && reading.value !== null ? <Meter percent={reading.value} /> : null}
      <dd class="why" id={`${name}-why`}>
        {reading.value === null ? `no number: ${reading.reason}` : reading.warrant}
      </dd>
      {truth === undefined ? null : <dd class="truth">truth {numberText(truth, digits)}</dd>}
    </div>
  );
}

/** The score over its noise floor, which is drawn as a band. */
function Meter({ percent }: { readonly percent: number }) {
  return (
    <dd class="meter">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <title>Rhythm</title>
        <rect class="ground" width="100" height="6" />
        <rect class="score" width={percent} height="6" />
        <rect class="floor" width={NOISE_95_PERCENT} height="6" />
      </svg>
    </dd>
  );
}
