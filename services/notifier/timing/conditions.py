"""Conditions 适用: whether a rule or step speaks of a hazard as it stands, and in words why or why not.

What hangs on the moment at which a step is due (overdue, counts, 真改) is judged at that moment, so that whoever looks,
and whenever, finds the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from contracts.policy import GONE, Condition, Count, Fact
from contracts.terms import Grade, Ladder, Origin, PartyKind, Stage
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case
from services.notifier.timing.clocks import Clock
from services.notifier.timing.counted import Counts
from services.notifier.timing.judging import EMPLOYERS, asked_late, counted, happened, is_overdue, is_truly_rectified

PUBLIC: Final = frozenset({PartyKind.PUBLIC_BODY, PartyKind.VILLAGE})
OWN: Final = frozenset({Origin.SELF, Origin.SELF_AFTER_NOTICE, Origin.ASSISTANCE})
"""Where the enterprise verifies itself, while nothing else speaks against it (classes E and S)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A hazard as conditions look at it."""

    case: Case
    calendar: Calendar
    counts: Counts
    grades: frozenset[Grade]
    turn: Ladder
    employer: bool
    happened: frozenset[Fact]
    """Since it was found or reopened."""


class Instant(NamedTuple):
    """A step's clock, and when the step is due."""

    clock: Clock
    at: datetime


def standing(case: Case, calendar: Calendar, counts: Counts) -> Standing:
    """What follows from the case once, for all rules."""
    employer = any(party.kind in EMPLOYERS for party in case.parties)
    return Standing(case, calendar, counts, _grades(case), _turn(case), employer, happened(case))


def _grades(case: Case) -> frozenset[Grade]:
    if not case.is_major:
        return frozenset({Grade.GENERAL})
    return frozenset({Grade.MAJOR} if case.grade is Grade.MAJOR else {Grade.MAJOR, Grade.SUSPECTED_MAJOR})


def _turn(case: Case) -> Ladder:
    """The authority's while a claim waits for its verification, and once it was verified."""
    if case.stage is Stage.VERIFIED or (case.stage is Stage.SUBMITTED and not _verifies_itself(case)):
        return Ladder.AUTHORITY
    return Ladder.ENTERPRISE


def _verifies_itself(case: Case) -> bool:
    """Classes E and S (policy.md section 3)."""
    public = case.party is not None and case.party.kind in PUBLIC
    return not (case.is_major or public or case.is_ordered) and case.origin in OWN


def _is_within(count: Count, number: int) -> bool:
    return number >= count.at_least and (count.fewer_than is None or number < count.fewer_than)


def _stage(wanted: tuple[Stage, ...], here: Standing) -> bool:
    return here.case.stage in wanted and here.case.stage not in GONE


STANDING: Final[dict[str, Callable[[Any, Standing], bool]]] = {
    "stage": _stage,
    "grade": lambda wanted, here: not here.grades.isdisjoint(wanted),
    "graded": lambda wanted, here: here.case.is_graded is wanted,
    "suspected": lambda wanted, here: (Grade.SUSPECTED_MAJOR in here.grades) is wanted,
    "origin": lambda wanted, here: here.case.origin in wanted,
    "assigned_as": lambda wanted, here: here.case.assigned_as in wanted,
    "listed": lambda wanted, here: bool(here.case.listings) is wanted,
    "suspended": lambda wanted, here: bool(here.case.suspensions) is wanted,
    "employer": lambda wanted, here: here.employer is wanted,
    "turn": lambda wanted, here: here.turn is wanted,
    "sector": lambda wanted, here: here.case.sector in wanted,
    "failed_at_least": lambda wanted, here: here.case.failures >= wanted,
    "missing": lambda wanted, here: here.happened.isdisjoint(wanted),
}
"""What hangs on the hazard alone."""

TIMED: Final[dict[str, Callable[[Any, Standing, Instant], bool]]] = {
    "overdue": lambda wanted, here, then: is_overdue(here.case, here.calendar, then.at) is wanted,
    "asked_within": lambda wanted, here, then: asked_late(here.case, here.calendar, then.clock, wanted),
    "count": lambda wanted, here, then: _is_within(wanted, counted(here.case, here.counts, wanted, then.at)),
    "truly_rectified": lambda wanted, here, _: is_truly_rectified(here.case, here.calendar) is wanted,
}
"""What hangs on a clock, too."""


class Test(NamedTuple):
    """One part of a condition, ready to be asked."""

    name: str
    wanted: Any
    holds: Callable[..., bool]


def standing_tests(condition: Condition | None) -> tuple[Test, ...]:
    """Those parts that a condition says, and that hang on the hazard alone."""
    return _tests(condition, STANDING)


def timed_tests(condition: Condition | None) -> tuple[Test, ...]:
    """The others."""
    return _tests(condition, TIMED)


def _tests(condition: Condition | None, table: dict[str, Callable[..., bool]]) -> tuple[Test, ...]:
    if condition is None:
        return ()
    said = ((name, getattr(condition, name), holds) for name, holds in table.items())
    return tuple(Test(name, wanted, holds) for name, wanted, holds in said if wanted not in (None, ()))


def failing(tests: Iterable[Test], *given: object) -> Test | None:
    """The first that does not hold."""
    for test in tests:
        if not test.holds(test.wanted, *given):
            return test
    return None
