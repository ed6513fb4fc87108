"""A hazard walked through again: what would have been proposed, when, had certain rules been in force all along.

The proposals that are recorded are passed over, and those that the walk makes stand in their place; an answer to a
recorded one answers the same step of the walk. The walk's clock is that of the records, as the notifier's is. Told
`as_it_happened`, it is that of the acts instead: what the ladder would have said at the time 推演, had everything been
entered when it happened.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from contracts.envelope import Envelope, Unreadable
from contracts.events import DocumentSigned, Event, HazardEscalated, MeasureDeclined, MeasureRecorded
from contracts.policy import GONE
from services.notifier.rules import Rules
from services.notifier.simulations.agenda import Agenda, Pending
from services.notifier.simulations.shapes import Chosen
from services.notifier.simulations.supposed import Said, escalated, name
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import UNFOUND, Case
from services.notifier.timing.conditions import standing
from services.notifier.timing.counted import NONE, Counts
from services.notifier.timing.firing import Firing
from services.notifier.timing.folding import begun, fold

BEYOND: Final = 1_000_000
"""Versions of what the walk proposes lie past it: no history is that long."""
INSTANT: Final = timedelta(microseconds=1)

ChosenOf = Callable[[Case], Chosen]
"""The rules that a hazard has as it stands."""
CountsOf = Callable[[Case], Counts]
"""What was counted across hazards that concerns this one."""


def walk(
    history: Iterable[tuple[int, Envelope]],
    rules: Rules,
    calendar: Calendar,
    until: datetime,
    *,
    counts: CountsOf = lambda _: NONE,
    as_it_happened: bool = False,
) -> list[Said]:
    """`history` is (sequence, event) in the order of the versions; what is recorded after `until` is not looked at."""
    chosen = Chosen(rules)
    walker = Walker(lambda _: chosen, calendar, counts)
    for sequence, envelope in history:
        event = shown(envelope.event, as_it_happened=as_it_happened)
        if is_past(event, until):
            break
        walker.hear(envelope.aggregate_id, event, envelope.version, sequence)
    walker.reach(until + INSTANT)
    return walker.said


def is_past(event: Event | Unreadable, until: datetime) -> bool:
    """Recorded after that moment: it and what follows it was not known then."""
    return isinstance(event, Event) and event.recorded_at > until


def shown(event: Event | Unreadable, *, as_it_happened: bool) -> Event | Unreadable:
    """As it was recorded, or as if it had been recorded when it happened."""
    if not as_it_happened or isinstance(event, Unreadable):
        return event
    return event.model_copy(update={"recorded_at": event.occurred_at, "historical": None})


@dataclass
class Walker:
    """Where the walk stands."""

    chosen: ChosenOf
    calendar: Calendar
    counts: CountsOf
    case: Case = UNFOUND
    now: datetime | None = None
    """Of the last event; absent before the first."""
    said: list[Said] = field(default_factory=list)
    differs: bool = False
    """Somewhere on the way the policy beside had something else to say, or may have had."""
    _pending: dict[str, Pending] = field(default_factory=dict)
    """By the version of the policy."""
    _same: dict[str, str] = field(default_factory=dict)
    """Recorded proposals by id, and what the walk calls the same step."""

    def reach(self, moment: datetime) -> None:
        """Everything that is due before that moment is proposed. What is recorded at the very moment comes first."""
        at = self.now
        if at is None or at >= moment:
            self.now = moment if at is None else at
            return
        if self.case.stage is not None and self.case.stage not in GONE and not self.case.unreadable:
            chosen = self.chosen(self.case)
            while at is not None:
                at = self._climb(self._agenda(chosen, moment), chosen, at)
        self.now = moment

    def _agenda(self, chosen: Chosen, moment: datetime) -> Agenda:
        here = standing(self.case, self.calendar, self.counts(self.case))
        agenda = Agenda(here, chosen, moment, self._pending.setdefault(chosen.rules.version, Pending()))
        self.differs = self.differs or agenda.differs
        return agenda

    def _climb(self, agenda: Agenda, chosen: Chosen, now: datetime) -> datetime | None:
        """To the agenda's end; or to a proposal after which the hazard must be looked at anew."""
        at: datetime | None = now
        while at is not None:
            firings = agenda.due(at)
            for firing in firings:
                self._propose(firing, at)
            if any(map(chosen.stirs, firings)):
                return at
            if not firings:
                at = agenda.next(at)
        return None

    def hear(self, hazard: str, event: Event | Unreadable, version: int, sequence: int) -> None:
        """What was due before it, then the event itself; of a recorded proposal only the version counts."""
        if self.case is UNFOUND:
            self.case = begun(hazard)
        if isinstance(event, Event):
            self.reach(event.recorded_at)
        if isinstance(event, HazardEscalated):
            step = event.step or ""
            self._same[event.proposal] = name(event.rule, step, event.clock_started_by or 0)
            self.case = self.case.but(version=version)
        else:
            self.case = fold(self.case, self._answering(event), version, sequence)

    def _propose(self, firing: Firing, at: datetime) -> None:
        proposal = name(firing.rule, firing.step, firing.clock_started_by)
        event = escalated(firing, at, proposal)
        self.said.append(Said(firing, self.case, event))
        version = self.case.version
        folded = fold(self.case, event, BEYOND + crc32(proposal.encode()), self.case.found_sequence)
        self.case = folded.but(version=version)

    def _answering(self, event: Event | Unreadable) -> Event | Unreadable:
        if isinstance(event, MeasureRecorded | DocumentSigned) and event.answers in self._same:
            return event.model_copy(update={"answers": self._same[event.answers]})
        if isinstance(event, MeasureDeclined) and event.proposal in self._same:
            return event.model_copy(update={"proposal": self._same[event.proposal]})
        return event
