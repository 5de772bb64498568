/**
 * What goes wrong with a band, as data. docs/faults.md is made from it, `injector.ts` does it.
 *
 * An episode rages for some time and ends; within `recoverMs` after that the band must be well again: it senses, it can
 * be reached, it logs. A unit's fault is there from the first day on: the band must be well with it.
 * Numbers are whole, ranges closed, and each episode draws from a stream of chance of its own.
 * Source: hardware reference, section 5; what it marks as its own engineering values is so here too.
 */

export type FaultPart =
  | "unit"
  | "bus"
  | "line"
  | "sensor"
  | "light"
  | "wearer"
  | "host"
  | "motor"
  | "battery"
  | "button"
  | "radio"
  | "flash";

/** A number that an episode draws when it begins. */
export interface FaultValue {
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

export interface FaultRow {
  readonly part: FaultPart;
  /** What happens. */
  readonly says: string;
  /** How the firmware can see it. */
  readonly shows: string;
  /** What it must do. */
  readonly must: string;
  readonly values: Readonly<Record<string, FaultValue>>;
  /** How long it goes on, ms, closed range; undefined for a unit's. */
  readonly rageMs?: readonly [from: number, to: number];
  /** After its end, or for a unit's after power-on with a finger on the sensor, until the band is well, ms. */
  readonly recoverMs: number;
  /** The firmware may be reset by it. */
  readonly resets?: true;
}

const SECOND = 1_000;
const value = (from: number, to: number, unit: string): FaultValue => ({ from, to, unit });
const none = Object.freeze({});

/** Contact, light and three beats: what a band needs that sees a finger anew. */
const SEES_ANEW_MS = 20 * SECOND;
/** The sensor's driver tries again within 8 s, then everything begins anew. */
const SENSOR_BACK_MS = 10 * SECOND + SEES_ANEW_MS;
/** The link's supervision time-out, a phone that scans every 2 s, and a second. */
const LINK_BACK_MS = 10 * SECOND;

export const FAULTS = Object.freeze({
  // ---- a unit's own ----
  clockOff: {
    part: "unit",
    says: "the sensor's oscillator is off",
    shows: "interrupts come too early or too late by as much",
    must: "fit its rate to the host's clock",
    values: { ppm: value(-30_000, 30_000, "ppm") },
    recoverMs: SEES_ANEW_MS,
  },
  ledsSwapped: {
    part: "unit",
    says: "a clone with red and infra-red the wrong way round",
    shows: "the first channel has the deeper pulse",
    must: "notice and swap; it takes a minute of looks, and costs some seconds of numbers then",
    values: none,
    recoverMs: 80 * SECOND,
  },
  paGain: {
    part: "unit",
    says: "LED current of this unit over the nominal one",
    shows: "level off",
    must: "set the light by what comes back",
    values: { redPercent: value(70, 130, "%"), irPercent: value(70, 130, "%") },
    recoverMs: SEES_ANEW_MS,
  },
  silicon: {
    part: "unit",
    says: "the datasheet is silent: A_FULL again at every sample, RD pushed at rollover, an empty FIFO read",
    shows: "as said",
    must: "be right under each",
    values: {
      aFullRefire: value(0, 1, "crossing, level"),
      rolloverPush: value(0, 1, "RD pushed, RD stays"),
      emptyRead: value(0, 2, "stale, advance, zero"),
      tempBits: value(0, 3, "bits: clears early, flag needs enable"),
    },
    recoverMs: SEES_ANEW_MS,
  },
  resetSlow: {
    part: "unit",
    says: "the sensor takes its time to reset",
    shows: "MODE_CONFIG reads 0x40 for so long",
    must: "wait, within a limit of 100 ms a try",
    values: { ms: value(2, 90, "ms") },
    recoverMs: SEES_ANEW_MS,
  },
  fullLog: {
    part: "unit",
    says: "the log's partition is small and full of records",
    shows: "the oldest block is erased for each new one",
    must: "go on, losing the oldest only",
    values: { blocks: value(6, 12, "blocks of 4 KB") },
    recoverMs: SEES_ANEW_MS,
  },
  slowFlash: {
    part: "unit",
    says: "an old flash: each erase holds the processor up",
    shows: "nothing runs meanwhile",
    must: "erase only while the motor rests",
    values: { eraseMs: value(45, 400, "ms") },
    recoverMs: SEES_ANEW_MS,
  },
  noAlert: {
    part: "unit",
    says: "INT has no pull-up or is not soldered",
    shows: "no edge ever",
    must: "drain by the clock",
    values: none,
    recoverMs: SEES_ANEW_MS,
  },
  // ---- bus ----
  nackBurst: {
    part: "bus",
    says: "loose wire, ESD, sensor busy: transfers are refused at the address",
    shows: "the call throws",
    must: "try 3 times 5 ms apart, then open the bus anew, then set everything up again; count",
    values: { perMille: value(5, 1000, "of 1000 transfers") },
    rageMs: [100, 20 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  nackData: {
    part: "bus",
    says: "transfers break off at a data byte",
    shows: "the call throws, half of the bytes have arrived",
    must: "not trust the registers, read the setting back",
    values: { perMille: value(5, 500, "of 1000 transfers") },
    rageMs: [100, 20 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  bitFlip: {
    part: "bus",
    says: "long leads: a bit of what is read turns over",
    shows: "single values off by a power of two, or bits that are always 0",
    must: "find the impossible, bear the rest",
    values: { perMillion: value(20, 3_000, "of 1,000,000 bytes") },
    rageMs: [SECOND, 60 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  shortRead: {
    part: "bus",
    says: "a read of the FIFO ends early",
    shows: "the call throws, the chip's pointer has moved",
    must: "put RD back and read again; never keep a part of a sample",
    values: { perMille: value(5, 300, "of 1000 reads") },
    rageMs: [SECOND, 30 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  sdaStuck: {
    part: "bus",
    says: "the sensor holds SDA low in the middle of a byte, until the bus is opened anew",
    shows: "every transfer fails",
    must: "open the bus anew, which clocks it free; set up again",
    values: none,
    rageMs: [100, 100],
    recoverMs: SENSOR_BACK_MS,
  },
  sclStuck: {
    part: "bus",
    says: "SCL is shorted: each transfer holds the host up until it times out",
    shows: "every transfer fails after 50 ms",
    must: "never block the radio or the button for it",
    values: { timeoutMs: value(50, 50, "ms") },
    rageMs: [SECOND, 40 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  // ---- interrupt line ----
  missedInt: {
    part: "line",
    says: "edges of INT are lost: masked, light sleep",
    shows: "INT stays low, no call",
    must: "drain by the clock as well",
    values: { perMille: value(50, 1000, "of 1000 edges") },
    rageMs: [SECOND, 60 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  intStuckLow: {
    part: "line",
    says: "INT is shorted to ground",
    shows: "always low, no edge",
    must: "poll",
    values: none,
    rageMs: [SECOND, 60 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  // ---- sensor ----
  sensorBrownout: {
    part: "sensor",
    says: "its supply dips now and at motor starts",
    shows: "INT low by PWR_RDY, all registers 0",
    must: "set everything up again; log",
    values: { perMille: value(0, 300, "of 1000 motor starts") },
    rageMs: [100, 60 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  resetNever: {
    part: "sensor",
    says: "its supply dips, and RESET then never ends",
    shows: "MODE_CONFIG reads 0x40",
    must: "limit 100 ms, three tries, say so, try again later",
    values: none,
    rageMs: [SECOND, 40 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  wrongPart: {
    part: "sensor",
    says: "another part answers, or nobody drives the bus",
    shows: "PART_ID 0x11, 0x00 or 0xFF",
    must: "refuse, say which, ask again later",
    values: { id: value(0, 2, "0x11, 0x00, 0xFF") },
    rageMs: [SECOND, 40 * SECOND],
    recoverMs: SENSOR_BACK_MS,
  },
  clockDrift: {
    part: "sensor",
    says: "the oscillator warms up on the skin",
    shows: "the interrupts' period moves",
    must: "follow",
    values: { ppmPerMinute: value(-300, 300, "ppm a minute") },
    rageMs: [60 * SECOND, 300 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  ledFails: {
    part: "sensor",
    says: "an LED goes out: VLED lost, bond broken",
    shows: "30 to 130 counts in one channel or both",
    must: "no number",
    values: { leds: value(1, 3, "bits: red, infra-red") },
    rageMs: [2 * SECOND, 30 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  ledDroop: {
    part: "sensor",
    says: "cell low, VLED droops: red falls more than infra-red",
    shows: "levels fall, their ratio drifts",
    must: "bear it",
    values: { redPercent: value(60, 95, "%"), irPercent: value(80, 100, "%") },
    rageMs: [5 * SECOND, 120 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  saturate: {
    part: "sensor",
    says: "far more light than the range holds",
    shows: "flat 262143",
    must: "less light; never a number from a flat line",
    values: { gainPercent: value(200, 800, "%") },
    rageMs: [2 * SECOND, 60 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  // ---- light ----
  ambientStep: {
    part: "light",
    says: "a lamp, sun through the strap",
    shows: "both channels step alike; ALC_OVF in the extreme",
    must: "quality drops, settle again",
    values: { nanoamps: value(20, 2_500, "nA at the photodiode"), everyMs: value(2_000, 30_000, "ms") },
    rageMs: [SECOND, 60 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  flicker: {
    part: "light",
    says: "mains light gets in and aliases with the sampling",
    shows: "a swing that can look like a pulse, alike in both channels",
    must: "want the pulse in both channels with a plausible ratio",
    values: { hertz: value(100, 120, "Hz"), nanoamps: value(1, 60, "nA, amplitude") },
    rageMs: [5 * SECOND, 120 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  // ---- wearer ----
  strapStep: {
    part: "wearer",
    says: "the strap shifts",
    shows: "a step in both channels that comes back within seconds",
    must: "no interval over it",
    values: { permille: value(-200, 200, "of the level, in 1000"), recoveryMs: value(500, 5_000, "ms") },
    rageMs: [100, 5 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  walking: {
    part: "wearer",
    says: "the wearer types, walks or runs",
    shows: "swings of up to 20 times the pulse at 0.8 to 2.5 Hz, alike in both channels",
    must: "no HRV, and no rate that is the arm's",
    values: { motion: value(1, 3, "typing, walking, running") },
    rageMs: [5 * SECOND, 180 * SECOND],
    recoverMs: 25 * SECOND,
  },
  coldFinger: {
    part: "wearer",
    says: "vessels narrow",
    shows: "the pulse is 3 to 10 times smaller",
    must: "quality low, not off the body",
    values: { celsius: value(15, 27, "C") },
    rageMs: [60 * SECOND, 180 * SECOND],
    recoverMs: 120 * SECOND,
  },
  strapWrong: {
    part: "wearer",
    says: "the strap hangs loose or shuts the vessels",
    shows: "light gets in, or the pulse goes and the level falls slowly",
    must: "no number that is not sure",
    values: { percent: value(10, 190, "% of the right pressure") },
    rageMs: [10 * SECOND, 120 * SECOND],
    recoverMs: 60 * SECOND,
  },
  takenOff: {
    part: "wearer",
    says: "the band lies in the air, on a desk, under a lamp, on a fruit",
    shows: "no living skin",
    must: "no number",
    values: { place: value(0, 3, "air, desk, lamp, banana") },
    rageMs: [5 * SECOND, 180 * SECOND],
    recoverMs: 25 * SECOND,
  },
  fibrillation: {
    part: "wearer",
    says: "the atria fibrillate",
    shows: "no two intervals alike",
    must: "no score; pacing may go on",
    values: none,
    rageMs: [20 * SECOND, 180 * SECOND],
    recoverMs: 25 * SECOND,
  },
  // ---- host ----
  stall: {
    part: "host",
    says: "collection, flash, radio: nothing runs for a while, again and again",
    shows: "timers late, FIFO overruns",
    must: "mark the gap, keep the time base",
    values: { ms: value(20, 1_000, "ms"), everyMs: value(300, 20_000, "ms") },
    rageMs: [SECOND, 60 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  ptrAmbiguous: {
    part: "host",
    says: "a stall that leaves exactly 32 unread: the pointers look empty",
    shows: "WR = RD, OVF 0",
    must: "decide by time",
    values: { samples: value(31, 34, "samples"), everyMs: value(900, 5_000, "ms") },
    rageMs: [2 * SECOND, 20 * SECOND],
    recoverMs: SEES_ANEW_MS,
  },
  hostBrownout: {
    part: "host",
    says: "cell sag at a radio peak: the host is reset, the sensor goes on with its old setting",
    shows: "32 old samples, OVF 31",
    must: "reset the sensor at boot; motor off",
    values: { untilMotorRuns: value(0, 1, "no, yes") },
    rageMs: [100, 30 * SECOND],
    recoverMs: 5 * SECOND + SEES_ANEW_MS,
    resets: true,
  },
  unplug: {
    part: "host",
    says: "the cell's contact breaks",
    shows: "everything starts from power-on",
    must: "start by itself; the log is whole",
    values: { offMs: value(20, 10_000, "ms") },
    rageMs: [100, 100],
    recoverMs: 15 * SECOND + SEES_ANEW_MS,
    resets: true,
  },
  // ---- motor ----
  motorJam: {
    part: "motor",
    says: "the weight is stuck; the motor draws the current of a standstill",
    shows: "the cell sags more",
    must: "nothing more than its limits",
    values: none,
    rageMs: [5 * SECOND, 120 * SECOND],
    recoverMs: SECOND,
  },
  // ---- battery ----
  batterySag: {
    part: "battery",
    says: "an aged or cold cell: its resistance is high",
    shows: "the voltage dips by 50 to 300 mV under motor and radio",
    must: "measure while the motor rests",
    values: { milliohms: value(600, 3_000, "mohm") },
    rageMs: [5 * SECOND, 120 * SECOND],
    recoverMs: 35 * SECOND,
  },
  adcNoise: {
    part: "battery",
    says: "the radio is on during a conversion: spikes",
    shows: "single readings off by up to 100 mV",
    must: "median of 16, hysteresis",
    values: { millivolts: value(30, 100, "mV"), perMille: value(50, 400, "of 1000 readings") },
    rageMs: [5 * SECOND, 120 * SECOND],
    recoverMs: 35 * SECOND,
  },
  cellEmpty: {
    part: "battery",
    says: "the cell runs empty; then it is charged",
    shows: "below 3.5 V",
    must: "end the session, no motor, until it has recovered",
    values: { percent: value(1, 2, "%") },
    rageMs: [40 * SECOND, 120 * SECOND],
    recoverMs: 65 * SECOND,
  },
  // ---- button ----
  buttonBounce: {
    part: "button",
    says: "the contact chatters",
    shows: "edges",
    must: "debounce",
    values: { us: value(5_000, 20_000, "us") },
    rageMs: [10 * SECOND, 300 * SECOND],
    recoverMs: SECOND,
  },
  buttonStuck: {
    part: "button",
    says: "the case presses on it",
    shows: "low for long",
    must: "stop as for a long press, ignore it after 10 s",
    values: none,
    rageMs: [2 * SECOND, 60 * SECOND],
    recoverMs: 2 * SECOND,
  },
  // ---- radio ----
  phoneVanishes: {
    part: "radio",
    says: "the phone walks out of range and back, again and again",
    shows: "the link ends 5 s later",
    must: "go on measuring, be found again",
    values: { awayMs: value(1_000, 20_000, "ms"), everyMs: value(8_000, 40_000, "ms") },
    rageMs: [5 * SECOND, 60 * SECOND],
    recoverMs: 5 * SECOND + LINK_BACK_MS,
  },
  phoneFloods: {
    part: "radio",
    says: "the phone reads, writes and subscribes without end, what it may and what it may not",
    shows: "many requests, bytes of any kind and length",
    must: "answer or refuse each, and go on sensing",
    values: { everyMs: value(1, 50, "ms") },
    rageMs: [SECOND, 30 * SECOND],
    recoverMs: LINK_BACK_MS,
  },
  phoneStalls: {
    part: "radio",
    says: "the phone takes nothing out of the air",
    shows: "notifications do not complete",
    must: "bounded queue, the newest 10 s of intervals",
    values: none,
    rageMs: [SECOND, 60 * SECOND],
    recoverMs: LINK_BACK_MS,
  },
  notifyFails: {
    part: "radio",
    says: "the radio has no buffer for a notification",
    shows: "it completes with an error",
    must: "send its intervals again, once and in order",
    values: { perMille: value(50, 1000, "of 1000 notifications") },
    rageMs: [SECOND, 30 * SECOND],
    recoverMs: LINK_BACK_MS,
  },
  phoneHops: {
    part: "radio",
    says: "the phone connects and leaves as fast as it can",
    shows: "links of 30 ms and more",
    must: "advertise again each time; leak nothing",
    values: { everyMs: value(30, 1_000, "ms") },
    rageMs: [2 * SECOND, 30 * SECOND],
    recoverMs: LINK_BACK_MS,
  },
  advertisingLost: {
    part: "radio",
    says: "the link ends and the radio does not advertise again",
    shows: "nothing",
    must: "start advertising again within a minute",
    values: none,
    rageMs: [100, 100],
    recoverMs: 62 * SECOND + LINK_BACK_MS,
  },
  // ---- flash ----
  powerCutInWrite: {
    part: "flash",
    says: "the power goes during a write or an erase of the log, at any byte of it",
    shows: "a torn record, a block in any state",
    must: "lose at most what was being written, or of the oldest block",
    values: { operations: value(0, 20, "operations before it"), offMs: value(20, 3_000, "ms") },
    rageMs: [60 * SECOND, 120 * SECOND],
    recoverMs: 5 * SECOND + SEES_ANEW_MS,
    resets: true,
  },
  storeFails: {
    part: "flash",
    says: "the store of the settings takes no write: full, or worn",
    shows: "the call throws",
    must: "go on with what it has in memory",
    values: none,
    rageMs: [5 * SECOND, 300 * SECOND],
    recoverMs: SECOND,
  },
  bitRot: {
    part: "flash",
    says: "bits of the log turn over",
    shows: "a record's sum is wrong",
    must: "leave out that record only",
    values: { bits: value(1, 4, "bits") },
    rageMs: [100, 100],
    recoverMs: SECOND,
  },
  wornBlock: {
    part: "flash",
    says: "a block wears out, for good",
    shows: "an erase or write throws, or bits are not as written",
    must: "go on in another block",
    values: { wear: value(0, 3, "eraseThrows, eraseLeavesBits, writeThrows, writeLosesBits"), block: value(0, 63, "") },
    rageMs: [100, 100],
    recoverMs: SECOND,
  },
} as const satisfies Record<string, FaultRow>);

export type FaultId = keyof typeof FAULTS;

export const FAULT_IDS = Object.freeze(Object.keys(FAULTS)) as readonly FaultId[]; // its own keys
export const faultRow = (id: FaultId): FaultRow => FAULTS[id];
export const isUnit = (id: FaultId): boolean => faultRow(id).part === "unit";

/** A fault that happens, in numbers: plain data. */
export interface FaultCase {
  readonly id: FaultId;
  /** Of its own stream of chance. */
  readonly seed: number;
  /** One for each of the row's values. */
  readonly values: Readonly<Record<string, number>>;
  /** From power-on; 0 for a unit's. */
  readonly atMs: number;
  /** 0 for a unit's. */
  readonly rageMs: number;
}
