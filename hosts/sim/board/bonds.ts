/** CONFIG_BT_NIMBLE_MAX_BONDS and MAX_CCCDS of the ESP32's build. */
const BONDS_MAX = 3;
const SUBSCRIPTIONS_MAX = 8;

/**
 * What becomes of a Pairing Request. refused: Pairing Failed, at once. ignored: no answer, until the phone gives up after
 * 30 s.
 */
export type Pairing = "accepted" | "refused" | "ignored";

/** Peers whose keys are in the band's flash, oldest first; the oldest goes when there are too many, as in NimBLE. */
export class Bonds {
  readonly #flags = new Map<string, number[]>();

  has(peer: string): boolean {
    return this.#flags.has(peer);
  }

  keep(peer: string): void {
    if (this.#flags.has(peer)) return;
    const [oldest] = this.#flags.keys();
    if (oldest !== undefined && this.#flags.size === BONDS_MAX) this.#flags.delete(oldest);
    this.#flags.set(peer, []);
  }

  /** Pairing anew: what was kept of the peer goes. */
  drop(peer: string): void {
    this.#flags.delete(peer);
  }

  /** What a bonded peer has written to a configuration, to hold again when it comes back. */
  subscribed(peer: string, index: number, flags: number): void {
    const kept = this.#flags.get(peer);
    if (kept === undefined) return;
    const others = [...this.#flags.values()].flat().filter((each) => each !== 0).length;
    if (flags !== 0 && (kept[index] ?? 0) === 0 && others >= SUBSCRIPTIONS_MAX) return;
    kept[index] = flags;
  }

  /** By characteristic number; holes and 0 are not subscribed. */
  flagsOf(peer: string): readonly number[] {
    return this.#flags.get(peer) ?? [];
  }
}
