import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "#manifest";
import { newToken } from "./server.node.js";

const TOKEN = /^[\w-]{22}$/;

/**
 * The token of a page whose port was named: the same from start to start, so that an open page finds its way back.
 * It lies where only this user reads it; without it there is a new one.
 */
export function keptToken(port: number): string {
  const folder = join(root, ".cache");
  const path = join(folder, `page-token-${port}`);
  try {
    const kept = readFileSync(path, "utf8");
    if (TOKEN.test(kept)) return kept;
  } catch {
    // none yet
  }
  const token = newToken();
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, token, { mode: 0o600 });
    chmodSync(path, 0o600); // an older file keeps its mode otherwise
  } catch {
    // a folder that cannot be written to: then the address is another one at the next start
  }
  return token;
}
