// Shows the engine's build on the terminal.

/** Called before the first file (done 0), then after each. `file` is the one just finished. */
export type Progress = (done: number, total: number, file: string) => void;

/** What is needed of a stream. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const TITLE = "building the XS engine, about a minute, once";
const CLEAR_LINE = "\r\x1b[K";

/** One updating line on a terminal, a line for every tenth file elsewhere. */
export function printProgress(out: Terminal = process.stderr): Progress {
  return (done, total, file) => {
    if (out.isTTY) out.write(`${CLEAR_LINE}${TITLE}: ${done}/${total} ${file}${done === total ? "\n" : ""}`);
    else if (done % 10 === 0 || done === total) out.write(`${TITLE}: ${done}/${total}\n`);
  };
}
