import { InvalidArgumentError } from "commander";
import { FAULT_IDS, type FaultId, faultRow } from "../faults/catalogue.js";

/** "all", "none", or ids and parts of the band, separated by commas. In the catalogue's order, each once. */
export function faultsOf(text: string): readonly FaultId[] {
  if (text === "all") return FAULT_IDS;
  if (text === "none") return [];
  const names = text.split(",");
  for (const name of names)
    if (!FAULT_IDS.some((id) => id === name || faultRow(id).part === name))
      throw new InvalidArgumentError(`"${name}" is no fault and no part: docs/faults.md lists them.`);
  return FAULT_IDS.filter((id) => names.includes(id) || names.includes(faultRow(id).part));
}
