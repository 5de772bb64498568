import { Board } from "../../hosts/sim/board/board.js";
import { Bridge } from "../../hosts/sim/io/bridge.js";
import { NoContact } from "../../hosts/sim/person/skin.js";

let walls = 0;

/** A board with its wall, and the ECMA-419 classes of `hosts/sim/io` loaded afresh on the firmware's side of it. */
export async function buildWall() {
  const board = new Board({ seed: 1, optics: new NoContact() });
  const globals = globalThis as unknown as Record<string, unknown>; // the globals that io/port.ts reads and sets
  let fire: (source: number) => void = () => {};
  const bridge = new Bridge(board, (source) => fire(source));
  globals.hostCall = (op: number, a: number, b: number, c: number, d: number) => bridge.call(op, a, b, c, d);
  globals.hostBytes = (op: number, a: number, view: Uint8Array) => bridge.bytes(op, a, view);
  // A number of its own for each wall; real bands count up from 0, so tests count from far above.
  const band = `?band=${1_000_000 + walls++}`;
  const [i2c, smbus, digital, pwm, analog, keyValue, timer, time] = await Promise.all(
    ["i2c", "smbus", "digital", "pwm", "analog", "key-value", "timer", "time"].map(
      (name) => import(`sim/${name}${band}`),
    ),
  );
  fire = globals.hostEvent as (source: number) => void; // set by io/port.ts while it was loaded
  return {
    board,
    bridge,
    I2C: i2c.default,
    SMBus: smbus.default,
    Digital: digital.default,
    PWM: pwm.default,
    Analog: analog.default,
    KeyValue: keyValue.default,
    Timer: timer.default,
    Time: time.default,
  };
}
