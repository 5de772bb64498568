import type { VirtualClock } from "../board/clock.js";
import { EventPriority } from "../board/clock.js";
import type { Motor } from "../board/motor.js";
import type { Person } from "./person.js";

/** How often the wearer is told of the speed while the motor turns: six times within the shortest tick. */
const EVERY_US = 5_000;

/** Lets the wearer feel the motor for as long as both exist. Whoever listened to the motor before still does. */
export function feelMotor(person: Person, motor: Motor, clock: VirtualClock): void {
  const listener = motor.onDuty;
  let isWatching = false;
  const watch = (): void => {
    const { speed } = motor;
    person.feelMotor(speed, clock.nowUs);
    isWatching = speed > 0 || motor.dutyQ16 > 0;
    if (isWatching) clock.at(clock.nowUs + EVERY_US, EventPriority.Part, watch);
  };
  motor.onDuty = (dutyQ16, timeUs) => {
    listener?.(dutyQ16, timeUs);
    if (!isWatching) watch();
  };
}
