"""What people write for a point in time: a day, a moment, the number of an event. Nobody asks about the future."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.projection.asking import QuestionError

_NUMBER: Final = re.compile("[0-9]{1,18}")
_INSTANT: Final = timedelta(microseconds=1)
_FORM: Final = "应形如 2026-05-01 或 2026-05-01T08:30:00+08:00"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day at the site."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def last_instant(day: date, zone: ZoneInfo) -> datetime:
    """Of a day at the site."""
    return midnight(day + timedelta(days=1), zone) - _INSTANT


def moment(said: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A day stands for its last instant, today for now; raises QuestionError, also for what has not come yet."""
    said = said.strip()
    try:
        day = date.fromisoformat(said) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said) else None
        found = datetime.fromisoformat(said) if day is None else min(last_instant(day, zone), now)
    except (ValueError, OverflowError) as wrong:
        raise QuestionError(f"“{said[:60]}”不是日期或时刻：{_FORM}。Give a day or a moment.") from wrong
    if found.tzinfo is None:
        raise QuestionError(f"“{said[:60]}”没有时区：{_FORM}。Say the offset, as +08:00.")
    if found > now or (day is not None and midnight(day, zone) > now):
        raise QuestionError(f"{said} 还没有到：请用今天或以前的时间。That lies in the future.")
    return found


def moment_or_sequence(said: str, zone: ZoneInfo, now: datetime, last: int) -> datetime | int:
    """As `moment`, or the number of an event, of which the last is given; raises QuestionError."""
    said = said.strip()
    if not _NUMBER.fullmatch(said):
        return moment(said, zone, now)
    if int(said) > last:
        raise QuestionError(f"没有第 {said} 号事件：现在的末号是 {last}。The stream ends at {last}.")
    return int(said)
