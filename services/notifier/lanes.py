"""A lane for each channel: so many letters at a time, so many that wait. One that hangs delays nobody else."""

from asyncio import Semaphore
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

AT_ONCE: Final = 16
WAITING: Final = 128


class CrowdedError(Exception):
    """Too many letters wait for this channel: come again later."""


class Lanes:
    """Of one process."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._open: dict[str, Semaphore] = {}
        self._there: Counter[str] = Counter()

    @asynccontextmanager
    async def on(self, channel: str) -> AsyncIterator[None]:
        """A place on it, once there is one; raises CrowdedError where too many wait."""
        if self._there[channel] >= self._most:
            raise CrowdedError
        self._there[channel] += 1
        try:
            async with self._open.setdefault(channel, Semaphore(self._at_once)):
                yield
        finally:
            self._there[channel] -= 1
