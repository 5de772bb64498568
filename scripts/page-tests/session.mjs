// A session from the words before it to the download after it.
import { readFileSync } from "node:fs";
import { check, demand } from "./report.mjs";

export async function testSession(visitor) {
  const { page } = visitor;
  await check("a first session by keyboard: the words before it, then it begins", async () => {
    for (let i = 0; i < 40 && (await page.evaluate(() => document.activeElement.id)) !== "press"; i++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const words = await page.locator("#first-session").textContent();
    for (const part of ["Breathe softly and naturally, not deeply", "not a medical device", "Never while driving"])
      demand(words.includes(part), `the words lack "${part}"`);
    await visitor.accessible();
    await page.click("#first-session summary");
    await page.click("#first-session label >> nth=5");
    await visitor.accessible();
    demand((await page.locator("#first-session [role=alert]").textContent()).includes("clinician"), "no advice");
    await page.focus("#begin");
    await page.keyboard.press("Enter");
    await visitor.until("session-state", "running", 10_000);
    await visitor.until("spoken", "Breathe: running", 2000);
    await page.waitForFunction(() => Number(document.getElementById("circle").dataset.motor) > 0);
  });
  await check("the breath is led, felt, and judged against its floor", async () => {
    await visitor.untilSecond((await visitor.seconds()) + 120);
    await visitor.until("tachogram-summary", "^\\d\\d+ intervals count", 3000);
    demand((await visitor.pixels("touch", "--truth")) > 50, "no line of the lungs");
    await visitor.open("rhythm");
    // When the button was pressed decides which breaths the motor leaves clean: the first score may take its time.
    await visitor.speed(20);
    await visitor.until("score-summary", "^\\d+ breaths, [1-9]\\d* with a score", 8000);
    await visitor.speed(1);
    const told = await visitor.text("score-summary");
    let pixels = 0;
    for (let i = 0; i < 10 && pixels <= 10; i++) {
      await page.waitForTimeout(200);
      pixels = await visitor.pixels("score", "--accent");
    }
    demand(pixels > 10, `${pixels} pixels of a score`);
    await visitor.close("rhythm");
    return told;
  });
  await check("holding the button ends it at once", async () => {
    await page.click("#long-press");
    await visitor.until("spoken", "No session", 5000);
    await visitor.until("command", "--hold [\\d.]+s", 2000);
    await page.waitForFunction(() => Number(document.getElementById("circle").dataset.motor) < 0.5);
  });
  await check("the session is told afterwards, beside the truth", async () => {
    await visitor.see("sessions");
    const card = page.locator("article").first();
    await card.waitFor({ timeout: 5000 });
    const text = await card.textContent();
    demand(/The button was held: it was stopped/.test(text), text);
    demand(/beats with an interval that counts\d+\d+/.test(text), text);
    await visitor.accessible();
    return (await card.locator(".sentence").textContent()) ?? "";
  });
  for (const [format, pattern] of [
    ["rr", /^\d+(\.\d+)?\n/],
    ["csv", /^session,dating/],
    ["hrvlogger", /^date,rr/],
    ["json", /"format": ?"resilience-band"/],
    ["fit", /^.{8}\.FIT/s],
  ])
    await check(`leaves as ${format}`, async () => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("article").first().getByRole("link", { name: format, exact: true }).click(),
      ]);
      const bytes = readFileSync(await download.path());
      demand(pattern.test(bytes.toString("latin1")), bytes.toString("latin1", 0, 60));
      return `${download.suggestedFilename()}, ${bytes.length} bytes`;
    });
  await check("a check-in is answered on the page, at the band's own count", async () => {
    await visitor.see("live");
    await page.selectOption("#program", "heart");
    await page.waitForFunction(() => document.querySelector("#program").value === "heart");
    await page.click("#press");
    const answer = page.locator(".check-in button", { hasText: "3" });
    await answer.waitFor({ timeout: 10_000 });
    await answer.click();
    await visitor.until("session-state", "running", 1000);
    await page.waitForFunction(() => document.querySelector(".check-in") === null, undefined, { timeout: 15_000 });
    const told = await page.locator(".session").textContent();
    demand(/part 2 of 3/.test(told), told);
    await page.click("#long-press");
    await visitor.until("spoken", "No session", 5000);
  });
  await check("a questionnaire is added up, with what a sum cannot say", async () => {
    await visitor.see("trends");
    await visitor.until("trend-lines", "too few days", 3000);
    await page.click("#pss10 summary");
    const items = page.locator("#pss10 fieldset");
    for (let i = 0; i < 10; i++) await items.nth(i).getByLabel("1", { exact: true }).check();
    await page.click("#pss10 button.main");
    const told = await page.locator("#pss10 [role=status]").textContent();
    // Six items count 1, four count 4 - 1 = 3.
    demand(told.startsWith("18: perceived stress"), told);
    demand(told.includes("no number that parts well from unwell"), told);
    await visitor.until("trend-lines", "PSS-10: stress 18", 3000);
    await visitor.accessible();
    await visitor.see("live");
  });
}
