"""What is asked of a report: which form, for which month, of whom. A slip is answered with what there is."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import TypeAdapter, ValidationError

from contracts.base import Token
from contracts.subjects import area_levels
from services.projection.asking import QuestionError
from services.projection.forms.library import shipped
from services.projection.forms.template import FormId, PeriodKind

FORMS: Final = {
    FormId.A: "排查表",
    FormId.B: "月度调度表",
    FormId.C: "检查清单",
    FormId.D: "统计报表",
    FormId.QUARTERLY: "季度统计表",
    FormId.ANNUAL: "年度统计表",
    FormId.LISTING_REGISTER: "挂牌督办台账",
    FormId.BULLETIN: "半年通报表",
}
"""What people call them."""
OF_AREAS: Final = frozenset({FormId.B, FormId.BULLETIN})
"""They speak of a jurisdiction, not of one enterprise."""
CUMULATIVE: Final = frozenset({PeriodKind.TO_MONTH_END, PeriodKind.TO_PREVIOUS_MONTH_END, PeriodKind.TO_DAY_BEFORE_DUE})
_MONTH: Final = re.compile("[0-9]{4}-[0-9]{2}")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOKEN: Final[TypeAdapter[str]] = TypeAdapter(Token)


@dataclass(frozen=True, slots=True)
class Question:
    """A form for a month, of an area or of an enterprise."""

    form: FormId
    month: date
    """Its first day; of a quarter or a year any month will do."""
    area: str = ""
    enterprise: str = ""
    """The id that events name it by."""
    campaign_start: date | None = None
    known: int | None = None
    """The last event that was known; None: everything that is stored."""


def form(said: str) -> FormId:
    """By its letter or name, or by what people call it; raises QuestionError with those that there are."""
    wanted = said.strip().casefold()
    for each, title in FORMS.items():
        if wanted in {each.casefold(), title, f"{each.casefold()}表"}:
            return each
    there = "、".join(f"{each} {title}" for each, title in FORMS.items())
    raise QuestionError(f"没有“{said[:40]}”这种报表，有的是：{there}。There is no such form.")


def month(said: str, today: date) -> date:
    """2026-05 → its first day; raises QuestionError, also for one that has not begun."""
    try:
        first = date.fromisoformat(f"{said.strip()}-01") if _MONTH.fullmatch(said.strip()) else None
    except ValueError:
        first = None
    latest = f"{today:%Y-%m}"
    if first is None:
        reason = f"月份“{said[:40]}”应形如 {latest}，最晚到本月 {latest}。Give the month as YYYY-MM."
        raise QuestionError(reason)
    if first > today:
        raise QuestionError(f"{said.strip()} 还没有到：最晚到本月 {latest}。That month lies in the future.")
    return first


def campaign_start(said: str, asked: FormId, today: date) -> date:
    """The first day that counts; raises QuestionError where a form counts by the month, the quarter or the year."""
    if shipped(asked).period not in CUMULATIVE:
        able = "、".join(f"{each} {title}" for each, title in FORMS.items() if shipped(each).period in CUMULATIVE)
        reason = f"{FORMS[asked]}不是累计数，请去掉 --campaign-start；用它的是：{able}。This form is not cumulative."
        raise QuestionError(reason)
    try:
        day = date.fromisoformat(said.strip()) if _DAY.fullmatch(said.strip()) else None
    except ValueError:
        day = None
    if day is None or day > today:
        raise QuestionError(f"行动开始日“{said[:40]}”应形如 2026-03-01，且不晚于今天。Give a day, not a future one.")
    return day


def scope(asked: FormId, area: str | None, enterprise: str | None) -> tuple[str, str]:
    """Area and enterprise, of which one is empty; raises QuestionError. Whether they exist is asked of the ledgers."""
    if asked in OF_AREAS and not area:
        raise QuestionError(f"{FORMS[asked]}按辖区填报：请用 --area 区划代码。Give --area.")
    if bool(area) == bool(enterprise):
        reason = "请用 --area 区划代码 或 --enterprise 企业编号 指明一个填报范围。Give one of --area and --enterprise."
        raise QuestionError(reason)
    if area:
        return _area(area.strip()), ""
    return "", (enterprise or "").strip()


def _area(code: str) -> str:
    try:
        area_levels(code)
    except ValueError as wrong:
        reason = (
            f"区划代码“{code[:40]}”应为2、4、6、9或12位数字，如 320623104。An area code has 2, 4, 6, 9 or 12 digits."
        )
        raise QuestionError(reason) from wrong
    return code


def is_token(said: str) -> bool:
    """Whether it may be an id at all."""
    try:
        _TOKEN.validate_python(said)
    except ValidationError:
        return False
    return True
