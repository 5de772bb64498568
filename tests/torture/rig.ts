import assert from "node:assert/strict";
import { bootXs } from "../../hosts/sim/boot-xs.node.js";
import type { FaultId } from "../../hosts/sim/faults/catalogue.js";
import { drawCase } from "../../hosts/sim/faults/injector.js";
import { type FirmwareFiles, readFirmware } from "../../hosts/sim/firmware-files.node.js";
import type { RunOptions } from "../../hosts/sim/torture/run.js";
import { SCENARIO_FORMAT, type Scenario } from "../../hosts/sim/torture/scenario.js";
import { tortureOptions } from "../../hosts/sim/torture/worker.node.js";

const MINUTE = 60_000;

/** Five minutes of a finger at rest, two of them calm; whatever is named is otherwise. */
export const restful = (change: Partial<Scenario> = {}): Scenario => ({
  format: SCENARIO_FORMAT,
  seed: 5,
  durationMs: 5 * MINUTE,
  calmFromMs: 3 * MINUTE,
  program: 0,
  style: 0,
  mtu: 247,
  gestures: [],
  phoneMs: [1_000],
  happenings: [{ atUs: 0, happening: { what: "place", place: "finger" } }],
  faults: [],
  ...change,
});

export const faultAt = (id: FaultId, atMs: number, rageMs: number, values: Readonly<Record<string, number>> = {}) => {
  const drawn = drawCase(id, 1, atMs);
  return { ...drawn, rageMs, values: { ...drawn.values, ...values } };
};

/** The firmware with a bug: `from` in the compiled module becomes `to`. */
export async function withBug(module: string, from: string, to: string): Promise<RunOptions> {
  const files = readFirmware();
  const sound = files.source(module)?.code ?? "";
  assert(sound.includes(from), `${module} has no "${from}" any more: change this test with it`);
  const changed: FirmwareFiles = {
    ...files,
    source: (name) => (name === module ? { code: sound.replace(from, to) } : files.source(name)),
  };
  return { ...(await tortureOptions()), boot: await bootXs({}, changed) };
}
