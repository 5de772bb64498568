// A Chromium that is there already: nothing is downloaded.
import { existsSync } from "node:fs";

const PLACES = [
  ...["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`),
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Ends the process if there is none: without a word of failure, unless CHROMIUM names one, which must then be there. */
export function browserPath() {
  const named = process.env.CHROMIUM;
  const path = (named === undefined ? PLACES : [named]).find((one) => existsSync(one));
  if (path !== undefined) return path;
  const where = named === undefined ? "there is no Chromium" : `CHROMIUM=${named} is not there`;
  process.stderr.write(
    `\n*** THE PAGE WAS NOT TESTED: ${where} ***\n` +
      "install one (Debian: apt-get install chromium), or set CHROMIUM to its path, then: npm run test:page\n\n",
  );
  process.exit(named === undefined ? 0 : 1);
}
