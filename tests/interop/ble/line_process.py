"""A program that is told and tells one JSON object a line."""

import asyncio
import json
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[3]
START_S_MAX = 60
ANSWER_S_MAX = 10


class LineProcess:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._reading = asyncio.create_task(self._read())
        self._news = asyncio.Condition()
        self.lines: list[dict] = []

    @classmethod
    async def run(cls, *command: str) -> Self:
        """Started in the repository's root; it has said that it is ready."""
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        started = cls(process)
        await started.said("ready", START_S_MAX)
        return started

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
                raise RuntimeError(f"the program has ended without saying {kind} {values}")
            return None

        async def wait() -> dict:
            async with self._news:
                while (line := found()) is None:
                    await self._news.wait()
                return line

        try:
            return await asyncio.wait_for(wait(), timeout_s)
        except asyncio.TimeoutError:
            raise AssertionError(f"the program did not say {kind} {values} within {timeout_s} s") from None

    async def tell(self, kind: str, **values) -> dict:
        """Returns the answer."""
        since = len(self.lines)
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({"type": kind, **values}) + "\n").encode())
        return await self.said(kind, ANSWER_S_MAX, since)

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
