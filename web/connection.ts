import type { Command, Messages, Refused } from "./messages.js";
import { droppedFrames, hello, history, isConnected, refusal, state, trouble } from "./model.js";

const token = new URLSearchParams(location.search).get("token") ?? "";
/** After the simulator has gone, it is looked for this often. */
const AGAIN_MS = 2000;

let source: EventSource | undefined;
let again: ReturnType<typeof setTimeout> | undefined;

/** An address of the simulator's, with what lets this page in. */
export const addressOf = (path: string, query: Readonly<Record<string, string>> = {}): string =>
  `${path}?${new URLSearchParams({ token, ...query })}`;

function take(frame: Messages["frame"]): void {
  history.add(frame);
  state.value = frame.state;
}

function listen(): void {
  const stream = new EventSource(addressOf("/events"));
  source = stream;
  const on = <Name extends keyof Messages>(name: Name, heard: (message: Messages[Name]) => void): void =>
    stream.addEventListener(name, (event) => heard(JSON.parse(event.data)));
  on("hello", (message) => {
    history.clear();
    droppedFrames.value = 0;
    hello.value = message;
    trouble.value = "";
    isConnected.value = true;
    take(message);
  });
  on("frame", take);
  on("dropped", ({ frames }) => {
    history.hole();
    droppedFrames.value += frames;
  });
  on("end", ({ reason }) => lose(stream, `The simulator has ended: ${reason}. This page goes on when it is back.`));
  stream.addEventListener("error", () => {
    // A refusal closes the stream for good; a connection that cannot be had leaves it trying.
    if (stream.readyState === EventSource.CLOSED)
      lose(stream, "The simulator does not let this page in: open the address that it has printed at its last start.");
    else lose(stream, "The simulator does not answer. This page goes on when it is back.");
  });
}

function lose(stream: EventSource, why: string): void {
  if (stream !== source) return;
  stream.close();
  source = undefined;
  isConnected.value = false;
  trouble.value = why;
  clearTimeout(again);
  if (!document.hidden) again = setTimeout(listen, AGAIN_MS);
}

/** A hidden tab costs nothing: it comes back with what there was meanwhile. */
function follow(): void {
  clearTimeout(again);
  source?.close();
  source = undefined;
  if (!document.hidden) listen();
}

export function connect(): void {
  document.addEventListener("visibilitychange", follow);
  follow();
}

/** What came back, or undefined and `refusal` says why. */
async function ask(path: string, init: RequestInit): Promise<Response | undefined> {
  try {
    const headers = { "x-band-token": token, ...init.headers };
    const answer = await fetch(path, { ...init, headers });
    refusal.value = answer.ok ? "" : (await answer.text()).trim();
    return answer.ok ? answer : undefined;
  } catch {
    refusal.value = "the simulator does not answer";
    return undefined;
  }
}

/** @returns whether it was done; if not, `refusal` says why */
export async function send(command: Command): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  return isDone(await ask("/command", { method: "POST", headers, body: JSON.stringify(command) }));
}

async function isDone(answer: Response | undefined): Promise<boolean> {
  if (answer === undefined) return false;
  if (answer.status === 204) return true;
  const { refused }: Refused = await answer.json();
  refusal.value = refused;
  return false;
}

/** A recording or a band's log that was dropped here. */
export async function upload(file: File): Promise<boolean> {
  const headers = { "content-type": "application/octet-stream", "x-band-file": encodeURIComponent(file.name) };
  return isDone(await ask("/file", { method: "POST", headers, body: file }));
}

/** Errors: undefined, and `refusal` says why */
export async function read<Answer>(path: string): Promise<Answer | undefined> {
  return (await ask(addressOf(path), {}))?.json();
}

export async function post<Answer>(path: string, body: unknown): Promise<Answer | undefined> {
  const headers = { "content-type": "application/json" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) }))?.json();
}
