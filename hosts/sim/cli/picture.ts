import { LiveBand } from "./live-band.js";
import { renderView } from "./live-view.js";
import { bootOf } from "./make-band.js";
import { PRESS_MS } from "./sim-options.js";
import { sourceOf } from "./source.js";
import { terminalSvg } from "./terminal-svg.js";

const COLUMNS = 92;
/** The button is pressed at 0:20; by now the heart swings with the breath. */
const AT_MS = 60_000;

/** What `npm start` shows after a minute, as an SVG. The same bytes on every machine. */
export async function pictureOf(): Promise<string> {
  const source = sourceOf({ person: "calm", seed: 1 });
  const live = new LiveBand({
    source,
    seed: 1,
    boot: await bootOf({ engine: "xs" }),
    durationMs: 3_600_000,
    deeds: [{ atMs: PRESS_MS, deed: "press" }],
    tell: () => {},
    note: () => {},
  });
  await live.run(AT_MS, () => {});
  const text = renderView(live.state(source.title, "1×", false), COLUMNS);
  live.played.band.close();
  return terminalSvg(
    text,
    COLUMNS,
    "What npm start shows in the terminal after a minute: contact, pulse, beats, motor",
  );
}
