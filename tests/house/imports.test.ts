import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, it } from "mocha";

interface Import {
  readonly file: string;
  readonly line: number;
  readonly from: string;
}

function importsUnder(folder: string): Import[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.d)\.ts$/.test(name));
  return files.flatMap((name) => importsOf(join(folder, name)));
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const text = readFileSync(file, "utf8");
  for (const match of text.matchAll(
    /^\s*(?:import|export)\b[^"';]*?from\s+["']([^"']+)["']|import\s*\(?\s*["']([^"']+)["']/gm,
  )) {
    const from = match[1] ?? match[2] ?? "";
    found.push({ file: relative(".", file), line: text.slice(0, match.index).split("\n").length, from });
  }
  return found;
}

const rooms = readdirSync("modules");
const isModuleName = (from: string): boolean => rooms.some((room) => from.startsWith(`${room}/`));
const tell = (wrong: Import[]): string =>
  wrong.map((one) => `${one.file}:${one.line} imports "${one.from}"`).join("\n");

describe("import arrows", () => {
  it("scans what it says it scans", () => {
    assert(importsUnder("modules").length > 0);
    assert.deepEqual(
      importsOf("tests/house/imports.test.ts").map((one) => one.from),
      ["node:assert/strict", "node:fs", "node:path", "mocha"],
    );
  });

  it("modules import modules by their manifest names, and nothing else", () => {
    const wrong = importsUnder("modules").filter((one) => !isModuleName(one.from));
    assert.equal(wrong.length, 0, tell(wrong));
  });

  it("base imports only base", () => {
    const wrong = importsUnder("modules/base").filter((one) => !one.from.startsWith("base/"));
    assert.equal(wrong.length, 0, tell(wrong));
  });

  it("main imports its host by one name, and modules", () => {
    const wrong = importsOf("main.ts").filter((one) => one.from !== "host" && !isModuleName(one.from));
    assert.equal(wrong.length, 0, tell(wrong));
  });

  it("only hosts name embedded:*", () => {
    const all = [
      "modules",
      "bench",
      "hosts/sim/cli",
      "hosts/sim/export",
      "hosts/sim/board",
      "hosts/sim/person",
      "hosts/sim/engine",
    ];
    const wrong = all.flatMap(importsUnder).filter((one) => one.from.startsWith("embedded:"));
    assert.equal(wrong.length, 0, tell(wrong));
  });

  it("engine, io, board, person, faults, torture and export use nothing of Node's but in their loader files", () => {
    const names = ["engine", "io", "board", "person", "faults", "torture", "export"];
    const folders = names.map((name) => `hosts/sim/${name}`);
    const wrong = folders
      .flatMap(importsUnder)
      .filter(
        (one) => !one.file.endsWith(".node.ts") && (one.from.startsWith("node:") || one.from.endsWith(".node.js")),
      );
    assert.equal(wrong.length, 0, tell(wrong));
  });
});
