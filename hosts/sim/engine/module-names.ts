/**
 * The name of the module that `specifier` means inside the module `importer` ("" at the top), as XS's own hosts take
 * it: bare names as they are, "./" and "../" from the importer's folder, without ".js".
 */
export function resolveModuleName(specifier: string, importer: string): string {
  const bare = specifier.replace(/\.m?js$/, "");
  if (!bare.startsWith("./") && !bare.startsWith("../")) return bare;
  const path = importer.split("/").slice(0, -1);
  for (const part of bare.split("/")) {
    if (part === "..") path.pop();
    else if (part !== ".") path.push(part);
  }
  return path.join("/");
}
