import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { element, setText } from "./elements.js";
import { History } from "./history.js";
import type { BandState, Messages } from "./messages.js";
import { Readings } from "./readings.js";
import { Sound } from "./sound.js";

/** Under reduced motion the picture stands still in between. */
const CALM_MS = 1000;

const token = new URLSearchParams(location.search).get("token") ?? "";
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const history = new History();
const charts = new Charts(history);
const controls = new Controls(token);
const readings = new Readings();
const sound = new Sound();

let state: BandState | undefined;
let source: EventSource | undefined;
let isOver = false;
let isDue = false;
let drawnAtMs = Number.NEGATIVE_INFINITY;

/** Once a frame of the screen at most, however many messages come. */
function draw(): void {
  isDue = false;
  if (state === undefined) return;
  readings.show(state, history);
  controls.show(state);
  const nowMs = performance.now();
  if (isCalm.matches && nowMs - drawnAtMs < CALM_MS) return;
  drawnAtMs = nowMs;
  charts.draw();
  const motor = history.points.at(-1)?.motor ?? 0;
  element("felt", HTMLElement).style.setProperty("--felt", motor.toFixed(3));
}

function take(frame: Messages["frame"]): void {
  state = frame.state;
  history.add(frame);
  sound.follow(state.isPaused ? 0 : (history.points.at(-1)?.motor ?? 0));
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(draw);
}

function listen(): void {
  const stream = new EventSource(`/events?token=${encodeURIComponent(token)}`);
  source = stream;
  const on = <Name extends keyof Messages>(name: Name, heard: (message: Messages[Name]) => void): void =>
    stream.addEventListener(name, (event) => heard(JSON.parse(event.data)));
  on("hello", (hello) => {
    history.clear();
    setText("title", hello.title);
    setText("version", hello.version);
    setText("trouble", "");
    take(hello);
  });
  on("frame", take);
  on("dropped", ({ frames }) => {
    history.hole();
    setText("dropped", `This page was too slow: ${frames} frames are missing, and are gaps in the traces.`);
  });
  on("end", ({ reason }) => {
    isOver = true;
    stream.close();
    sound.follow(0);
    controls.disable();
    setText("trouble", `The run is over: ${reason}. To see another, start the simulator and open what it prints.`);
  });
  stream.addEventListener("error", () => {
    sound.follow(0);
    setText(
      "trouble",
      stream.readyState === EventSource.CLOSED
        ? "The simulator does not let this page in: open the address that it has printed at its last start."
        : "The simulator does not answer: trying again.",
    );
  });
}

/** A hidden tab costs nothing: it comes back with what there was meanwhile. */
function follow(): void {
  if (isOver) return;
  source?.close();
  source = undefined;
  sound.follow(0);
  if (!document.hidden) listen();
}

document.addEventListener("visibilitychange", follow);
follow();
