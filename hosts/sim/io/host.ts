import type { HostParts } from "band/parts";
import type { Observer } from "base/host-parts";
import Analog from "embedded:io/analog";
import { GATTServer } from "embedded:io/bluetoothle/peripheral";
import Digital from "embedded:io/digital";
import PWM from "embedded:io/pwm";
import SMBus from "embedded:io/smbus";
import KeyValue from "embedded:storage/key-value";
import { Op } from "sim/ops";
import { call } from "sim/port";
import Time from "time";
import Timer from "timer";
import { Pin } from "../board/pins.js";

/** Tells those who watch the simulation; the firmware cannot tell whether anybody does. */
const observer: Observer = {
  beat(upstrokeTicks, rrTicks, verdict, qualityQ8) {
    call(Op.SeenBeat, upstrokeTicks, rrTicks, verdict, qualityQ8);
  },
  second(bpm, absence, batteryPercent) {
    call(Op.SeenSecond, bpm, absence, batteryPercent, 0);
  },
  contact(state, reason) {
    call(Op.SeenContact, state, reason, 0, 0);
  },
  session(state, program, phase) {
    call(Op.SeenSession, state, program, phase, 0);
  },
};

/** The simulated band's parts: the ESP32's classes by name and semantics, wired to the virtual board's pins. */
const parts: HostParts = {
  clock: Time,
  timers: Timer,
  sensor: { io: SMBus },
  sensorAlert: { io: Digital, pin: Pin.SensorInt },
};
export default parts;
