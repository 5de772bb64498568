// Other wearers, other recordings, bad days.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { check, demand } from "./report.mjs";
import { root, startSimulator } from "./simulator.mjs";

export async function testRuns(visitor) {
  const { page } = visitor;
  await check("a bad file is refused with the reason, and nothing is lost", async () => {
    const before = await visitor.seconds();
    await visitor.drop("bad.csv", "# fs=100\nppg\n1\n2\nthree\n");
    await visitor.until("refusal", 'bad\\.csv: line 5: ppg is "three", not a number', 5000);
    await visitor.drop("worse.csv.gz", Buffer.from([0x1f, 0x8b, 8, 0, 0]));
    await visitor.until("refusal", "worse\\.csv\\.gz: the gzip data is damaged", 5000);
    await page.waitForTimeout(1200);
    demand((await visitor.seconds()) > before, "time does not go on");
    demand((await visitor.text("title")).startsWith("calm"), "another run");
    return visitor.text("refusal");
  });
  await check("a good file is played instead of the person", async () => {
    await visitor.drop("mine.csv.gz", readFileSync(join(root, "recordings", "neurokit_rest5min.csv.gz")));
    await visitor.until("title", "neurokit", 10_000);
    await visitor.until("heartRate", "^–$", 3000);
    await visitor.until("refusal", "^$", 1000);
    await visitor.until("heartRate", "^\\d+$", 20_000);
    await visitor.open("person");
    demand((await page.locator("#wearer").count()) === 0, "a recording has no wearer");
    return `${await visitor.text("heartRate")} bpm`;
  });
  await check("somebody else wears it", async () => {
    await page.selectOption("#person", "athlete");
    await page.fill("#seed", "7");
    await page.click("#wear");
    await visitor.until("title", "^athlete, seed 7$", 5000);
    await visitor.until("heartRate", "^–$", 3000);
    await visitor.until("clock", "^0:0", 3000);
    await visitor.until("command", "--person athlete --seed 7", 3000);
    await visitor.until("heartRate", "^\\d+$", 20_000);
    return `${await visitor.text("heartRate")} bpm`;
  });
  await check("the same seed begins anew", async () => {
    await page.click("#restart");
    await visitor.until("heartRate", "^–$", 3000);
    await visitor.until("clock", "^0:0[0-3]", 3000);
    await visitor.until("title", "^athlete, seed 7$", 3000);
    await visitor.until("heartRate", "^\\d+$", 20_000);
  });
  await check("a fault is let happen: it is told, the number goes with a reason, and both come back", async () => {
    await visitor.open("faults");
    await page.click("#fault-resetNever");
    await visitor.until("broken", "RESET then never ends", 3000);
    await visitor.until("heartRate", "^–$", 20_000);
    const why = `${await visitor.text("contact")}; ${await visitor.text("heartRate-why")}`;
    await visitor.accessible();
    await visitor.until("command", "--fault '[\\d.]+s resetNever'", 3000);
    await visitor.speed(5);
    await visitor.until("broken", "^$", 15_000);
    await visitor.until("heartRate", "^\\d+$", 30_000);
    await visitor.speed(1);
    await visitor.close("faults");
    return why;
  });
  await check("the band is taken off: the number goes, the reason comes", async () => {
    await visitor.open("person");
    await page.getByRole("button", { name: "take it off" }).click();
    await visitor.until("heartRate", "^–$", 15_000);
    await visitor.until("heartRate-why", "^no number: ", 1000);
    await visitor.until("contact", "^not worn", 15_000);
    const why = `${await visitor.text("contact")}; ${await visitor.text("heartRate-why")}`;
    await page.getByRole("button", { name: "on the wrist" }).click();
    await visitor.until("heartRate", "^\\d+$", 30_000);
    await visitor.close("person");
    return why;
  });
}

/** A page that is not looked at, one that is too slow, one whose simulator goes and comes back. */
export async function testAbsence(visitor, options, first) {
  const { page } = visitor;
  await check("a hidden tab costs nothing and comes back with what there was", async () => {
    const hide = (isHidden) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, isHidden);
    await hide(true);
    await page.waitForTimeout(300);
    const before = await visitor.text("clock");
    await page.waitForTimeout(2500);
    demand((await visitor.text("clock")) === before, "it goes on listening");
    await hide(false);
    await page.waitForFunction((at) => document.getElementById("clock").textContent !== at, before, { timeout: 3000 });
    await visitor.until("pulse-summary", "^[1-9]\\d* beats", 3000);
  });
  await check("goes on when the simulator is back", async () => {
    const quiet = visitor.errors.length;
    demand((await first.end()) === 0, "exit code");
    await visitor.until("trouble", "This page goes on when it is back", 3000);
    demand(await page.locator("#press").isDisabled(), "the button can still be pressed");
    const second = await startSimulator(...options);
    await visitor.until("trouble", "^$", 10_000);
    await visitor.until("pulse-summary", "^[1-9]\\d* beats", 15_000);
    visitor.errors.length = quiet; // while it was gone the browser said so
    await second.end();
    await visitor.until("trouble", "goes on when it is back", 3000);
    visitor.errors.length = quiet;
  });
}
