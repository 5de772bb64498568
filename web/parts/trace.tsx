import { useEffect, useRef } from "preact/hooks";
import { Plot, type PlotOptions } from "../charts/plot.js";
import { drawAgain, onFrame } from "../ticker.js";

export interface TraceProps {
  readonly name: string;
  readonly title: string;
  /** How to read it. */
  readonly legend: string;
  readonly plot: PlotOptions;
  /** The same in words, now. */
  readonly summary: string;
}

/** A trace with its title, its legend and its summary in words. */
export function Trace({ name, title, legend, plot, summary }: TraceProps) {
  const plate = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = plate.current;
    if (element === null) return;
    const drawn = new Plot(element, plot);
    const end = onFrame((nowMs) => drawn.draw(nowMs));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const remake = (): void => {
      drawn.remake();
      drawAgain();
    };
    dark.addEventListener("change", remake);
    const watcher = new ResizeObserver(() => {
      drawn.fit();
      drawAgain();
    });
    watcher.observe(element);
    return () => {
      end();
      dark.removeEventListener("change", remake);
      watcher.disconnect();
      drawn.destroy();
    };
  }, [plot]);
  const summaryId = `${name}-summary`;
  return (
    <figure>
      <figcaption>
        <h2>{title}</h2>
        <p>{legend}</p>
      </figcaption>
      <div id={name} class="plate" ref={plate} role="img" aria-label={title} aria-describedby={summaryId} />
      <p id={summaryId} class="summary">
        {summary}
      </p>
    </figure>
  );
}
