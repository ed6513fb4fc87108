"""Clocks 计时: which fact began one, whether another ended it, and when so long after it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Final, NamedTuple

from contracts.base import LAST_MOMENT
from contracts.policy import Delay, Fact, Step
from services.notifier.calendar import DAY, Calendar, natural
from services.notifier.case import Case, Mark, Pause
from services.notifier.pausing import NOTHING, later, moved, stood

SETTLING: Final = timedelta(hours=1)
"""After a back-filled fact is recorded: the rest of the old history is still being entered."""
IMMEDIATELY: Final = Delay(0, "h")

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
        """Nothing of it fires before."""
        return self.recorded_at + SETTLING if self.historical else self.recorded_at


class Due(NamedTuple):
    """When a step is due by its clock."""

    at: datetime
    lapses_at: datetime | None
    """A reminder before a deadline ends with the deadline's day."""
    provisional: bool


def by_fact(case: Case) -> Marks:
    """The marks of a case, sorted by what they say."""
    found: dict[Fact, list[tuple[int, Mark]]] = {}
    for placed in enumerate(case.marks):
        found.setdefault(placed[1].fact, []).append(placed)
    return found


def clocks(case: Case, marks: Marks, starts: Iterable[Fact], stops: Iterable[Fact], calendar: Calendar) -> list[Clock]:
    """One for each key: the newest start counts."""
    begun: dict[str | None, Clock] = {}
    for fact in starts:
        if fact is Fact.DEADLINE:
            if clock := _deadline(case, calendar):
                begun[None] = clock
            continue
        for place, mark in marks.get(fact, ()):
            if mark.key not in begun or begun[mark.key].place < place:
                begun[mark.key] = _started(mark, place)
    return [_stopped(clock, marks, stops) for clock in begun.values()]


def _started(mark: Mark, place: int) -> Clock:
    return Clock(mark.fact, mark.version, mark.at, mark.recorded_at, mark.historical, place, mark.key)


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
    _, first = min(ends, key=lambda one: one[0])
    return replace(clock, stopped=first)


def _ends(place: int, mark: Mark, clock: Clock) -> bool:
    """Of a later event, and of the same thing; or one of them of the hazard as a whole."""
    if place <= clock.place or mark.version == clock.version:
        return False
    return mark.key is None or clock.key is None or clock.key in {mark.key, mark.answers}


def due_by(clock: Clock, step: Step, calendar: Calendar, pauses: tuple[Pause, ...]) -> Due | None:
    """When the step is due; none where that is past every calendar."""
    try:
        at, provisional = _raw(clock, step, calendar)
        lapses_at = calendar.end(clock.day) if step.before and clock.day else None
        if pauses:
            at = _moved(at, clock, step, calendar, pauses)
            lapses_at = lapses_at and moved(lapses_at, clock.at, pauses, calendar)
    except OverflowError:
        return None
    return Due(at, lapses_at, provisional) if at < LAST_MOMENT else None


def _raw(clock: Clock, step: Step, calendar: Calendar) -> tuple[datetime, bool]:
    number, unit = step.after or step.before or IMMEDIATELY
    count = -number if step.before else number
    if unit == "h":
        base = clock.at if clock.day is None else calendar.end(clock.day)
        return base.astimezone(UTC) + timedelta(hours=count), False
    first = calendar.day(clock.at) if clock.day is None else clock.day
    reached = natural(first, count) if unit == "nd" else calendar.working(first, count)
    day = reached.day + DAY if clock.day is None else reached.day  # after a fact, the whole last day is over first
    return calendar.moment(day, step.at or time.min), reached.provisional


def _moved(at: datetime, clock: Clock, step: Step, calendar: Calendar, pauses: tuple[Pause, ...]) -> datetime:
    still = stood(at, clock.at, pauses, calendar)
    _, unit = step.after or step.before or IMMEDIATELY
    if unit == "h" or not still:
        return at + still
    day = later(at, ceil(still / DAY), calendar)
    if unit == "nd" or step.before:
        return day
    last = calendar.day(day) - (DAY if clock.day is None else NOTHING)
    return later(day, (calendar.at_or_after(last).day - last).days, calendar)
