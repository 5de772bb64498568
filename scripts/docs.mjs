// What the docs generators share. Each of them runs on the compiled modules:
// `node --import ./scripts/names.mjs scripts/docs-….mjs` writes its files, with `--check` it only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("../docs/", import.meta.url));

const read = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // not made yet: out of date
  }
};

/** Writes the files (name → text) into docs/, or says which of them are out of date and fails. */
export function publish(files) {
  const isCheck = process.argv.includes("--check");
  for (const [name, text] of Object.entries(files)) {
    const path = join(docs, name);
    if (read(path) === text) continue;
    if (isCheck) {
      process.stderr.write(`docs/${name} is out of date\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      process.stdout.write(`docs/${name}\n`);
    }
  }
}

/** A Markdown table, its columns aligned. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell).replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

/** A duration as a person says it. */
export function duration(ms) {
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000} min`;
  return ms % 1_000 === 0 || ms >= 10_000 ? `${Math.round(ms / 100) / 10} s` : `${ms} ms`;
}

/** The line above every generated page. */
export const made = (script, sources) =>
  `<!-- Made from ${sources} by scripts/${script}; a test compares them. Change the tables, not this page. -->\n`;
