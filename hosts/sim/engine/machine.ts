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
import type { Creation } from "./creation.js";
import { resolveModuleName } from "./module-names.js";
import { type AbortReason, type Outcome, reasonOf, UNCAUGHT } from "./outcome.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";
import { HOST_CALL_IN_BODY, violationAt } from "./violations.js";
import { wasiStubs } from "./wasi.js";

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

/** Meter units that one dispatch or import may use: about 20 s of the device's time. */
const METER_LIMIT_DEFAULT = 50_000_000;

/** An import of the engine: integers in, an integer out; it passes as many as its C declaration has. */
type Port = (a: number, b: number, c: number, d: number, e: number, f: number) => number;

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
    this.#violations = this.#callsInBody.has(name) ? [HOST_CALL_IN_BODY] : [];
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
    const reason = reasonOf(status);
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
  #port(port: Port): Port {
    return (a, b, c, d, e, f) => {
      try {
        return port(a, b, c, d, e, f);
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
      call: this.#port((op, a, b, c, d) => {
        this.#hostCalls++;
        return ports.call(op, a, b, c, d);
      }),
      bytes: this.#port((op, a, address, length) => {
        this.#hostCalls++;
        return ports.bytes(op, a, new Uint8Array(this.#engine.memory.buffer, address, length));
      }),
      print: this.#port((text, length) => {
        ports.print(this.#string(text, length));
        return 0;
      }),
      violation: this.#port((path, length, kind) => {
        this.#violations.push(violationAt(this.#string(path, length), kind));
        return 0;
      }),
    };
    const wasi = wasiStubs(
      () => this.#engine.memory,
      () => ports.nowUs(),
    );
    return { host, wasi_snapshot_preview1: wasi };
  }
}
