/** How a call into an XS machine ends. */

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

// As in c/host.h: 0 done, 1 uncaught exception, 100 + XS's exit status.
export const UNCAUGHT = 1;
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

/** @param status greater than 100, as an export of the engine gives it */
export const reasonOf = (status: number): AbortReason => REASONS[status - ABORTED] ?? "fatal check";
