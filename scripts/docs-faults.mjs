// docs/faults.md from the catalogue of faults and the bounds of torture.
import { FAULT_IDS, faultRow } from "../build/hosts/sim/faults/catalogue.js";
import { boundsOf, INVARIANTS, newFigures } from "../build/hosts/sim/torture/verdict.js";
import { duration, made, publish, table } from "./docs.mjs";

const TITLES = {
  unit: "A unit's own",
  bus: "Bus",
  line: "Interrupt line",
  sensor: "Sensor",
  light: "Light",
  wearer: "Wearer",
  host: "Host",
  motor: "Motor",
  battery: "Battery",
  button: "Button",
  radio: "Radio",
  flash: "Flash",
};
const valuesOf = (row) =>
  Object.entries(row.values)
    .map(([name, { from, to, unit }]) => `\`${name}\` ${from === to ? from : `${from} .. ${to}`} ${unit}`.trimEnd())
    .join("; ");
const rageOf = ({ rageMs }) => {
  if (rageMs === undefined) return "for ever";
  return rageMs[0] === rageMs[1] ? duration(rageMs[0]) : `${duration(rageMs[0])} .. ${duration(rageMs[1])}`;
};
const section = (part) => `### ${TITLES[part]}

${table(
  ["id", "what happens", "shows as", "the firmware must", "drawn from", "rages", "well again after"],
  FAULT_IDS.filter((id) => faultRow(id).part === part).map((id) => {
    const row = faultRow(id);
    const resets = row.resets ? " (resets the band)" : "";
    return [`\`${id}\``, row.says + resets, row.shows, row.must, valuesOf(row), rageOf(row), duration(row.recoverMs)];
  }),
)}`;

publish({
  "faults.md": `${made("docs-faults.mjs", "hosts/sim/faults/catalogue.ts and hosts/sim/torture/verdict.ts")}
# Faults, and torture

The simulated band can have every fault below. They strike at the board's edge: between firmware and part, on a wire, in
the light, in the flash, at the phone. The firmware does not know that it is simulated, and nothing is different while
nothing rages. An episode rages for a while and ends; from then on the band must be well within the time in the last
column: a right heart rate on a still finger, heard by the phone, motor and session as they should be. A unit's fault is
there from the first day, and its time counts from power-on. Magnitudes are engineering values of the hardware
reference. \`tests/faults/episodes.test.ts\` has a test for each: that it bites, and that the band recovers.

## Torture

    npx band torture --hours 20 --seed 7

draws scenarios from the seed: a random wearer, a program, gestures, a phone that comes and goes, what the wearer does,
and a few kinds of fault that strike again and again. Each runs at full speed on a core of its own, ends with some
minutes of calm, and holds the firmware to these:

${INVARIANTS.map(({ name, says }) => `- **${name}**: ${says}`).join("\n")}

Numbers without warrant are counted, and their share has a bound. "Still" is a wearer who keeps still, with no fault of
sensor, light or wearer for 15 s.

${table(
  ["share of", "bound"],
  boundsOf(newFigures()).map(({ says, shareMax }) => [says, `${100 * shareMax} %`]),
)}

\`--faults\` takes ids or parts from the tables below, \`all\` or \`none\`. The same seed, hours and faults are the same
scenarios whatever the number of \`--jobs\`. Ctrl-C tells what there is.

### When it finds something

A failure is told with the invariant, what was seen, the virtual time, the last things that happened, and two lines:

    the same at 12.345 s with 1 faults (wrongPart), 0 gestures: band torture --scenario .cache/torture/4711.json
    again: npx band torture --scenario 4711

The second repeats it to the last byte. The first is a shorter scenario with the same invariant broken: cut off after
the failure, moved towards power-on, with faults, gestures and happenings left out by halves. It is plain data and can
be edited, sent and kept. What was found joins \`tests/torture/found/\` under a name that says what it was;
\`npm test\` runs all of them. The CI runs twelve hours that are the same each time and must hold
(\`npm run torture:ci\`), and eight more with the commit's hash for a seed, whose findings are told
(\`npm run torture:explore\`).

A scenario means the same until the wearer, the board or the order of drawing changes; \`format\` is raised then for files
that would mislead. Seeds of old failures lose their meaning so; files keep theirs longer.

## Catalogue

${Object.keys(TITLES).map(section).join("\n\n")}

What the reference's table has beside these: \`motorCoupling\` and \`breathDrift\` are always there, in the wearer's skin;
\`lowPerfusion\`, \`tattoo\`, \`sweat\` and \`venousPulse\` are some wearers' own, by the population; \`motorRunaway\` is what
the motor's invariants look for, most of all across resets; \`badTemp\` cannot matter, because the firmware does not ask
the sensor's thermometer.
`,
});
