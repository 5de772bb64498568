/**
 * The one clock of a simulated band. Time is integer microseconds and moves only when somebody asks it to.
 *
 * Events fire in a total order: time, then priority, then the order in which they were scheduled. No tie can remain,
 * so two runs with the same inputs fire the same events in the same order. An event is unlinked before it fires: it may
 * schedule or cancel anything, at the same instant too, and may itself move time on (a bus transfer that takes a while).
 */

/** Who goes first at one instant: the world, then the wires, then the firmware, then whoever watches. */
export const enum EventPriority {
  Part = 0,
  Line = 1,
  Host = 2,
  Observer = 3,
}

/** Names one scheduled event; worthless once that event has fired. Never 0. */
export type EventHandle = number;

/** Events waiting at one time, and events firing at one instant: far above what a band needs, far below a hang. */
const PENDING_MAX = 4096;
const EVENTS_AT_INSTANT_MAX = 10_000;

interface EventNode {
  timeUs: number;
  priority: number;
  sequence: number;
  callback: () => void;
  /** Where the node is in the heap; -1 while it is in the pool. */
  heapIndex: number;
  readonly slot: number;
}

const nothing = (): void => {};

/** More events at one instant than any honest schedule has. */
export class EndlessLoop extends Error {
  override name = "EndlessLoop";
}

export class VirtualClock {
  readonly #eventsAtInstantMax: number;
  #nowUs = 0;
  #sequence = 0;
  #eventsAtInstant = 0;
  #eventCount = 0;
  /** Binary heap in `[0, #pending)`; what lies behind is stale. */
  readonly #heap: EventNode[] = [];
  #pending = 0;
  /** Every node ever made, by slot, and those that are free. Reused, so that a long run leaves no garbage. */
  readonly #nodes: EventNode[] = [];
  readonly #free: EventNode[] = [];

  constructor(eventsAtInstantMax: number = EVENTS_AT_INSTANT_MAX) {
    this.#eventsAtInstantMax = eventsAtInstantMax;
  }

  /** Microseconds since the board got power, an integer that never goes back. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** When the next event is due, µs, or undefined if none waits. */
  get nextUs(): number | undefined {
    return this.#pending > 0 ? this.#heap[0]?.timeUs : undefined;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Events fired since the start. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /**
   * Schedules `callback` for the absolute time `timeUs`, which is an integer and not in the past.
   * Errors: RangeError
   */
  at(timeUs: number, priority: number, callback: () => void): EventHandle {
    if (!Number.isSafeInteger(timeUs) || timeUs < this.#nowUs)
      throw new RangeError(`event at ${timeUs} us, but now is ${this.#nowUs} us and time is whole microseconds`);
    const node = this.#free.pop() ?? this.#newNode();
    node.timeUs = timeUs;
    node.priority = priority;
    node.sequence = ++this.#sequence;
    node.callback = callback;
    const index = this.#pending++;
    this.#heap[index] = node;
    this.#siftUp(index, node);
    return node.sequence * PENDING_MAX + node.slot;
  }

  /** Takes an event back. Returns false if it has fired or was cancelled: that is not an error. */
  cancel(handle: EventHandle): boolean {
    const node = this.#nodes[handle % PENDING_MAX];
    if (node === undefined || node.heapIndex < 0 || node.sequence !== Math.floor(handle / PENDING_MAX)) return false;
    this.#unlink(node);
    return true;
  }

  /** Fires the next event and moves time to it. Returns false if none waits. */
  step(): boolean {
    const node = this.#heap[0];
    if (this.#pending === 0 || node === undefined) return false;
    if (node.timeUs > this.#nowUs) {
      this.#nowUs = node.timeUs;
      this.#eventsAtInstant = 0;
    }
    const { callback, priority } = node;
    this.#unlink(node);
    this.#eventCount++;
    if (++this.#eventsAtInstant > this.#eventsAtInstantMax)
      throw new EndlessLoop(
        `endless loop: more than ${this.#eventsAtInstantMax} events at ${this.#nowUs} us without time moving on; ` +
          `the last one has priority ${priority} and calls "${callback.name || "an unnamed function"}"`,
      );
    callback();
    return true;
  }

  /** Fires everything that is due up to and including `timeUs`, then makes it now. Errors: RangeError for the past. */
  runUntil(timeUs: number): void {
    if (!Number.isSafeInteger(timeUs) || timeUs < this.#nowUs)
      throw new RangeError(`run until ${timeUs} us, but now is ${this.#nowUs} us and time is whole microseconds`);
    while (this.#pending > 0 && this.#heap[0]!.timeUs <= timeUs) this.step(); // [0] exists: something is pending
    if (this.#nowUs < timeUs) {
      this.#nowUs = timeUs;
      this.#eventsAtInstant = 0;
    }
  }

  #newNode(): EventNode {
    const slot = this.#nodes.length;
    if (slot >= PENDING_MAX)
      throw new RangeError(`more than ${PENDING_MAX} events wait: something schedules without end`);
    const node: EventNode = { timeUs: 0, priority: 0, sequence: 0, callback: nothing, heapIndex: -1, slot };
    this.#nodes.push(node);
    return node;
  }

  #unlink(node: EventNode): void {
    const hole = node.heapIndex;
    const last = this.#heap[--this.#pending]!; // there was at least `node`
    if (last !== node) {
      this.#siftDown(hole, last);
      this.#siftUp(last.heapIndex, last);
    }
    node.heapIndex = -1;
    node.callback = nothing; // what it held on to may be collected
    this.#free.push(node);
  }

  #siftUp(from: number, node: EventNode): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!; // 0 <= parentIndex < index
      if (!isBefore(node, parent)) break;
      heap[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    heap[index] = node;
    node.heapIndex = index;
  }

  #siftDown(from: number, node: EventNode): void {
    const heap = this.#heap;
    let index = from;
    for (let child = 2 * index + 1; child < this.#pending; child = 2 * index + 1) {
      if (child + 1 < this.#pending && isBefore(heap[child + 1]!, heap[child]!)) child++; // both below #pending
      const smaller = heap[child]!; // below #pending
      if (!isBefore(smaller, node)) break;
      heap[index] = smaller;
      smaller.heapIndex = index;
      index = child;
    }
    heap[index] = node;
    node.heapIndex = index;
  }
}

function isBefore(a: EventNode, b: EventNode): boolean {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.sequence < b.sequence;
}
