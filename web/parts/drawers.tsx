import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { EngineDrawer } from "../drawers/engine.js";
import { FaultsDrawer } from "../drawers/faults.js";
import { LogDrawer } from "../drawers/log.js";
import { NumbersDrawer } from "../drawers/numbers.js";
import { PersonDrawer } from "../drawers/person.js";
import { RecordingDrawer } from "../drawers/recording.js";
import { RhythmDrawer } from "../drawers/rhythm.js";
import { SafetyDrawer } from "../drawers/safety.js";

const DRAWERS: Readonly<Record<string, readonly [title: string, drawer: ComponentType]>> = {
  person: ["Person", PersonDrawer],
  faults: ["Faults", FaultsDrawer],
  recording: ["Recording", RecordingDrawer],
  numbers: ["Why no number?", NumbersDrawer],
  rhythm: ["Rhythm", RhythmDrawer],
  safety: ["Safety", SafetyDrawer],
  engine: ["Engine", EngineDrawer],
  log: ["Log", LogDrawer],
};

const open = signal("");

/** What one looks for now and then: one open at a time. */
export function Drawers() {
  const Drawer = DRAWERS[open.value]?.[1];
  return (
    <section class="drawers" aria-label="More">
      <div class="handles">
        {Object.entries(DRAWERS).map(([name, [title]]) => (
          <button
            key={name}
            type="button"
            id={`open-${name}`}
            aria-expanded={open.value === name}
            aria-controls="drawer"
            onClick={() => {
              open.value = open.value === name ? "" : name;
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <section
        id="drawer"
        hidden={Drawer === undefined}
        aria-label={DRAWERS[open.value]?.[0] ?? "Closed"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {Drawer === undefined ? null : <Drawer />}
      </section>
    </section>
  );
}
