import { NOISE_95_PERCENT, scorePlot } from "../charts/score.js";
import { spectrumPlot } from "../charts/spectrum.js";
import { numberText } from "../format.js";
import { history, state } from "../model.js";
import { Trace } from "../parts/trace.js";

/** How the heart swings: over frequency, and against the pacer. */
export function RhythmDrawer() {
  const coherence = state.value?.readings.coherence;
  const { spectrum, breaths } = history;
  const peak = spectrum === null ? undefined : numberText((60 * spectrum.peakBin) / 512, 1);
  const judged = breaths.filter(({ rhythmPercent }) => rhythmPercent !== null).length;
  const last = breaths.at(-1);
  const lastText =
    last === undefined
      ? ""
      : last.rhythmPercent === null
        ? ` The last has no score: ${last.rhythmReason}.`
        : ` The last: ${last.rhythmPercent}${last.swingMs === null ? "" : `, the heart swings by ± ${last.swingMs} ms`}.`;
  return (
    <div class="columns">
      <Trace
        name="spectrum"
        title="Rhythm of the heart, last 64 s"
        legend="Breaths a minute below. Light ground: where a peak is sought. Tinted: the peak, ± 0.9 a minute."
        plot={spectrumPlot}
        summary={
          coherence === undefined || coherence.value === null || peak === undefined
            ? `No spectrum: ${coherence?.value === null ? coherence.reason : "not yet"}.`
            : `The peak lies at ${peak} a minute and has ${numberText(coherence.value, 2)} times the power of the rest; a pure tone would have 8.4, noise 0.3.`
        }
      />
      <Trace
        name="score"
        title="Rhythm against the pacer, breath by breath"
        legend={`Three breaths each. Ground below ${NOISE_95_PERCENT}: what noise seldom exceeds.`}
        plot={scorePlot}
        summary={
          breaths.length === 0
            ? "No breath has been led yet: start a program that paces the breath."
            : `${breaths.length} breaths, ${judged} with a score.${lastText}`
        }
      />
    </div>
  );
}
