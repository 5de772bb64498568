/** Operations over the wall between firmware and board. Arguments and results in the comment, in order. */
export const enum Op {
  // time
  TicksMs = 1, //                 () → ms since the band was switched on
  TimerSet = 2, //                (source, delayMs, repeatMs or 0) → timer number
  TimerClear = 3, //              (timer number)
  // I2C; bytes() calls: a = address
  I2cOpen = 10, //                (address, hz) → 0, or 1: address in use
  I2cClose = 11, //               (address)
  I2cWrite = 12, //               bytes: view = what to write → 1 acknowledged, 0 not
  I2cRead = 13, //                bytes: view = to fill → 1 acknowledged, 0 not
  I2cSelect = 14, //              (count, byte0, byte1): bytes to write before the next I2cWriteRead
  I2cWriteRead = 15, //           bytes: writes the selected bytes, repeated start, fills view → 1 or 0
  // digital; pins by number
  DigitalOpen = 20, //            (pin, mode, edges, source or -1) → 0, or 1: pin in use
  DigitalClose = 21, //           (pin)
  DigitalRead = 22, //            (pin) → 0 or 1
  DigitalWrite = 23, //           (pin, level)
  // PWM
  PwmOpen = 30, //                (pin, hz, resolution) → 0, or 1: pin in use
  PwmClose = 31, //               (pin)
  PwmWrite = 32, //               (pin, duty)
  // analog
  AnalogRead = 40, //             (pin) → reading
  // key-value store; the key (and a 0 byte and the value, for a write) are bytes
  StoreSelect = 50, //            bytes: a = 0, view = key → length of its value, or -1: none
  StoreRead = 51, //              bytes: a = 0, view to fill with the selected key's value → its length
  StoreWrite = 52, //             bytes: a = 0, view = value of the selected key → 0, or 1: no room
  StoreDelete = 53, //            () deletes the selected key → 0, or 1: failed
  StoreKeyAt = 54, //             bytes: a = position, view to fill with that key → its length, or -1: past the end
  // watchdog and restart
  WatchdogFeed = 60, //           ()
  RestartReason = 61, //          () → RestartReason of the board
  // the observer of base/host-parts
  SeenBeat = 100, //              (upstrokeTicks, rrTicks, verdict, qualityQ8)
  SeenSecond = 101, //            (bpm, absence, batteryPercent)
  SeenContact = 102, //           (state, reason)
  SeenSession = 103, //           (state, program, phase)
  SeenBreath = 104, //            (rhythmAbsence, scorePercent, swingAbsence, swingMs)
  SeenPace = 105, //              (startMs, inhaleMs, periodMs)
  // 200–249: the radio, see radio-ops.ts
}
