// The first screen, by mouse and by keyboard.
import { check, demand, report } from "./report.mjs";

export async function testLive(visitor) {
  const { page } = visitor;
  await check("loads, and beats appear within 10 s", async () => {
    await visitor.until("pulse-summary", "beats in the last 10 s, [1-9]\\d* count", 10_000);
    await page.waitForTimeout(300);
    const pixels = await visitor.pixels("pulse", "--accent");
    demand(pixels > 20, `${pixels} pixels of beat marks`);
    return visitor.text("pulse-summary");
  });
  await check("has a heart rate, contact, battery and radio", async () => {
    await visitor.until("heartRate", "^\\d+$", 15_000);
    await visitor.until("contact", "^worn$", 1000);
    await visitor.until("battery", "^\\d+ %, \\d\\.\\d\\d V$", 1000);
    await visitor.until("link", "advertising", 1000);
    return `${await visitor.text("heartRate")} bpm`;
  });
  await check("says why there is no number, and what helps", async () => {
    await visitor.until("breath-why", "^no number: the band has not listened long enough$", 1000);
    await visitor.open("numbers");
    const row = await page.locator("#drawer tr", { hasText: "RMSSD" }).textContent();
    demand(/RMSSD–.*30 seconds of clean beats/.test(row), row);
    await visitor.close("numbers");
    return row;
  });
  await check("lays the truth under what the band says, and takes it away", async () => {
    demand((await visitor.pixels("pulse", "--truth")) > 20, "no ticks of true beats");
    await visitor.open("person");
    await page.uncheck("#truth");
    await page.waitForTimeout(200);
    demand((await visitor.pixels("pulse", "--truth")) === 0, "the truth is still there");
    await page.check("#truth");
    await visitor.close("person");
  });
  await check("keeps 15 to 21 messages a second", async () => {
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
  for (const times of [1, 100])
    await check(`draws at ${times}×, and hears a click at once`, async () => {
      await visitor.speed(times);
      await page.evaluate(() => import("/ticker.js").then(({ forgetFigures }) => forgetFigures()));
      await page.waitForTimeout(3000);
      const figures = await page.evaluate(() => import("/ticker.js").then(({ frameFigures }) => frameFigures()));
      demand(figures.costMs < 1000 / 60, `${figures.costMs.toFixed(1)} ms a frame`);
      const fromMs = performance.now();
      await page.click("#pause");
      await visitor.until("pace", "^paused$", 2000);
      const heardMs = performance.now() - fromMs;
      demand(heardMs < 1000, `${Math.round(heardMs)} ms until it is paused`);
      await page.click("#pause");
      await visitor.speed(1);
      const text =
        `${figures.costMs.toFixed(1)} ms a frame, slowest of twenty ${figures.costMs95.toFixed(1)}, ` +
        `${figures.perSecond.toFixed(0)} frames a second; a click is heard after ${Math.round(heardMs)} ms`;
      report.figures.push(`page at ${times}×: ${text}`);
      return text;
    });
  await check("goes on step by step while time stands", async () => {
    await page.click("#pause");
    await visitor.until("pace", "^paused$");
    const before = await visitor.seconds();
    await page.waitForTimeout(700);
    demand((await visitor.seconds()) === before, "it goes on by itself");
    await page.click("#step-1000");
    await page.waitForFunction(
      (at) => !document.getElementById("clock").textContent.startsWith(at),
      await visitor.text("clock"),
      { timeout: 2000 },
    );
    demand((await visitor.seconds()) === before + 1, "not a second");
    await page.click("#step-20");
    await page.click("#pause");
  });
}

export async function testLooks(visitor, { LAPTOP, PHONE }) {
  const { page } = visitor;
  for (const [width, size] of [
    ["laptop", LAPTOP],
    ["phone", PHONE],
  ])
    for (const colorScheme of ["light", "dark"])
      await check(`no axe violation, nothing hangs over: ${width}, ${colorScheme}`, async () => {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        let rules = 0;
        for (const view of ["sessions", "trends", "live"]) {
          await visitor.see(view);
          await page.waitForTimeout(300);
          await visitor.fits();
          rules += await visitor.accessible();
        }
        for (const drawer of ["person", "faults", "recording", "numbers", "rhythm", "safety", "engine", "log"]) {
          await visitor.open(drawer);
          await page.waitForTimeout(200);
          await visitor.fits();
          rules += await visitor.accessible();
        }
        await visitor.close("log");
        return `${rules} rules hold`;
      });
  await page.setViewportSize(LAPTOP);
  await page.emulateMedia({ colorScheme: "light" });
  await visitor.see("live");
  await check("reduced motion: the circle is a bar and the traces stand for a second", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.reload();
    await visitor.until("pulse-summary", "beats", 5000);
    const [circle, bar] = await page.evaluate(() => [
      getComputedStyle(document.getElementById("circle")).display,
      document.querySelector(".bar") !== null,
    ]);
    demand(circle === "none" && bar, `${circle}, ${bar}`);
    await page.evaluate(() => import("/ticker.js").then(({ forgetFigures }) => forgetFigures()));
    await page.waitForTimeout(2500);
    const { frames } = await page.evaluate(() => import("/ticker.js").then(({ frameFigures }) => frameFigures()));
    demand(frames <= 4, `${frames} frames in 2.5 s`);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await page.reload();
    await visitor.until("pulse-summary", "beats", 5000);
  });
}
