import { signal } from "@preact/signals";
import { send } from "../connection.js";
import { clockText, wordsOf } from "../format.js";
import { RATINGS } from "../messages.js";
import { hello, isConnected, phaseNow, programNow, state } from "../model.js";
import { hear, isHeard } from "../sound.js";
import { FirstSession } from "./first-session.js";
import { PaceSettings } from "./pace-settings.js";

/** The words before a first session have been read, on this page. */
const hasRead = signal(false);
const isReading = signal(false);
/** What was answered at the check-ins of the session that goes on. */
const answers = signal<Readonly<Record<string, number>>>({});

/** A program is chosen, started and stopped. */
export function SessionPanel() {
  const now = state.value;
  const isDead = !isConnected.value || now === undefined || now.isOver;
  const isIdle = now === undefined || now.session.state === "idle";
  const chosen = hello.value?.programs[now?.settings.program ?? 0];
  const press = (): void => {
    if (isIdle && !hasRead.value) isReading.value = true;
    else void send({ do: "press" });
  };
  return (
    <section class="session" aria-label="Session">
      {isIdle ? (
        <label class="choice">
          Program
          <select
            id="program"
            disabled={isDead}
            value={chosen?.name ?? ""}
            onChange={(event) => void send({ do: "set", settings: { program: event.currentTarget.selectedIndex } })}
          >
            {(hello.value?.programs ?? []).map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <Progress />
      )}
      {isIdle ? <p class="quiet">{chosen?.says}</p> : null}
      <CheckIn isDead={isDead} />
      <button type="button" id="press" class="main" disabled={isDead} onClick={press} aria-describedby="press-what">
        {isIdle ? "Press the button: start" : pressTitle()}
      </button>
      <div class="pair">
        <button
          type="button"
          id="long-press"
          class="stop"
          disabled={isDead}
          onClick={() => void send({ do: "longPress" })}
          aria-describedby="press-what"
        >
          ■ Hold: stop
        </button>
        <button
          type="button"
          id="double-press"
          disabled={isDead}
          onClick={() => void send({ do: "doublePress" })}
          aria-describedby="press-what"
        >
          Twice: not OK
        </button>
      </div>
      <p id="press-what" class="quiet">
        Holding stops everything at once. Twice stops too, then five slow ticks to come back to.
      </p>
      <button type="button" id="sound" aria-pressed={isHeard.value} onClick={() => hear(!isHeard.value)}>
        {isHeard.value ? "Motor is heard" : "Hear the motor"}
      </button>
      <PaceSettings isDead={isDead || !isIdle} />
      {isReading.value ? (
        <FirstSession
          onDone={(isWanted) => {
            isReading.value = false;
            if (!isWanted) return;
            hasRead.value = true;
            void send({ do: "press" });
          }}
        />
      ) : null}
    </section>
  );
}

const PRESS_TITLES = {
  end: "Press the button: end",
  next: "Press the button: go on",
  answer: "Press the button: answer",
  felt: "Press the button: felt it",
} as const;

const pressTitle = (): string => PRESS_TITLES[phaseNow.value?.press ?? "end"];

function Progress() {
  const now = state.value;
  const program = programNow.value;
  if (now === undefined || program === undefined) return null;
  const { session, nowMs } = now;
  const phase = phaseNow.value;
  const index = program.phases.findIndex(({ id }) => id === session.phase);
  const isLong = program.phases.length > 1 && index >= 0;
  return (
    <div>
      <h2 id="session-title">{program.title}</h2>
      <p class="quiet">
        <span id="session-state">{wordsOf(session.state)}</span>
        {isLong ? ` · part ${index + 1} of ${program.phases.length}` : ""}
        {phase === undefined ? "" : ` · ${clockText(nowMs - session.phaseSinceMs)} of ${clockText(lengthOf())}`}
      </p>
    </div>
  );
}

/** A length that the wearer chose is not in the table. */
function lengthOf(): number {
  return phaseNow.value?.durationMs ?? 0;
}

/** How are you, from one to five? By presses on the band, or here. */
function CheckIn({ isDead }: { readonly isDead: boolean }) {
  const phase = phaseNow.value;
  if (phase?.press !== "answer") return null;
  const given = answers.value[phase.id];
  return (
    <fieldset class="check-in">
      <legend>{phase.says}</legend>
      {RATINGS.map((rating) => (
        <button
          key={rating}
          type="button"
          disabled={isDead || given !== undefined}
          aria-pressed={given === rating}
          onClick={async () => {
            if (await send({ do: "answer", rating })) answers.value = { ...answers.value, [phase.id]: rating };
          }}
        >
          {rating}
        </button>
      ))}
      <p class="quiet">
        {given === undefined
          ? "The band counts to five; the button is pressed for you at your number."
          : `The button is pressed at tick ${given}.`}
      </p>
    </fieldset>
  );
}
