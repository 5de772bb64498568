/** What the sensor looks at: skin with a pulse in it, a recording of one, or air. */

export const enum LightChannel {
  Red = 0,
  Ir = 1,
}

export interface OpticalSource {
  /**
   * Light that comes back to the photodiode while one LED is lit.
   * The sensor asks in the order of time, up to some 5 ms behind its clock (the LEDs are lit one after the other).
   * @param channel  whose light
   * @param ledMa    current through the LED, mA, >= 0
   * @param timeUs   virtual time, µs
   * @returns        photocurrent, nA, >= 0
   */
  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number;
  /** What of the ambient light passes the canceller and adds to every sample, nA. */
  ambientLeakNa(timeUs: number): number;
  /** Ambient light is beyond what the canceller can take off: the sensor raises ALC_OVF. */
  ambientOverrun(timeUs: number): boolean;
}
