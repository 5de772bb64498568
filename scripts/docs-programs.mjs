// docs/programs.md from the tables of programs and of the session engine.
import { PROGRAMS } from "session/programs";
import { SESSION_STATES, SESSION_TABLE } from "session/session-table";
import { duration, made, publish, table } from "./docs.mjs";

const paceOf = ({ pace }) => {
  if (pace === "none") return "not paced";
  if (pace === "personal") return "your own";
  const { rateCentiPerMin, inhalePermille, stepUs, breaths } = pace;
  const ratio = `${inhalePermille / 10}:${(1000 - inhalePermille) / 10}`;
  const slide = stepUs === undefined ? "" : `, each of ${breaths} breaths ${stepUs / 1000} ms longer`;
  return `${(rateCentiPerMin / 100).toFixed(2)} per minute, ${ratio}${slide}`;
};

const lengthOf = ({ durationMs, chosenMsMin, chosenMsMax, pressFromMs }) => {
  const chosen = chosenMsMin === undefined ? "" : ` (choose ${duration(chosenMsMin)} to ${duration(chosenMsMax)})`;
  const earlier = pressFromMs === undefined ? "" : ` (a press ends it from ${duration(pressFromMs)} on)`;
  return duration(durationMs) + chosen + earlier;
};

const program = ([name, { title, says, cap, isAfterWeekOne, phases }]) => `### ${title} (\`${name}\`)

${says}${isAfterWeekOne ? " Offered after the first week." : ""}${cap === "assessment" ? " Has the cap of an assessment." : ""}

${table(
  ["phase", "length", "pace", "style", "cue", "measures", "a short press", "the page says"],
  phases.map((phase) => [
    phase.isOffByDefault ? `${phase.id} (off by default)` : phase.id,
    lengthOf(phase),
    paceOf(phase),
    phase.style,
    phase.cue ?? "",
    phase.measures,
    { end: "ends", next: "goes on", answer: "answers", felt: "\u201cI feel it\u201d" }[phase.press],
    phase.says,
  ]),
)}
`;

const ALL = SESSION_STATES.length;
const fromOf = ({ from }) => (from.length === ALL ? "any" : from.join(", "));

publish({
  "programs.md": `${made("docs-programs.mjs", "modules/session/programs.ts and session-table.ts")}
# Programs and the session engine

A program is a table of phases; one engine runs them all. Adding a program is adding data in
\`modules/session/programs.ts\`, and a test.

## The button

${table(
  ["gesture", "in a session", "otherwise"],
  [
    [
      "short press",
      "what the phase says; ends it while paused or opening",
      "starts the chosen program; within a minute of a nudge or bell, the moment",
    ],
    ["long press (600 ms)", "stops everything", "silence"],
    ["held, let go after 3 to 8 s", "stops everything", "a phone may pair for 60 s; the cue `link` says so"],
    [
      "double press",
      "\u201cnot OK\u201d: stops, then five slow ticks",
      "five slow ticks; nothing invites for half an hour",
    ],
  ],
)}

The motor is silent from the first contact of any press until it is known what the press means.

## The session engine

A pair of state and event that is not in the table does nothing.

${table(
  ["in", "on", "goes to", "does", "cue", "ends as"],
  SESSION_TABLE.map((row) => [fromOf(row), row.on, row.to ?? "", row.does.join(", "), row.cue ?? "", row.ends ?? ""]),
)}

\`idle\`: nothing goes on. \`opening\`: the start cue. \`running\`: a phase, scores count. \`unscored\`: the pulse is lost,
pacing goes on. \`pacedOnly\`: scores are over for this session, pacing goes on. \`paused\`: silent until resumed.

## Programs

A paced phase goes on to the end of the breath that is due at its time, so lengths are to the next whole breath.

${Object.entries(PROGRAMS).map(program).join("\n")}`,
});
