"""A hazard's history read and folded, as new as whoever asks knows it to be."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts import subjects
from contracts.envelope import Envelope, decode
from services.journal import wire
from services.journal.events import EventStore
from services.notifier.timing.case import UNFOUND, Case
from services.notifier.timing.folding import fold

TRIES: Final = 40
PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Read:
    """What is stored of one hazard, and what it comes to."""

    hazard: str
    sequence: int
    """Of its last event in the stream; 0 where there is none."""
    case: Case
    then: Mapping[int, tuple[Envelope, Case]]
    """Events that were asked for, by sequence, each with the case as of it."""


class Histories:
    """Reads hazards from the event store; nothing is kept."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def read(self, hazard: str, *, events: frozenset[int] = frozenset()) -> Read:
        """Raises Unavailable where a replica does not come to show `events`, which are known to be stored."""
        subject = subjects.events_subject(subjects.HAZARD, hazard)
        wanted = max(events, default=0)
        for _ in range(TRIES):
            stored = await self._store.load(subject)
            if (stored[-1].id if stored else 0) >= wanted:
                break
            await asyncio.sleep(PAUSE)
        else:
            raise wire.Unavailable(f"the event store does not show {hazard} up to {wanted}")
        case, then = UNFOUND.but(id=hazard), {}
        for one in stored:
            envelope = decode(one.state)
            case = fold(case, envelope.event, one.originator_version, one.id)
            if one.id in events:
                then[one.id] = (envelope, case)
        return Read(hazard, stored[-1].id if stored else 0, case, then)

    async def last(self, hazard: str) -> int:
        """The sequence of its last event, as the leader knows it."""
        return await self._store.last_sequence(subjects.events_subject(subjects.HAZARD, hazard))
