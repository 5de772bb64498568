import { createConnection } from "node:net";
import type { Duplex } from "node:stream";

/** Where a Bluetooth controller is reached. */
export type HciAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** "tcp:127.0.0.1:6402", "unix:/run/hci". Errors: RangeError that says what would be right */
export function parseHciAddress(text: string): HciAddress {
  const tcp = /^tcp:(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = tcp?.[1] ?? tcp?.[2];
  const port = Number(tcp?.[3]);
  if (host !== undefined && port > 0 && port <= 0xffff) return { kind: "tcp", host, port };
  const path = /^unix:(.+)$/.exec(text)?.[1];
  if (path !== undefined) return { kind: "unix", path };
  throw new RangeError("say tcp:HOST:PORT or unix:PATH, as in tcp:127.0.0.1:6402");
}

export const hciAddressText = (address: HciAddress): string =>
  address.kind === "unix" ? `unix:${address.path}` : `tcp:${address.host}:${address.port}`;

/** A stream to the controller. Rejects if nobody is there. */
export function openHci(address: HciAddress): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = address.kind === "unix" ? createConnection(address.path) : createConnection(address);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.removeListener("error", reject);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
