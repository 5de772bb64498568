import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";

/** An npm that takes its time, writes down that it ran, and minds being run twice at once. */
const NPM = `
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
if (existsSync("npm-fails")) process.exit(1);
mkdirSync("running"); // throws where another one runs
await new Promise((resolve) => setTimeout(resolve, 300));
mkdirSync("node_modules/typescript/bin", { recursive: true });
writeFileSync("node_modules/typescript/bin/tsc", 'process.exitCode = require("node:fs").existsSync("bad.ts") ? 1 : 0;');
rmSync("running", { recursive: true });
`;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

describe("set-up of a fresh clone", function () {
  this.timeout(30_000);
  let clone = "";
  const path = (...names: string[]): string => join(clone, ...names);

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), "band clone-"));
    mkdirSync(path("scripts"));
    copyFileSync("scripts/setup.mjs", path("scripts", "setup.mjs"));
    mkdirSync(path("npm"));
    writeFileSync(path("npm", "package.json"), '{ "type": "module" }');
    writeFileSync(path("npm", "npm-cli.js"), NPM);
    writeFileSync(path("package-lock.json"), "{}");
  });
  afterEach(() => rmSync(clone, { recursive: true }));

  function setUp(...nodeOptions: string[]): Promise<Ended> {
    const url = pathToFileURL(path("scripts", "setup.mjs")).href;
    const program = `import { setUp } from ${JSON.stringify(url)}; setUp();`;
    const child = spawn(process.execPath, [...nodeOptions, "--input-type=module", "-e", program], {
      env: { ...process.env, npm_execpath: path("npm", "npm-cli.js") },
      stdio: ["ignore", "inherit", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
  }
  const npmRuns = (): string => (existsSync(path("npm.log")) ? readFileSync(path("npm.log"), "utf8") : "");
  const INSTALL = "ci --include=dev --loglevel=error\n";
  const lockIsGone = (): void => assert(!existsSync(path(".cache", "setup.lock")));

  it("installs once, and again when the lock file has changed", async () => {
    assert.equal((await setUp()).code, 0);
    assert.deepEqual(await setUp(), { code: 0, stderr: "" });
    assert.equal(npmRuns(), INSTALL);
    writeFileSync(path("package-lock.json"), '{ "changed": true }');
    assert.equal((await setUp()).code, 0);
    assert.equal(npmRuns(), INSTALL + INSTALL);
    lockIsGone();
  });

  it("happens once when two start together", async () => {
    for (const { code, stderr } of await Promise.all([setUp(), setUp(), setUp()])) assert.equal(code, 0, stderr);
    assert.equal(npmRuns(), INSTALL);
    lockIsGone();
  });

  it("goes on where a start was killed", async () => {
    mkdirSync(path(".cache"));
    const { pid } = spawnSync(process.execPath, ["-e", ""]); // has ended
    writeFileSync(path(".cache", "setup.lock"), String(pid));
    for (const { code, stderr } of await Promise.all([setUp(), setUp()])) assert.equal(code, 0, stderr);
    assert.equal(npmRuns(), INSTALL);
    lockIsGone();
  });

  it("says in one line that npm failed, and tries again the next time", async () => {
    writeFileSync(path("npm-fails"), "");
    const { code, stderr } = await setUp();
    assert.equal(code, 2);
    assert.match(stderr, /^installing npm packages.*\nnpm ci did not finish, .*then try again\n$/);
    lockIsGone();
    rmSync(path("npm-fails"));
    assert.equal((await setUp()).code, 0);
  });

  it("says in one line that the TypeScript does not compile", async () => {
    await setUp();
    writeFileSync(path("bad.ts"), "");
    const { code, stderr } = await setUp();
    assert.equal(code, 2);
    assert.equal(stderr, "the TypeScript above does not compile: mend it, then run the command again\n");
    lockIsGone();
  });

  it("says in one line that Node is too old, before it does anything", async () => {
    for (const [version, isTooOld] of [
      ["18.20.4", true],
      ["20.8.1", true],
      ["20.9.0", false],
      ["22.0.0", false],
    ] as const) {
      const pretend = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
      const { code, stderr } = await setUp("--import", `data:text/javascript,${encodeURIComponent(pretend)}`);
      assert.equal(code, isTooOld ? 2 : 0, stderr);
      if (!isTooOld) continue;
      assert.equal(stderr, `Node ${version} is too old: install Node 20.9 or later from https://nodejs.org\n`);
      assert.equal(npmRuns(), "");
    }
  });
});
