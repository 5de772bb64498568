import { signal } from "@preact/signals";
import { history, isConnected, state } from "./model.js";

/** Low enough to be felt as much as heard. */
const TONE_HZ = 110;
const GAIN_MAX = 0.3;
/** The gain glides, so that nothing clicks. */
const GLIDE_S = 0.03;

/** The motor as a low tone whose loudness follows its strength; silent until somebody asks for it. */
export const isHeard = signal(false);
let context: AudioContext | undefined;
let gain: GainNode | undefined;

export function hear(on: boolean): void {
  isHeard.value = on;
  if (!on) {
    void context?.close();
    context = undefined;
    gain = undefined;
    return;
  }
  context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: TONE_HZ });
  gain = new GainNode(context, { gain: 0 });
  tone.connect(gain).connect(context.destination);
  tone.start();
}

/** After every frame: as loud as the motor is strong, and silent when time stands or nobody tells. */
export function followMotor(): void {
  if (context === undefined || gain === undefined) return;
  const now = state.value;
  const isMoving = isConnected.value && now !== undefined && !now.isPaused && !now.isOver && !document.hidden;
  const motor = isMoving ? (history.points.at(-1)?.motor ?? 0) : 0;
  gain.gain.setTargetAtTime(GAIN_MAX * motor, context.currentTime, GLIDE_S);
}
