import type { BandState, EngineNow, SettingName, WearerState } from "../../../web/messages.js";
import { SETTING_NAMES } from "../../../web/messages.js";
import type { LiveBand } from "../cli/live-band.js";
import { settingsIn } from "../cli/stored-settings.js";
import { arenaPeakBytes } from "../engine/counters.js";
import { breathingText } from "../person/happenings.js";
import type { Person } from "../person/person.js";
import type { Listener } from "./listener.node.js";

/** What the page cannot ask the band for: how it is being run. */
export type RunState = Pick<BandState, "speed" | "times" | "isPaused" | "command">;

const tenth = (value: number): number => Math.round(value * 10) / 10;
const hundredth = (value: number): number => Math.round(value * 100) / 100;

/** Looks at a band for the page, again and again. */
export class BandLook {
  readonly #live: LiveBand;
  readonly #listener: Listener;
  #sinceMs = 0;
  #meterThen = 0;
  #samplesThen = 0;
  #unitsNow: number | null = null;

  constructor(live: LiveBand, listener: Listener) {
    this.#live = live;
    this.#listener = listener;
  }

  /** What holds, as the page has it. */
  state(run: RunState): BandState {
    const live = this.#live;
    const { nowMs } = live.played;
    const { durationMs, contact, batteryPercent, batteryMv, link } = live.state("", run.speed, run.isPaused);
    const { beside, session, isPacing, sessionsEnded } = this.#listener;
    return {
      ...run,
      nowMs,
      durationMs: Number.isFinite(durationMs) ? durationMs : null,
      isOver: live.isOver,
      contact: contact ?? null,
      readings: {
        heartRate: beside.heartRate(),
        rmssd: beside.rmssd(nowMs),
        breath: beside.breath(nowMs),
        rhythm: beside.rhythm(),
        coherence: beside.coherence(nowMs),
      },
      session,
      isPacing,
      batteryPercent: batteryPercent ?? null,
      batteryMv: Math.round(batteryMv),
      link,
      engine: this.#engine(nowMs),
      restarts: live.played.failures,
      faults: live.raging,
      settings: this.#settings(),
      sessionsEnded,
      wearer: live.person === undefined ? null : wearerStateOf(live.person),
    };
  }

  #settings(): Readonly<Record<SettingName, number>> {
    const stored = settingsIn(this.#live.played.band.board.flash);
    const values = Object.fromEntries(SETTING_NAMES.map((name) => [name, stored.get(name)]));
    return values as Record<SettingName, number>; // all of its names
  }

  #engine(nowMs: number): EngineNow {
    const { band } = this.#live.played;
    const { sensor, bus } = band.board.counters();
    const counters = band.engineCounters();
    const board = { samples: sensor.samples, samplesDropped: sensor.dropped, busNacks: bus.nacks };
    if (counters === undefined)
      return {
        ...{ name: "V8, or down: it counts nothing", unitsPerSample: null, unitsNow: null, heapKb: null },
        ...{ heapPeakKb: null, stackPeak: null, stackSize: null, collections: null },
        ...board,
      };
    const { meter, slots, baselineSlots, slotBytes, chunkBytes, baselineChunkBytes } = counters;
    const heapBytes = (slots - baselineSlots) * slotBytes + chunkBytes - baselineChunkBytes;
    if (nowMs - this.#sinceMs >= 1000 || meter < this.#meterThen) {
      const samples = sensor.samples - this.#samplesThen;
      this.#unitsNow = samples > 0 && meter > this.#meterThen ? (meter - this.#meterThen) / samples : null;
      this.#sinceMs = nowMs;
      this.#meterThen = meter;
      this.#samplesThen = sensor.samples;
    }
    return {
      name: "XS, the band's own, in WebAssembly",
      unitsPerSample: sensor.samples === 0 ? null : Math.round(meter / sensor.samples),
      unitsNow: this.#unitsNow === null ? null : Math.round(this.#unitsNow),
      heapKb: tenth(heapBytes / 1024),
      heapPeakKb: tenth(arenaPeakBytes(counters) / 1024),
      stackPeak: counters.stackPeak,
      stackSize: counters.stackSize,
      collections: counters.collections,
      ...board,
    };
  }
}

function wearerStateOf(person: Person): WearerState {
  const { place, motion, strapPressure, skinCelsius, breathing, isFollowing, bpm, load, co2Mmhg } = person.now();
  return {
    ...{ place, motion, strapPressure, skinCelsius, isFollowing },
    breathing: breathingText(breathing),
    bpm: tenth(bpm),
    load: hundredth(load),
    co2Mmhg: tenth(co2Mmhg),
  };
}
