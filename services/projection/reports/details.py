"""D's second sheet: 重大隐患明细, a line for each major hazard with 五落实, 挂牌 and 双报告."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from services.projection.forms.model import Row, Sheet
from services.projection.pages import Row as Line
from services.projection.queries import View
from services.projection.reports import counting
from services.projection.reports.asked import Asked
from services.projection.reports.facts import Fact

PART: Final = "details"
SAME: Final = ("credit_code", "description", "basis", "measures", "responsible", "contingency")
"""Columns that the ledger calls so too."""


def details(view: View, found: Sequence[Fact], asked: Asked) -> Sheet:
    """In the order in which they were found."""
    lines = ((fact, view.row(fact.id)) for fact in sorted(found, key=lambda fact: (fact.found_at, fact.id)))
    rows = [_row(fact, line) for fact, line in lines if line is not None]
    return Sheet(part=PART, area=asked.question.area or None, heads=asked.heads, rows=rows)


def _row(fact: Fact, line: Line) -> Row:
    funds = line.get("funds")
    return Row(
        {
            **{key: line.get(key) for key in SAME},
            "enterprise": line.get("party"),
            "found_at": fact.found_at.date(),
            "funds": counting.ten_thousands(Decimal(funds).scaleb(-2)) if funds is not None else None,
            "due": counting.day(line.get("due")),
            "listed": "是" if line.get("listed_at") else "否",
            "reported_to_regulator_at": counting.day(line.get("regulator_told_at")),
            "reported_to_workers_at": counting.day(line.get("workers_told_on")),
            "progress": fact.row.get("stage"),
            "remarks": fact.row.get("origin"),
        },
        {"description": [fact.id]},
    )
