"""Time as the generator keeps it: microseconds since 1970, and calendar days at the site."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

SITE: Final = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has had no summer time since 1991."""
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_SITE_ZERO = datetime(1970, 1, 1, 8, tzinfo=SITE)
_UTC_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ZERO = date(1970, 1, 1)
_OFFSET = 8 * HOUR


def at(day: date, hour: int = 0, minute: int = 0) -> int:
    """That minute of that day at the site; without a time, its first instant."""
    return (day - _DAY_ZERO).days * DAY - _OFFSET + hour * HOUR + minute * MINUTE


def last_instant(day: date) -> int:
    """A microsecond before the next day begins at the site."""
    return at(day) + DAY - 1


def day_of(instant: int) -> date:
    """The calendar day at the site."""
    return _DAY_ZERO + timedelta(days=(instant + _OFFSET) // DAY)


def first_of_day(instant: int) -> int:
    """The first instant of the day at the site in which it lies."""
    return instant - (instant + _OFFSET) % DAY


def site_moment(instant: int) -> datetime:
    """As people at the site write it, +08:00."""
    return _SITE_ZERO + timedelta(microseconds=instant)


def utc_moment(instant: int) -> datetime:
    """The same moment in UTC, whose calendar day is the day before until eight in the morning."""
    return _UTC_ZERO + timedelta(microseconds=instant)
