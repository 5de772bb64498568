import uPlot from "uplot";
import { history } from "../model.js";

export interface Colours {
  readonly text: string;
  readonly grid: string;
  readonly trace: string;
  readonly accent: string;
  readonly paper: string;
  readonly truth: string;
}

export interface PlotOptions {
  readonly height: number;
  /** Time runs through a window that ends now; without one x is what the data say. */
  readonly windowMs?: number;
  readonly xRange?: readonly [from: number, to: number];
  readonly xText?: (value: number) => string;
  readonly yUnit: string;
  readonly yText?: (value: number) => string;
  readonly range: (low: number | null, high: number | null) => [from: number, to: number];
  readonly isUpsideDown?: boolean;
  /** Columns: x, then one for each series. */
  readonly data: () => [x: number[], ...ys: (number | null)[][]];
  readonly series: readonly ((colours: Colours) => uPlot.Series)[];
  readonly below?: (u: uPlot, colours: Colours) => void;
  readonly above?: (u: uPlot, colours: Colours) => void;
}

const AXIS_WIDTH = 62;
const FONT = "12px system-ui, sans-serif";
const WIDTH_MIN = 200;
/** Steps of the time axis, s, the first that leaves room. */
const TIME_STEPS = [1, 2, 5, 10, 20, 30, 60];
const TIME_ROOM_PX = 64;

const agoText = (seconds: number): string => (seconds > -0.01 ? "now" : `−${Math.round(-seconds)} s`);

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: colour("--quiet"),
    grid: colour("--line"),
    trace: colour("--trace"),
    accent: colour("--accent"),
    paper: colour("--paper"),
    truth: colour("--truth"),
  };
}

/** One trace in one element: drawn when it is told to, made anew in other colours or another width. */
export class Plot {
  readonly #options: PlotOptions;
  readonly #element: HTMLElement;
  #plot: uPlot;
  #version = -1;

  constructor(element: HTMLElement, options: PlotOptions) {
    this.#element = element;
    this.#options = options;
    this.#plot = this.#make();
  }

  draw(nowMs: number): void {
    const { windowMs, data } = this.#options;
    this.#plot.batch(() => {
      if (this.#version !== history.version) {
        this.#version = history.version;
        this.#plot.setData(data(), windowMs === undefined);
      }
      if (windowMs !== undefined) this.#plot.setScale("x", { min: (nowMs - windowMs) / 1000, max: nowMs / 1000 });
    });
  }

  /** Other colours hold. */
  remake(): void {
    this.#plot.destroy();
    this.#version = -1;
    this.#plot = this.#make();
  }

  fit(): void {
    const width = this.#element.clientWidth;
    if (width >= WIDTH_MIN && width !== this.#plot.width) this.#plot.setSize({ width, height: this.#options.height });
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #make(): uPlot {
    const { height, windowMs, xRange, xText, yUnit, yText, range, isUpsideDown, series, below, above } = this.#options;
    const colours = coloursOf(this.#element);
    const axis = { stroke: colours.text, grid: { stroke: colours.grid, width: 1 }, ticks: { show: false }, font: FONT };
    const x: uPlot.Axis =
      windowMs === undefined
        ? { ...axis, size: 28, values: (_, splits) => splits.map((value) => xText?.(value) ?? String(value)) }
        : {
            ...axis,
            size: 28,
            splits: (u, _, from, to) => timeSplits(u.bbox.width / devicePixelRatio, from, to),
            values: (u, splits) => splits.map((value) => agoText(value - (u.scales.x?.max ?? value))),
          };
    return new uPlot(
      {
        width: Math.max(WIDTH_MIN, this.#element.clientWidth),
        height,
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: false, ...(xRange === undefined ? {} : { range: [xRange[0], xRange[1]] }) },
          y: { range: (_, low, high) => range(low, high), dir: isUpsideDown ? -1 : 1 },
        },
        axes: [
          x,
          {
            ...axis,
            size: AXIS_WIDTH,
            space: 32,
            label: yUnit,
            labelSize: 18,
            labelFont: FONT,
            labelGap: 0,
            ...(yText === undefined ? {} : { values: (_, splits) => splits.map(yText) }),
          },
        ],
        series: [{}, ...series.map((one) => one(colours))],
        hooks: { drawClear: [(u) => below?.(u, colours)], draw: [(u) => above?.(u, colours)] },
      },
      [[], ...series.map(() => [])],
      this.#element,
    );
  }
}

function timeSplits(widthPx: number, from: number, to: number): number[] {
  const span = to - from;
  const step = TIME_STEPS.find((one) => (widthPx * one) / span >= TIME_ROOM_PX) ?? 60;
  const count = Math.floor(span / step + 0.001);
  return Array.from({ length: count + 1 }, (_, i) => to - (count - i) * step);
}

/** A line through points of another time base than the series'; undefined lifts the pen. */
export function drawLine(
  u: uPlot,
  points: readonly (readonly [x: number, y: number | null])[],
  style: { readonly colour: string; readonly width: number; readonly dash?: readonly number[] },
): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  let isDown = false;
  for (const [x, y] of points) {
    if (y === null) {
      isDown = false;
      continue;
    }
    const [left, top] = [u.valToPos(x, "x", true), u.valToPos(y, "y", true)];
    if (isDown) ctx.lineTo(left, top);
    else ctx.moveTo(left, top);
    isDown = true;
  }
  ctx.strokeStyle = style.colour;
  ctx.lineWidth = style.width * devicePixelRatio;
  ctx.setLineDash((style.dash ?? []).map((length) => length * devicePixelRatio));
  ctx.stroke();
  ctx.restore();
}
