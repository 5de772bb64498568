/** 65,000 → "1:05" */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A number as it is shown: no more digits than it is worth. */
export const numberText = (value: number, digits: number): string => value.toFixed(digits);

/** "notOk" → "not ok": for names of the firmware's tables. */
export const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
