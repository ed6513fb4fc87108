"""A lane for each channel: so many letters at a time. One that hangs or crawls delays nobody else.

Whoever would have to wait for long is turned away and comes again later, so that what waits for one channel never
fills the queue that all share.
"""

from asyncio import Semaphore, get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

AT_ONCE: Final = 16
WAITING: Final = 128
"""So many may always wait."""
LONG: Final = 60.0
"""Seconds that nobody waits."""
STILL: Final = 5.0
"""Seconds without a letter that left, after which a lane stands still; less is the event loop's own delay."""
RECENT: Final = 0.05
"""The weight of the last letter in how fast letters leave."""


class CrowdedError(Exception):
    """Too many letters wait for this channel: come again later."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"a letter would wait for {wait:g} s")
        self.wait = wait


@dataclass
class Lane:
    """Of one channel, in one process."""

    turns: Semaphore
    there: int = 0
    moved: float = 0.0
    """When the last letter left, or came to an empty lane."""
    spacing: float = field(default=0.0)
    """Seconds between letters that leave, the recent ones above all."""

    def wait(self, now: float) -> float:
        """Seconds that one more letter would wait."""
        still = now - self.moved
        return self.there * max(self.spacing, still if still > STILL else 0.0)

    def enter(self, now: float) -> None:
        """One more."""
        self.moved = self.moved if self.there else now
        self.there += 1

    def leave(self, now: float) -> None:
        """One less."""
        self.spacing += RECENT * (now - self.moved - self.spacing)
        self.moved = now
        self.there -= 1


class Lanes:
    """Of one process."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, long: float = LONG) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._long = long
        self._lanes: dict[str, Lane] = {}

    @asynccontextmanager
    async def on(self, channel: str) -> AsyncIterator[None]:
        """A place on it, once there is one; raises CrowdedError where that would take too long."""
        clock = get_running_loop().time
        lane = self._lanes.setdefault(channel, Lane(Semaphore(self._at_once)))
        wait = lane.wait(clock())
        if lane.there >= self._at_once + self._waiting and wait > self._long:
            raise CrowdedError(wait)
        lane.enter(clock())
        try:
            async with lane.turns:
                yield
        finally:
            lane.leave(clock())
