"""What was known when: the sequence that a moment stands for, and the events that make the difference 追溯变更."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.parties import Actor
from services.journal.events import EventStore
from services.journal.library import Notification
from services.projection.effective import corrects, occurred, recorded
from services.projection.entries import Entry, entries


@dataclass(frozen=True, slots=True)
class Late:
    """An event that came to be known later."""

    sequence: int
    type: str
    """Wire name."""
    kind: str
    aggregate: str
    version: int
    actor: Actor
    occurred: datetime
    recorded: datetime
    effective: datetime
    """When it counts: not later than the cut-off."""


async def sequence_at(store: EventStore, moment: datetime) -> int:
    """The last sequence recorded by that moment; 0 where nothing was.

    Sequences are bisected by when they were recorded. Where the clock was set back several answers would do; it gives
    one that was recorded by then and whose next was not. What does not say when, counts with what stands before it.
    """
    low, high = 0, await store.last_of_stream()
    while low < high:
        middle = (low + high + 1) // 2
        place, when = await _recorded(store, middle, low)
        if when is not None and when > moment:
            high = place - 1
        else:
            low = middle
    return low


async def _recorded(store: EventStore, sequence: int, above: int) -> tuple[int, datetime | None]:
    """Of the nearest event not after that sequence which says it."""
    for place in range(sequence, above, -1):
        stored = await store.at(place)
        when = recorded(stored.state) if stored is not None else None
        if when is not None:
            return place, when
    return above, None


async def difference(
    store: EventStore, cutoff: datetime, after: int, until: int, zone: ZoneInfo
) -> AsyncGenerator[Late, None]:
    """The events past `after` up to `until` that count at the cut-off: what was not known at `after`.

    Costs reading those events, and the history of each aggregate that a correction stands in. Raises UnapplicableError
    where one cannot be read.
    """
    if until <= after:
        return
    async for batch in store.follow(after=after, until=until):
        for stored, entry in zip(batch, entries(batch, zone), strict=True):
            when = await _effective(store, stored, entry, zone)
            if when <= cutoff:
                event = entry.event
                yield Late(
                    entry.sequence,
                    entry.type,
                    entry.kind,
                    entry.aggregate,
                    entry.version,
                    event.actor,
                    event.occurred_at,
                    event.recorded_at,
                    when,
                )


async def _effective(store: EventStore, stored: Notification, entry: Entry, zone: ZoneInfo) -> datetime:
    if (version := corrects(entry)) is None:
        return occurred(entry.body) or entry.event.occurred_at
    history = {each.version: each for each in entries(await store.load(stored.originator_id), zone)}
    found = entry
    while version is not None and version < found.version and version in history:
        found = history[version]
        version = corrects(found)
    return found.event.occurred_at
