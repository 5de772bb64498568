import { useEffect, useRef } from "preact/hooks";
import { pacerAt } from "../breath.js";
import { history, isTruthShown, phaseNow, programNow, state } from "../model.js";
import { isCalm, onFrame } from "../ticker.js";

const RADIUS_MIN = 26;
const RADIUS_MAX = 88;
const RADIUS_REST = 34;
/** Litres of a deep slow breath. */
const LITRES_MAX = 1.1;

/** What the pacer asks for (disc), what the motor gives (glow), what the person does (ring). A bar where motion is unwanted. */
export function Circle() {
  const disc = useRef<SVGCircleElement>(null);
  const glow = useRef<SVGCircleElement>(null);
  const ring = useRef<SVGCircleElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(
    () =>
      onFrame((nowMs) => {
        const pacer = pacerAt(history.paced, nowMs);
        const isPaced = pacer !== undefined && state.value?.isPacing === true;
        const fullness = isPaced ? pacer.fullness : 0;
        const radius = isPaced ? RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * fullness : RADIUS_REST;
        const point = history.points.at(-1);
        const motor = point?.motor ?? 0;
        disc.current?.setAttribute("r", radius.toFixed(1));
        glow.current?.setAttribute("r", (radius + 22 * motor).toFixed(1));
        glow.current?.setAttribute("opacity", (0.15 + 0.5 * motor).toFixed(2));
        const litres = isTruthShown.value ? (point?.litres ?? null) : null;
        ring.current?.setAttribute("visibility", litres === null ? "hidden" : "visible");
        const share = Math.max(0, Math.min(1, (litres ?? 0) / LITRES_MAX));
        ring.current?.setAttribute("r", (RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * share).toFixed(1));
        bar.current?.style.setProperty("--full", (isPaced ? fullness : motor).toFixed(3));
        disc.current?.ownerSVGElement?.setAttribute("data-motor", motor.toFixed(3));
        const text = isPaced ? (pacer.part === "in" ? "Breathe in" : "Breathe out") : "";
        if (words.current !== null && words.current.textContent !== text) words.current.textContent = text;
      }),
    [],
  );
  const session = state.value?.session;
  const isIdle = session === undefined || session.state === "idle";
  return (
    <div class="breath">
      <div class="circle" aria-hidden="true">
        <svg id="circle" viewBox="-100 -100 200 200">
          <title>The breath</title>
          <circle class="limit" r={RADIUS_MAX} />
          <circle class="glow" ref={glow} r={RADIUS_REST} />
          <circle class="disc" ref={disc} r={RADIUS_REST} />
          <circle class="lungs" ref={ring} r={RADIUS_MIN} visibility="hidden" />
        </svg>
        {isCalm.matches ? (
          <div class="bar">
            <span ref={bar} />
          </div>
        ) : null}
      </div>
      <p class="breath-words" ref={words} aria-hidden="true" />
      <p class="says">
        {isIdle
          ? "Nothing is led: the motor rests."
          : session.state === "paused"
            ? "Paused."
            : (phaseNow.value?.says ?? programNow.value?.says)}
      </p>
      <p class="caption">
        disc: the breath that is led · glow: the motor
        {isTruthShown.value && state.value?.wearer !== null ? " · ring: the person's lungs" : ""}
      </p>
    </div>
  );
}
