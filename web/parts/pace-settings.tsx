import { signal } from "@preact/signals";
import { send } from "../connection.js";
import type { SettingName } from "../messages.js";
import { hello, state } from "../model.js";

interface Slider {
  readonly name: SettingName;
  readonly title: string;
  readonly step: number;
  readonly text: (value: number) => string;
}

const SLIDERS: readonly Slider[] = [
  { name: "rateCentiPerMin", title: "Pace", step: 10, text: (value) => `${(value / 100).toFixed(1)} breaths a minute` },
  {
    name: "inhalePermille",
    title: "Breathing in",
    step: 10,
    text: (value) => `${Math.round(value / 10)} % of a breath`,
  },
  { name: "sessionMs", title: "Length", step: 60_000, text: (value) => `${Math.round(value / 60_000)} min` },
  { name: "strengthQ8", title: "Strength", step: 8, text: (value) => `${Math.round((100 * value) / 256)} %` },
];

/** What a hand has moved and the band has not been told yet. */
const moved = signal<Partial<Record<SettingName, number>>>({});

/** The wearer's settings. The band reads them when it starts, so it restarts to take them. */
export function PaceSettings({ isDead }: { readonly isDead: boolean }) {
  const values = state.value?.settings;
  const settings = hello.value?.settings;
  if (values === undefined || settings === undefined) return null;
  const wished = { ...values, ...moved.value };
  const isChanged = Object.entries(moved.value).some(([name, value]) => values[name as SettingName] !== value); // own names
  return (
    <details class="settings">
      <summary>Pace and touch</summary>
      {SLIDERS.map(({ name, title, step, text }) => {
        const setting = settings.find((one) => one.name === name);
        if (setting === undefined) return null;
        return (
          <label key={name} class="slider">
            <span>
              {title} <output>{text(wished[name])}</output>
            </span>
            <input
              type="range"
              id={name}
              min={setting.min}
              max={setting.max}
              step={step}
              value={wished[name]}
              disabled={isDead}
              onInput={(event) => {
                moved.value = { ...moved.value, [name]: event.currentTarget.valueAsNumber };
              }}
            />
          </label>
        );
      })}
      <label class="choice">
        Touch
        <select
          id="style"
          disabled={isDead}
          value={wished.style}
          onChange={(event) => {
            moved.value = { ...moved.value, style: event.currentTarget.selectedIndex };
          }}
        >
          {(hello.value?.styles ?? []).map((style, i) => (
            <option key={style} value={i}>
              {style}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        id="set"
        disabled={isDead || !isChanged}
        onClick={async () => {
          if (await send({ do: "set", settings: moved.value })) moved.value = {};
        }}
      >
        Set, and restart the band
      </button>
      <p class="quiet">
        {isDead ? "Settings wait until the session is over." : "The wearer and the log stay as they are."}
      </p>
    </details>
  );
}
