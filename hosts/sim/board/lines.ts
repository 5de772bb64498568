import { EventPriority, type VirtualClock } from "./clock.js";

export type Level = 0 | 1;

/** Which edges wake a reader, as bits. */
export const enum Edge {
  None = 0,
  Rising = 1,
  Falling = 2,
  Both = 3,
}

/**
 * A wire between a part and a pin of the host. Its level is the last one driven, or that of its pull resistor.
 * Parts on the wire hear of a change at once; the host's readers hear of it as an ESP32 does (see LineReader).
 */
export class Line {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #restLevel: Level;
  readonly #latencyUs: number;
  /** What is driven, or the rest level: what the wire goes back to when nothing holds it any more. */
  #driven: Level;
  #held: Level | undefined;
  #level: Level;
  readonly #listeners: ((level: Level) => void)[] = [];
  readonly #readers: LineReader[] = [];
  /** Changes of level since the board got power. */
  edgeCount = 0;
  /** A fault: asked at each edge whether the host's pin misses it. What hangs on the wire does not. */
  losesEdge: (() => boolean) | undefined;

  /**
   * @param restLevel  level while nobody drives the wire: its pull resistor
   * @param latencyUs  from an edge to the call of the host's reader, µs
   */
  constructor(clock: VirtualClock, name: string, restLevel: Level, latencyUs: number) {
    this.#clock = clock;
    this.name = name;
    this.#restLevel = restLevel;
    this.#latencyUs = latencyUs;
    this.#driven = restLevel;
    this.#level = restLevel;
  }

  get level(): Level {
    return this.#level;
  }

  /** Drives the wire. */
  set(level: Level): void {
    this.#driven = level;
    this.#settle();
  }

  /** A fault: a short holds the wire at this level, whoever drives it; undefined ends it. */
  hold(level: Level | undefined): void {
    this.#held = level;
    this.#settle();
  }

  #settle(): void {
    const level = this.#held ?? this.#driven;
    if (level === this.#level) return;
    this.#level = level;
    this.edgeCount++;
    for (let i = 0; i < this.#listeners.length; i++) this.#listeners[i]!(level); // i is bounded by the loop
    if (this.losesEdge?.() === true) return;
    const edge = level === 1 ? Edge.Rising : Edge.Falling;
    for (let i = 0; i < this.#readers.length; i++) this.#readers[i]!.onEdge(edge); // i is bounded by the loop
  }

  /** Stops driving: the pull resistor decides. */
  release(): void {
    this.set(this.#restLevel);
  }

  /** A part on this wire, told of every change at the instant it happens. It stays through a reset of the host. */
  onChange(listener: (level: Level) => void): void {
    this.#listeners.push(listener);
  }

  /** A pin of the host that wants to hear of edges. `edges` of None reads only. */
  watch(edges: Edge, onReadable: () => void): LineReader {
    const reader = new LineReader(this.#clock, edges, this.#latencyUs, onReadable, (closed) => {
      const index = this.#readers.indexOf(closed);
      if (index >= 0) this.#readers.splice(index, 1);
    });
    this.#readers.push(reader);
    return reader;
  }

  /** The host was reset: its readers are gone, with what they had pending. */
  dropReaders(): void {
    for (const reader of this.#readers.slice()) reader.close();
  }
}

/**
 * The interrupt of one pin, as Moddable has it on the ESP32: an edge posts one message; further edges are merged into
 * it until it is delivered; it carries no time and no level. A level that stays never calls again.
 */
export class LineReader {
  readonly #clock: VirtualClock;
  readonly #edges: Edge;
  readonly #latencyUs: number;
  readonly #deliver: () => void;
  readonly #onClose: (reader: LineReader) => void;
  #pending = 0;
  #isOpen = true;
  /** Calls made, and edges that were merged into a call already pending. */
  deliveredCount = 0;
  coalescedCount = 0;

  constructor(
    clock: VirtualClock,
    edges: Edge,
    latencyUs: number,
    onReadable: () => void,
    onClose: (reader: LineReader) => void,
  ) {
    this.#clock = clock;
    this.#edges = edges;
    this.#latencyUs = latencyUs;
    this.#onClose = onClose;
    this.#deliver = () => {
      this.#pending = 0; // before the call: an edge during it is a new message
      this.deliveredCount++;
      onReadable();
    };
  }

  /** The line's business: an edge has happened. */
  onEdge(edge: Edge): void {
    if (!this.#isOpen || (this.#edges & edge) === 0) return;
    if (this.#pending !== 0) this.coalescedCount++;
    else this.#pending = this.#clock.at(this.#clock.nowUs + this.#latencyUs, EventPriority.Line, this.#deliver);
  }

  /** Nothing is delivered after this. Twice is fine. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#pending !== 0) this.#clock.cancel(this.#pending);
    this.#pending = 0;
    this.#onClose(this);
  }
}
