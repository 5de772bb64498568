/**
 * The band that the Bluetooth lane talks to: the firmware in XS, a recording that begins again when it ends, and the
 * radio on HCI. Time runs `speed` times as fast as the laptop's. One JSON object a line in both directions: commands
 * come on standard input, standard output tells what the firmware felt and answers the commands.
 *
 *   node --import ./scripts/names.mjs build/tests/interop/ble/band.js tcp:127.0.0.1:6402 capture.btsnoop
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Board } from "../../../hosts/sim/board/board.js";
import { bootXs } from "../../../hosts/sim/boot-xs.node.js";
import { linesOf } from "../../../hosts/sim/cli/felt.js";
import type { LightChannel, OpticalSource } from "../../../hosts/sim/person/optical-source.js";
import { RecordedPulse } from "../../../hosts/sim/person/recording.js";
import { readRecording } from "../../../hosts/sim/person/recording-file.node.js";
import { parseHciAddress } from "../../../hosts/sim/radio/hci-address.node.js";
import { HciCapture } from "../../../hosts/sim/radio/hci-capture.node.js";
import { HciRadio } from "../../../hosts/sim/radio/hci-radio.node.js";
import { VirtualBand } from "../../../hosts/sim/virtual-band.js";

const FRAME_MS = 10;
/** After a pause of the laptop the band does not race. */
const FRAME_MS_MAX = 100;

/** A wearer who can take the band off, and whose recording begins again. */
class Wrist implements OpticalSource {
  isWorn = true;
  readonly #recording = readRecording("recordings/neurokit_rest5min.csv.gz");
  #pulse = this.#from(0);

  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number {
    if (timeUs > this.#pulse.endUs) this.#pulse = this.#from(timeUs);
    return this.isWorn ? this.#pulse.photocurrentNa(channel, ledMa, timeUs) : 0;
  }

  ambientLeakNa(timeUs: number): number {
    return this.#pulse.ambientLeakNa(timeUs);
  }

  ambientOverrun(timeUs: number): boolean {
    return this.#pulse.ambientOverrun(timeUs);
  }

  #from(startUs: number): RecordedPulse {
    const { values, rateHz = 100, polarity } = this.#recording;
    return new RecordedPulse({ timesUs: undefined, rateHz, values, polarity }, { startUs });
  }
}

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const [controller = "", capture = ""] = process.argv.slice(2);
const wrist = new Wrist();
const board = new Board({ seed: 7, optics: wrist });
const nowMs = (): number => board.clock.nowUs / 1000;
const band = new VirtualBand(
  board,
  await bootXs(),
  linesOf({ startMs: 0, nowMs, bootMs: () => 0 }, (line) => say({ ...line, atMs: nowMs() })),
);
const radio = new HciRadio({
  radio: board.radio,
  controller: parseHciAddress(controller),
  capture: new HciCapture(capture),
  note: (text) => say({ type: "note", text }),
});

let speed = 1;
let isOver = false;

/** Every command is answered by a line of its own name. */
function obey(command: { type: string; speed?: number; worn?: boolean; ms?: number }): void {
  switch (command.type) {
    case "speed":
      speed = command.speed ?? 1;
      break;
    case "worn":
      wrist.isWorn = command.worn ?? true;
      break;
    case "hold": {
      const { button, clock } = board;
      button.press();
      clock.at(clock.nowUs + (command.ms ?? 0) * 1000, 0, () => button.release());
      break;
    }
    case "reboot":
      band.powerCycle();
      break;
    case "counters":
      band.collectGarbage();
      globalThis.gc?.();
      break;
    case "quit":
      isOver = true;
      break;
    default:
      throw new RangeError(`no command ${command.type}`);
  }
  const { slots, chunkBytes, keys } = band.engineCounters() ?? {};
  say({
    type: command.type,
    atMs: nowMs(),
    engine: { slots, chunkBytes, keys },
    events: board.clock.pending,
    air: board.radio.counters,
    hci: radio.counters,
    memoryBytes: process.memoryUsage().heapUsed,
  });
}

createInterface({ input: process.stdin })
  .on("line", (line) => obey(JSON.parse(line)))
  .on("close", () => {
    isOver = true; // whoever started us has gone
  });
await radio.start();
say({ type: "ready" });
let link = "";
let lastMs = performance.now();
while (!isOver) {
  const wallMs = performance.now();
  const stepMs = Math.min(FRAME_MS_MAX, wallMs - lastMs) * speed;
  lastMs = wallMs;
  await band.run(board.clock.nowUs + Math.round(stepMs * 1000));
  if (board.radio.linkText !== link) {
    link = board.radio.linkText;
    say({ type: "link", link, atMs: nowMs() });
  }
  await sleep(Math.max(0, FRAME_MS - (performance.now() - wallMs)));
}
radio.close();
band.close();
