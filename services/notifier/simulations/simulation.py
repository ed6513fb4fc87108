"""What is asked of a simulation, what its shares tell each other, and what it comes to."""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple

from contracts.policy import Policy
from services.notifier.counts.counting import Entry, Key
from services.notifier.simulations.comparing import Change, Tally
from services.notifier.simulations.supposed import Said
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case

Added = list[tuple[Key, Entry]]


@dataclass(frozen=True)
class Plan:
    """What is asked."""

    policy: Policy
    version: str
    calendar: Calendar
    until: datetime
    """How far hazards are walked."""
    since: datetime | None = None
    """Only what is proposed from then on, and up to `until`, is told."""
    hazard: str | None = None
    """Only this one is told; the others still count."""
    most: int = 0
    """Of so many hazards that differ the single steps are told: those found first."""
    as_it_happened: bool = False


class Counted(NamedTuple):
    """What is added to the counts: by what is recorded, and by what would be proposed under each policy."""

    told: Added
    before: Added
    after: Added

    def add(self, other: "Counted") -> None:
        """Another share's."""
        for mine, others in zip(self, other, strict=True):
            mine.extend(others)


class Shown(NamedTuple):
    """A hazard step by step."""

    found_sequence: int
    case: Case
    before: list[Said]
    after: list[Said]
    changes: list[Change]


@dataclass
class Result:
    """Of one share, or of all."""

    tally: Tally = field(default_factory=Tally)
    shown: list[Shown] = field(default_factory=list)

    def add(self, other: "Result", most: int) -> None:
        """Another share's."""
        self.tally += other.tally
        self.shown = nsmallest(most, [*self.shown, *other.shown], key=lambda one: one.found_sequence)
