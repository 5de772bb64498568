// Episodes of the wearer, the host, and the parts that are not the sensor's.
import { PLACES } from "../person/body.js";
import { MOTIONS } from "../person/motion.js";
import type { Happening } from "../person/options.js";
import type { FaultId } from "./catalogue.js";
import { again, type Begin, type End, type FaultWorld, perMille } from "./world.js";

const WEARS = ["eraseThrows", "eraseLeavesBits", "writeThrows", "writeLosesBits"] as const;
const NOT_SKIN = ["air", "desk", "lamp", "banana"] as const;
const NIMBLE_NO_MEMORY = 6;
/** The charger of a XIAO. */
const CHARGER_MA = 100;
const CHARGED_PERCENT = 60;

/** Something that happens to the wearer, and what puts it right. */
function happens({ person, band }: FaultWorld, first: Happening, last: Happening): End {
  person.schedule(band.board.clock.nowUs, first);
  return () => person.schedule(band.board.clock.nowUs, last);
}

export const bandEpisodes = {
  // ---- wearer ----
  strapStep: ({ person, band }, { permille = 0, recoveryMs = 0 }) => {
    person.schedule(band.board.clock.nowUs, { what: "slip", step: permille / 1000, recoveryS: recoveryMs / 1000 });
    return () => {};
  },

  walking: (world, { motion = 1 }) =>
    happens(world, { what: "move", motion: MOTIONS[motion] ?? "walking" }, { what: "move", motion: "still" }),

  coldFinger: (world, { celsius = 20 }) =>
    happens(world, { what: "temperature", celsius }, { what: "temperature", celsius: 33 }),

  strapWrong: (world, { percent = 50 }) =>
    happens(world, { what: "strap", pressure: percent / 100 }, { what: "strap", pressure: 1 }),

  takenOff: (world, { place = 0 }) => {
    const { states } = world.person.truth;
    const before = PLACES[states.place.at(states.place.length - 1)] ?? "finger";
    return happens(world, { what: "place", place: NOT_SKIN[place] ?? "air" }, { what: "place", place: before });
  },

  fibrillation: (world) => happens(world, { what: "fibrillate", on: true }, { what: "fibrillate", on: false }),

  // ---- host ----
  stall: (world, { ms = 0, everyMs = 0 }) => again(world, everyMs + ms, () => world.band.board.stall(ms * 1000)),

  /** From a drain on, so that the number of samples is what is asked for. */
  ptrAmbiguous: (world, { samples = 0, everyMs = 0 }) => {
    const { band } = world;
    const { clock, sensor } = band.board;
    let isOver = false;
    const wait = (): void => {
      if (isOver) return;
      if (sensor.unreadCount > 0) {
        clock.at(clock.nowUs + 1_000, 3, wait);
        return;
      }
      const goal = sensor.sampleCount + samples;
      const untilUs = clock.nowUs + samples * 10_500; // a sensor that has stopped samples no more
      const hold = (): void => {
        if (isOver || sensor.sampleCount >= goal || clock.nowUs > untilUs) return;
        band.board.stall(1_001);
        clock.at(clock.nowUs + 1_000, 0, hold);
      };
      hold();
    };
    const end = again(world, everyMs, wait);
    return () => {
      isOver = true;
      end();
    };
  },

  hostBrownout: ({ band }, { untilMotorRuns = 0 }) => {
    const { motor, clock } = band.board;
    let isOver = false;
    const strike = (): void => {
      if (isOver) return;
      if (untilMotorRuns === 0 || motor.dutyQ16 > 0) band.reset("brown-out");
      else clock.at(clock.nowUs + 10_000, 0, strike);
    };
    strike();
    return () => {
      isOver = true;
    };
  },

  unplug: ({ band }, { offMs = 0 }) => {
    band.reset("unplugged", offMs * 1000);
    return () => {};
  },

  // ---- motor, battery, button ----
  motorJam: ({ band }) => {
    band.board.motor.isJammed = true;
    return () => {
      band.board.motor.isJammed = false;
    };
  },

  batterySag: ({ band }, { milliohms = 0 }) => {
    const { battery } = band.board;
    const { resistanceOhm } = battery;
    battery.resistanceOhm = milliohms / 1000;
    return () => {
      battery.resistanceOhm = resistanceOhm;
    };
  },

  adcNoise: ({ band }, { millivolts = 0, perMille: chance = 0 }, random) => {
    const { battery } = band.board;
    battery.adcNoiseMv = () => (perMille(random, chance) ? random.between(-millivolts, millivolts) : 0);
    return () => {
      battery.adcNoiseMv = undefined;
    };
  },

  cellEmpty: ({ band }, { percent = 0 }) => {
    const { battery } = band.board;
    battery.percent = percent;
    return () => {
      battery.percent = CHARGED_PERCENT;
      battery.setChargerMa(CHARGER_MA);
    };
  },

  buttonBounce: ({ band }, { us = 0 }) => {
    band.board.button.bounceUs = us;
    return () => {
      band.board.button.bounceUs = 0;
    };
  },

  buttonStuck: ({ band }) => {
    band.board.buttonLine.hold(0);
    return () => band.board.buttonLine.hold(undefined);
  },

  // ---- radio ----
  phoneVanishes: (world, { awayMs = 0, everyMs = 0 }) => {
    const { phone, band } = world;
    const { clock } = band.board;
    const end = again(world, everyMs + awayMs, () => {
      phone.central.vanish();
      phone.isLeftAlone = true;
      clock.at(clock.nowUs + awayMs * 1000, 3, () => {
        phone.isLeftAlone = false;
      });
    });
    return () => {
      end();
      phone.isLeftAlone = false;
    };
  },

  phoneFloods: (world, { everyMs = 0 }, random) => {
    const { central } = world.phone;
    const end = again(world, everyMs, () => {
      const services = central.discover();
      const service = services[random.between(0, Math.max(0, services.length - 1))];
      const characteristic =
        service?.characteristics[random.between(0, Math.max(0, service.characteristics.length - 1))];
      if (characteristic === undefined) return;
      const { valueHandle, cccdHandle } = characteristic;
      const bytes = new Uint8Array(random.between(0, 40));
      for (let i = 0; i < bytes.length; i++) bytes[i] = random.next32();
      switch (random.between(0, 4)) {
        case 0:
          central.read(valueHandle, () => {});
          return;
        case 1:
          central.write(valueHandle, bytes);
          return;
        case 2:
          central.writeWithoutResponse(valueHandle, bytes);
          return;
        case 3:
          if (cccdHandle > 0) central.write(cccdHandle, Uint8Array.of(random.between(0, 3), 0));
          return;
        default:
          central.exchangeMtu(random.between(23, 517));
      }
    });
    return () => {
      end();
      central.disconnect(); // whether it is still subscribed nobody knows
    };
  },

  phoneStalls: ({ phone }) => {
    phone.central.stalled = true;
    return () => phone.central.resume();
  },

  notifyFails: (world, { perMille: chance = 0 }, random) => {
    const { failures } = world.phone.central;
    const end = again(world, 200, () => {
      failures.length = 0;
      if (perMille(random, chance)) failures.push(NIMBLE_NO_MEMORY);
    });
    return () => {
      end();
      failures.length = 0;
    };
  },

  phoneHops: (world, { everyMs = 0 }) => {
    const { phone } = world;
    phone.isLeftAlone = true;
    const end = again(world, everyMs, () => {
      if (phone.central.connected) phone.central.disconnect();
      else phone.connect();
    });
    return () => {
      end();
      phone.central.disconnect();
      phone.isLeftAlone = false;
    };
  },

  advertisingLost: ({ phone, band }) => {
    phone.central.disconnect();
    const { clock, radio } = band.board;
    clock.at(clock.nowUs + 20_000, 3, () => radio.loseAdvertising());
    return () => {};
  },

  // ---- flash ----
  powerCutInWrite: (world, { operations = 0, offMs = 0 }, random) => {
    const { band } = world;
    const { logFlash } = band.board;
    let left = operations;
    logFlash.powerCut = (operation) => {
      if (left-- > 0) return undefined;
      logFlash.powerCut = undefined;
      world.onFlashTrouble?.("cut");
      band.board.flash.powerCut = () => true;
      band.reset("power cut", offMs * 1000);
      return random.between(0, operation.length);
    };
    return () => {
      logFlash.powerCut = undefined;
    };
  },

  storeFails: ({ band }) => {
    const { flash } = band.board;
    flash.powerCut = () => true;
    return () => {
      flash.powerCut = undefined;
    };
  },

  bitRot: (world, { bits = 0 }, random) => {
    const { logFlash } = world.band.board;
    world.onFlashTrouble?.("spoilt");
    for (let i = 0; i < bits; i++)
      logFlash.flipBit(random.between(0, logFlash.contents.length - 1), random.between(0, 7));
    return () => {};
  },

  wornBlock: (world, { wear = 0, block = 0 }) => {
    const { logFlash } = world.band.board;
    logFlash.wearOut(block % logFlash.blocks, WEARS[wear] ?? "writeThrows");
    return () => {};
  },
} as const satisfies Partial<Record<FaultId, Begin>>;
