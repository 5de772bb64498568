import { pulsePlot } from "../charts/pulse.js";
import { tachogramPlot } from "../charts/tachogram.js";
import { touchPlot } from "../charts/touch.js";
import { droppedFrames, history, isTruthShown, state } from "../model.js";
import { Circle } from "../parts/circle.js";
import { Drawers } from "../parts/drawers.js";
import { Numbers } from "../parts/numbers.js";
import { SessionPanel } from "../parts/session-panel.js";
import { Trace } from "../parts/trace.js";
import { summaries } from "../summaries.js";

/** The band as it is now. */
export function Live() {
  const { pulse, touch, tachogram } = summaries.value;
  const hasTruth = isTruthShown.value && state.value?.wearer !== null;
  return (
    <main class="live">
      <div class="side">
        <Circle />
        <SessionPanel />
      </div>
      <div class="readings">
        <Numbers />
        <Facts />
      </div>
      <div class="traces">
        <Trace
          name="pulse"
          title="Pulse, last 10 s"
          legend={`● counts · ○ does not, and why · tinted: the motor runs${hasTruth ? " · ticks below: true beats" : ""}`}
          plot={pulsePlot}
          summary={pulse}
        />
        <Trace
          name="tachogram"
          title="Intervals between beats, last 2 min"
          legend={`A gap is a gap · shaded: breathing in, as it is led${hasTruth ? " · thick, pale: the truth" : ""}`}
          plot={tachogramPlot}
          summary={tachogram}
        />
        <Trace
          name="touch"
          title="Touch and breath, last 30 s"
          legend={`Filled: the motor, as it is felt · dashed: the breath that is led${hasTruth ? " · line: the lungs" : ""}`}
          plot={touchPlot}
          summary={touch}
        />
        <Thinned />
      </div>
      <Drawers />
    </main>
  );
}

function Facts() {
  const now = state.value;
  if (now === undefined) return null;
  const { contact, batteryPercent, batteryMv, link } = now;
  const volts = `${(batteryMv / 1000).toFixed(2)} V`;
  return (
    <dl class="facts">
      <div>
        <dt>Contact</dt>
        <dd id="contact">{contact ?? "– (not known yet)"}</dd>
      </div>
      <div>
        <dt>Battery</dt>
        <dd id="battery">
          {batteryPercent === null ? `– (not measured yet), ${volts}` : `${batteryPercent} %, ${volts}`}
        </dd>
      </div>
      <div>
        <dt>Radio</dt>
        <dd id="link">{link}</dd>
      </div>
    </dl>
  );
}

function Thinned() {
  state.value; // drawn anew with every frame
  return (
    <>
      {history.thinnedBy > 1 ? (
        <p class="quiet" id="thinned">
          At this speed one look in {history.thinnedBy} is drawn.
        </p>
      ) : null}
      {droppedFrames.value > 0 ? (
        <p class="quiet" id="dropped">
          This page was too slow: {droppedFrames.value} frames are missing, and are gaps in the traces.
        </p>
      ) : null}
    </>
  );
}
