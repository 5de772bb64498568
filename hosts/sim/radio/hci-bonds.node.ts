import { createCipheriv } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** A long-term key and by which numbers the peer asks for it. */
export interface LongTermKey {
  readonly rand: Buffer;
  readonly ediv: number;
  readonly ltk: Buffer;
}
export interface PeerKeys {
  readonly mitm: boolean;
  readonly sc: boolean;
  readonly localLtk: LongTermKey | null;
  readonly peerLtk: LongTermKey | null;
}
interface Bond extends PeerKeys {
  /** With which the peer's changing addresses are recognized; first byte lowest, as on the air. */
  readonly irk: Buffer | null;
  /** What the peer has written to the configuration of each handle. */
  readonly configurations: Record<string, number>;
}

const VERSION = 1;

/**
 * Whom the simulated band is bonded with, for the host stack, in place of the stack's own store, which writes a folder
 * into whatever place the program was started in. Kept in one file, or for as long as the program runs.
 */
export class HciBonds {
  readonly #path: string | undefined;
  readonly #bonds: Map<string, Bond>;

  /** Errors: those of the file system but for a file that is not there; RangeError for one that is no such file */
  constructor(path?: string) {
    this.#path = path;
    this.#bonds = path === undefined ? new Map() : read(path);
  }

  // --- as the stack calls it; addresses are "00:" (public) or "01:" (random) and six bytes, highest first ---

  readonly constructAddress = (type: string, address: string): string =>
    `${type === "public" ? "00" : "01"}:${address}`;

  readonly storeKeys = (
    own: string,
    peer: string,
    mitm: boolean,
    sc: boolean,
    irk: Buffer | null,
    localLtk: Buffer | null,
    localRand: Buffer,
    localEdiv: number,
    peerLtk: Buffer | null,
    peerRand: Buffer,
    peerEdiv: number,
  ): void => {
    this.#bonds.set(nameOf(own, peer), {
      mitm,
      sc,
      irk: irk ?? null,
      localLtk: localLtk ? { rand: localRand, ediv: localEdiv, ltk: localLtk } : null,
      peerLtk: peerLtk ? { rand: peerRand, ediv: peerEdiv, ltk: peerLtk } : null,
      configurations: {},
    });
    this.#keep();
  };

  readonly getKeys = (own: string, peer: string): PeerKeys | undefined => this.#bonds.get(nameOf(own, peer));

  /** The identity behind a resolvable private address (Core specification, Vol 6, Part B, 1.3.2.3); null: nobody's. */
  readonly resolveAddress = (own: string, random: string): string | null => {
    const [, ...bytes] = random.split(":").map((byte) => Number.parseInt(byte, 16));
    const part = Buffer.from(bytes.slice(0, 3));
    const hash = Buffer.from(bytes.slice(3));
    for (const [name, { irk }] of this.#bonds) {
      const [bonded, peer = ""] = name.split(" ");
      if (bonded !== own || irk === null) continue;
      const cipher = createCipheriv("aes-128-ecb", Buffer.from(irk).reverse(), null);
      if (
        cipher
          .update(Buffer.concat([Buffer.alloc(13), part]))
          .subarray(13)
          .equals(hash)
      )
        return peer;
    }
    return null;
  };

  readonly storeCccd = (own: string, peer: string, handle: number, value: number): void => {
    const bond = this.#bonds.get(nameOf(own, peer));
    if (bond === undefined || bond.configurations[handle] === value) return;
    bond.configurations[handle] = value;
    this.#keep();
  };

  readonly getCccd = (own: string, peer: string, handle: number): number =>
    this.#bonds.get(nameOf(own, peer))?.configurations[handle] ?? 0;

  readonly removeBond = (own: string, peer: string): void => {
    if (this.#bonds.delete(nameOf(own, peer))) this.#keep();
  };

  /** Whole or not at all. */
  #keep(): void {
    if (this.#path === undefined) return;
    const text = JSON.stringify({ version: VERSION, bonds: Object.fromEntries(this.#bonds) }, asText, 1);
    writeFileSync(`${this.#path}.tmp`, text, { mode: 0o600 });
    renameSync(`${this.#path}.tmp`, this.#path);
  }
}

const nameOf = (own: string, peer: string): string => `${own.toUpperCase()} ${peer.toUpperCase()}`;

/** Node writes a Buffer as an object before the replacer sees it. */
const asText = (_key: string, value: unknown): unknown =>
  isBufferObject(value) ? Buffer.from(value.data).toString("hex") : value;
const isBufferObject = (value: unknown): value is { data: number[] } =>
  typeof value === "object" && value !== null && "type" in value && value.type === "Buffer";

function read(path: string): Map<string, Bond> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw error;
  }
  const refuse = (): never => {
    throw new RangeError(`${path} does not hold bonds of this version: delete it, and pair again`);
  };
  try {
    const kept: unknown = JSON.parse(text);
    if (!isRecord(kept)) return refuse();
    const { version, bonds } = kept;
    if (version !== VERSION || !isRecord(bonds)) return refuse();
    return new Map(Object.entries(bonds).map(([name, bond]) => [name, bondOf(bond) ?? refuse()]));
  } catch {
    return refuse();
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function bondOf(value: unknown): Bond | undefined {
  if (!isRecord(value)) return undefined;
  const { mitm, sc, irk, configurations, localLtk: local, peerLtk: peer } = value;
  const localLtk = keyOf(local);
  const peerLtk = keyOf(peer);
  const isWhole =
    typeof mitm === "boolean" && typeof sc === "boolean" && localLtk !== undefined && peerLtk !== undefined;
  if (!isWhole || !isRecord(configurations) || (irk !== null && bytesOf(irk, 16) === undefined)) return undefined;
  const flags = Object.entries(configurations).filter(([, each]) => typeof each === "number" && each >= 0 && each <= 3);
  return {
    mitm,
    sc,
    irk: bytesOf(irk, 16) ?? null,
    localLtk,
    peerLtk,
    configurations: Object.fromEntries(flags.map(([handle, each]) => [handle, Number(each)])),
  };
}

function keyOf(value: unknown): LongTermKey | null | undefined {
  if (value === null) return null;
  if (!isRecord(value)) return undefined;
  const { rand, ltk, ediv } = value;
  const randBytes = bytesOf(rand, 8);
  const ltkBytes = bytesOf(ltk, 16);
  const isWhole = randBytes !== undefined && ltkBytes !== undefined && Number.isInteger(ediv);
  return isWhole ? { rand: randBytes, ltk: ltkBytes, ediv: Number(ediv) } : undefined;
}

const bytesOf = (value: unknown, count: number): Buffer | undefined =>
  typeof value === "string" && value.length === 2 * count && /^[0-9a-f]*$/.test(value)
    ? Buffer.from(value, "hex")
    : undefined;
