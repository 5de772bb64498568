// docs/safety.md from the safety rules, the limits and the texts.
import { LIMITS } from "session/limits";
import { SAFETY_RULES, SESSIONS_WITHOUT_SCORE } from "session/safety";
import { CRISIS, FIRST_SESSION, FRAME, NEVER_WHILE, SCREENING, SCREENING_ADVICE } from "session/texts";
import { duration, made, publish, table } from "./docs.mjs";

const shown = (unit, value) => {
  if (unit === "ms") return value === 0 ? "none" : duration(value);
  if (unit === "1/100 per minute") return `${value / 100} per minute`;
  if (unit === "1/1000") return `${value / 10} %`;
  return unit === "%" ? `${value} %` : `${value} ${unit}`;
};
const limitOf = (name) => `${LIMITS[name].says}: ${shown(LIMITS[name].unit, LIMITS[name].usual)}`;
const logOf = ({ logs, ends }) => (logs === undefined ? "" : ends === undefined ? logs : `${logs}: ${ends}`);
const list = (lines) => lines.map((line) => `- ${line}`).join("\n");

publish({
  "safety.md": `${made("docs-safety.mjs", "modules/session/safety.ts, limits.ts and texts.ts")}
# Safety

${FRAME}

**${NEVER_WHILE}** ${CRISIS}

## Rules

One table in the firmware; tests compare what a session does with it. Where the heart or the beats decide, the entry in
the log has the rule's name; elsewhere its reason says it. The thresholds are proposed engineering values: none was
found published.

${table(
  ["rule", "when", "by what evidence", "limits", "the band then", "cue", "log"],
  Object.entries(SAFETY_RULES).map(([name, rule]) => [
    `\`${name}\``,
    rule.when,
    rule.evidence,
    rule.limits.map(limitOf).join("; "),
    rule.does,
    rule.cue ?? "",
    logOf(rule),
  ]),
)}

No score is shown in the first ${SESSIONS_WITHOUT_SCORE} sessions.

## Limits and supervised mode

A clinician may tighten each limit as far as \`strictest\`; nobody loosens one past \`loosest\`. A request is taken as a
whole or refused with the name of the limit and the reason (\`unknown\`, \`notWhole\`, \`tooLoose\`, \`tooStrict\`). What
holds in a session is what held at its beginning.

${table(
  ["limit", "what", "usual", "loosest", "strictest"],
  Object.entries(LIMITS).map(([name, { says, unit, usual, loosest, strictest }]) => [
    `\`${name}\``,
    says,
    ...[usual, loosest, strictest].map((value) => shown(unit, value)),
  ]),
)}

## How it is shown

\`tests/session/walk.test.ts\` takes the real button, session, cue player and limited motor through every reachable
abstract state with every event, exceptions, deaf drives and reboots among them, across the wrap of the host clock, and
prints how many there were. After each step: the motor runs only where the state says so; a stop gesture has silenced it
within 200 ms of the first contact; no session outlasts its cap; no hold outlasts its limit; no nudge comes while not
worn, moving, resting, in a session or in quiet hours. \`random-walk.test.ts\` does the same in random order with timers up
to 80 ms late.

## Before the first session

Tick what applies to you:

${list(SCREENING)}

${SCREENING_ADVICE}

The band has no screen to ask on: whoever asks (a page, an app, a person with this list on paper) sets \`screening\`, and
the band never learns what applies, only whether anything does. It holds what follows, whoever starts a session:

${table(
  ["`screening`", "it means", "the band then"],
  [
    ["0", "nobody has answered it", "first use: sessions as in the first week, no load, no long assessment, no holds"],
    ["1", "nothing applies", "what the history of use allows"],
    ["2", "something applies", "nothing begins (`screening`, cue `refused`) but in supervised mode"],
  ],
)}

${list(FIRST_SESSION)}
`,
});
