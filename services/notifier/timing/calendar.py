"""Working days 工作日, with 调休: a year that is not published yet counts Monday to Friday, and is known for it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from contracts.base import LAST_DAY

DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


class Reached(NamedTuple):
    """A day that was counted to."""

    day: date
    provisional: bool
    """Over a year whose calendar is not known."""


@dataclass(frozen=True)
class Calendar:
    """Of one site; a day past the last that the contracts know is an OverflowError."""

    off: frozenset[date] = frozenset()
    """Holidays, on whatever day of the week."""
    on: frozenset[date] = frozenset()
    """Days worked though they fall on a weekend 调休上班."""
    years: frozenset[int] = frozenset()
    """Those that are known whole."""
    zone: str = "Asia/Shanghai"

    @cached_property
    def _tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_working(self, day: date) -> bool:
        """A day of 调休 counts, a holiday does not."""
        return day in self.on or (day.weekday() < SATURDAY and day not in self.off)

    def working(self, day: date, count: int) -> Reached:
        """The count-th working day after it, or before it where the count is negative; the day itself for 0."""
        step = DAY if count > 0 else -DAY
        left, provisional = abs(count), False
        while left:
            day = _within(day + step)
            provisional = provisional or day.year not in self.years
            left -= self.is_working(day)
        return Reached(day, provisional)

    def at_or_after(self, day: date) -> Reached:
        """The day itself where it is a working day, else the next one."""
        if self.is_working(day):
            return Reached(day, day.year not in self.years)
        return self.working(day, 1)

    def day(self, moment: datetime) -> date:
        """The calendar day of a moment at the site."""
        return self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """By the clock on the wall of the site."""
        return moment.astimezone(self._tz)

    def moment(self, day: date, at: time = time.min) -> datetime:
        """The moment, in UTC, at which a day begins at the site, or that time of it."""
        return datetime.combine(_within(day), at, self._tz).astimezone(UTC)

    def end(self, day: date) -> datetime:
        """The moment, in UTC, at which a day is over; the last that the contracts know has an end too."""
        return datetime.combine(day + DAY, time.min, self._tz).astimezone(UTC)


def natural(day: date, count: int) -> Reached:
    """So many days after it, or before it."""
    return Reached(_within(day + timedelta(days=count)), provisional=False)


def _within(day: date) -> date:
    if day > LAST_DAY:
        raise OverflowError(f"{day} is past {LAST_DAY}")
    return day
