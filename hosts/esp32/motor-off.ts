import PWM from "embedded:io/pwm";
import board from "board";

/**
 * Runs before `main`: drives the motor's gate low, whatever the pin did since reset. Closing a PWM leaves its pin an
 * output at 0; closing a `Digital` would switch the internal pull-up on, which against the gate's pull-down is a
 * voltage that turns the motor on.
 */
export default function (done: () => void): void {
  new PWM({ pin: board.motorPin }).close();
  done();
}
