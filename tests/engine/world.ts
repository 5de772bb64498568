/** A machine with modules given as text, for the tests of the engine. */
import { barePorts } from "../../hosts/sim/engine/check.node.js";
import { type Creation, ROOMY } from "../../hosts/sim/engine/creation.js";
import { loadEngine } from "../../hosts/sim/engine/load.node.js";
import { type HostPorts, Machine } from "../../hosts/sim/engine/machine.js";
import type { Outcome } from "../../hosts/sim/engine/outcome.js";

/** The first test on a fresh clone builds the engine. */
export const BUILD_TIMEOUT_MS = 600_000;

/** What the repository's manifest gives the device. */
export const DEVICE: Creation = {
  staticBytes: 131_072,
  chunkInitial: 32_768,
  chunkIncremental: 256,
  heapInitial: 2048,
  heapIncremental: 64,
  stack: 512,
  keysInitial: 64,
  keysIncremental: 32,
};

export interface World {
  readonly machine: Machine;
  readonly printed: string[];
}

export interface WorldOptions {
  readonly modules?: Readonly<Record<string, string>>;
  readonly creation?: Creation;
  readonly ports?: Partial<HostPorts>;
  readonly debug?: boolean;
}

export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const printed: string[] = [];
  const ports = { ...barePorts(options.modules ?? {}, (line) => printed.push(line)), ...options.ports };
  const module = await loadEngine({ debug: options.debug ?? false });
  return { machine: new Machine(module, options.creation ?? ROOMY, ports), printed };
}

/** A machine with the device's memory, built-ins frozen, `main` imported after the flash is sealed. */
export async function makeDevice(
  main: string,
  creation: Creation = DEVICE,
  ports: Partial<HostPorts> = {},
): Promise<World> {
  const world = await makeWorld({ modules: { main }, creation, ports });
  expectOk(world.machine.freezeIntrinsics());
  expectOk(world.machine.sealFlash());
  expectOk(world.machine.importModule("main"));
  return world;
}

/** The value of an outcome that must be fine. */
export function expectOk(outcome: Outcome): number {
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.message}\n${outcome.stack}`);
  return outcome.value;
}

/** "reason: message" of an outcome that must not be fine. */
export function failure(outcome: Outcome): string {
  if (outcome.ok) throw new Error(`went well and gave ${outcome.value}`);
  return outcome.message === outcome.reason ? outcome.reason : `${outcome.reason}: ${outcome.message}`;
}
