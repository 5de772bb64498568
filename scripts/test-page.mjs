// `npm run test:page`: the live page in a real Chromium, as a visitor has it, and its pictures for the docs.
// Under CI=true the pictures are looked at, not written. Installs nothing. Without a Chromium it says so and does not fail, unless CHROMIUM names one: then it must be there.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const PICTURE_BYTES_MAX = 200_000;
const LAPTOP = { width: 1280, height: 1000 };
const PHONE = { width: 390, height: 844 };

const named = process.env.CHROMIUM;
const places = ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`);
places.push("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
const browserPath = (named === undefined ? places : [named]).find((path) => existsSync(path));
if (browserPath === undefined) {
  const where = named === undefined ? "there is no Chromium" : `CHROMIUM=${named} is not there`;
  process.stderr.write(
    `\n*** THE PAGE WAS NOT TESTED: ${where} ***\n` +
      "install one (Debian: apt-get install chromium), or set CHROMIUM to its path, then: npm run test:page\n\n",
  );
  process.exit(named === undefined ? 0 : 1);
}

setUp();
const { chromium } = await import("playwright-core");
const axe = readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");

let failed = 0;
async function check(what, work) {
  const fromMs = performance.now();
  try {
    const note = await work();
    process.stdout.write(`✔ ${what} (${Math.round(performance.now() - fromMs)} ms)${note ? `: ${note}` : ""}\n`);
  } catch (error) {
    failed++;
    process.stdout.write(`✘ ${what}\n  ${String(error.message).split("\n").slice(0, 12).join("\n  ")}\n`);
  }
}
const demand = (isSo, otherwise) => {
  if (!isSo) throw new Error(otherwise);
};

const band = spawn(process.execPath, [join(root, "scripts", "band.mjs"), "sim"], { stdio: ["ignore", "pipe", 2] });
const ended = new Promise((resolve) => band.on("close", resolve));
const lines = createInterface(band.stdout);
const address = await new Promise((resolve, reject) => {
  lines.once("line", resolve);
  band.once("close", () => reject(new Error("the simulator has ended before it has printed an address")));
});
lines.on("line", () => {});
const { origin } = new URL(address);

const browser = await chromium.launch({ executablePath: browserPath, chromiumSandbox: process.getuid?.() !== 0 });
const page = await browser.newPage({ viewport: LAPTOP, colorScheme: "light" });
const errors = [];
page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
page.on("pageerror", (error) => errors.push(error.stack));
page.on("request", (request) => request.url().startsWith(`${origin}/`) || errors.push(`asks ${request.url()}`));
page.on("response", (response) => response.status() >= 400 && errors.push(`${response.status()} ${response.url()}`));

const text = (id) => page.locator(`#${id}`).textContent();
const until = (id, pattern, timeout) =>
  page.waitForFunction(
    ([name, source]) => new RegExp(source).test(document.getElementById(name).textContent),
    [id, pattern],
    { timeout },
  );
const secondsShown = async () => {
  const [, minutes, seconds] = /^(\d+):(\d+) of/.exec(await text("clock"));
  return 60 * Number(minutes) + Number(seconds);
};
/** Pixels of the accent colour in a trace: marks and tints are drawn, not only told. */
const accentPixels = (id) =>
  page.evaluate((name) => {
    const canvas = document.querySelector(`#${name} canvas`);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const hex = getComputedStyle(document.body).getPropertyValue("--accent").trim();
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
    return count;
  }, id);
const accessible = async () => {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
  demand(violations.length === 0, told.join("\n"));
  return `${passes.length} rules hold`;
};
const picture = async (name) => {
  const path = join(root, "docs", "pictures", `${name}.png`);
  const bytes = await page.screenshot();
  demand(bytes.length < PICTURE_BYTES_MAX, `${path}: ${bytes.length} bytes`);
  // Real time decides what is in it, so no two are alike: a run that only checks leaves the old ones.
  if (process.env.CI !== "true") writeFileSync(path, bytes);
  return `${Math.round(bytes.length / 1000)} kB`;
};

try {
  await check("loads, and beats appear within 10 s", async () => {
    await page.goto(address);
    await until("pulse-summary", "^[1-9]\\d* beats", 10_000);
    await page.waitForTimeout(200);
    const pixels = await accentPixels("pulse");
    demand(pixels > 20, `${pixels} pixels of beat marks`);
    return text("pulse-summary");
  });
  await check("has a heart rate, contact, battery, link and engine", async () => {
    await until("rate", "^\\d+$", 10_000);
    await until("contact", "^worn$", 1000);
    await until("battery", "^\\d+ %, \\d\\.\\d\\d V$", 1000);
    await until("link", "advertising", 1000);
    await until("engine", "XS · \\d+ meter units a sample", 1000);
    return `${await text("rate")} bpm`;
  });
  await check("keeps 15 to 21 frames a second", async () => {
    const count = await page.evaluate(
      () =>
        new Promise((resolve) => {
          let frames = 0;
          const source = new EventSource(`/events${location.search}`);
          source.addEventListener("hello", () => {
            source.addEventListener("frame", () => frames++);
            setTimeout(() => {
              source.close();
              resolve(frames);
            }, 2000);
          });
        }),
    );
    demand(count >= 30 && count <= 42, `${count} in 2 s`);
    return `${count} in 2 s`;
  });
  await check("a press of the button, by keyboard, starts a session", async () => {
    for (let i = 0; i < 20 && (await page.evaluate(() => document.activeElement.id)) !== "press"; i++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until("session", "running", 10_000);
    await until("spoken", "Session: ", 2000);
    await page.waitForFunction(() => Number(document.getElementById("felt").style.getPropertyValue("--felt")) > 0);
    return text("session");
  });
  await check("time goes faster when asked to, and stands when paused", async () => {
    await page.selectOption("#speed", "20");
    await until("pace", "^20×$", 2000);
    await until("clock", "^(1:[1-5]|[2-4]:)", 30_000);
    await page.selectOption("#speed", "1");
    await until("pace", "^1×$", 2000);
    await page.waitForTimeout(1500);
    await page.click("#pause");
    await until("pace", "^paused$", 2000);
    const before = await secondsShown();
    await page.waitForTimeout(1200);
    demand((await secondsShown()) === before, "it goes on");
  });
  await check("no axe violation, light", accessible);
  await check("picture, light", () => picture("page-light"));
  await check("a page that comes later has what was before", async () => {
    await page.reload();
    await until("tachogram-summary", "^\\d\\d+ intervals count", 3000);
    await until("pace", "^paused$", 2000);
    return text("tachogram-summary");
  });
  await check("no axe violation, dark, log open", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.click("summary");
    const told = await accessible();
    await page.click("summary");
    return told;
  });
  await check("picture, dark", () => picture("page-dark"));
  await check("a phone's width: nothing hangs over, no axe violation", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(PHONE);
    await page.waitForTimeout(300);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    demand(over <= 0, `${over} px too wide`);
    return accessible();
  });
  await check("picture, phone", () => picture("page-phone"));
  await check("reduced motion: the circle is a bar and nothing glides", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    const [display, duration] = await page.evaluate(() => [
      getComputedStyle(document.getElementById("felt")).display,
      getComputedStyle(document.querySelector("#felt span")).transitionProperty,
    ]);
    demand(display === "block" && duration === "none", `${display}, ${duration}`);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await page.setViewportSize(LAPTOP);
  });
  await check("a long press ends the session", async () => {
    await page.click("#pause");
    await page.click("#long-press");
    await page.waitForFunction(() => !document.getElementById("session").textContent.includes("running"), undefined, {
      timeout: 5000,
    });
    await until("command", "--press [\\d.]+s # button held at", 2000);
    return text("session");
  });
  await check("no console error, no request elsewhere", () => demand(errors.length === 0, errors.join("\n")));
  await check("says that the run is over when it is", async () => {
    band.kill("SIGINT");
    await until("trouble", "^The run is over: stopped after", 3000);
    demand(await page.locator("#press").isDisabled(), "the button can still be pressed");
    demand((await ended) === 0, "exit code");
  });
} finally {
  await browser.close();
  if (band.exitCode === null) band.kill("SIGINT");
}
process.stdout.write(failed === 0 ? "the page holds\n" : `${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
