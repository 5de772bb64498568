import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One thing that the server gives out. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** All paths that there are, and where from the repository's root their bytes lie. */
const TABLE: readonly (readonly [path: string, type: string, file: string])[] = [
  ["/", HTML, "web/index.html"],
  ["/page.css", CSS, "web/page.css"],
  ["/icon.svg", "image/svg+xml", "web/icon.svg"],
  ["/vendor/uplot.css", CSS, "node_modules/uplot/dist/uPlot.min.css"],
  ["/vendor/uplot.js", SCRIPT, "node_modules/uplot/dist/uPlot.esm.js"],
  ...["page", "messages", "history", "charts", "elements", "controls", "readings", "sound"].map(
    (name) => [`/${name}.js`, SCRIPT, `build/web/${name}.js`] as const,
  ),
];

/** Read once: a request names a row of this table, never a file. */
export const pageFiles = (root: string): ReadonlyMap<string, PageFile> =>
  new Map(TABLE.map(([path, type, file]) => [path, { type, bytes: readFileSync(join(root, file)) }]));
