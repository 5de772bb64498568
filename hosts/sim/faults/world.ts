import type { RandomStream } from "../board/random.js";
import type { Person } from "../person/person.js";
import type { VirtualBand } from "../virtual-band.js";
import type { Phone } from "./phone.js";
import type { TroubledBus, TroubledLight } from "./stacks.js";

/** All that a fault may lay hands on. */
export interface FaultWorld {
  readonly band: VirtualBand;
  readonly person: Person;
  readonly phone: Phone;
  readonly bus: TroubledBus;
  readonly light: TroubledLight;
  /** Told before an operation of the log's flash is cut off, and before its bytes are spoilt. */
  onFlashTrouble?(what: "cut" | "spoilt"): void;
}

/** Ends what its episode began. */
export type End = () => void;
/** Begins an episode, with the numbers that were drawn for it. */
export type Begin = (world: FaultWorld, values: Readonly<Record<string, number>>, random: RandomStream) => End;

/** Runs `act` now and every `everyMs` until the end. */
export function again(world: FaultWorld, everyMs: number, act: () => void): End {
  const { clock } = world.band.board;
  let isOver = false;
  const next = (): void => {
    if (isOver) return;
    act();
    clock.at(clock.nowUs + everyMs * 1000, 0, next);
  };
  next();
  return () => {
    isOver = true;
  };
}

export const perMille = (random: RandomStream, chance: number): boolean => random.between(0, 999) < chance;
