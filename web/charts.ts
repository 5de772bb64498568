import { element } from "./elements.js";
import type { History } from "./history.js";
import { PULSE_MS, TACHOGRAM_MS } from "./messages.js";
import uPlot from "./vendor/uplot.js";

const plate = (id: string): HTMLElement => element(id, HTMLElement);

const HEIGHT_PULSE = 190;
const HEIGHT_MOTOR = 90;
const HEIGHT_TACHOGRAM = 180;
const AXIS_WIDTH = 64;
/** A still trace is not blown up to the noise of its last bit. */
const LIGHT_SPAN_MIN = 200;
/** The programs' touch is seldom more than half of what the motor can do. */
const MOTOR_SPAN_MIN = 0.5;
const RR_FROM_MS = 400;
const RR_TO_MS = 1200;

interface Colours {
  readonly text: string;
  readonly grid: string;
  readonly trace: string;
  readonly accent: string;
  readonly paper: string;
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: colour("--quiet"),
    grid: colour("--line"),
    trace: colour("--trace"),
    accent: colour("--accent"),
    paper: colour("--paper"),
  };
}

const timeText = (seconds: number): string => (seconds === 0 ? "now" : `−${-seconds} s`);
/** Steps of the time axis, s. */
const TIME_STEPS = [1, 2, 5, 10, 20, 30, 60];

interface ChartOptions {
  readonly element: HTMLElement;
  readonly height: number;
  readonly windowMs: number;
  readonly yUnit: string;
  readonly range: (low: number | null, high: number | null) => [number, number];
  readonly isUpsideDown?: boolean;
  readonly points?: boolean;
  readonly fill?: boolean;
  readonly below?: (u: uPlot, colours: Colours) => void;
  readonly above?: (u: uPlot, colours: Colours) => void;
}

function chart(options: ChartOptions): uPlot {
  const { element, windowMs, range, below, above } = options;
  const colours = coloursOf(element);
  const axis = { stroke: colours.text, grid: { stroke: colours.grid, width: 1 }, ticks: { show: false } };
  return new uPlot(
    {
      width: Math.max(200, element.clientWidth),
      height: options.height,
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: [-windowMs / 1000, 0] },
        y: { range: (_, low, high) => range(low, high), dir: options.isUpsideDown ? -1 : 1 },
      },
      axes: [
        { ...axis, size: 28, space: 56, incrs: TIME_STEPS, values: (_, splits) => splits.map(timeText) },
        { ...axis, size: AXIS_WIDTH, space: 34, label: options.yUnit, labelSize: 18, labelGap: 0 },
      ],
      series: [
        {},
        {
          stroke: colours.trace,
          width: 1.5,
          spanGaps: false,
          points: { show: options.points ?? false, size: 5, fill: colours.accent, stroke: colours.accent },
          ...(options.fill ? { fill: colours.grid } : {}),
        },
      ],
      hooks: {
        drawClear: [(u) => below?.(u, colours)],
        draw: [(u) => above?.(u, colours)],
      },
    },
    [[], []],
    element,
  );
}

/** All traces. They draw when told to, and again in new colours or a new width. */
export class Charts {
  readonly #history: History;
  #pulse!: uPlot; // made by #make
  #motor!: uPlot; // made by #make
  #tachogram!: uPlot; // made by #make

  constructor(history: History) {
    this.#history = history;
    this.#make();
    const remake = (): void => {
      for (const one of [this.#pulse, this.#motor, this.#tachogram]) one.destroy();
      this.#make();
      this.draw();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", remake);
    new ResizeObserver(() => {
      for (const one of [this.#pulse, this.#motor, this.#tachogram]) {
        const width = one.root.parentElement?.clientWidth ?? 0;
        if (width >= 200 && width !== one.width) one.setSize({ width, height: one.height });
      }
    }).observe(plate("pulse"));
  }

  draw(): void {
    for (const [one, { x, y }] of [
      [this.#pulse, this.#history.light()],
      [this.#motor, this.#history.motor()],
      [this.#tachogram, this.#history.intervals()],
    ] as const)
      one.setData([x, y]);
  }

  #make(): void {
    this.#pulse = chart({
      element: plate("pulse"),
      height: HEIGHT_PULSE,
      windowMs: PULSE_MS,
      yUnit: "light, ADC counts",
      // More blood is less light: upside down, a pulse goes up.
      isUpsideDown: true,
      range: (low, high) => {
        if (low === null || high === null) return [0, LIGHT_SPAN_MIN];
        const middle = (low + high) / 2;
        const half = Math.max(LIGHT_SPAN_MIN, 1.3 * (high - low)) / 2; // room for the marks
        return [middle - half, middle + half];
      },
      below: (u, colours) => this.#shadeMotor(u, colours),
      above: (u, colours) => this.#markBeats(u, colours),
    });
    this.#motor = chart({
      element: plate("motor"),
      height: HEIGHT_MOTOR,
      windowMs: PULSE_MS,
      yUnit: "of rated",
      range: (_, high) => [0, Math.max(MOTOR_SPAN_MIN, high ?? 0)],
      fill: true,
    });
    this.#tachogram = chart({
      element: plate("tachogram"),
      height: HEIGHT_TACHOGRAM,
      windowMs: TACHOGRAM_MS,
      yUnit: "RR, ms",
      range: (low, high) => [
        Math.min(RR_FROM_MS, Math.floor((low ?? RR_FROM_MS) / 100) * 100),
        Math.max(RR_TO_MS, Math.ceil((high ?? RR_TO_MS) / 100) * 100),
      ],
      points: true,
    });
  }

  /** While the motor runs, the ground is tinted: stronger for a stronger touch. */
  #shadeMotor(u: uPlot, { accent }: Colours): void {
    const { points } = this.#history;
    const { ctx, bbox } = u;
    ctx.save();
    ctx.fillStyle = accent;
    for (let i = 0; i + 1 < points.length; i++) {
      const { atMs, motor } = points[i]!;
      if (motor <= 0) continue;
      const at = this.#history.secondsFromNow(atMs);
      if (at < -PULSE_MS / 1000) continue;
      const left = u.valToPos(at, "x", true);
      const right = u.valToPos(this.#history.secondsFromNow(points[i + 1]!.atMs), "x", true);
      ctx.globalAlpha = 0.1 + 0.25 * motor;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.restore();
  }

  /** A filled disc counts. An empty one does not, and its verdict stands above, if there is room. */
  #markBeats(u: uPlot, { accent, text, paper }: Colours): void {
    const { ctx, bbox } = u;
    const scale = devicePixelRatio;
    const y = bbox.top + 18 * scale;
    ctx.save();
    ctx.font = `${11 * scale}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    ctx.lineWidth = 1.5 * scale;
    let freeFrom = Number.NEGATIVE_INFINITY;
    for (const { atMs, counts, verdict } of this.#history.beats) {
      const at = this.#history.secondsFromNow(atMs);
      if (at < -PULSE_MS / 1000) continue;
      const x = u.valToPos(at, "x", true);
      ctx.beginPath();
      ctx.arc(x, y, 4 * scale, 0, 2 * Math.PI);
      ctx.fillStyle = counts ? accent : paper;
      ctx.strokeStyle = counts ? accent : text;
      ctx.fill();
      ctx.stroke();
      const half = ctx.measureText(verdict).width / 2;
      if (counts || x - half < freeFrom) continue;
      freeFrom = x + half + 4 * scale;
      ctx.fillStyle = text;
      ctx.fillText(verdict, x, y - 7 * scale);
    }
    ctx.restore();
  }
}
