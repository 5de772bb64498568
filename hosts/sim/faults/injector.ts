import { Prepare, RecordRing } from "storage/record-ring";
import type { BoardOptions } from "../board/board.js";
import { EventPriority } from "../board/clock.js";
import { FlashPartition } from "../board/flash-partition.js";
import type { Max30102Options } from "../board/max30102-options.js";
import { RandomStream } from "../board/random.js";
import type { VirtualBand } from "../virtual-band.js";
import { FAULT_IDS, type FaultCase, type FaultId, faultRow, isUnit } from "./catalogue.js";
import { bandEpisodes } from "./episodes-band.js";
import { sensorEpisodes } from "./episodes-sensor.js";
import type { Begin, FaultWorld } from "./world.js";

const EPISODES: Readonly<Partial<Record<FaultId, Begin>>> = { ...sensorEpisodes, ...bandEpisodes };

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A case of this fault, drawn from its own stream. @param atMs  when it begins */
export function drawCase(id: FaultId, seed: number, atMs: number): FaultCase {
  const random = new RandomStream(seed, `fault ${id}`);
  const { values, rageMs } = faultRow(id);
  const drawn: Record<string, number> = {};
  for (const [name, { from, to }] of Object.entries(values)) drawn[name] = random.between(from, to);
  return {
    id,
    seed,
    values: drawn,
    atMs: rageMs === undefined ? 0 : atMs,
    rageMs: rageMs === undefined ? 0 : random.between(rageMs[0], rageMs[1]),
  };
}

/** What the board of a unit with these faults is made with. */
export function unitOptions(cases: readonly FaultCase[]): Pick<BoardOptions, "sensor" | "log"> {
  const sensor: Partial<Mutable<Max30102Options>> = {};
  let log: Uint8Array | undefined;
  for (const { id, values } of cases) {
    if (id === "clockOff") sensor.oscillatorPpm = values.ppm ?? 0;
    else if (id === "ledsSwapped") sensor.ledsSwapped = true;
    else if (id === "paGain") {
      sensor.redGain = (values.redPercent ?? 100) / 100;
      sensor.irGain = (values.irPercent ?? 100) / 100;
    } else if (id === "resetSlow") sensor.resetMs = values.ms ?? 1;
    else if (id === "silicon") {
      sensor.aFullRefire = values.aFullRefire === 0 ? "crossing" : "level";
      sensor.rolloverPush = values.rolloverPush === 0 ? "rdPushed" : "rdStays";
      sensor.emptyRead = (["stale", "advance", "zero"] as const)[values.emptyRead ?? 0] ?? "zero";
      sensor.tempEnClearsEarly = ((values.tempBits ?? 0) & 1) !== 0;
      sensor.tempFlagNeedsEnable = ((values.tempBits ?? 0) & 2) !== 0;
    } else if (id === "fullLog") log = fullLog(values.blocks ?? 8);
  }
  return { sensor, ...(log === undefined ? {} : { log }) };
}

/** A partition with as many records as it holds. */
function fullLog(blocks: number): Uint8Array {
  const flash = new FlashPartition({ blocks });
  const ring = mountOn(flash, 1);
  const record = new Uint8Array(32).fill(0x20);
  for (let i = 0; i < blocks * 128; i++) {
    while (ring.prepare() === Prepare.More);
    ring.append(record);
  }
  return flash.contents;
}

/** The firmware's log over a partition, as a reader of another time mounts it. */
export function mountOn(flash: FlashPartition, blocksAhead: number): RecordRing {
  return new RecordRing(
    {
      io: class {
        read = (bytes: Uint8Array, offset: number): unknown => flash.read(bytes, offset);
        write = (bytes: Uint8Array, offset: number): unknown => flash.write(bytes, offset);
        eraseBlock = (block: number): unknown => flash.eraseBlock(block);
        status = (): { readonly size: number; readonly blockLength: number } => flash.status();
        close = (): void => {};
      },
    },
    blocksAhead,
  );
}

/** What a unit's faults do to the wires and the host, from power-on on. */
export function makeUnit(band: VirtualBand, cases: readonly FaultCase[]): void {
  const { alertLine, logFlash } = band.board;
  for (const { id, values } of cases) {
    if (id === "noAlert") {
      alertLine.hold(1);
      alertLine.losesEdge = () => true;
    } else if (id === "slowFlash") {
      const erase = logFlash.eraseBlock.bind(logFlash);
      logFlash.eraseBlock = (block) => {
        band.board.stall((values.eraseMs ?? 0) * 1000);
        erase(block);
      };
    }
  }
}

/** What the injector tells of. */
export interface InjectorListener {
  began?(fault: FaultCase): void;
  ended?(fault: FaultCase): void;
}

/** Begins and ends the episodes of a run at their times. */
export class Injector {
  readonly raging = new Set<FaultCase>();
  readonly #world: FaultWorld;
  readonly #listener: InjectorListener;

  constructor(world: FaultWorld, cases: readonly FaultCase[], listener: InjectorListener = {}) {
    this.#world = world;
    this.#listener = listener;
    for (const fault of cases) if (!isUnit(fault.id)) this.schedule(fault);
  }

  /** Errors: RangeError for a time that has passed */
  schedule(fault: FaultCase): void {
    const { clock } = this.#world.band.board;
    const begin = EPISODES[fault.id];
    if (begin === undefined) throw new RangeError(`nothing is known to do for ${fault.id}`);
    clock.at(fault.atMs * 1000, EventPriority.Part, () => {
      this.raging.add(fault);
      this.#listener.began?.(fault);
      const end = begin(this.#world, fault.values, new RandomStream(fault.seed, `fault ${fault.id} rages`));
      clock.at(clock.nowUs + fault.rageMs * 1000, EventPriority.Part, () => {
        end();
        this.raging.delete(fault);
        this.#listener.ended?.(fault);
      });
    });
  }
}

/** Every episode has something that does it; a test compares them. */
export const withoutEpisode = (): readonly FaultId[] =>
  FAULT_IDS.filter((id) => (EPISODES[id] === undefined) !== isUnit(id));
