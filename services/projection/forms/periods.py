"""Which days a form speaks of, and when it is due: days and months of the site's calendar."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.projection.forms.library import shipped
from services.projection.forms.template import Due, FormId, PeriodKind, Template

ZONE: Final = "Asia/Shanghai"
_MONTHS: Final = {PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}
_NAMES: Final = {
    PeriodKind.CALENDAR_MONTH: tuple(f"{number}月" for number in range(1, 13)),
    PeriodKind.QUARTER: ("第一季度", "第二季度", "第三季度", "第四季度"),
    PeriodKind.HALF_YEAR: ("上半年", "下半年"),
    PeriodKind.YEAR: ("",),
}


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment that counts to the first that does not."""

    start: datetime | None
    """None: from the beginning of the campaign."""
    end: datetime


def due(form: FormId, month: date, template: Template | None = None) -> date | None:
    """The day by which the form of that month is handed in; 30 February is its last day. None: no text says."""
    laid_down = template or shipped(form)
    return _due(laid_down.due, month, _last_day(laid_down, month)) if laid_down.due else None


def cutoff(form: FormId, month: date, zone: str = ZONE, template: Template | None = None) -> datetime:
    """The first moment that does not count: 24:00 of the last day that does."""
    return period(form, month, zone, template).end


def period(form: FormId, month: date, zone: str = ZONE, template: Template | None = None) -> Period:
    """The days of which the form of that month speaks; of a month any day will do."""
    laid_down = template or shipped(form)
    site = ZoneInfo(zone)
    first = _first_day(laid_down.period, month)
    end = _last_day(laid_down, month) + timedelta(days=1)
    start = datetime.combine(first, time(), site) if first else None
    return Period(start, datetime.combine(end, time(), site))


def spoken(form: FormId, month: date, template: Template | None = None) -> str:
    """The same in words: 2023年6月, 2023年第二季度, 截至2023年5月31日24时."""
    laid_down = template or shipped(form)
    if name := _NAMES.get(laid_down.period):
        return f"{month.year}年{name[(month.month - 1) * len(name) // 12]}"
    last = _last_day(laid_down, month)
    return f"截至{last.year}年{last.month}月{last.day}日24时"


def _first_day(kind: PeriodKind, month: date) -> date | None:
    if kind is PeriodKind.CALENDAR_MONTH:
        return month.replace(day=1)
    if (length := _MONTHS.get(kind)) is None:
        return None
    return date(month.year, (month.month - 1) // length * length + 1, 1)


def _last_day(laid_down: Template, month: date) -> date:
    """The last that counts."""
    kind = laid_down.period
    if kind is PeriodKind.TO_PREVIOUS_MONTH_END:
        return month.replace(day=1) - timedelta(days=1)
    if kind is PeriodKind.TO_DAY_BEFORE_DUE and laid_down.due:
        return _on(month, laid_down.due.day) - timedelta(days=1)
    length = _MONTHS.get(kind, 1)
    return _on(month.replace(day=1, month=((month.month - 1) // length + 1) * length), 31)


def _due(laid_down: Due, month: date, last: date) -> date:
    return _on(last + timedelta(days=1) if laid_down.after_period else month, laid_down.day)


def _on(month: date, day: int) -> date:
    """That day of the month, or its last."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))
