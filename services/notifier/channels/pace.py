"""Letters one after the other."""

import asyncio
from collections.abc import Awaitable, Callable


class Pace:
    """At least so many seconds between two letters of this process."""

    def __init__(
        self, gap: float, now: Callable[[], float], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        """`now` is a monotonic clock, in seconds."""
        self._gap, self._now, self._sleep = gap, now, sleep
        self._free = float("-inf")

    async def turn(self) -> None:
        """Returns when it is this letter's turn."""
        now = self._now()
        start = max(self._free, now)
        self._free = start + self._gap
        if start > now:
            await self._sleep(start - now)
