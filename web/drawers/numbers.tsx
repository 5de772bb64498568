import { numberText } from "../format.js";
import type { ReadingName } from "../messages.js";
import { state } from "../model.js";

const NAMES: readonly (readonly [name: ReadingName, title: string, unit: string, digits: number])[] = [
  ["heartRate", "Heart rate", "bpm", 0],
  ["rmssd", "RMSSD", "ms", 1],
  ["breath", "Breath, from the heart's swing", "a minute", 1],
  ["rhythm", "Rhythm, against the pacer", "of 100", 0],
  ["coherence", "Coherence, of the last 64 s", "peak over the rest", 2],
];

/** Every number with what stands behind it, or why there is none and what would help. */
export function NumbersDrawer() {
  const readings = state.value?.readings;
  if (readings === undefined) return null;
  return (
    <>
      <p class="quiet">
        The band says a number only when it can stand behind it. All of them are made from pulse waves, not from an ECG.
      </p>
      <div class="scroll">
        <table>
          <caption class="unseen">Numbers and why they are there or not</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Now</th>
              <th scope="col">Why</th>
              <th scope="col">What helps</th>
            </tr>
          </thead>
          <tbody>
            {NAMES.map(([name, title, unit, digits]) => {
              const reading = readings[name];
              return (
                <tr key={name}>
                  <th scope="row">{title}</th>
                  <td>{reading.value === null ? "–" : `${numberText(reading.value, digits)} ${unit}`}</td>
                  <td>{reading.value === null ? reading.reason : reading.warrant}</td>
                  <td>{reading.value === null ? reading.remedy : ""}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
