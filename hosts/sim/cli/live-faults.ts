import { FAULT_IDS, type FaultId, faultRow, isUnit } from "../faults/catalogue.js";
import { drawCase, Injector } from "../faults/injector.js";
import { Phone } from "../faults/phone.js";
import { TroubledBus } from "../faults/stacks.js";
import type { Person } from "../person/person.js";
import type { PlayedBand } from "./make-band.js";

/** Those that can begin at any time; a unit's own are there from power-on or never. */
export const EPISODE_IDS: readonly FaultId[] = FAULT_IDS.filter((id) => !isUnit(id));
export const isEpisode = (name: string): name is FaultId => EPISODE_IDS.some((id) => id === name);

/** One who looks on has seen it by then; what must take longer does. */
const RAGE_MS = 15_000;

/** Faults that somebody who looks on lets happen, one by one; their numbers are drawn from the run's seed. */
export class LiveFaults {
  readonly #played: PlayedBand;
  readonly #injector: Injector;
  readonly #seed: number;

  /** @param note  told in words when one begins and ends */
  constructor(played: PlayedBand, person: Person, seed: number, note: (text: string) => void) {
    const { band, light } = played;
    const { board } = band;
    const bus = new TroubledBus();
    board.bus.fault = bus;
    const phone = new Phone(board.radio, board.clock);
    this.#played = played;
    this.#seed = seed;
    this.#injector = new Injector({ band, person, phone, bus, light }, [], {
      began: ({ id, values }) => note(`fault ${id} begins: ${faultRow(id).says} ${JSON.stringify(values)}`),
      ended: ({ id }) => note(`fault ${id} ends`),
    });
  }

  /** From now on, for some fifteen seconds. */
  begin(id: FaultId): void {
    const [leastMs, mostMs] = faultRow(id).rageMs ?? [0, 0];
    const rageMs = Math.max(leastMs, Math.min(mostMs, RAGE_MS));
    this.#injector.schedule({ ...drawCase(id, this.#seed, this.#played.nowMs), rageMs });
  }

  get raging(): readonly FaultId[] {
    return [...this.#injector.raging].map(({ id }) => id);
  }
}
