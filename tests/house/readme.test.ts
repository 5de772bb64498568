import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import { commandLine } from "../../hosts/sim/cli/band.js";

const readme = readFileSync("README.md", "utf8");
const { scripts, engines } = JSON.parse(readFileSync("package.json", "utf8"));

/** Lines of code blocks, and of `code` in the text, that are commands. */
function commands(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh)?\n(.*?)^```/gms)].flatMap(([, block = ""]) => block.split("\n"));
  const inline = [...text.matchAll(/`((?:npm|npx) [^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...blocks, ...inline]
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => /^np[mx] /.test(line));
}

const nothing = async (): Promise<void> => {};

describe("README", () => {
  it("has the two commands alone on their lines, at the top", () => {
    const block = /^```sh\nnpm start.*\nnpm test.*\n```$/m.exec(readme);
    assert(block !== null && readme.slice(0, block.index).split("\n").length < 20);
  });

  for (const command of new Set(commands(readme)))
    it(`gives a command that exists: ${command}`, async () => {
      const [tool, ...args] = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ""));
      if (tool === "npx") {
        assert.equal(args[0], "band");
        if (args[1] === "--help") return; // help ends the process; its own test is in tests/cli
        const band = commandLine({
          sim: nothing,
          replay: nothing,
          export: nothing,
          trends: nothing,
          score: nothing,
          torture: nothing,
          doctor: nothing,
        });
        await band.parseAsync(args.slice(1), { from: "user" });
        return;
      }
      const name = args[0] === "run" ? args[1] : args[0];
      assert(name !== undefined && (name === "ci" || name in scripts), `package.json has no script "${name}"`);
    });

  it("leads to files that exist, as the other pages do", () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "recordings/README.md",
      ...readdirSync("docs").map((name) => `docs/${name}`),
    ];
    for (const page of pages.filter((name) => name.endsWith(".md")))
      for (const [, link = ""] of readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g))
        assert(existsSync(join(dirname(page), link)), `${page} links to ${link}`);
  });

  it("maps every folder of the repository", () => {
    const map = readme.slice(readme.indexOf("## Map"));
    const folders = readdirSync(".", { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() && !entry.name.startsWith(".") && !["node_modules", "build"].includes(entry.name),
      )
      .map(({ name }) => `${name}/`);
    const rooms = readdirSync("modules").map((name) => `${name}/`);
    for (const folder of [...folders, ...rooms]) assert(map.includes(`${folder}`), `the map lacks ${folder}`);
  });

  it("asks for the Node that package.json and the set-up ask for", () => {
    assert.equal(engines.node, ">=20.9");
    assert(readme.includes("Node 20.9 or later"));
    assert(readFileSync("scripts/setup.mjs", "utf8").includes("NODE_OLDEST = [20, 9]"));
  });
});
