// Episodes of the sensor, its bus, its interrupt line and its light.
import type { RandomStream } from "../board/random.js";
import { sineOfTurns } from "../person/curves.js";
import { LightChannel } from "../person/optical-source.js";
import type { FaultId } from "./catalogue.js";
import { again, type Begin, type FaultWorld, perMille } from "./world.js";

const PART_IDS = [0x11, 0x00, 0xff] as const;
/** A read as long as this is of the FIFO. */
const FIFO_READ_BYTES = 6;

/** Each motor start may do something. */
function atMotorStarts({ band }: FaultWorld, act: () => void): () => void {
  const { motor, clock } = band.board;
  const listener = motor.onDuty;
  let wasOn = motor.dutyQ16 > 0;
  let isOver = false;
  motor.onDuty = (dutyQ16, timeUs) => {
    listener?.(dutyQ16, timeUs);
    const starts = dutyQ16 > 0 && !wasOn;
    wasOn = dutyQ16 > 0;
    if (starts && !isOver) clock.at(clock.nowUs, 0, act); // the motor's own call has ended then
  };
  return () => {
    isOver = true; // the listener stays: others may have put theirs on top
  };
}

function flipped(into: Uint8Array, perMillion: number, random: RandomStream): void {
  for (let i = 0; i < into.length; i++)
    if (random.between(0, 999_999) < perMillion) into[i] = into[i]! ^ (1 << random.between(0, 7)); // i < length
}

export const sensorEpisodes = {
  nackBurst: ({ bus }, { perMille: chance = 0 }, random) =>
    bus.add({
      write: (next, bytes) => !perMille(random, chance) && next.write(bytes),
      read: (next, into) => !perMille(random, chance) && next.read(into),
    }),

  nackData: ({ bus }, { perMille: chance = 0 }, random) =>
    bus.add({
      write: (next, bytes) => {
        if (!perMille(random, chance)) return next.write(bytes);
        next.write(bytes.subarray(0, random.between(0, bytes.length - 1)));
        return false;
      },
    }),

  bitFlip: ({ bus }, { perMillion = 0 }, random) =>
    bus.add({
      read: (next, into) => {
        const isAcknowledged = next.read(into);
        flipped(into, perMillion, random);
        return isAcknowledged;
      },
    }),

  shortRead: ({ bus }, { perMille: chance = 0 }, random) =>
    bus.add({
      read: (next, into) => {
        if (into.length < FIFO_READ_BYTES || !perMille(random, chance)) return next.read(into);
        next.read(into.subarray(0, random.between(1, into.length - 1)));
        return false;
      },
    }),

  /** Only the firmware can end it. */
  sdaStuck: ({ bus }) => {
    const end = bus.add({ write: () => false, read: () => false, opened: () => end() });
    return () => {};
  },

  sclStuck: ({ bus, band }, { timeoutMs = 0 }) => {
    const timeOut = (): boolean => {
      band.board.stall(Math.max(0, band.board.stalledUntilUs - band.board.clock.nowUs) + timeoutMs * 1000); // one after the other
      return false;
    };
    return bus.add({ write: timeOut, read: timeOut });
  },

  missedInt: ({ band }, { perMille: chance = 0 }, random) => {
    const { alertLine } = band.board;
    alertLine.losesEdge = () => perMille(random, chance);
    return () => {
      alertLine.losesEdge = undefined;
    };
  },

  intStuckLow: ({ band }) => {
    band.board.alertLine.hold(0);
    return () => band.board.alertLine.hold(undefined);
  },

  sensorBrownout: (world, { perMille: chance = 0 }, random) => {
    const { sensor } = world.band.board;
    sensor.powerUp();
    return atMotorStarts(world, () => {
      if (perMille(random, chance)) sensor.powerUp();
    });
  },

  resetNever: ({ band }) => {
    const { sensor } = band.board;
    const { resetMs } = sensor;
    sensor.resetMs = Number.POSITIVE_INFINITY;
    sensor.powerUp();
    return () => {
      sensor.resetMs = resetMs;
      sensor.powerUp(); // what ends it is a new start of the chip
    };
  },

  wrongPart: ({ band }, { id = 0 }) => {
    const { sensor } = band.board;
    const { partId } = sensor;
    sensor.partId = PART_IDS[id] ?? 0;
    sensor.powerUp(); // or nobody would ask who it is
    return () => {
      sensor.partId = partId;
    };
  },

  /** Stops where it is. */
  clockDrift: (world, { ppmPerMinute = 0 }) => {
    const { oscillator } = world.band.board.sensor.sampler;
    return again(world, 10_000, () => {
      const ppm = oscillator.errorPpm + Math.trunc(ppmPerMinute / 6);
      oscillator.errorPpm = Math.max(-30_000, Math.min(ppm, 30_000));
    });
  },

  ledFails: ({ light }, { leds = 0 }) =>
    light.add({ gain: (channel) => ((leds & (channel === LightChannel.Red ? 1 : 2)) !== 0 ? 0 : 1) }),

  ledDroop: ({ light }, { redPercent = 100, irPercent = 100 }) =>
    light.add({ gain: (channel) => (channel === LightChannel.Red ? redPercent : irPercent) / 100 }),

  saturate: ({ light }, { gainPercent = 100 }) => light.add({ gain: () => gainPercent / 100 }),

  ambientStep: (world, { nanoamps = 0, everyMs = 0 }) => {
    let isLit = false;
    const trouble = { ambientNa: () => (isLit ? nanoamps : 0), isOverrun: false };
    const endLight = world.light.add(trouble);
    const endSteps = again(world, everyMs, () => {
      isLit = !isLit;
      trouble.isOverrun = isLit && nanoamps > 2_000;
    });
    return () => {
      endSteps();
      endLight();
    };
  },

  flicker: ({ light }, { hertz = 0, nanoamps = 0 }) =>
    light.add({ ambientNa: (timeUs) => nanoamps * (1 + sineOfTurns((timeUs * hertz) / 1_000_000)) }),
} as const satisfies Partial<Record<FaultId, Begin>>;
