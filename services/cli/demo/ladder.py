"""The escalation ladder on the stories' clock: the notifier's own chase, woken when a story passes its wake-ups.

Nothing waits: before the clock moves past a wake-up, it stops there and that hazard is looked at. Nothing is sent.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from nats.aio.client import Client

from contracts import subjects
from contracts.envelope import decode
from contracts.events import InspectionRecorded
from contracts.policy import Counting
from services.cli.demo.clock import VirtualClock
from services.journal.events import EventStore
from services.notifier.asking import Asker
from services.notifier.chase import Around, Chaser
from services.notifier.counts.counting import Entry, Key, added, added_by_visit
from services.notifier.policies import Policies
from services.notifier.reading import Histories
from services.notifier.simulations.across import Across
from services.notifier.timing.calendars import load_calendar
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counts
from services.notifier.timing.folding import begun, fold


class Alarm(NamedTuple):
    """When which hazard is to be looked at."""

    when: datetime
    hazard: str


class Alarms:
    """Wake-ups as the chase sets them, on a clock that nobody waits for."""

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}

    async def set(self, _kind: str, timed: str, when: datetime, _body: bytes = b"") -> None:
        """In place of the one that stands."""
        self._at[timed] = when

    def next(self, until: datetime) -> Alarm | None:
        """The earliest up to that moment; it is gone then."""
        found = min((Alarm(when, hazard) for hazard, when in self._at.items()), default=None)
        if found is None or found.when > until:
            return None
        del self._at[found.hazard]
        return found


class InMemory:
    """Counts across hazards, as the chase asks for them."""

    def __init__(self) -> None:
        self.across = Across()

    async def of(self, case: Case, wanted: Collection[Counting]) -> Counts:
        """What concerns that hazard."""
        counts = self.across.of(case)
        return {one: counts[one] for one in wanted}


class Ladder:
    """Climbs as the stories' clock moves."""

    def __init__(self, nc: Client, clock: VirtualClock, zone: str) -> None:
        self._store = EventStore(nc)
        self._clock = clock
        self._alarms = Alarms()
        self._counts = InMemory()
        self._cases: dict[str, tuple[int, Case]] = {}
        calendar = load_calendar(None, zone)
        around = Around(Policies(self._store), self._counts, lambda: calendar, clock)
        self._chaser = Chaser(Histories(self._store), Asker(nc), self._alarms, around)

    async def reach(self, moment: datetime) -> None:
        """Everything that is due before the stories go on there."""
        while alarm := self._alarms.next(moment):
            self._clock.reach(alarm.when)
            await self._look({alarm.hazard})
        self._clock.reach(moment)

    async def happened(self, kind: str, aggregate: str) -> None:
        """A command of a story was accepted."""
        if kind == subjects.HAZARD:
            await self._look({aggregate})
        else:
            await self._look(self._counts.across.add(await self._visited(aggregate)))

    async def _look(self, hazards: set[str]) -> None:
        """Until nothing follows from what was proposed."""
        while hazards:
            entries = [entry for hazard in sorted(hazards) for entry in await self._news(hazard)]
            hazards = hazards | self._counts.across.add(entries)
            await self._chaser.look(sorted(hazards))
            hazards = {hazard for hazard in hazards if await self._has_moved(hazard)}

    async def _news(self, hazard: str) -> list[tuple[Key, Entry]]:
        """What its new events add to the counts."""
        sequence, case = self._cases.get(hazard) or (0, begun(hazard))
        found: list[tuple[Key, Entry]] = []
        for one in await self._store.load(subjects.events_subject(subjects.HAZARD, hazard), after=sequence):
            envelope = decode(one.state)
            sequence, case = one.id, fold(case, envelope.event, one.originator_version, one.id)
            found.extend(added(envelope, case, one.id))
        self._cases[hazard] = sequence, case
        return found

    async def _has_moved(self, hazard: str) -> bool:
        last = await self._store.last_sequence(subjects.events_subject(subjects.HAZARD, hazard))
        return last > self._cases[hazard][0]

    async def _visited(self, visit: str) -> list[tuple[Key, Entry]]:
        first, *_ = await self._store.load(subjects.events_subject(subjects.INSPECTION, visit))
        event = decode(first.state).event
        return list(added_by_visit(event, visit, first.id)) if isinstance(event, InspectionRecorded) else []
