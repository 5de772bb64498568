"""Runs the scenarios and counts. `lane.py LOG [WORDS]`: only those whose name contains WORDS."""

import asyncio
import os
import sys
import time

# rootcanal's library logs to standard output: that is a file from here on, and what we say goes where it went.
LOG, *WORDS = sys.argv[1:]
out = os.fdopen(os.dup(1), "w", buffering=1)
log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
os.dup2(log, 1)
os.dup2(log, 2)

from central import Bench  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402

SCENARIO_S_MAX = 120


def reason(error: BaseException) -> str:
    return str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"


async def main() -> int:
    passed = failed = 0
    bench = await Bench.open()
    try:
        for name, scenario in SCENARIOS:
            if WORDS and " ".join(WORDS) not in name:
                continue
            started = time.monotonic()
            try:
                await bench.band.tell("speed", speed=1)
                words = await asyncio.wait_for(scenario(bench), SCENARIO_S_MAX)
                assert not bench.band.restarts, f"the firmware has restarted: {bench.band.restarts}"
            except Exception as error:  # a scenario that fails, in whatever way, does not end the others
                failed += 1
                out.write(f"FAILED {name}: {reason(error)} ({time.monotonic() - started:.1f} s)\n")
                await bench.close()
                bench = await Bench.open()
            else:
                passed += 1
                out.write(f"ok     {name}: {words} ({time.monotonic() - started:.1f} s)\n")
    finally:
        await bench.close()
    out.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed or not passed else 0


try:
    code = asyncio.run(main())
except Exception as error:  # it could not even begin; standard error is the log
    out.write(f"FAILED to start: {reason(error)}\n0 passed, 1 failed\n")
    raise
sys.exit(code)
