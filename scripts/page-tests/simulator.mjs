import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

/** `band sim` as a child: its page's address, and how to end it. */
export async function startSimulator(...options) {
  const band = spawn(process.execPath, [join(root, "scripts", "band.mjs"), "sim", ...options], {
    stdio: ["ignore", "pipe", 2],
  });
  const ended = new Promise((resolve) => band.on("close", resolve));
  const lines = createInterface(band.stdout);
  const address = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    band.once("close", () => reject(new Error("the simulator has ended before it has printed an address")));
  });
  lines.on("line", () => {});
  return {
    address,
    /** @returns the exit code */
    end() {
      if (band.exitCode === null) band.kill("SIGINT");
      return ended;
    },
  };
}

/** One that nobody listens on now. */
export function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
