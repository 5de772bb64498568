/** What the firmware's host must know of a board: which GPIO does what. One file in `boards/` for each board. */
export interface Board {
  /** Shown as the hardware revision in the Device Information service. */
  readonly name: string;
  /** MAX30102 on I2C, and its INT line (open drain, active low; on the ESP32 the internal pull-up is used as well). */
  readonly sensor: { readonly dataPin: number; readonly clockPin: number; readonly alertPin: number };
  /** Gate of the motor's low-side transistor, with a pull-down: high is on. */
  readonly motorPin: number;
  /** Button to ground, internal pull-up. It should be able to wake the chip. */
  readonly buttonPin: number;
  /** Cell through a divider on an ADC1 input. `dividerRatio` is cell voltage over pin voltage. */
  readonly cell: { readonly pin: number; readonly dividerRatio: number };
  readonly led: { readonly pin: number; readonly activeLow: boolean };
}
