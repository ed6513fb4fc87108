"""Who goes first where one process has more to do than it can: what is due is recorded before anybody is told of it."""

import asyncio
from contextlib import suppress
from typing import Final

MANY: Final = 128
"""Wake-ups worked off at a time, from which on there are probably more behind them."""
PATIENCE: Final = 3.0
"""Seconds; then the others have their turn all the same."""


class Turns:
    """Of one process: wake-ups go first while they come in crowds, everything else follows."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._free = asyncio.Event()
        self._free.set()

    def begins(self, wake_ups: int) -> None:
        """So many are worked off now; few are the end of a crowd."""
        if wake_ups < MANY:
            self._free.set()
        else:
            self._free.clear()

    async def come(self) -> None:
        """Wait until they have gone, or for as long as one's patience lasts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await self._free.wait()
        self._free.set()
