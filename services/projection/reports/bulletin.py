"""Half-year bulletin 半年通报表: the areas of an area side by side."""

from collections.abc import Mapping
from typing import Final

from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import hazards, listings
from services.projection.queries import View
from services.projection.reports import counting, grouping, scope
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.counting import Test, of_general, of_major
from services.projection.reports.facts import Fact, facts
from services.projection.reports.tables import Tables

LEDGERS: Final = (hazards.LEDGER, listings.LEDGER)


def make(tables: Tables, asked: Asked) -> Answer:
    """Hazards found in the half-year, by their state at its end."""
    every = counting.standing(facts(tables[hazards.LEDGER], asked.question))
    found = [fact for fact in every if asked.holds(fact.found_at)]
    view = tables[listings.LEDGER]
    tests = _tests(asked, counting.listed(view, asked.question), _delisted(view, asked))
    rows = [_row(group.name, group.facts, tests) for group in grouping.by_area(found, [], asked)]
    sheet = Sheet(area=asked.question.area, heads=asked.heads, rows=rows)
    return Answer([sheet], counting.apart(found))


def _delisted(view: View, asked: Asked) -> frozenset[str]:
    """Every listing of which has ended."""
    ended: dict[str, bool] = {}
    for row in scope.nearby(view, asked.question):
        ended[row.page] = ended.get(row.page, True) and row.get("ended_at") is not None
    return frozenset(hazard for hazard, over in ended.items() if over)


def _tests(asked: Asked, listed: frozenset[str], delisted: frozenset[str]) -> dict[str, Test]:
    was_listed = counting.within(listed)
    return {
        "major_self_found": of_major(lambda fact: fact.own),
        "major_self_fixed": of_major(lambda fact: fact.own and fact.fixed),
        "major_other_found": of_major(lambda fact: not fact.own),
        "major_other_fixed": of_major(lambda fact: not fact.own and fact.fixed),
        "listed": of_major(was_listed),
        "listed_fixed": of_major(lambda fact: was_listed(fact) and fact.fixed),
        "delisted": of_major(counting.within(delisted)),
        "general_found": counting.is_general,
        "general_fixed": of_general(counting.fixed),
        "overdue": counting.overdue(asked.last_day),
        "reopened": lambda fact: bool(fact.row.get("reopened")),
        "ceased": counting.ceased,
        "suspected_major": counting.suspected,
    }


def _row(name: str, found: list[Fact], tests: Mapping[str, Test]) -> Row:
    counted = counting.count(found, tests)
    cells: counting.Cells = {"name": name, **counted.values}
    return Row(cells, counted.keys)
