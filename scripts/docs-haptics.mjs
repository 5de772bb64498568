// docs/haptics.md and a picture of each cue and style, from the tables in modules/haptics.
import { BreathGuide } from "haptics/breath-guide";
import { BREATH_LIMITS, DEFAULT_PACE, planBreath } from "haptics/breath-plan";
import { COUNT_MAX, COUNT_SPACING_MS } from "haptics/count-guide";
import { LATE_MS_MAX } from "haptics/cue-player";
import { CUES, cueLengthMs } from "haptics/cues";
import { FADING } from "haptics/fading-gain";
import { STRENGTHS_MAX } from "haptics/haptic-profile";
import { HeartGuide } from "haptics/heart-guide";
import { MOTOR_LIMITS } from "haptics/motor";
import { Pacer } from "haptics/pacer";
import { BREATH_STYLES } from "haptics/styles";
import { UPSTROKE_GUARD_MS } from "haptics/upstroke-gap";
import { duration, made, publish, table } from "./docs.mjs";

const BREATH_MS = 10_000;
const HEART_BPM = 64;

/** Ticks as bars: width is time, height is strength; the line below is a second per mark. */
function picture(name, ticks, lengthMs, turnMs) {
  const pxPerMs = 0.06;
  const width = Math.max(60, Math.ceil(lengthMs * pxPerMs) + 20);
  const x = (ms) => (10 + ms * pxPerMs).toFixed(1);
  const bars = ticks.map(({ atMs, onMs, strengthQ8 }) => {
    const height = 6 + (strengthQ8 * 34) / 256;
    return `<rect x="${x(atMs)}" y="${(44 - height).toFixed(1)}" width="${(onMs * pxPerMs).toFixed(1)}" height="${height.toFixed(1)}"/>`;
  });
  const marks = [];
  for (let ms = 0; ms <= lengthMs; ms += 1_000) marks.push(`<path d="M${x(ms)} 46v5"/>`);
  if (turnMs !== undefined) marks.push(`<path d="M${x(turnMs)} 4v42" stroke-dasharray="2 3"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="56" viewBox="0 0 ${width} 56" role="img">`,
    `<title>${name}</title>`,
    `<g fill="#4a7fb5">${bars.join("")}</g>`,
    `<g stroke="#8a8a8a" fill="none"><path d="M10 46H${x(lengthMs)}"/>${marks.join("")}</g>`,
    "</svg>\n",
  ].join("\n");
}

function ticksOf(source, lengthMs) {
  const ticks = [];
  const due = { atMs: 0, onMs: 0, strengthQ8: 0, shiftMsMax: 0, yields: false };
  for (let afterMs = -1; source.nextTick(afterMs, due) && due.atMs < lengthMs; afterMs = due.atMs)
    ticks.push({ ...due });
  return ticks;
}

const { plan } = planBreath(DEFAULT_PACE);
const turnMs = plan.inhaleUs / 1_000;
const heart = new HeartGuide();
heart.begin();
heart.bpm = HEART_BPM;

const files = {};
const image = (name, ticks, lengthMs, turn) => {
  files[`touch-${name}.svg`] = picture(name, ticks, lengthMs, turn);
  return `![${name}](touch-${name}.svg)`;
};

const cueRows = Object.entries(CUES).map(([name, cue]) => [
  `\`${name}\``,
  cue.means,
  cue.feels,
  duration(cueLengthMs(cue)),
  image(name, cue.ticks, cueLengthMs(cue)),
]);
const styleRows = Object.entries(BREATH_STYLES).map(([name, style]) => {
  const ticks = ticksOf(new BreathGuide(new Pacer(plan), style), BREATH_MS);
  return [`\`${name}\``, style.feels, style.yields ? "left out" : "played", image(name, ticks, BREATH_MS, turnMs)];
});
styleRows.push([
  "`beat`",
  `a slow heart, 4 % under your own; for settling, it does not pace the breath (here at ${HEART_BPM} per minute)`,
  "played",
  image("beat", ticksOf(heart, BREATH_MS / 2), BREATH_MS / 2),
]);

files["haptics.md"] = `${made("docs-haptics.mjs", "modules/haptics")}
# What the band says by touch

Every state of the band can be told with eyes closed. A cue is a rhythm of ticks (felt as a tap) and strokes (felt as a
vibration); number, length and rhythm tell cues apart, because strength alone is told apart badly. In the pictures the
width of a bar is time and its height is strength; the marks below are a second apart.

## Cues

${table(["cue", "it means", "it feels like", "length", "picture"], cueRows)}

A cue does not interrupt one of higher rank: nothing talks over the confirmation of a stop. The guide is silent while a
cue plays and for 400 ms after it. In a check-in the band counts slowly: ${COUNT_MAX} ticks, one every
${duration(COUNT_SPACING_MS)}; the wearer presses at the number meant.

## Styles of guiding the breath

One breath at 6 per minute, 4 s in and 6 s out; the dashed line is the turn.

${table(["style", "it feels like", "a tick with no room between upstrokes is", "picture"], styleRows)}

After ${duration(FADING.afterMs)} of good following the guide fades breath by breath to ${Math.round((FADING.floorQ8 * 100) / 256)} % of its strength; ${FADING.driftBreaths} breaths
off the pacer, or of which nothing is known, bring all of it back.

## Fitting the touch to a wrist

The program \`feel\` takes two minutes and three answers, all by the button: press when you feel it (what starts this motor
from rest), press when it ends (the weakest drive that goes on and is felt), press if the second is the stronger one
(how many strengths you tell apart: ${STRENGTHS_MAX} at most, steps of 30 % at least). Some trials hold nothing; pressing there is
guessing, and too much of it gives no profile. The profile is at most 18 bytes; one that a motor must not be given is
refused when it is read. In the tests' virtual wearers with 2 % lapses at least 90 of 100 get what works for them.

## Keeping clear of the pulse

A running motor shakes the sensor. From on-edge to off-edge and ${MOTOR_LIMITS.tailMs} ms more the skin counts as shaken. The beat detector
foresees the next upstroke, while the breath is led by the swing that the last breaths had; a tick that would come within
${UPSTROKE_GUARD_MS} ms of it moves, and is looked at again when it is due. \`npm run bench:programs\` measures what is left of the touch and
of the pulse with virtual wearers.
With a heart rate that swings by 30 % and forecasts off by up to 60 ms, at least 95 % of upstrokes are free of motor at
50 to 90 beats per minute (\`tests/haptics/upstrokes.test.ts\` prints the figures).

## Bounds of the motor

They lie below everything else: no cue, program, setting or command gets past them.

${table(
  ["bound", "value"],
  [
    ["longest single run", duration(MOTOR_LIMITS.onMsMax)],
    ["longest vibration without a pause", duration(MOTOR_LIMITS.unbrokenMsMax)],
    ["silence that counts as a pause", duration(MOTOR_LIMITS.pauseMsMin)],
    ["a tick later than this is dropped, never queued", duration(LATE_MS_MAX)],
    ["a stop that the hardware refused is tried again", "at once, then every 10 ms"],
  ],
)}

## Bounds of guided breathing

Refused in configuration, whoever asks: page, settings, program.

${table(
  ["bound", "value"],
  [
    ["slowest", `${BREATH_LIMITS.rateCentiPerMinMin / 100} per minute`],
    ["fastest", `${BREATH_LIMITS.rateCentiPerMinMax / 100} per minute`],
    ["longest breath out", duration(BREATH_LIMITS.exhaleMsMax)],
    ["longest hold (off by default)", duration(BREATH_LIMITS.holdMsMax)],
    ["share of breathing in", `${BREATH_LIMITS.inhalePermilleMin / 10} % to ${BREATH_LIMITS.inhalePermilleMax / 10} %`],
  ],
)}
`;
publish(files);
