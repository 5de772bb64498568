import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { addressOf, read } from "../connection.js";
import { clockText, numberText, wordsOf } from "../format.js";
import type { SessionTold } from "../messages.js";
import { hello, state } from "../model.js";
import { SessionPicture } from "../parts/session-picture.js";

const told = signal<readonly SessionTold[] | undefined>(undefined);

/** What the band has kept of each session. */
export function Sessions() {
  const ended = state.value?.sessionsEnded;
  const going = state.value?.session.state !== "idle";
  useEffect(() => {
    void read<readonly SessionTold[]>("/sessions").then((list) => {
      told.value = list;
    });
  }, [ended, going]);
  const sessions = told.value;
  return (
    <main class="page">
      <h2>Sessions in the band's log</h2>
      {sessions === undefined ? (
        <p class="quiet">The log is being read.</p>
      ) : sessions.length === 0 ? (
        <p class="card" id="no-session">
          There is none yet. Start a program in the live view; when it has ended it is here, with its numbers and for
          download.
        </p>
      ) : (
        sessions.map((session) => <Session key={keyOf(session)} session={session} />)
      )}
    </main>
  );
}

const keyOf = ({ run, id }: SessionTold): string => `${run}-${id}`;

function Session({ session }: { readonly session: SessionTold }) {
  const { run, id, date, program, lastedMs, comparison } = session;
  const title = hello.value?.programs.find(({ name }) => name === program)?.title ?? program ?? "Its start is lost";
  return (
    <article class="card" aria-labelledby={`session-${keyOf(session)}`}>
      <h3 id={`session-${keyOf(session)}`}>
        {title}, {clockText(lastedMs)}
      </h3>
      <p class="quiet">
        Run {run} · session {id} · {date}
      </p>
      <p class="sentence">{sentenceOf(session)}</p>
      <SessionPicture session={session} />
      <Breaths session={session} />
      {comparison.length === 0 ? null : <Compared session={session} />}
      <Downloads name={keyOf(session)} />
      <details>
        <summary>What happened, moment by moment</summary>
        {session.events.length === 0 ? (
          <p class="quiet">The log has no event of it.</p>
        ) : (
          <ul class="events">
            {session.events.map(({ atMs, name, detail }, i) => (
              <li key={i}>
                {clockText(atMs)} {name}
                {detail === "" ? "" : `: ${detail}`}
              </li>
            ))}
          </ul>
        )}
      </details>
    </article>
  );
}

const ENDS: Readonly<Record<string, string>> = {
  completed: "It was completed.",
  wearer: "The wearer ended it.",
  stopGesture: "The button was held: it was stopped.",
  notOk: "The wearer was not OK.",
  pausedTooLong: "It was paused for too long.",
  cap: "It had lasted as long as it may.",
  batteryEmpty: "The battery was empty.",
  fault: "The firmware failed.",
};

function sentenceOf({ beats, withInterval, gaps, endedBy, isCutShort, scoredMs, pacePerMin }: SessionTold): string {
  const end = isCutShort
    ? "It is not there from end to end."
    : endedBy === null
      ? "It goes on."
      : (ENDS[endedBy] ?? `A stop rule ended it: ${wordsOf(endedBy)}.`);
  const pace = pacePerMin === null ? "" : ` At ${numberText(pacePerMin, 1)} breaths a minute.`;
  const share = beats === 0 ? "no beat was felt" : `${withInterval} of ${beats} beats have an interval, ${gaps} gaps`;
  const scored = scoredMs === null ? "" : ` Scores could count for ${clockText(scoredMs)}.`;
  return `${end}${pace} The pulse: ${share}.${scored}`;
}

/** What a program found, and what the wearer answered: as the log has them. */
const TOLD: Readonly<Record<string, string>> = {
  answer: "Check-in",
  "resonance rate": "Practice rate of today",
  recovery: "Way back to rest, heart rate",
  "RMSSD recovery": "Way back to rest, RMSSD",
  "nothing found": "No finding",
  "stop rule": "A stop rule",
};

function Breaths({ session: { breaths, events } }: { readonly session: SessionTold }) {
  const without = hello.value?.texts.sessionsWithoutScore ?? 0;
  const scored = breaths.filter(({ coherencePercent }) => coherencePercent !== null).length;
  const told = events.filter(({ name }) => Object.hasOwn(TOLD, name));
  return (
    <>
      {told.map(({ name, detail, atMs }) => (
        <p key={`${atMs}-${name}-${detail}`}>
          {TOLD[name]}: {detail}.
        </p>
      ))}
      <p class="quiet">
        {breaths.length === 0
          ? `No score: the log holds none of single breaths. A wearer sees none in the first ${without} sessions: there is nothing to achieve.`
          : `${breaths.length} breaths were led, ${scored} of them have a score. A wearer sees none in the first ${without} sessions.`}
      </p>
    </>
  );
}

function Compared({ session: { comparison } }: { readonly session: SessionTold }) {
  return (
    <div class="scroll">
      <table>
        <caption class="unseen">The band's numbers beside the planted ones</caption>
        <thead>
          <tr>
            <th scope="col">Against the truth</th>
            <th scope="col">Band</th>
            <th scope="col">Planted</th>
          </tr>
        </thead>
        <tbody>
          {comparison.map(({ what, band, truth }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{band}</td>
              <td>{truth}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Downloads({ name: session }: { readonly name: string }) {
  return (
    <section class="downloads" aria-label={`Download of session ${session}`}>
      {(hello.value?.formats ?? []).map(({ name, says }) => (
        <a key={name} class="button small" href={addressOf("/export", { session, format: name })} download title={says}>
          {name}
        </a>
      ))}
    </section>
  );
}
