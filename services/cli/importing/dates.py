"""排查时间 as people write it: a day, seldom with an hour. What is not certain is asked, never guessed."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from services.cli.importing.cells import Cell, key
from services.cli.site import SITE

EPOCH: Final = datetime(1899, 12, 30, tzinfo=SITE)
"""Day 0 of a sheet's serial numbers."""
SERIALS: Final = range(18264, 73051)
"""1950 to 2099: a smaller number is a date without its year (5.30), a larger one is none."""
NOON: Final = 12
FIRST: Final = date(1949, 10, 1)

_DASHES: Final = str.maketrans(dict.fromkeys("—–−‐‑", "-") | {"。": ".", "号": "日"})
_DAY: Final = re.compile(
    r"(?P<year>\d{4})(?:[-/\\.年](?P<month>\d{1,2})[-/\\.月](?P<day>\d{1,2})日?|(?P<month8>\d{2})(?P<day8>\d{2}))"
    r"\.?(?P<half>[上下]午)?(?:[T ]?(?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{1,2})?分?"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
)
_LOOSE: Final = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_WEEKDAY: Final = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_NO_YEAR: Final = re.compile(r"\d{1,2}[-/.月]\d{1,2}日?")
_SHORT_YEAR: Final = re.compile(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_NO_DAY: Final = re.compile(r"\d{4}[-/.年]\d{1,2}月?")
_SEVERAL: Final = re.compile(r"(.*\d日?)[-~至到、,](.*\d日?)")
_LISTED: Final = re.compile(r"\d{4}[、,;_]\d{1,2}[、,;_]\d{1,2}日?")
_ENGLISH: Final = re.compile(r".*[A-Za-z]{3}.*\d.*|.*\d.*[A-Za-z]{3}.*")
_QUESTIONS: Final = (
    (_NO_YEAR, "没有年份：请补上年份，"),
    (_SHORT_YEAR, "的年份只有两位：请写四位年份，"),
    (_NO_DAY, "没有日：请写明哪一天，"),
    (_LISTED, "的分隔符认不准：请用 -、/ 或 .，"),
    (_ENGLISH, "是英文写法：请用数字写，"),
    (_SEVERAL, "不止一天：一行只写一天，"),
)
"""The first that fits is asked."""
ASK: Final = "写法如 2023-05-30"


class Doubtful(ValueError):
    """A date that a person has to write again; the message says how."""


def moment_of(cell: Cell | None, now: datetime) -> datetime:
    """The moment at the site; a day without an hour counts from 00:00. Raises Doubtful."""
    moment = _read(cell)
    if moment.date() < FIRST:
        raise Doubtful(f"排查时间 {moment.date()} 年份有误：{ASK}")
    if moment > now.astimezone(SITE):
        raise Doubtful(f"排查时间 {moment.date()} 还没有到：不能登记以后的排查")
    return moment


def _read(cell: Cell | None) -> datetime:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=SITE)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=SITE)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in SERIALS:
        return _serial(float(cell))
    return _written(key(cell))


@lru_cache(maxsize=1024)
def _written(said: str) -> datetime:
    """A table speaks of few days. Errors are not kept."""
    text = _LOOSE.sub("", _WEEKDAY.sub("", said)).translate(_DASHES)
    if text.isdecimal() and int(text) in SERIALS:
        return _serial(float(text))
    if found := _DAY.fullmatch(text):
        return _calendar(found)
    raise Doubtful(_question(text))


def _serial(number: float) -> datetime:
    """Whole seconds: the fraction of a day that a sheet keeps is not exact."""
    moment = EPOCH.replace(tzinfo=UTC) + timedelta(days=number)
    whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return whole.replace(tzinfo=SITE)


def _calendar(found: re.Match[str]) -> datetime:
    year = int(found["year"])
    month, day = int(found["month"] or found["month8"]), int(found["day"] or found["day8"])
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"] == "下午" and 0 < hour < NOON:
        hour += NOON
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=SITE)
    except ValueError as wrong:
        raise Doubtful(f"排查时间 {found[0]} 不存在：没有这一天或这个时刻，{ASK}") from wrong


def _question(text: str) -> str:
    if not text:
        return f"排查时间为空：{ASK}"
    why = next((said for form, said in _QUESTIONS if form.fullmatch(text)), "看不出日期：")
    return f"排查时间 {text[:30]} {why}{ASK}"
