"""When so long after a clock's start, or so long before its deadline, is."""

from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Final, NamedTuple

from contracts.base import LAST_MOMENT
from contracts.policy import Delay, Step
from services.notifier.timing.calendar import DAY, Calendar, natural
from services.notifier.timing.case import Pause
from services.notifier.timing.clocks import Clock
from services.notifier.timing.pausing import NOTHING, later, moved, stood

IMMEDIATELY: Final = Delay(0, "h")


class Due(NamedTuple):
    """When a step is due by its clock."""

    at: datetime
    lapses_at: datetime | None
    """A reminder before a deadline ends with the deadline's day."""
    provisional: bool


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
