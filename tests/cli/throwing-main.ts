// A firmware for the test of stacks: it works for a second and then fails in a function of its own.
import host from "host";

interface Reading {
  readonly counts: number;
}

function fail(reading: Reading): never {
  throw new RangeError(`reading of ${reading.counts} counts`); // line 9
}

function measure(): void {
  const reading: Reading = { counts: 7 };
  fail(reading); // line 14
}

host.timers.repeat(() => host.watchdog?.feed(), 500);
host.timers.set(() => {
  measure(); // line 19
}, 1000);
