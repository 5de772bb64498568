/** What has gone wrong on the way from the sensor since the start. They only go up. */
export class SensorCounters {
  /** Bus calls that threw. */
  nacks = 0;
  /** Resets with everything set anew, whatever the cause. */
  reinits = 0;
  /** Of these, the ones after the sensor lost its supply. */
  brownouts = 0;
  /** Samples that the time line has and no batch holds. */
  samplesLost = 0;
  /** Drains that found the FIFO overrun. */
  overflows = 0;
  /** Bytes that cannot be what the sensor sent: bits 23:18 not 0, pointers out of range, settings that read back otherwise. */
  bitFlips = 0;
  /** FIFO reads that broke off, and were taken up again. */
  tornReads = 0;
  /** Drains by the timer that found the interrupt overdue. */
  missedInterrupts = 0;
  /** Drains that left the interrupt line low, though nothing was left to read. */
  stuckInterrupts = 0;
}
