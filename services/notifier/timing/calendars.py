"""The work calendar 工作日历: as published (chinesecalendar), and what a site's own file says beside it.

    off: [2027-01-01]      # 放假
    on: [2027-02-07]       # 调休上班
    years: [2027]          # this file tells the whole of that year

A year that neither knows counts Monday to Friday, and what rests on it is flagged until it is known.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import yaml
from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]
from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import FIRST_DAY, LAST_DAY, CalendarDate, Contract
from services.notifier.timing.calendar import Calendar

MAX_FILE = 256 * 1024
Days = Annotated[tuple[CalendarDate, ...], Field(max_length=2_000)]
Year = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]


class UnusableCalendarError(ValueError):
    """The calendar's file cannot be used; the sentence says where and what to do."""


class Override(Contract):
    """A site's file; what it says goes before what was published."""

    model_config = ConfigDict(extra="forbid", strict=False)

    off: Days = ()
    on: Days = ()
    years: Annotated[tuple[Year, ...], Field(max_length=300)] = ()

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if both := set(self.off) & set(self.on):
            raise PydanticCustomError(
                "both", "{day} 既在 off 又在 on：a day is either off or on", {"day": str(min(both))}
            )
        return self


def load_calendar(override: Path | None = None, zone: str = "Asia/Shanghai") -> Calendar:
    """Raises UnusableCalendarError where the file or the zone is none."""
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as wrong:
        raise UnusableCalendarError(f"没有时区“{zone}”，应如 Asia/Shanghai：no such time zone") from wrong
    own = _read(override) if override else Override()
    known, off, on = _published()
    return Calendar(
        off=(off - set(own.on)) | set(own.off),
        on=(on - set(own.off)) | set(own.on),
        years=known | set(own.years),
        zone=zone,
    )


@cache
def _published() -> tuple[frozenset[int], frozenset[date], frozenset[date]]:
    off, on = frozenset(holidays), frozenset(workdays)
    return frozenset(range(min(off).year, max(off).year + 1)), off, on


def _read(path: Path) -> Override:
    try:
        if path.stat().st_size > MAX_FILE:
            raise UnusableCalendarError(f"{path}：超过 {MAX_FILE >> 10} KiB，不是工作日历：too large")
        said = yaml.load(path.read_text("utf-8"), yaml.BaseLoader) or {}  # noqa: S506 (it makes texts and lists alone)
    except OSError as wrong:
        raise UnusableCalendarError(f"{path}：读不到文件：{wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        raise UnusableCalendarError(f"{path}：须为 UTF-8 编码：not UTF-8") from wrong
    except yaml.YAMLError as wrong:
        raise UnusableCalendarError(f"{path}：不是有效的 YAML，请检查缩进和冒号：{_place(wrong)}") from wrong
    if not isinstance(said, dict):
        raise UnusableCalendarError(f"{path}：须写 off、on、years 三项：write off, on and years")
    try:
        return Override.model_validate(said)
    except ValidationError as wrong:
        raise UnusableCalendarError(f"{path}：{_first(wrong)}") from wrong


def _place(wrong: yaml.YAMLError) -> str:
    mark = getattr(wrong, "problem_mark", None)
    return f"第{mark.line + 1}行 line {mark.line + 1}" if mark else "not YAML"


def _first(wrong: ValidationError) -> str:
    error = wrong.errors(include_url=False)[0]
    where = ".".join(str(part) for part in error["loc"]) or "文件"
    if error["type"] == "extra_forbidden":
        return f"没有 {where} 这一项，只有 off、on、years：no such field"
    if error["type"] == "both":
        return error["msg"]
    return f"{where} 有误，日期写作 2027-01-01，年份写作 2027：{error['msg']}"
