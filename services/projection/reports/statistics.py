"""Quarterly and annual statistics 季度、年度统计表: by area and by enterprise.

Of the hazards found in the period, what became of them by its end; so a rate is of the same hazards.
"""

from collections.abc import Container, Mapping
from typing import Final

from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import hazards, inspections, listings, parties
from services.projection.reports import counting, enterprises, grouping
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.counting import Test, of_general, of_major
from services.projection.reports.facts import Fact, facts
from services.projection.reports.grouping import Group
from services.projection.reports.tables import Tables
from services.projection.reports.visits import visits

LEDGERS: Final = (hazards.LEDGER, inspections.LEDGER, listings.LEDGER, parties.LEDGER)
NOTE: Final = (
    "统计口径：本期发现的隐患，按期末状况统计；治理资金为整改方案所列；排查企业为本期受检或发现隐患的企业、个体工商户。"
)
EARLIER: Final = "以前发现、本期整改，不计入本表（项）"


def make(tables: Tables, asked: Asked) -> Answer:
    """For an area by the areas below it, then by enterprise; for an enterprise its own line."""
    every = counting.standing(facts(tables[hazards.LEDGER], asked.question))
    found = [fact for fact in every if asked.holds(fact.found_at)]
    made = [one for one in visits(tables[inspections.LEDGER], asked.question) if asked.holds(one.began_at)]
    made = [one for one in made if not one.withdrawn]
    tests = _tests(asked, counting.listed(tables[listings.LEDGER], asked.question))
    others = enterprises.others(tables)
    sheets = [_sheet("分企业", grouping.by_enterprise(found, made), tests, asked, others)]
    if asked.question.area:
        sheets.insert(0, _sheet("汇总", grouping.by_area(found, made, asked), tests, asked, others))
    earlier = sum(_fixed_now(fact, asked) for fact in every)
    apart = enterprises.apart(grouping.parties(found, made), others)
    return Answer(sheets, {**counting.apart(found), EARLIER: earlier, **apart})


def _tests(asked: Asked, listed: frozenset[str]) -> dict[str, Test]:
    return {
        "general_found": counting.is_general,
        "general_fixed": of_general(counting.fixed),
        "general_ceased": of_general(counting.ceased),
        "major_found": counting.is_major,
        "major_fixed": of_major(counting.fixed),
        "major_ceased": of_major(counting.ceased),
        "planned": of_major(lambda fact: fact.planned),
        "listed": of_major(counting.within(listed)),
        "overdue": of_major(counting.overdue(asked.last_day)),
        "suspected_major": counting.suspected,
    }


def _sheet(name: str, groups: list[Group], tests: Mapping[str, Test], asked: Asked, others: Container[str]) -> Sheet:
    looked_at = {one for group in groups for one in group.parties if one not in others}
    return Sheet(
        name=name,
        area=asked.question.area or None,
        heads={**asked.heads, **_unit(groups, asked)},
        rows=[_row(group, tests, others) for group in groups],
        totals={"enterprises": len(looked_at)},
        notes=[NOTE],
    )


def _unit(groups: list[Group], asked: Asked) -> dict[str, str]:
    """The enterprise's own table is headed by its name."""
    return {"unit": groups[0].name} if asked.question.enterprise and groups and not asked.unit else {}


def _row(group: Group, tests: Mapping[str, Test], others: Container[str]) -> Row:
    counted = counting.count(group.facts, tests)
    looked_at = [one for one in group.parties if one not in others]
    cells: counting.Cells = {
        "name": group.name,
        "enterprises": len(looked_at),
        **counted.values,
        "funds": counting.funds(group.facts),
    }
    return Row(cells, {**counted.keys, "enterprises": looked_at})


def _fixed_now(fact: Fact, asked: Asked) -> bool:
    """Found before the period, seen to be done within it."""
    day = counting.day(fact.row.get("verified_at"))
    if not fact.fixed or day is None or asked.since is None or fact.found_at >= asked.since:
        return False
    return asked.since.date() <= day <= asked.last_day
