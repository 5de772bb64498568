// Pictures for the README and the docs; each caption there has the command that shows the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeLogOfDays } from "./log-of-days.mjs";
import { check, demand } from "./report.mjs";
import { startSimulator } from "./simulator.mjs";
import { LAPTOP, PHONE, Visitor } from "./visitor.mjs";

/** @returns the simulator that is still running */
export async function takePictures(browser) {
  const band = await startSimulator();
  const visitor = await Visitor.come(browser, band.address);
  const { page } = visitor;
  const still = async () => {
    await page.waitForTimeout(2500); // what is told every two seconds
    await page.click("#pause");
    await visitor.until("pace", "^paused$");
    await page.waitForTimeout(300);
  };
  await check("picture: the first screen, light, dark, on a phone", async () => {
    await visitor.until("heartRate", "^\\d+$", 20_000);
    await visitor.untilSecond(110); // a minute and a half into the session that begins by itself
    await visitor.speed(10);
    await visitor.until("rhythm", "^\\d+$", 20_000); // and until three breaths in a row could be judged
    await visitor.speed(1);
    await still();
    const light = await visitor.picture("page-light");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForTimeout(300);
    const dark = await visitor.picture("page-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(PHONE);
    await page.waitForTimeout(300);
    const phone = await visitor.picture("page-phone");
    await page.setViewportSize(LAPTOP);
    await page.click("#pause");
    return [light, dark, phone].join(", ");
  });
  await check("picture: a session afterwards", async () => {
    await page.click("#press");
    await visitor.until("spoken", "No session", 10_000);
    await visitor.see("sessions");
    await page.locator("article").first().waitFor();
    await page.waitForTimeout(300);
    const size = await visitor.picture("page-session");
    await visitor.see("live");
    return size;
  });
  await check("picture: a loose strap is refused", async () => {
    await visitor.open("person");
    await page.selectOption("#person", "loose-strap");
    await page.click("#wear");
    await visitor.until("title", "^loose-strap", 5000);
    await visitor.close("person");
    await visitor.untilSecond(40);
    await visitor.open("numbers");
    await still();
    return visitor.picture("page-loose-strap");
  });
  await page.close();
  return band;
}

/** A band that has been worn for two weeks. */
export async function testTrends(browser) {
  const path = join(mkdtempSync(join(tmpdir(), "band-page-")), "band.log");
  const today = new Date();
  await writeLogOfDays(path, Math.floor(today.getTime() / 86_400_000));
  const band = await startSimulator("--log", path, "--no-press");
  const visitor = await Visitor.come(browser, band.address);
  const { page } = visitor;
  await check("trends of two weeks, a questionnaire beside them, and their picture", async () => {
    await visitor.see("trends");
    await visitor.until("trend-lines", "normal band", 5000);
    // By hand: twelve days' lnRMSSD, of which the last is 3994 / 1024.
    demand(
      (await page.locator("#trend").getAttribute("aria-label")).includes("12 days, 3.66 to 3.90"),
      "another curve",
    );
    await page.click("#ffmq15 summary");
    const items = page.locator("#ffmq15 fieldset");
    for (let i = 0; i < 15; i++) await items.nth(i).getByLabel("4", { exact: true }).check();
    await page.click("#ffmq15 button.main");
    await page.locator("#trend .mark").waitFor({ state: "attached" }); // a line has no area to be visible by
    await page.click("#ffmq15 summary");
    await visitor.accessible();
    await visitor.fits();
    await page.evaluate(() => scrollTo(0, 0));
    return visitor.picture("page-trends");
  });
  await check("a run whose log is kept does not make room for another", async () => {
    await page.click("#restart");
    await visitor.until("refusal", "this run's log is kept in a file", 3000);
  });
  await page.close();
  await band.end();
  rmSync(dirname(path), { recursive: true });
}
