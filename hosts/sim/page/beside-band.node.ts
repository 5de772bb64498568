import { BeatVerdict } from "hrv/beat";
import { Coherence } from "hrv/coherence";
import { IntervalMark, IntervalRing } from "hrv/interval-ring";
import { NnSeries } from "hrv/nn-series";
import { Absence, type Warrant } from "hrv/reading";
import { Respiration } from "hrv/respiration";
import { Spectrum as HeartSpectrum } from "hrv/spectrum";
import { TimeDomain } from "hrv/time-domain";
import type { Reading, Spectrum } from "../../../web/messages.js";
import type { FeltLine } from "../cli/felt.js";
import { verdictCode } from "../export/words.js";
import { absentBy, NOT_PACED, noHeartRate, noRhythm } from "./reasons.node.js";

const RING = 16;
const BEATS_MAX = 512;
const SPECTRUM_SECONDS = 64;
const RMSSD_WINDOW_MS = 120_000;
/** The recipe of hrv/coherence: anew this often. */
const EVERY_MS = 5000;
/** Bins of 1/512 Hz: what is drawn, and how wide the peak is. */
const FIRST_BIN = 2;
const LAST_BIN = 204;
const REACH_BINS = 7;
const PER_MIN_A_BIN = 60 / 512;

/**
 * What the band's own arithmetic makes of the beats that the band says: the same modules, run beside it for the page,
 * because the band itself keeps fewer numbers at hand. It adds nothing to what the band knows.
 */
export class BesideBand {
  readonly #ring = new IntervalRing(RING);
  readonly #series = new NnSeries(BEATS_MAX);
  readonly #timeDomain = new TimeDomain(this.#series);
  readonly #spectrum = new HeartSpectrum(this.#series, SPECTRUM_SECONDS);
  readonly #coherence = new Coherence(this.#spectrum);
  readonly #respiration = new Respiration(this.#spectrum);
  readonly #startMs: number;
  #measuredMs = Number.NEGATIVE_INFINITY;
  #heartRate: Reading = noHeartRate("starting");
  #breath: Extract<FeltLine, { type: "breath" }> | undefined;
  #isPacing = false;
  #drawn: Spectrum | null | undefined;

  /** @param startMs  of virtual time 0 on the lines' own time line */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  hear(line: FeltLine): void {
    if (line.type === "beat") this.#beat(line);
    else if (line.type === "second")
      this.#heartRate =
        line.bpm === null
          ? noHeartRate(line.reason ?? "")
          : { value: line.bpm, warrant: "the beats of the last seconds agree", isProvisional: false };
    else if (line.type === "contact" && line.state !== "worn") this.#gap();
    else if (line.type === "breath") this.#breath = line;
    else if (line.type === "pace") this.#isPacing = true;
    else if (line.type === "session" && line.state === "idle") this.#endPacing();
    else if (line.type === "restart") {
      this.#gap();
      this.#endPacing();
      this.#heartRate = noHeartRate("the firmware restarts");
    }
  }

  heartRate(): Reading {
    return this.#heartRate;
  }

  rmssd(nowMs: number): Reading {
    this.#measure(nowMs);
    const { rmssd, isProvisional } = this.#timeDomain;
    if (rmssd.absence !== Absence.None) return absentBy("rmssd", rmssd.absence);
    return { value: rmssd.msQ8 / 256, warrant: warrantWords(rmssd), isProvisional };
  }

  /** Breaths a minute, from the heart's own swing. */
  breath(nowMs: number): Reading {
    this.#measure(nowMs);
    const { rate } = this.#respiration;
    if (rate.absence === Absence.None) return solid(rate.breathsPerMinuteQ8 / 256, rate);
    const { coherence } = this.#coherence;
    // Slow breathing is below what respiration looks for; while it is led, the strongest rhythm is the breath's.
    if (this.#isPacing && coherence.absence === Absence.None)
      return solid(coherence.peakBin * PER_MIN_A_BIN, coherence);
    return absentBy("breath", rate.absence);
  }

  /** 0 .. 100, as the firmware itself says it. */
  rhythm(): Reading {
    if (!this.#isPacing) return NOT_PACED;
    const percent = this.#breath?.rhythmPercent ?? null;
    if (percent === null) return noRhythm(this.#breath?.rhythmReason ?? null);
    return { value: percent, warrant: "the last three breaths; noise seldom has more than 66", isProvisional: false };
  }

  /** CR, the ratio of the peak to what is beside it. */
  coherence(nowMs: number): Reading {
    this.#measure(nowMs);
    const { coherence } = this.#coherence;
    if (coherence.absence !== Absence.None) return absentBy("coherence", coherence.absence);
    return solid(coherence.ratioQ8 / 256, coherence);
  }

  /** Undefined: the one that was given last still holds. null: there is none. */
  spectrum(nowMs: number): Spectrum | null | undefined {
    this.#measure(nowMs);
    const drawn = this.#drawn;
    this.#drawn = undefined;
    return drawn;
  }

  #beat({ tMs, rrTicks, verdict, qualityQ8 }: Extract<FeltLine, { type: "beat" }>): void {
    const upstrokeTicks = Math.round((tMs - this.#startMs) * 1.024);
    const code = rrTicks === null ? BeatVerdict.FirstAfterGap : (verdictCode(verdict) ?? BeatVerdict.Noisy);
    if (!this.#ring.push({ upstrokeTicks, rrTicks: rrTicks ?? 0, verdict: code, qualityQ8 })) return;
    const { mark, rrTicks: settledTicks, endTicks } = this.#ring.settled;
    if (mark === IntervalMark.Clean) this.#series.add(settledTicks, endTicks);
    else this.#series.gap();
  }

  #gap(): void {
    this.#ring.clear();
    this.#series.gap();
  }

  #endPacing(): void {
    this.#isPacing = false;
    this.#breath = undefined;
  }

  #measure(nowMs: number): void {
    if (nowMs - this.#measuredMs < EVERY_MS) return;
    this.#measuredMs = nowMs;
    const nowTicks = Math.floor(nowMs * 1.024);
    this.#timeDomain.measure(nowTicks, RMSSD_WINDOW_MS);
    this.#respiration.measure(nowTicks);
    this.#coherence.measure(nowTicks); // last: the spectrum is left as it was measured for this
    this.#drawn = this.#draw();
  }

  #draw(): Spectrum | null {
    const { coherence } = this.#coherence;
    if (coherence.absence !== Absence.None) return null;
    const powers = Array.from({ length: LAST_BIN - FIRST_BIN + 1 }, (_, i) => this.#spectrum.power(FIRST_BIN + i));
    const most = Math.max(1, ...powers);
    return {
      powers: powers.map((power) => Math.round((1000 * power) / most) / 1000),
      firstBin: FIRST_BIN,
      peakBin: coherence.peakBin,
      reachBins: REACH_BINS,
    };
  }
}

const warrantWords = ({ windowMs, coveragePercent }: Warrant): string =>
  `${Math.round(windowMs / 1000)} s of beats, ${coveragePercent} % of them clean`;

const solid = (value: number, warrant: Warrant): Reading => ({
  value,
  warrant: warrantWords(warrant),
  isProvisional: false,
});
