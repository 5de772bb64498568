/** Cells of 8.4 x 18 px: what a 14 px monospace font takes. */
const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
const BASELINE = 14;
const MARGIN = 16;
const INK = "#d8dee9";
/** The colours that `live-view.ts` uses, by their code. */
const COLOURS: Readonly<Record<string, string>> = { "36": "#6fc3df" };
const DIM_OPACITY = 0.6;

interface Style {
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly colour: string;
}

const PLAIN: Style = { isBold: false, isDim: false, colour: INK };

function styleAfter(style: Style, code: string): Style {
  if (code === "1") return { ...style, isBold: true };
  if (code === "2") return { ...style, isDim: true };
  if (code === "22") return { ...style, isBold: false, isDim: false };
  if (code === "39") return { ...style, colour: INK };
  return { ...style, colour: COLOURS[code] ?? style.colour };
}

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const EIGHTHS = "▁▂▃▄▅▆▇█";

/** Bars as areas: glyphs would leave seams between lines, and not every font has them. */
function barsOf(bars: string, x: number, rowBottom: number, colour: string): string {
  let path = "";
  for (const [i, bar] of [...bars].entries()) {
    const height = ((EIGHTHS.indexOf(bar) + 1) / EIGHTHS.length) * CELL_HEIGHT;
    path += `M${(x + i * CELL_WIDTH).toFixed(1)} ${rowBottom}v${-height}h${CELL_WIDTH}v${height}z`;
  }
  return `<path d="${path}" fill="${colour}"/>\n`;
}

/** A word set to the width of its cells, so that columns stay columns whatever the font. */
function wordOf(word: string, x: number, baseline: number, style: Style): string {
  const width = ([...word].length * CELL_WIDTH).toFixed(1);
  const look = `fill="${style.colour}"${style.isBold ? ' font-weight="bold"' : ""}${style.isDim ? ` opacity="${DIM_OPACITY}"` : ""}`;
  return `<text x="${x.toFixed(1)}" y="${baseline}" textLength="${width}" lengthAdjust="spacingAndGlyphs" ${look}>${escapeXml(word)}</text>\n`;
}

function lineOf(line: string, rowTop: number): string {
  let style = PLAIN;
  let cell = 0;
  let svg = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins a colour
  for (const [part, code] of line.matchAll(/\x1b\[(\d+)m|[▁-█]+| +|[^\x1b▁-█ ]+(?: [^\x1b▁-█ ]+)*/g)) {
    if (code !== undefined) {
      style = styleAfter(style, code);
      continue;
    }
    const x = MARGIN + cell * CELL_WIDTH;
    if (EIGHTHS.includes(part.charAt(0))) svg += barsOf(part, x, rowTop + CELL_HEIGHT, style.colour);
    else if (!part.startsWith(" ")) svg += wordOf(part, x, rowTop + BASELINE, style);
    cell += [...part].length;
  }
  return svg;
}

/** What a terminal shows, as an SVG. @param title  what a screen reader says */
export function terminalSvg(text: string, columns: number, title: string): string {
  const lines = text.split("\n");
  const width = Math.ceil(columns * CELL_WIDTH + 2 * MARGIN);
  const height = lines.length * CELL_HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1b2029"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}">`,
    lines
      .map((line, row) => lineOf(line, MARGIN + row * CELL_HEIGHT))
      .join("")
      .trimEnd(),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
