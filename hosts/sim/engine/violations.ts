/** What a preloaded module holds that is read-only on the device; the order is c/violations.c's. */
const HELD: readonly string[] = [
  "Map is read-only once preloaded: make it in a constructor or function",
  "Set is read-only once preloaded: make it in a constructor or function",
  "WeakMap or WeakSet is read-only once preloaded: make it in a constructor or function",
  "ArrayBuffer is read-only once preloaded: make it in a constructor or function",
  "typed array is read-only once preloaded: make it in a constructor or function",
  "DataView is read-only once preloaded: make it in a constructor or function",
  "static field is read-only once preloaded: use a module-level `let`, or freeze the class",
  "private field of a frozen object is read-only once preloaded: do not freeze the object",
  "regular expression cannot be preloaded: make it in a function",
  "generator cannot be preloaded: make it in a function",
  "promise cannot be preloaded: make it in a function",
  "proxy cannot be preloaded: make it in a function",
];

/** The sentence for what a module holds at `path`. */
export const violationAt = (path: string, kind: number): string =>
  `${path}: ${HELD[kind] ?? "read-only once preloaded"}`;

export const HOST_CALL_IN_BODY =
  "the module body calls the host: on the device it runs at link time, where there is none";
