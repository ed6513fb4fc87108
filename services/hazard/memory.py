"""What the process remembers between commands, bounded: aggregates lately used, and locks while they are held."""

import asyncio
from collections import OrderedDict
from typing import Final
from weakref import WeakValueDictionary

from services.hazard.known import Address, Known, unread
from services.journal.events import EventStore
from services.journal.wire import Unavailable

STRIDE: Final = 250
"""Events folded before other commands get a turn."""
PAUSE: Final = 0.02
"""Seconds until a replica that is behind is asked again."""
ROUNDS: Final = 100


class Memory:
    """Aggregates lately used, bounded by the events that they folded: a long history weighs more."""

    def __init__(self, store: EventStore, size: int) -> None:
        self._store = store
        self._size = size
        self._weight = 0
        self._held: OrderedDict[str, tuple[Known, int]] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, at: Address) -> asyncio.Lock:
        """Commands on one aggregate wait for each other rather than conflict. It lives while somebody uses it."""
        found = self._locks.get(at.subject)
        if found is None:
            found = self._locks[at.subject] = asyncio.Lock()
        return found

    def has(self, at: Address) -> bool:
        """Whether something of it was read."""
        return at.subject in self._held

    def held(self, at: Address) -> Known | None:
        """What is remembered of it, without asking anybody."""
        held = self._held.get(at.subject)
        return held[0] if held else None

    async def known(self, at: Address, *, read: bool = True) -> Known:
        """As far as it is known here, or as a replica shows it: perhaps behind. `read=False`: not even looked up."""
        held = self._held.get(at.subject)
        if held is not None:
            self._held.move_to_end(at.subject)
            return held[0]
        known = unread(at)
        if read:
            await self._read(known)
        return known

    async def catch_up(self, known: Known) -> bool:
        """Read up to what the leader has; whether there was something new."""
        before = known.sequence
        last = await self._store.last_sequence(known.at.subject)
        for _ in range(ROUNDS):
            if known.sequence >= last:
                return known.sequence > before
            await self._read(known)
            await asyncio.sleep(PAUSE if known.sequence < last else 0)
        raise Unavailable(f"no replica shows {known.at.subject} up to its last event, {last}")

    def keep(self, known: Known) -> None:
        """Remember it, and forget those not used for longest."""
        self.drop(known)
        self._held[known.at.subject] = known, known.version
        self._weight += known.version
        while self._weight > self._size and len(self._held) > 1:
            self._weight -= self._held.popitem(last=False)[1][1]

    def drop(self, known: Known) -> None:
        """Forget it: the next command reads it anew."""
        if (held := self._held.pop(known.at.subject, None)) is not None:
            self._weight -= held[1]

    async def _read(self, known: Known) -> None:
        stored = await self._store.load(known.at.subject, after=known.sequence)
        for start in range(0, len(stored), STRIDE):
            known.read(stored[start : start + STRIDE])
            if len(stored) > STRIDE:
                await asyncio.sleep(0)
        if stored:
            self.keep(known)
