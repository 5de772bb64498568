"""The band as a process (`band.ts`): what it says, and what it is told."""

import asyncio
import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NODE = os.environ.get("BAND_NODE", "node")
START_S_MAX = 60
# What V8 compiles lies in the same heap, and would hide a leak of a few bytes a connection.
NO_COMPILING = ("--no-opt", "--no-maglev", "--no-sparkplug")


class BandProcess:
    def __init__(self, process: asyncio.subprocess.Process, capture: Path) -> None:
        self._process = process
        # Every HCI packet of the band's side so far.
        self.capture = capture
        self._reading = asyncio.create_task(self._read())
        self._news = asyncio.Condition()
        self.lines: list[dict] = []

    @classmethod
    async def start(cls, controller: str) -> "BandProcess":
        capture = ROOT / ".cache" / "interop-ble.btsnoop"
        process = await asyncio.create_subprocess_exec(
            NODE,
            "--expose-gc",
            *NO_COMPILING,
            "--import",
            "./scripts/names.mjs",
            "build/tests/interop/ble/band.js",
            controller,
            str(capture),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        band = cls(process, capture)
        await band.said("ready", START_S_MAX)
        return band

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            async with self._news:
                self.lines.append(json.loads(line))
                self._news.notify_all()
        async with self._news:
            self.lines.append({"type": "gone"})
            self._news.notify_all()

    async def said(self, kind: str, timeout_s: float, since: int = 0, **values) -> dict:
        """The first line of that kind, with those values, at or after index `since`."""

        def found() -> dict | None:
            for line in self.lines[since:]:
                if line["type"] == kind and all(line.get(key) == values[key] for key in values):
                    return line
            if self.lines and self.lines[-1]["type"] == "gone":
                raise RuntimeError(f"the band has ended without saying {kind} {values}")
            return None

        async def wait() -> dict:
            async with self._news:
                while (line := found()) is None:
                    await self._news.wait()
                return line

        try:
            return await asyncio.wait_for(wait(), timeout_s)
        except asyncio.TimeoutError:
            raise AssertionError(f"the band did not say {kind} {values} within {timeout_s} s") from None

    async def tell(self, kind: str, **values) -> dict:
        """Returns the band's answer, which carries its clock and counters."""
        since = len(self.lines)
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({"type": kind, **values}) + "\n").encode())
        return await self.said(kind, 10, since)

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

    async def stop(self) -> None:
        if self._process.returncode is None:
            assert self._process.stdin is not None
            self._process.stdin.close()  # it ends with whoever started it
            try:
                await asyncio.wait_for(self._process.wait(), 5)
            except asyncio.TimeoutError:
                self._process.kill()
                await self._process.wait()
        await self._reading
