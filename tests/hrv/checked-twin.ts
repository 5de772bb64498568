/**
 * The firmware's own modules, compiled, with every arithmetic step watched: a sum, difference, product, negation or
 * left shift that leaves int32, a store that does not fit its typed array, an index outside of it, any `/`, and any
 * step whose result is no integer, or -0, throws. The source is not touched: the twin is made from the compiled text by
 * wrapping expressions, so what is proved of it holds for what ships.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Node, SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";

const build = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = join(build, "checked");

/** What wrapped expressions call. Every module of the twin begins with it. */
const GUARD = `
const overflow = (what, value) => { throw new RangeError(what + " gives " + value); };
const isInt32 = (value) => Number.isInteger(value) && !Object.is(value, -0) && value >= -2147483648 && value <= 2147483647;
const $int = (value, what) => typeof value === "string" || isInt32(value) ? value : overflow(what, value);
const $imul = (a, b) => isInt32(a) && isInt32(b) && isInt32(a * b + 0) ? Math.imul(a, b) : overflow("imul(" + a + ", " + b + ")", a * b);
const $shl = (a, b) => isInt32(a * 2 ** b + 0) && b >= 0 && b < 32 ? a << b : overflow(a + " << " + b, a * 2 ** b);
const $ushr = (a, b) => a >= 0 ? a >>> b : overflow(a + " >>> " + b, "a double");
const $get = (array, index) => array[index] === undefined ? overflow("index " + index, "nothing") : array[index];
const $put = (array, index, value) => {
  if (!ArrayBuffer.isView(array)) return (array[index] = value);
  if (!(index >= 0 && index < array.length)) overflow("index " + index + " of " + array.length, "nothing");
  array[index] = value;
  return array[index] === value ? value : overflow(array.constructor.name, value);
};
`;

const CHECKED_OPERATORS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.PlusToken,
  SyntaxKind.MinusToken,
  SyntaxKind.AsteriskToken,
  SyntaxKind.PercentToken,
]);
/** `a += b` becomes `a = a + b`, watched. */
const COMPOUND_OPERATORS: ReadonlyMap<SyntaxKind, string> = new Map([
  [SyntaxKind.PlusEqualsToken, "+"],
  [SyntaxKind.MinusEqualsToken, "-"],
  [SyntaxKind.AsteriskEqualsToken, "*"],
]);
const DOUBLE_OPERATORS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.SlashToken,
  SyntaxKind.SlashEqualsToken,
  SyntaxKind.AsteriskAsteriskToken,
]);

/** `node` as text, its watched parts wrapped. */
function watched(node: Node, text: string): string {
  const parts: { readonly node: Node; readonly text: string }[] = [];
  node.forEachChild((child) => {
    parts.push({ node: child, text: watched(child, text) });
  });
  let whole = "";
  let at = node.pos;
  for (const part of parts) {
    whole += text.slice(at, part.node.pos) + part.text;
    at = part.node.end;
  }
  whole += text.slice(at, node.end);
  const kinds = parts.map((part) => part.node.kind);
  const told = JSON.stringify(text.slice(node.pos, node.end).trim().replaceAll(/\s+/g, " "));
  if (node.kind === SyntaxKind.BinaryExpression) {
    const operator = kinds[1] ?? SyntaxKind.Unknown;
    if (DOUBLE_OPERATORS.has(operator)) return ` overflow(${told}, "a double")`;
    const simple = COMPOUND_OPERATORS.get(operator);
    if (simple !== undefined)
      return `${parts[0]?.text} = $int(${parts[0]?.text} ${simple} (${parts[2]?.text}), ${told})`;
    if (CHECKED_OPERATORS.has(operator)) return ` $int(${whole}, ${told})`;
    if (operator === SyntaxKind.LessThanLessThanToken) return ` $shl(${parts[0]?.text}, ${parts[2]?.text})`;
    if (operator === SyntaxKind.GreaterThanGreaterThanGreaterThanToken)
      return ` $ushr(${parts[0]?.text}, ${parts[2]?.text})`;
    if (operator === SyntaxKind.LessThanLessThanEqualsToken)
      return `${parts[0]?.text} = $shl(${parts[0]?.text}, ${parts[2]?.text})`;
    const target = parts[0]?.node;
    if (operator === SyntaxKind.EqualsToken && target?.kind === SyntaxKind.ElementAccessExpression)
      return ` $put(${accessOf(target, text)}, ${parts[2]?.text})`;
  }
  if (node.kind === SyntaxKind.PrefixUnaryExpression && text.slice(node.pos, node.end).trim().startsWith("-"))
    return ` $int(${whole}, ${told})`;
  if (node.kind === SyntaxKind.CallExpression && parts[0]?.text.trim() === "Math.imul")
    return whole.replace("Math.imul", "$imul");
  if (node.kind === SyntaxKind.ElementAccessExpression) return ` $get(${accessOf(node, text)})`;
  return whole;
}

/** "array, index" of an element access. */
function accessOf(node: Node, text: string): string {
  const inner: string[] = [];
  node.forEachChild((child) => {
    inner.push(watched(child, text));
  });
  return inner.join(", ");
}

/** Writes the twins of all modules of `base` and `hrv`, once. */
function writeTwins(): void {
  const rooms = ["base", "hrv"];
  const files = rooms.flatMap((room) =>
    readdirSync(join(build, "modules", room))
      .filter((name) => name.endsWith(".js"))
      .map((name) => `${room}/${name}`),
  );
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "tsconfig.json");
  const compilerOptions = {
    allowJs: true,
    noEmit: true,
    module: "preserve",
    target: "es2022",
    types: [],
    noLib: true,
    noResolve: true,
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: files.map((file) => `../modules/${file}`) }));
  const api = new API({ cwd: folder });
  try {
    const [project] = api.updateSnapshot({ openProject: config }).getProjects();
    for (const file of files) {
      const path = join(build, "modules", file);
      const tree = project?.program.getSourceFile(path);
      if (tree === undefined) throw new Error(`${path} was not parsed`);
      const source = readFileSync(path, "utf8").replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n");
      const twin = watched(tree, source).replaceAll(/from "(base|hrv)\/([\w-]+)"/g, 'from "../$1/$2.js"');
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), GUARD + twin);
    }
  } finally {
    api.close();
  }
}

let areWritten = false;

/** The watched twin of a module, by its manifest name. */
export async function checkedTwin(name: string): Promise<unknown> {
  if (!areWritten) writeTwins();
  areWritten = true;
  return await import(pathToFileURL(join(folder, `${name}.js`)).href);
}
