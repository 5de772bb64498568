"""The second phone as a process (`noble/central.mjs`): noble, which shares no code with the first."""

import os
from typing import Self

from band_process import NODE
from line_process import LineProcess

# Where its packages are; the lane's script has put them there.
FOLDER = os.environ["BAND_NOBLE"]


class NobleRefused(AssertionError):
    pass


class NobleProcess(LineProcess):
    @classmethod
    async def start(cls, port: int) -> Self:
        return await cls.run(NODE, "tests/interop/ble/noble/central.mjs", FOLDER, str(port))

    async def ask(self, kind: str, **values) -> dict:
        """Returns the answer. Errors: NobleRefused with noble's words"""
        answer = await self.tell(kind, **values)
        if "error" in answer:
            raise NobleRefused(f"{kind} {values}: {answer['error']}")
        return answer

    def values(self, uuid: str) -> list[bytes]:
        """All that was notified of one characteristic."""
        return [bytes.fromhex(line["hex"]) for line in self.lines if line["type"] == "value" and line["uuid"] == uuid]
