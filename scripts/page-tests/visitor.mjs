import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./report.mjs";
import { root } from "./simulator.mjs";

export const LAPTOP = { width: 1280, height: 1000 };
export const PHONE = { width: 390, height: 844 };
const PICTURE_BYTES_MAX = 250_000;
const axe = readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");

/** Somebody who looks at the page, and notes what goes wrong on it. */
export class Visitor {
  errors = [];

  static async come(browser, address) {
    const page = await browser.newPage({ viewport: LAPTOP, colorScheme: "light", acceptDownloads: true });
    const visitor = new Visitor(page, new URL(address).origin);
    await page.goto(address);
    return visitor;
  }

  constructor(page, origin) {
    this.page = page;
    const note = (text) => this.errors.push(text);
    page.on("console", (message) => message.type() === "error" && note(message.text()));
    page.on("pageerror", (error) => note(error.stack));
    page.on("request", (request) => request.url().startsWith(`${origin}/`) || note(`asks ${request.url()}`));
    page.on("response", (response) => response.status() >= 500 && note(`${response.status()} ${response.url()}`));
  }

  text(id) {
    return this.page.locator(`#${id}`).textContent();
  }

  /** Until the element's text is so. */
  until(id, pattern, timeout = 5000) {
    return this.page.waitForFunction(
      ([name, source]) => new RegExp(source).test(document.getElementById(name)?.textContent ?? ""),
      [id, pattern],
      { timeout },
    );
  }

  async seconds() {
    const [, minutes, seconds] = /^(\d+):(\d+)/.exec(await this.text("clock"));
    return 60 * Number(minutes) + Number(seconds);
  }

  async speed(times) {
    await this.page.selectOption("#speed", String(times));
    await this.until("pace", times === "max" ? "×|goes" : `^${times}×$`);
  }

  /** As fast as it must be to get there, then 1×. */
  async untilSecond(second, times = 20) {
    await this.speed(times);
    await this.page.waitForFunction(
      (at) => {
        const [, minutes, seconds] = /^(\d+):(\d+)/.exec(document.getElementById("clock").textContent);
        return 60 * Number(minutes) + Number(seconds) >= at;
      },
      second,
      { timeout: 60_000 },
    );
    await this.speed(1);
  }

  async open(drawer) {
    const button = this.page.locator(`#open-${drawer}`);
    if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  }

  async close(drawer) {
    const button = this.page.locator(`#open-${drawer}`);
    if ((await button.getAttribute("aria-expanded")) === "true") await button.click();
  }

  see(view) {
    return this.page.click(`a[href='#${view}']`);
  }

  /** A file let go of over the page, as by a hand. */
  async drop(name, bytes) {
    await this.page.evaluate(
      ([fileName, base64]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], fileName));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [name, Buffer.from(bytes).toString("base64")],
    );
  }

  /** Pixels of one of the page's colours in a trace: marks and lines are drawn, not only told. */
  pixels(trace, colour) {
    return this.page.evaluate(
      ([name, variable]) => {
        const canvas = document.querySelector(`#${name} canvas`);
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const hex = getComputedStyle(document.body).getPropertyValue(variable).trim();
        const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
        const isNear = (value, wanted) => Math.abs(value - wanted) <= 12; // edges are smoothed
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
          if (isNear(data[i], r) && isNear(data[i + 1], g) && isNear(data[i + 2], b)) count++;
        return count;
      },
      [trace, colour],
    );
  }

  async accessible() {
    await this.page.evaluate(axe);
    const { violations, passes } = await this.page.evaluate(() => globalThis.axe.run());
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
    demand(violations.length === 0, told.join("\n"));
    return passes.length;
  }

  /** Nothing hangs over the page's width. */
  async fits() {
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    demand(over <= 0, `${over} px too wide`);
  }

  /** For the docs. Real time decides what is in it, so no two are alike: a run that only checks leaves the old ones. */
  async picture(name) {
    const path = join(root, "docs", "pictures", `${name}.png`);
    await this.page.mouse.move(0, 0);
    await this.page.waitForTimeout(100);
    const bytes = await this.page.screenshot();
    demand(bytes.length < PICTURE_BYTES_MAX, `${path}: ${bytes.length} bytes`);
    if (process.env.CI !== "true") writeFileSync(path, bytes);
    return `${Math.round(bytes.length / 1000)} kB`;
  }
}
