import type { IncomingHttpHeaders } from "node:http";
import type { Command, Refused } from "../../../web/messages.js";
import { FORMATS, type Format, type FormatName } from "../export/formats.js";
import { commandOf } from "./commands.node.js";
import type { LogBook } from "./log-book.node.js";
import { Refusal } from "./refusal.node.js";
import { scoreRoute } from "./scores.node.js";
import { exportOf, sessionsOf } from "./session-files.node.js";

export interface Answer {
  readonly type: string;
  readonly bytes: string | Uint8Array;
  /** To be kept as a file of this name. */
  readonly fileName?: string;
}

/** What is made when it is asked for. Errors of the answers: Refusal */
export type Route =
  | { readonly method: "GET"; answer(query: URLSearchParams): Answer | Promise<Answer> }
  | {
      readonly method: "POST";
      readonly type: string;
      readonly bytesMax: number;
      answer(body: Buffer, headers: IncomingHttpHeaders): Answer | undefined | Promise<Answer | undefined>;
    };

const JSON_TYPE = "application/json";
const COMMAND_BYTES_MAX = 512;
/** An hour of four columns at 100 a second is half of it. */
const FILE_BYTES_MAX = 32 << 20;

export interface RouteOptions {
  /** Why it is not done; undefined if it is. */
  onCommand(command: Command): string | undefined | Promise<string | undefined>;
  /** A file that was dropped on the page. The same. */
  onFile(name: string, bytes: Buffer): string | undefined | Promise<string | undefined>;
  readonly logBook: LogBook;
}

export const jsonAnswer = (value: unknown): Answer => ({ type: JSON_TYPE, bytes: JSON.stringify(value) });

export function pageRoutes({ onCommand, onFile, logBook }: RouteOptions): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    [
      "/command",
      {
        method: "POST",
        type: JSON_TYPE,
        bytesMax: COMMAND_BYTES_MAX,
        answer: async (body) => {
          const asked = commandOf(body.toString("utf8"));
          if (!asked.ok) throw new Refusal(400, asked.reason);
          return outcomeOf(await onCommand(asked.command));
        },
      },
    ],
    [
      "/file",
      {
        method: "POST",
        type: "application/octet-stream",
        bytesMax: FILE_BYTES_MAX,
        answer: async (body, headers) => outcomeOf(await onFile(nameOf(headers["x-band-file"]), body)),
      },
    ],
    ["/sessions", { method: "GET", answer: () => jsonAnswer(sessionsOf(logBook)) }],
    [
      "/export",
      {
        method: "GET",
        answer: (query) => exportOf(logBook, query.get("session") ?? "", formatOf(query.get("format"))),
      },
    ],
    ["/trends", { method: "GET", answer: () => jsonAnswer(logBook.trends()) }],
    [
      "/scores",
      { method: "GET", answer: () => ({ type: "text/plain", bytes: logBook.scoreLines(), fileName: "scores.jsonl" }) },
    ],
    ["/score", { method: "POST", type: JSON_TYPE, bytesMax: 1024, answer: (body) => scoreRoute(logBook, body) }],
  ]);
}

/** What was understood and is not done is no error of the request: the page tells its reason. */
const outcomeOf = (refused: string | undefined): Answer | undefined =>
  refused === undefined ? undefined : jsonAnswer({ refused } satisfies Refused);

/** Only to be shown: nothing is opened by it. Errors: Refusal */
function nameOf(header: string | string[] | undefined): string {
  try {
    const name = decodeURIComponent(typeof header === "string" ? header : "");
    const last = name.split(/[\\/]/).at(-1) ?? "";
    return last === "" ? "the file" : last.slice(0, 80);
  } catch {
    throw new Refusal(400, "the file's name cannot be read");
  }
}

function formatOf(name: string | null): readonly [FormatName, Format] {
  if (name === null || !Object.hasOwn(FORMATS, name))
    throw new Refusal(400, `the format is none of ${Object.keys(FORMATS).join(", ")}`);
  const known = name as FormatName; // its own key
  return [known, FORMATS[known]];
}
