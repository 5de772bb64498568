import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One thing that the server gives out. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Of HTML: how the content policy names the one script that stands in it. */
  readonly inlineScript?: string;
}

const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** Where from the repository's root the bytes of each path lie. The page's own modules are added to them. */
const TABLE: readonly (readonly [path: string, type: string, file: string])[] = [
  ["/page.css", CSS, "web/page.css"],
  ["/icon.svg", "image/svg+xml", "web/icon.svg"],
  ["/vendor/uplot.css", CSS, "node_modules/uplot/dist/uPlot.min.css"],
  ["/vendor/uplot.js", SCRIPT, "node_modules/uplot/dist/uPlot.esm.js"],
  ["/vendor/preact.js", SCRIPT, "node_modules/preact/dist/preact.mjs"],
  ["/vendor/preact-hooks.js", SCRIPT, "node_modules/preact/hooks/dist/hooks.mjs"],
  ["/vendor/preact-jsx.js", SCRIPT, "node_modules/preact/jsx-runtime/dist/jsxRuntime.mjs"],
  ["/vendor/signals.js", SCRIPT, "node_modules/@preact/signals/dist/signals.mjs"],
  ["/vendor/signals-core.js", SCRIPT, "node_modules/@preact/signals-core/dist/signals-core.mjs"],
];

/** Every source under web/ is a module of the page; a compiled file whose source has gone is none. */
function modulesOf(root: string): (readonly [path: string, type: string, file: string])[] {
  const sources = readdirSync(join(root, "web"), { recursive: true, encoding: "utf8" });
  return sources.flatMap((source) => {
    const [, name] = /^(.+)\.tsx?$/.exec(source.replaceAll("\\", "/")) ?? [];
    return name === undefined ? [] : [[`/${name}.js`, SCRIPT, `build/web/${name}.js`] as const];
  });
}

/** Read once: a request names a row of this table, never a file. */
export function pageFiles(root: string): ReadonlyMap<string, PageFile> {
  const rows = [...TABLE, ...modulesOf(root)];
  const read = (file: string): Buffer => readFileSync(join(root, file));
  const index = read("web/index.html");
  const inlineScript = hashOf(index.toString("utf8"));
  return new Map<string, PageFile>([
    ["/", { type: HTML, bytes: index, inlineScript }],
    ...rows.map(([path, type, file]) => [path, { type, bytes: read(file) }] as const),
  ]);
}

/** The import map: without a bundler it says where the modules of others lie. */
function hashOf(html: string): string {
  const [, script = ""] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? [];
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
