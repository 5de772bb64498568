/** Something outside is wrong and the user can mend it: shown as one line, exit code 2, no stack. */
export class BadInput extends Error {
  override name = "BadInput";
}
