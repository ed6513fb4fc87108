"""Pauses 中止计时 (force majeure): what was not due yet when one began moves by the part that the clock ran through.

What is counted in days is moved by whole days begun, and in working days to a working day.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from services.notifier.timing.calendar import DAY, Calendar, natural
from services.notifier.timing.case import Pause

NOTHING: Final = timedelta()


def moved(at: datetime, began: datetime, pauses: tuple[Pause, ...], calendar: Calendar) -> datetime:
    """A moment that is counted in days, of a clock that began then, as the pauses move it."""
    return later(at, ceil(stood(at, began, pauses, calendar) / DAY), calendar)


def stood(at: datetime, began: datetime, pauses: tuple[Pause, ...], calendar: Calendar) -> timedelta:
    """How long a clock stood still that would have run out at that moment."""
    still, reached = NOTHING, began
    for pause in sorted(pauses, key=lambda one: one.since):
        end = calendar.end(pause.until)
        end = min(end, pause.ended_at) if pause.ended_at else end
        start = max(pause.since, reached)
        if start < at + still and end > start:
            still += end - start
        reached = max(reached, end)
    return still


def later(at: datetime, days: int, calendar: Calendar) -> datetime:
    """The same time of day, so many days later."""
    here = calendar.day(at)
    return calendar.moment(natural(here, days).day) + (at - calendar.moment(here))
