"""Counts across hazards in the bucket: small folds, each with the sequences that it has seen.

A key is written by compare-and-set, so any number of notifiers may count at once; an entry that stands there already
changes nothing. All of it can be counted again from the events.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from pydantic import TypeAdapter
from pydantic_core import to_json

from contracts.policy import Counting
from services.journal import wire
from services.journal.bucket import Bucket
from services.notifier.counts.counting import Entry, Key, counted, disturbed, keys
from services.notifier.counts.sharing import Shared
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counted

KEPT: Final = timedelta(days=400)
"""As far back as a rule may look."""
MOST: Final = 1_000
TRIES: Final = 50
AT_ONCE: Final = 32
REMEMBERED: Final = 64
"""Counts that are not read anew from their bytes while their revision is the same."""
_ENTRIES: Final = TypeAdapter(tuple[Entry, ...])


class Counters:
    """Counts what concerns several hazards."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._shared = Shared(self._fetch)
        self._remembered: OrderedDict[str, tuple[tuple[Entry, ...], int]] = OrderedDict()

    async def add(self, additions: Iterable[tuple[Key, Entry]], *, redelivered: bool = False) -> frozenset[str]:
        """Enter them; gives the hazards that may stand otherwise now. In any order, as often as one likes.

        `redelivered`: whoever entered them may have died before anybody looked at those hazards.
        """
        by_key: dict[Key, list[Entry]] = defaultdict(list)
        for key, entry in additions:
            by_key[key].append(entry)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(key: Key, new: Sequence[Entry]) -> set[str]:
            async with gate:
                return await self._enter(key, new, redelivered=redelivered)

        return frozenset().union(*await asyncio.gather(*(one(key, new) for key, new in by_key.items())))

    async def of(self, case: Case, wanted: Collection[Counting]) -> Mapping[Counting, tuple[Counted, ...]]:
        """What concerns that hazard, by what is counted."""

        async def one(counting: Counting) -> tuple[Counting, tuple[Counted, ...]]:
            found = [entry for key in keys(counting, case) for entry in (await self._shared(name(key)))[0]]
            return counting, counted(case, found)

        return dict(await asyncio.gather(*map(one, wanted)))

    async def _enter(self, key: Key, new: Sequence[Entry], *, redelivered: bool) -> set[str]:
        """Who watches stands under a name of its own: he is many, and of no interest to those who only look."""
        watching = [entry for entry in new if entry.kind == "watches"]
        counting = [entry for entry in new if entry.kind != "watches"]
        if watching:
            await self._merge(watchers(key), watching)
        if not counting:
            return set()
        before, after = await self._merge(name(key), counting)
        news = set(counting) if redelivered else set(counting).intersection(after).difference(before)
        return disturbed([*after, *(await self._shared(watchers(key)))[0]], news) if news else set()

    async def _merge(self, where: str, new: Sequence[Entry]) -> tuple[Sequence[Entry], Sequence[Entry]]:
        """What stood there, and what does now."""
        for _ in range(TRIES):
            before, revision = await self._shared(where)
            after = _merged(before, new)
            if after == before:
                return before, before
            try:
                await self._bucket.put(where, to_json(after), after=revision)
            except wire.Conflict:
                continue
            return before, after
        raise wire.Unavailable("others are counting the same at the same time, again and again")

    async def _fetch(self, count: str) -> tuple[tuple[Entry, ...], int]:
        held, known = await self._bucket.get(count), self._remembered.pop(count, None)
        if held is None:
            return (), 0
        if known is None or known[1] != held.revision:
            known = _ENTRIES.validate_json(held.value), held.revision
        self._remembered[count] = known
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return known


def name(key: Key) -> str:
    """Of its value in the bucket: no party and no clause is read off it."""
    return f"count.{key.counting}.{sha256(to_json(key.of)).hexdigest()[:32]}"


def watchers(key: Key) -> str:
    """Where those stand whose moment it may concern."""
    return name(key).replace("count.", "watch.", 1)


def _merged(before: Iterable[Entry], new: Iterable[Entry]) -> tuple[Entry, ...]:
    """By when it happened; what is too old beside the newest, or too much, is dropped."""
    by_sequence = {entry.sequence: entry for entry in (*before, *new)}
    entries = sorted(by_sequence.values(), key=_when)
    return tuple(entry for entry in entries[-MOST:] if entry.at >= entries[-1].at - KEPT)


def _when(entry: Entry) -> tuple[datetime, int]:
    return entry.at, entry.sequence
