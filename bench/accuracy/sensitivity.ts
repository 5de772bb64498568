// What happens when one tuning constant moves by a fifth: the table in docs/algorithms.md.
import { DETECTOR_TUNING, type DetectorTuning } from "hrv/detector-tuning";
import { runAccuracy } from "./accuracy.js";
import { detectWith } from "./detect.js";
import type { Samples } from "./records.js";
import { bySet, summarise } from "./summary.js";

/** Small whole numbers move by one. */
const moved = (value: number, share: number): number =>
  Math.round(value * share) === value ? value + Math.sign(share - 1) : Math.round(value * share);

async function cells(samples: readonly Samples[], tuning: Partial<DetectorTuning>): Promise<string> {
  const sets = bySet(await runAccuracy({ samples, detect: detectWith(tuning) }));
  const of = (set: string) => summarise(sets.get(set) ?? []);
  const bidmc = of("bidmc");
  const welltory = of("welltory");
  return [
    `${bidmc.f1.toFixed(2)} / ${bidmc.ibiMs?.toFixed(2) ?? "-"} / ${bidmc.coverage.toFixed(1)} / ${bidmc.wrong?.toFixed(2) ?? "-"}`,
    `${welltory.f1.toFixed(2)} / ${welltory.ibiMs?.toFixed(2) ?? "-"} / ${welltory.coverage.toFixed(1)} / ${welltory.wrong?.toFixed(2) ?? "-"}`,
    of("wristex").wrongPerMinute.toFixed(1),
  ].join(" | ");
}

/** Markdown: F1 % / IBI ms / coverage % / wrong % on bidmc and welltory, wrong intervals a minute in motion. */
export async function sensitivity(samples: readonly Samples[]): Promise<string> {
  const lines = [
    "| constant | value | bidmc: F1 / IBI / coverage / wrong | welltory: the same | wristex: wrong a minute |",
    "|---|---|---|---|---|",
    `| as it is | | ${await cells(samples, {})} |`,
  ];
  const constants: ReadonlyArray<readonly [string, number]> = Object.entries(DETECTOR_TUNING);
  for (const [name, value] of constants)
    for (const share of [0.8, 1.2]) {
      const changed = moved(value, share);
      lines.push(`| ${name} | ${value} → ${changed} | ${await cells(samples, { [name]: changed })} |`);
    }
  return lines.join("\n");
}
