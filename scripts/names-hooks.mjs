// Node's module hooks that let firmware be imported by its manifest names ("hrv/beat-detector"), as XS and mcconfig do.
// Names come from manifest.json and hosts/sim/manifest.json; the files are what tsc wrote to build/.
import { moduleFiles } from "./manifest.mjs";

const files = moduleFiles();

/**
 * A name of the manifests becomes its compiled file. A `?band=N` on the importer is passed on to every module it
 * imports: each simulated band in V8 gets module instances of its own, as each XS machine does.
 */
export async function resolve(specifier, context, nextResolve) {
  const band = context.parentURL?.match(/\?band=\d+$/)?.[0] ?? "";
  const [name, ownBand = ""] = specifier.split(/(?=\?band=\d+$)/);
  const file = files.get(name);
  if (file !== undefined) return { url: file.href + (ownBand || band), shortCircuit: true };
  if (band !== "" && specifier.startsWith(".")) return nextResolve(specifier + band, context);
  return nextResolve(specifier, context);
}
