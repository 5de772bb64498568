// `npm run test:page`: the live page in a real Chromium, as a visitor has it, and its pictures for the docs.
// Under CI=true the pictures are looked at, not written. Installs nothing. Without a Chromium it says so and does not
// fail, unless CHROMIUM names one: then it must be there.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { browserPath } from "./page-tests/browser.mjs";
import { setUp } from "./setup.mjs";

const executablePath = browserPath();
setUp();
const { chromium } = await import("playwright-core");
const { check, demand, report } = await import("./page-tests/report.mjs");
const { freePort, root, startSimulator } = await import("./page-tests/simulator.mjs");
const { LAPTOP, PHONE, Visitor } = await import("./page-tests/visitor.mjs");
const { testLive, testLooks } = await import("./page-tests/live.mjs");
const { testSession } = await import("./page-tests/session.mjs");
const { testAbsence, testRuns } = await import("./page-tests/runs.mjs");
const { takePictures, testTrends } = await import("./page-tests/pictures.mjs");

/** A port that is named keeps its address from start to start. */
const port = await freePort();
const OPTIONS = ["--no-press", "--port", String(port)];

const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
let band = await startSimulator(...OPTIONS);
try {
  const visitor = await Visitor.come(browser, band.address);
  await testLive(visitor);
  await testSession(visitor);
  await testLooks(visitor, { LAPTOP, PHONE });
  await testRuns(visitor);
  await testAbsence(visitor, OPTIONS, band);
  await check("no console error, no request elsewhere", () =>
    demand(visitor.errors.length === 0, visitor.errors.join("\n")),
  );
  await testTrends(browser);
  band = await takePictures(browser);
} finally {
  await browser.close();
  await band.end();
  rmSync(join(root, ".cache", `page-token-${port}`), { force: true });
}
for (const figure of report.figures) process.stdout.write(`${figure}\n`);
process.stdout.write(report.failed === 0 ? "the page holds\n" : `${report.failed} failed\n`);
process.exitCode = report.failed === 0 ? 0 : 1;
