"""The band as a process (`band.ts`): what it says, and what it is told. Its answers carry its clock and counters."""

import os
from typing import Self

from line_process import ROOT, LineProcess

NODE = os.environ.get("BAND_NODE", "node")
# What V8 compiles lies in the same heap, and would hide a leak of a few bytes a connection.
NO_COMPILING = ("--no-opt", "--no-maglev", "--no-sparkplug")


class BandProcess(LineProcess):
    # Every HCI packet of the band's side so far.
    capture = ROOT / ".cache" / "interop-ble.btsnoop"

    @classmethod
    async def start(cls, controller: str) -> Self:
        program = ("--import", "./scripts/names.mjs", "build/tests/interop/ble/band.js")
        return await cls.run(NODE, "--expose-gc", *NO_COMPILING, *program, controller, str(cls.capture))

    def accepted_rr(self, from_ms: float, to_ms: float = float("inf")) -> list[int]:
        """RR intervals that the firmware accepted in that span of its clock, 1/1024 s, oldest first."""
        return [
            line["rrTicks"]
            for line in self.lines
            if line["type"] == "beat" and line["accepted"] and from_ms < line["atMs"] <= to_ms
        ]

    @property
    def restarts(self) -> list[dict]:
        return [line for line in self.lines if line["type"] == "restart"]
