"""Clocks 计时: which fact began one, and whether another ended it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from contracts.policy import KEYED, Fact
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case, Mark

SETTLING: Final = timedelta(hours=1)
"""After a back-filled fact is recorded: the rest of the old history is still being entered."""
LATE_ENTRY: Final = timedelta(hours=12)
CATCHING_UP: Final = timedelta(minutes=30)
"""After a fact that was recorded so late: a clerk enters yesterday's find, grade and order one after another."""

Marks = Mapping[Fact, list[tuple[int, Mark]]]
"""By fact, each with its place among all."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One that runs, or was stopped."""

    fact: Fact
    version: int
    """Of the event that started it."""
    at: datetime
    recorded_at: datetime
    historical: bool
    place: int
    """Of its start among the marks: what stands after it may stop it."""
    key: str | None = None
    day: date | None = None
    """The deadline that it counts from."""
    stopped: Mark | None = None

    @property
    def heard_at(self) -> datetime:
        """Nothing of it fires before; imminent danger that is no old history waits for nobody."""
        if self.historical:
            return self.recorded_at + SETTLING
        if self.fact is Fact.IMMINENT_DANGER or self.recorded_at - self.at <= LATE_ENTRY:
            return self.recorded_at
        return self.recorded_at + CATCHING_UP


def by_fact(case: Case) -> Marks:
    """The marks of a case, sorted by what they say."""
    found: dict[Fact, list[tuple[int, Mark]]] = {}
    for placed in enumerate(case.marks):
        found.setdefault(placed[1].fact, []).append(placed)
    return found


def clocks(case: Case, marks: Marks, starts: Iterable[Fact], stops: Iterable[Fact], calendar: Calendar) -> list[Clock]:
    """One for each key: the newest start counts."""
    begun: dict[str | None, Clock] = {}
    mixed = not KEYED.isdisjoint(starts) and not KEYED.issuperset(starts)
    for fact in (fact for fact in starts if fact in KEYED or not mixed):
        if fact is Fact.DEADLINE:
            if clock := _deadline(case, calendar):
                begun[None] = clock
            continue
        for place, mark in marks.get(fact, ()):
            if mark.key not in begun or begun[mark.key].place < place:
                begun[mark.key] = _started(mark, place, mark.key)
    if mixed:
        return _restarted(begun.values(), marks, starts, stops)
    return [_stopped(clock, marks, stops) for clock in begun.values()]


def _started(mark: Mark, place: int, key: str | None) -> Clock:
    return Clock(mark.fact, mark.version, mark.at, mark.recorded_at, mark.historical, place, key)


def _restarted(begun: Iterable[Clock], marks: Marks, starts: Iterable[Fact], stops: Iterable[Fact]) -> list[Clock]:
    """What is of the hazard as a whole starts each clock anew that runs; those that run from it on are one."""
    again = sorted((placed for fact in starts if fact not in KEYED for placed in marks.get(fact, ())), key=_place)
    found: dict[int, Clock] = {}
    for clock in (_through(clock, again, marks, stops) for clock in begun):
        if clock.version not in found or clock.stopped is None:
            found[clock.version] = clock
    return list(found.values())


def _through(clock: Clock, again: Iterable[tuple[int, Mark]], marks: Marks, stops: Iterable[Fact]) -> Clock:
    for place, mark in again:
        if place > clock.place:
            ended = _stopped(clock, marks, stops)
            if ended.stopped is not None and ended.stopped.version < mark.version:
                return ended
            clock = _started(mark, place, clock.key)
    return _stopped(clock, marks, stops)


def _place(placed: tuple[int, Mark]) -> int:
    return placed[0]


def _deadline(case: Case, calendar: Calendar) -> Clock | None:
    """Counted from the deadline in force; one that had passed before a reopening, from the day of the reopening."""
    due, again = case.deadline, case.reopened
    if due is None:
        return None
    if again is None or again.version < due.version:
        place = max((place for place, mark in enumerate(case.marks) if mark.version <= due.version), default=-1)
        return Clock(Fact.DEADLINE, due.version, due.at, due.recorded_at, due.historical, place, day=due.day)
    place = max(place for place, mark in enumerate(case.marks) if mark.version <= again.version)
    day = max(due.day, calendar.day(again.at))
    return Clock(Fact.DEADLINE, again.version, again.at, again.recorded_at, again.historical, place, day=day)


def _stopped(clock: Clock, marks: Marks, stops: Iterable[Fact]) -> Clock:
    ends = [(place, mark) for fact in stops for place, mark in marks.get(fact, ()) if _ends(place, mark, clock)]
    if not ends:
        return clock
    _, first = min(ends, key=_place)
    return replace(clock, stopped=first)


def _ends(place: int, mark: Mark, clock: Clock) -> bool:
    """Of a later event, and of the same thing; or one of them of the hazard as a whole."""
    if place <= clock.place or mark.version == clock.version:
        return False
    return mark.key is None or clock.key is None or clock.key in {mark.key, mark.answers}
