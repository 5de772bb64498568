import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .sort();
}

describe("preload of the device build", () => {
  it("names every firmware module, since mcconfig's wildcards miss TypeScript", () => {
    const names = sources("modules")
      .map((path) => path.slice(0, -3))
      .sort();
    const preload: string[] = readJson("manifest.json").preload;
    assert.deepEqual(preload.filter((name) => name !== "main").sort(), names);
  });

  it("names every module of the ESP32's host", () => {
    const { modules, preload } = readJson("hosts/esp32/manifest.json");
    assert.deepEqual([...preload].sort(), [...Object.keys(modules), "board"].sort());
  });

  // The module's body runs on the developer's machine and what it leaves lies in flash. The link warns of `let` and of
  // arrays that are not frozen, but lets these through, and they throw on the wrist at the first write.
  const writable = [
    {
      what: "a buffer or a collection",
      pattern: /^(?:export )?(?:const|let|var) [^(]*\bnew (?:\w+Array|ArrayBuffer|DataView|\w*Map|\w*Set)\b/,
    },
    {
      what: "a static field that can change",
      pattern: /^\s+(?:(?:public|private|protected) )?static (?!readonly\b|\{)#?\w+(?:\s*:[^=(]+)?\s*[=;]/,
    },
  ];
  for (const { what, pattern } of writable)
    it(`finds no module that keeps ${what} at module scope`, () => {
      const found = ["modules", "hosts/esp32"].flatMap((folder) =>
        sources(folder).flatMap((path) =>
          readFileSync(join(root, folder, path), "utf8")
            .split("\n")
            .flatMap((line, index) => (pattern.test(line) ? [`${folder}/${path}:${index + 1}: ${line.trim()}`] : [])),
        ),
      );
      assert.deepEqual(found, []);
    });

  it("knows such state when it sees it", () => {
    const [buffers, statics] = writable.map(({ pattern }) => pattern);
    for (const line of [
      "const seen = new Map<number, number>();",
      "export const taps: Int32Array = new Int32Array(8);",
      "let set = new WeakSet();",
    ])
      assert.match(line, buffers!, line); // both are in the list above
    for (const line of ["  static total = 0;", "  private static count: number = 0;", "  static #last = 0;"])
      assert.match(line, statics!, line);
    for (const line of ["  readonly taps = new Int32Array(8);", "const make = (n: number) => new Int32Array(n);"])
      assert.doesNotMatch(line, buffers!, line);
    for (const line of ["  static readonly depth = 32;", "  static of(count: number): Ring {", "  static {"])
      assert.doesNotMatch(line, statics!, line);
  });
});

describe("manifest", () => {
  it("carries the package's version as firmware revision", () =>
    assert.equal(readJson("manifest.json").config.firmwareRevision, readJson("package.json").version));

  it("sets the same language for mcconfig as for the laptop", () => {
    const device = readJson("manifest.json").typescript.tsconfig.compilerOptions;
    const laptop = readJson("tsconfig.base.json").compilerOptions;
    for (const option of ["target", "lib", "strict", "noUncheckedIndexedAccess", "noImplicitOverride"])
      assert.deepEqual(device[option], laptop[option], option);
    for (const option of ["exactOptionalPropertyTypes", "noEmitOnError"])
      assert.equal(device[option], laptop[option], option);
  });

  it("fits the largest block of RAM that a classic ESP32 can give, 111 KB, with the SDK's own default for a C3", () => {
    const { static: bytes, chunk, heap, stack } = readJson("manifest.json").creation;
    assert.ok(bytes <= 113_840, `${bytes} bytes`); // ESP-IDF: D/IRAM region from 0x3FFE4350 to 0x3FFFFFFF
    assert.ok(chunk.initial + 16 * (heap.initial + stack) < bytes, "initial sizes fit the arena");
  });
});
