import { join } from "node:path";
import { root } from "#manifest";
import { readRecording } from "../person/recording-file.node.js";
import { LiveBand } from "./live-band.js";
import { renderView } from "./live-view.js";
import { bootOf, spanOf } from "./make-band.js";
import { terminalSvg } from "./terminal-svg.js";

const COLUMNS = 92;
/** The button starts the breath in the second minute; here the first breaths have gone by. */
const PRESS_MS = 60_000;
const AT_MS = 76_000;

/** What `npm start` shows at 1:16 when the button was pressed at 1:00, as an SVG. The same bytes on every machine. */
export async function pictureOf(): Promise<string> {
  const recording = readRecording(join(root, "recordings", "neurokit_rest5min.csv.gz"));
  const live = new LiveBand({
    take: { recording, startMs: spanOf(recording).firstMs },
    boot: await bootOf({ engine: "xs" }),
    durationMs: Math.floor(recording.durationMs),
    pressesMs: [PRESS_MS],
    tell: () => {},
    note: () => {},
  });
  await live.run(AT_MS, () => {});
  const text = renderView(live.state(recording.id, "1×", false), COLUMNS);
  live.played.band.close();
  return terminalSvg(
    text,
    COLUMNS,
    "What npm start shows in the terminal after a minute: contact, pulse, beats, motor",
  );
}
