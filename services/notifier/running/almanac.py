"""The work calendar as it is known today: the override file is read again when it changed."""

from pathlib import Path

import structlog

from services.notifier.timing.calendar import Calendar
from services.notifier.timing.calendars import UnusableCalendarError, load_calendar

log = structlog.get_logger(__name__)


class Almanac:
    """Gives the calendar; a file that became unusable keeps the old one in force."""

    def __init__(self, override: Path | None, zone: str) -> None:
        """Raises UnusableCalendarError."""
        self._override = override
        self._zone = zone
        self._stamp = _stamp(override)
        self._calendar = load_calendar(override, zone)

    def __call__(self) -> Calendar:
        """As the file says now."""
        stamp = _stamp(self._override)
        if stamp is not None and stamp != self._stamp:
            self._stamp = stamp
            try:
                self._calendar = load_calendar(self._override, self._zone)
            except UnusableCalendarError as wrong:
                log.error("calendar.unusable", reason=str(wrong))  # noqa: TRY400 (the sentence says it all)
            else:
                log.info("calendar.replaced", years=sorted(self._calendar.years))
        return self._calendar


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    """What differs once the file behind the name is another; None while it is away."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return found and (found.st_ino, found.st_mtime_ns, found.st_size)
