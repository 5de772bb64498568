import { element } from "./elements.js";

/** Low enough to be felt as much as heard. */
const TONE_HZ = 110;
const GAIN_MAX = 0.3;
/** The gain glides, so that nothing clicks. */
const GLIDE_S = 0.03;

/** The motor as a low tone whose loudness follows its strength; silent until somebody asks for it. */
export class Sound {
  #context: AudioContext | undefined;
  #gain: GainNode | undefined;

  constructor() {
    const button = element("sound", HTMLButtonElement);
    button.addEventListener("click", () => {
      const isOn = this.#context === undefined;
      if (isOn) this.#start();
      else this.#stop();
      button.setAttribute("aria-pressed", String(isOn));
    });
  }

  /** @param motor  0 .. 1 */
  follow(motor: number): void {
    if (this.#context !== undefined)
      this.#gain?.gain.setTargetAtTime(GAIN_MAX * motor, this.#context.currentTime, GLIDE_S);
  }

  #start(): void {
    const context = new AudioContext();
    const tone = new OscillatorNode(context, { frequency: TONE_HZ });
    const gain = new GainNode(context, { gain: 0 });
    tone.connect(gain).connect(context.destination);
    tone.start();
    this.#context = context;
    this.#gain = gain;
  }

  #stop(): void {
    void this.#context?.close();
    this.#context = undefined;
    this.#gain = undefined;
  }
}
