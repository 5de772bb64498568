import { numberText } from "../format.js";
import { history, state } from "../model.js";
import { frameFigures } from "../ticker.js";

const known = (value: number | null, digits: number, unit: string): string =>
  value === null ? "– (this engine does not count)" : `${numberText(value, digits)} ${unit}`;

/** What the firmware costs on the band's own engine, and what this page costs. */
export function EngineDrawer() {
  const now = state.value;
  if (now === undefined) return null;
  const { engine, restarts } = now;
  const { costMs, costMs95, perSecond } = frameFigures();
  const rows: readonly (readonly [string, string])[] = [
    ["Engine", engine.name],
    ["Meter units a sample, since the start", known(engine.unitsPerSample, 0, "of 2000 that there may be")],
    ["The same, in the last second", known(engine.unitsNow, 0, "")],
    ["Heap above what lies in flash, now", known(engine.heapKb, 1, "KB")],
    ["The same, at most", known(engine.heapPeakKb, 1, "KB")],
    ["Stack, deepest", engine.stackPeak === null ? "–" : `${engine.stackPeak} of ${engine.stackSize} slots`],
    ["Collections of garbage", engine.collections === null ? "–" : String(engine.collections)],
    ["Samples of light", `${engine.samples}, ${engine.samplesDropped} lost`],
    ["Refusals on the sensor's bus", String(engine.busNacks)],
    ["Restarts of the firmware", restarts === 0 ? "none" : `${restarts}, see the log`],
    [
      "This page",
      `${numberText(costMs, 1)} ms a frame (slowest of twenty ${numberText(costMs95, 1)}), ${Math.round(perSecond)} a second`,
    ],
    ["Looks drawn", history.thinnedBy === 1 ? "all" : `one in ${history.thinnedBy}, at this speed`],
  ];
  return (
    <dl class="rows" id="engine">
      {rows.map(([title, text]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
