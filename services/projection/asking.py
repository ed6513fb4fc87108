"""What people ask of a ledger: `区划=320623104`, `found_at>=2026-05`, `资金（元）>5000`; read by the column's kind.

A day or moment may be cut short: 2026-05 is all of May. `~` means contains; nothing behind `=` means empty.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_

from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Value

_CONDITION: Final = re.compile(r"(.*?)(!=|>=|<=|=|>|<|~)(.*)", re.DOTALL)
_PERIOD: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_AFTER: Final = "~"
"""Sorts behind whatever a day or moment can go on with."""
_MOST: Final = 2**63 - 1
_NUMBERS: Final = frozenset({Kind.NUMBER, Kind.COUNT, Kind.MONEY})
_TIMES: Final = frozenset({Kind.DAY, Kind.MOMENT})


class QuestionError(ValueError):
    """What was asked cannot be answered; the sentence says what can."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One column, compared with one value; the value is None for what is empty."""

    column: Column
    sign: str
    value: Value

    def clause(self, cell: ColumnElement[Any]) -> ColumnElement[bool]:
        """In SQL. Texts are compared by their characters, whatever the database's language."""
        if self.value is None:
            return cell.is_(None) if self.sign == "=" else cell.is_not(None)
        if self.sign == "~":
            return cell.icontains(self.value, autoescape=True)
        if self.column.kind in _TIMES:
            return _PERIODS[self.sign](cell, str(self.value), f"{self.value}{_AFTER}")
        return _SIGNS[self.sign](cell, self.value)


def column(ledger: Ledger, said: str) -> Column:
    """By key or by title; raises QuestionError with what there is."""
    wanted = said.strip()
    for each in ledger.columns:
        if wanted in {each.key, each.title}:
            return each
    there = "、".join(f"{each.title}（{each.key}）" for each in ledger.columns)
    raise QuestionError(f"{ledger.title}没有“{wanted[:60]}”这一列，有的是：{there}。There is no such column.")


def condition(ledger: Ledger, said: str, zone: ZoneInfo) -> Condition:
    """`column=value` with =, !=, >=, <=, >, < or ~; raises QuestionError."""
    parts = _CONDITION.fullmatch(said)
    if parts is None:
        raise QuestionError(
            f"条件“{said[:60]}”应形如 区划=320623104、发现时间>=2026-05 或 隐患描述~堆放。Write column=value."
        )
    asked, sign, text = column(ledger, parts[1]), parts[2], parts[3].strip()
    if not text and sign in {"=", "!="}:
        return Condition(asked, sign, None)
    if not text:
        raise QuestionError(f"条件“{said[:60]}”后面缺少值。A value is missing.")
    if sign == "~" and asked.kind in _NUMBERS:
        raise QuestionError(f"“{asked.title}”是数，不能用 ~：请用 =、>、<。A number has no parts.")
    if "\x00" in text:
        raise QuestionError("条件里有不可见的字符，请删去。Remove the control character.")
    return Condition(asked, sign, text if sign == "~" else _value(asked, text, zone))


def _value(asked: Column, text: str, zone: ZoneInfo) -> Value:
    match asked.kind:
        case Kind.MONEY:
            return _whole(asked, text, 100)
        case Kind.NUMBER | Kind.COUNT:
            return _whole(asked, text, 1)
        case Kind.DAY | Kind.MOMENT:
            return _time(asked, text, zone)
        case Kind.TEXT:
            return text


def _whole(asked: Column, text: str, parts: int) -> int:
    with suppress(ArithmeticError, ValueError):
        value = Decimal(text) * parts
        if abs(value) <= _MOST and value == int(value):
            return int(value)
    form = "应为元，最多两位小数，如 5000 或 0.50" if parts > 1 else "应为整数，如 3"
    raise QuestionError(f"“{asked.title}”{form}，不是“{text[:60]}”。Give a number.")


def _time(asked: Column, text: str, zone: ZoneInfo) -> str:
    with suppress(ValueError, OverflowError):
        if _PERIOD.fullmatch(text):
            datetime.fromisoformat(text + "0000-01-01"[len(text) :])
            return text
        if asked.kind is Kind.MOMENT and (moment := datetime.fromisoformat(text)).tzinfo is not None:
            return moment.astimezone(zone).isoformat(timespec="seconds")
    form = "2026、2026-05、2026-05-01" + (" 或 2026-05-01T08:30:00+08:00" if asked.kind is Kind.MOMENT else "")
    raise QuestionError(f"“{asked.title}”应形如 {form}，不是“{text[:60]}”。Give a day.")


Cell = ColumnElement[Any]
_SIGNS: Final[Mapping[str, Callable[[Cell, Value], ColumnElement[bool]]]] = {
    "=": lambda cell, value: cell == value,
    "!=": lambda cell, value: cell.is_distinct_from(value),
    ">=": lambda cell, value: cell >= value,
    "<=": lambda cell, value: cell <= value,
    ">": lambda cell, value: cell > value,
    "<": lambda cell, value: cell < value,
}
_PERIODS: Final[Mapping[str, Callable[[Cell, str, str], ColumnElement[bool]]]] = {
    "=": lambda cell, first, after: and_(cell >= first, cell < after),
    "!=": lambda cell, first, after: and_(cell >= first, cell < after).is_not(True),
    ">=": lambda cell, first, _: cell >= first,
    "<=": lambda cell, _, after: cell < after,
    ">": lambda cell, _, after: cell >= after,
    "<": lambda cell, first, _: cell < first,
}
"""A period is from its first instant until what comes after it."""
