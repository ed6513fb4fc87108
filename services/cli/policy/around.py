"""What commands about policies ask beside the file: the work calendar, the moment meant, the store's clock."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nats.aio.client import Client

from contracts import subjects
from services.cli.outcome import Status, Stop
from services.journal.clock import ServerClock
from services.notifier.settings import Settings
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.calendars import UnusableCalendarError, load_calendar

INSTANT: Final = timedelta(microseconds=1)


def work_calendar(settings: Settings) -> Calendar:
    """Raises Stop where the override file is unusable."""
    try:
        return load_calendar(settings.bihuan_calendar, settings.bihuan_zone)
    except UnusableCalendarError as wrong:
        raise Stop(Status.USAGE, str(wrong)) from wrong


def moment(said: str, zone: ZoneInfo, *, begins: bool = False) -> datetime:
    """A day stands for its last instant, or for its first where something begins with it."""
    try:
        if len(said) == len("2026-05-01"):
            day = date.fromisoformat(said)
            return datetime.combine(day, time(), zone) if begins else _end(day, zone)
        found = datetime.fromisoformat(said)
    except (ValueError, OverflowError):
        found = None
    if found is None or found.tzinfo is None:
        form = "应形如 2026-05-01 或 2026-05-01T08:30:00+08:00"
        raise Stop(Status.USAGE, f"“{said[:60]}”不是日期或带时区的时刻：{form}。Give a day or a moment.")
    return found


def _end(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone) - INSTANT


async def stores_clock(nc: Client) -> datetime:
    """Now, as the event store says."""
    clock = ServerClock(nc, stream=subjects.EVENTS)
    await clock.start()
    try:
        return clock()
    finally:
        await clock.stop()
