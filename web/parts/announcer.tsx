import { wordsOf } from "../format.js";
import { programNow, state } from "../model.js";

/** What a screen reader says: changes of state, never single beats. */
export function Announcer() {
  const now = state.value;
  if (now === undefined) return <p id="spoken" class="unseen" role="status" />;
  const { session, contact, readings, isPaused, link } = now;
  const told = [
    session.state === "idle" ? "No session." : `${programNow.value?.title ?? "Session"}: ${wordsOf(session.state)}.`,
    `Contact: ${contact ?? "not known yet"}.`,
    readings.heartRate.value === null ? `No heart rate: ${readings.heartRate.reason}.` : "There is a heart rate.",
    isPaused ? "Time is paused." : "",
    `Link: ${link}.`,
  ].join(" ");
  // Preact leaves a text alone that has not changed, so nothing is said twice.
  return (
    <p id="spoken" class="unseen" role="status">
      {told}
    </p>
  );
}
