"""Counting hazards: each figure is a test, and every count keeps the ids that it counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from contracts.terms import Grade
from services.projection.forms.model import Value
from services.projection.queries import View
from services.projection.reports import scope
from services.projection.reports.answer import CEASED, SUBMITTED, SUSPECTED
from services.projection.reports.facts import Fact, Outcome
from services.projection.reports.question import Question

Test = Callable[[Fact], bool]
TEN_THOUSAND: Final = 4
"""万元 is yuan with the point so many places to the left."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures by key, and for each the ids behind it."""

    values: dict[str, int]
    keys: dict[str, list[str]]


def count(found: Iterable[Fact], tests: Mapping[str, Test]) -> Counted:
    """How many pass each test."""
    keys: dict[str, list[str]] = {key: [] for key in tests}
    for fact in found:
        for key, passes in tests.items():
            if passes(fact):
                keys[key].append(fact.id)
    return Counted({key: len(ids) for key, ids in keys.items()}, keys)


def is_major(fact: Fact) -> bool:
    """Graded so; what is only suspected to be is counted apart."""
    return fact.grade is Grade.MAJOR


def is_general(fact: Fact) -> bool:
    """Graded so, or not at all."""
    return fact.grade is Grade.GENERAL


def of_major(test: Test) -> Test:
    """Major, and that too."""
    return lambda fact: is_major(fact) and test(fact)


def of_general(test: Test) -> Test:
    """General, and that too."""
    return lambda fact: is_general(fact) and test(fact)


def fixed(fact: Fact) -> bool:
    """Verified or closed as rectified: what is only said to be done is not."""
    return fact.fixed


def ceased(fact: Fact) -> bool:
    """Gone with its place."""
    return fact.outcome is Outcome.CEASED


def suspected(fact: Fact) -> bool:
    """疑似重大."""
    return fact.grade is Grade.SUSPECTED_MAJOR


def overdue(on: date) -> Test:
    """Past its day, and open still."""
    return lambda fact: fact.overdue(on)


def within(ids: frozenset[str]) -> Test:
    """One of these: those that were listed."""
    return lambda fact: fact.id in ids


def listed(view: View, asked: Question) -> frozenset[str]:
    """Hazards that anybody ever listed 挂牌; of one listed twice once."""
    return frozenset(row.page for row in scope.nearby(view, asked))


def standing(found: Iterable[Fact]) -> list[Fact]:
    """Without the merged and withdrawn."""
    return [fact for fact in found if fact.outcome is not Outcome.GONE]


def ten_thousands(yuan: Decimal) -> Decimal:
    """万元."""
    return yuan.scaleb(-TEN_THOUSAND)


def funds(found: Iterable[Fact]) -> Decimal | None:
    """治理资金 in 万元; None where no plan named any."""
    laid_down = [fact for fact in found if fact.row.get("funds") is not None]
    return ten_thousands(sum((fact.funds for fact in laid_down), Decimal(0))) if laid_down else None


def apart(found: Sequence[Fact]) -> dict[str, int]:
    """What 溯源 tells beside the figures."""
    return {
        CEASED: sum(map(ceased, found)),
        SUSPECTED: sum(map(suspected, found)),
        SUBMITTED: sum(fact.outcome is Outcome.SUBMITTED for fact in found),
    }


def day(said: str | None) -> date | None:
    """Of a ledger's cell, a day or a moment."""
    return datetime.fromisoformat(said).date() if said else None


Cells = dict[str, Value]
