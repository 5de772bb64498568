/**
 * One XS machine: the engine's WebAssembly with the ports of a virtual band. Nothing here is Node's.
 *
 * Life: `new Machine` → `freezeIntrinsics()` → `importModule` for what the manifest preloads → `sealFlash()` →
 * `importModule("main")` → `dispatch()` for each event. A machine runs one thing at a time: a port must not call back
 * into its machine. After an abort it is dead, as the band is; make a new one.
 *
 * Globals of the JS world: hostCall(op, a, b, c, d), hostBytes(op, a, typedArray), hostPrint(text), hostCollect();
 * it defines globalThis.hostEvent(source).
 */
import { type Counters, fillCounters, newCounters } from "./counters.js";
import { resolveModuleName } from "./module-names.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** From the manifest's `creation`: what the device has. Sizes in bytes, but heap and stack in slots, keys in keys. */
export interface Creation {
  readonly staticBytes: number;
  readonly chunkInitial: number;
  readonly chunkIncremental: number;
  readonly heapInitial: number;
  readonly heapIncremental: number;
  readonly stack: number;
  readonly keysInitial: number;
  readonly keysIncremental: number;
}

/** What the JS world reaches outside. What a port throws leaves the machine's method as it is; the machine is dead. */
export interface HostPorts {
  /** Compiled JS of a module, by its manifest name; undefined when there is none. */
  source(name: string): { readonly code: string } | undefined;
  /** hostCall: int32 in, int32 out. */
  call(op: number, a: number, b: number, c: number, d: number): number;
  /** hostBytes: `view` is the typed array itself, valid within the call. */
  bytes(op: number, a: number, view: Uint8Array): number;
  print(text: string): void;
  /** Virtual time, µs: Date.now() in there. */
  nowUs(): number;
}

/** Why a method came back without having done its work. All but `exception` leave a dead machine. */
export type AbortReason =
  | "exception"
  | "memory full"
  | "stack overflow"
  | "fatal check"
  | "dead strip"
  | "unhandled exception"
  | "no more keys"
  | "too much computation"
  | "unhandled rejection"
  | "wasm trap";

/** `value` is the int32 that JS gave (0 for anything else); for `importModule` 1 while a top-level await is pending. */
export type Outcome =
  | { readonly ok: true; readonly value: number }
  | {
      readonly ok: false;
      readonly reason: AbortReason;
      /** "TypeError: …" as thrown, or a sentence about the abort. */
      readonly message: string;
      /** As XS prints it: the message, then " at function (module:line)" a line; no lines in the release engine. */
      readonly stack: string;
    };

// As in c/host.c: 0 done, 1 uncaught exception, 100 + XS's exit status.
const UNCAUGHT = 1;
const ABORTED = 100;
const REASONS: readonly AbortReason[] = [
  "fatal check", // 0, XS_DEBUGGER_EXIT
  "memory full",
  "stack overflow",
  "fatal check",
  "dead strip",
  "unhandled exception",
  "no more keys",
  "too much computation",
  "unhandled rejection",
];

/** What a preloaded module holds that is read-only on the device; the order is c/host.c's. */
const VIOLATIONS: readonly string[] = [
  "Map is read-only once preloaded: make it in a constructor or function",
  "Set is read-only once preloaded: make it in a constructor or function",
  "WeakMap or WeakSet is read-only once preloaded: make it in a constructor or function",
  "ArrayBuffer is read-only once preloaded: make it in a constructor or function",
  "typed array is read-only once preloaded: make it in a constructor or function",
  "DataView is read-only once preloaded: make it in a constructor or function",
  "static field is read-only once preloaded: use a module-level `let`, or freeze the class",
  "regular expression cannot be preloaded: make it in a function",
  "generator cannot be preloaded: make it in a function",
  "promise cannot be preloaded: make it in a function",
  "proxy cannot be preloaded: make it in a function",
];
const HOST_CALL = "the module body calls the host: on the device it runs at link time, where there is none";

/** WASI's EBADF. */
const BAD_FILE = 8;

/** Meter units that one dispatch or import may use: about 20 s of the device's time. */
const METER_LIMIT_DEFAULT = 50_000_000;

interface EngineExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): number;
  free(address: number): void;
  create(
    staticBytes: number,
    chunkInitial: number,
    chunkIncremental: number,
    heapInitial: number,
    heapIncremental: number,
    stack: number,
    keysInitial: number,
    keysIncremental: number,
    meterLimit: number,
  ): number;
  freezeIntrinsics(): number;
  sealFlash(): number;
  importModule(name: number): number;
  evaluate(source: number, length: number): number;
  dispatch(source: number): number;
  collectGarbage(): number;
  preloadViolations(name: number): number;
  resultOf(): number;
  textOf(which: number): number;
  setMeterLimit(units: number): void;
  counters(): number;
}

export class Machine {
  readonly #ports: HostPorts;
  readonly #engine: EngineExports;
  readonly #counters = newCounters();
  /** All of the engine's memory; made anew when that has grown. */
  #memory = new Uint8Array(0);
  #running = false;
  #death: string | undefined;
  /** What a port threw, until it has left the engine. */
  #thrown: { readonly error: unknown } | undefined;
  #violations: string[] = [];
  #hostCalls = 0;
  readonly #callsInBody = new Set<string>();

  /** @throws Error when the creation's sizes do not even hold the engine */
  constructor(module: WebAssembly.Module, creation: Creation, ports: HostPorts) {
    this.#ports = ports;
    const { exports } = new WebAssembly.Instance(module, this.#imports());
    this.#engine = exports as EngineExports; // build.node.ts has checked what the module exports
    this.#engine._initialize();
    const made = this.#run(() =>
      this.#engine.create(
        creation.staticBytes,
        creation.chunkInitial,
        creation.chunkIncremental,
        creation.heapInitial,
        creation.heapIncremental,
        creation.stack,
        creation.keysInitial,
        creation.keysIncremental,
        METER_LIMIT_DEFAULT,
      ),
    );
    if (!made.ok) throw new Error(`the XS machine cannot be made: ${made.message}`);
  }

  /** Why the machine is dead; undefined while it lives. */
  get death(): string | undefined {
    return this.#death;
  }

  /** Meter units that one dispatch, import or evaluation may use before "too much computation". 1 .. 2^32 - 1. */
  set meterLimit(units: number) {
    this.#engine.setMeterLimit(units);
  }

  /** Freezes all built-ins, as they are in flash on the device; the global object stays open. */
  freezeIntrinsics(): Outcome {
    return this.#run(() => this.#engine.freezeIntrinsics());
  }

  /**
   * Loads and runs a module and what it imports. A syntax error, a missing module, what its body throws is `exception`.
   */
  importModule(name: string): Outcome {
    const calls = this.#hostCalls;
    const outcome = this.#withText(name, (address) => this.#run(() => this.#engine.importModule(address)));
    if (this.#hostCalls !== calls) this.#callsInBody.add(name);
    return outcome;
  }

  /**
   * What the preloaded module `name`, imported before, holds that would be read-only or impossible on the device, one
   * sentence each, "path: …". Empty for a clean module. Call it before `sealFlash`.
   */
  preloadViolations(name: string): string[] {
    this.#violations = this.#callsInBody.has(name) ? [HOST_CALL] : [];
    const outcome = this.#withText(name, (address) => this.#run(() => this.#engine.preloadViolations(address)));
    if (!outcome.ok) throw new Error(`${name}: ${outcome.message}`);
    return this.#violations;
  }

  /**
   * All that the machine holds becomes what flash is on the device: maps, buffers, functions, classes turn read-only
   * (a write throws, as there); the memory left is exactly `creation.staticBytes`; peaks start anew.
   */
  sealFlash(): Outcome {
    return this.#run(() => this.#engine.sealFlash());
  }

  /** Calls globalThis.hostEvent(source), then runs promise jobs. Cost: no allocation in XS by itself. */
  dispatch(source: number): Outcome {
    return this.#run(() => this.#engine.dispatch(source));
  }

  /** Runs a script in the global scope; for tests. */
  evaluate(source: string): Outcome {
    const length = encodeUtf8(source).length;
    return this.#withText(source, (address) => this.#run(() => this.#engine.evaluate(address, length)));
  }

  collectGarbage(): Outcome {
    return this.#run(() => this.#engine.collectGarbage());
  }

  /** One object, filled anew by every call. Also of a dead machine. Runs no JS, allocates nothing in XS. */
  counters(): Readonly<Counters> {
    fillCounters(this.#counters, new Float64Array(this.#engine.memory.buffer), this.#engine.counters() >> 3);
    return this.#counters;
  }

  /** The machine is not used any more. */
  close(): void {
    this.#death ??= "closed";
  }

  #run(entry: () => number): Outcome {
    if (this.#death !== undefined) throw new Error(`the XS machine is dead: ${this.#death}`);
    if (this.#running) throw new Error("a host port called back into its XS machine");
    this.#running = true;
    let status: number;
    try {
      status = entry();
    } catch (error) {
      const thrown = this.#thrown;
      if (thrown !== undefined) {
        this.#death = "a host port threw";
        this.#thrown = undefined;
        throw thrown.error;
      }
      // A trap, or V8's stack overflow: source nested too deep for the parser.
      return this.#die("wasm trap", error instanceof Error ? error.message : String(error), "");
    } finally {
      this.#running = false;
    }
    if (status === 0) return { ok: true, value: this.#engine.resultOf() };
    if (status === UNCAUGHT)
      return { ok: false, reason: "exception", message: this.#thrownText(), stack: this.#text(2) };
    const reason = REASONS[status - ABORTED] ?? "fatal check";
    const hasText = reason === "unhandled rejection" || reason === "unhandled exception";
    return hasText ? this.#die(reason, this.#thrownText(), this.#text(2)) : this.#die(reason, reason, "");
  }

  #die(reason: AbortReason, message: string, stack: string): Outcome {
    this.#death = message === reason ? reason : `${reason}: ${message}`;
    return { ok: false, reason, message, stack };
  }

  #thrownText(): string {
    const name = this.#text(0);
    return name === "" ? this.#text(1) : `${name}: ${this.#text(1)}`;
  }

  #text(which: number): string {
    const bytes = this.#bytes();
    const start = this.#engine.textOf(which);
    return decodeUtf8(bytes.subarray(start, bytes.indexOf(0, start)));
  }

  #bytes(): Uint8Array {
    if (this.#memory.buffer !== this.#engine.memory.buffer) this.#memory = new Uint8Array(this.#engine.memory.buffer);
    return this.#memory;
  }

  #string(address: number, length: number): string {
    return decodeUtf8(this.#bytes().subarray(address, address + length));
  }

  #withText(text: string, use: (address: number) => Outcome): Outcome {
    const bytes = encodeUtf8(text);
    const address = this.#engine.malloc(bytes.length + 1);
    this.#bytes().set(bytes, address);
    this.#bytes()[address + bytes.length] = 0;
    try {
      return use(address);
    } finally {
      this.#engine.free(address);
    }
  }

  /** Puts a port behind the engine: what it throws is kept, so that it can be told from the engine's own traps. */
  #port<A extends readonly number[]>(port: (...args: A) => number): (...args: A) => number {
    return (...args) => {
      try {
        return port(...args);
      } catch (error) {
        this.#thrown = { error };
        throw error;
      }
    };
  }

  #imports(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    const ports = this.#ports;
    const host = {
      find: this.#port((specifier, length, importer, importerLength, out, size) => {
        const name = resolveModuleName(this.#string(specifier, length), this.#string(importer, importerLength));
        const bytes = encodeUtf8(name);
        if (bytes.length > size || ports.source(name) === undefined) return -1;
        this.#bytes().set(bytes, out);
        return bytes.length;
      }),
      load: this.#port((name, length) => {
        const module = ports.source(this.#string(name, length));
        if (module === undefined) return 0;
        const bytes = encodeUtf8(module.code);
        const address = this.#engine.malloc(4 + bytes.length);
        this.#bytes().set(bytes, address + 4);
        new Uint32Array(this.#engine.memory.buffer, address, 1)[0] = bytes.length;
        return address;
      }),
      call: (op: number, a: number, b: number, c: number, d: number): number => {
        this.#hostCalls++;
        try {
          return ports.call(op, a, b, c, d);
        } catch (error) {
          this.#thrown = { error };
          throw error;
        }
      },
      bytes: (op: number, a: number, address: number, length: number): number => {
        this.#hostCalls++;
        try {
          return ports.bytes(op, a, new Uint8Array(this.#engine.memory.buffer, address, length));
        } catch (error) {
          this.#thrown = { error };
          throw error;
        }
      },
      print: this.#port((text, length) => {
        ports.print(this.#string(text, length));
        return 0;
      }),
      violation: this.#port((path, length, kind) => {
        this.#violations.push(`${this.#string(path, length)}: ${VIOLATIONS[kind] ?? "read-only once preloaded"}`);
        return 0;
      }),
    };
    const wasi = {
      clock_time_get: (_clock: number, _precision: bigint, address: number): number => {
        const nanoseconds = BigInt(Math.floor(ports.nowUs())) * 1000n;
        new DataView(this.#engine.memory.buffer).setBigInt64(address, nanoseconds, true);
        return 0;
      },
      /** XS's own reports go nowhere, but the C library must believe that all was written. */
      fd_write: (_file: number, vectors: number, count: number, written: number): number => {
        const memory = new DataView(this.#engine.memory.buffer);
        let bytes = 0;
        for (let i = 0; i < count; i++) bytes += memory.getUint32(vectors + 8 * i + 4, true);
        memory.setUint32(written, bytes, true);
        return 0;
      },
      fd_fdstat_get: (): number => BAD_FILE, // the debug engine asks whether it talks to a terminal
      fd_close: (): number => 0,
      fd_seek: (): number => 0,
    };
    return { host, wasi_snapshot_preview1: wasi };
  }
}
