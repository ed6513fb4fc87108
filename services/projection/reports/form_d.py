"""D 统计报表: the whole first, then a line for each enterprise; on a second sheet every major hazard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts import words
from contracts.terms import SuspensionKind
from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import hazards, inspections, listings, majors, measures, transfers
from services.projection.pages import Row as Line
from services.projection.queries import View
from services.projection.reports import counting, grouping, scope
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.counting import Test, of_general, of_major
from services.projection.reports.details import details
from services.projection.reports.facts import Fact, facts
from services.projection.reports.grouping import Group
from services.projection.reports.tables import Tables
from services.projection.reports.visits import visits

LEDGERS: Final = (
    hazards.LEDGER,
    inspections.LEDGER,
    listings.LEDGER,
    majors.LEDGER,
    measures.LEDGER,
    transfers.LEDGER,
)
STOPPED: Final = frozenset(words.term(kind) for kind in SuspensionKind)
FINE, SUMMONS = "罚款", "约谈"
TRANSFER: Final = words.word("transfer")
WHOLE: Final = "汇总"
NOTE: Final = (
    "统计口径：行动开始以来发现的隐患，按截止时状况统计；组数为检查人员组合数，人次为到场检查人员合计；"
    "“督查监管部门情况”系统没有记录，请填表人填写。"
)


@dataclass(frozen=True, slots=True)
class Acts:
    """What authorities did within the period, by hazard."""

    measures: Sequence[Line]
    transfers: Sequence[Line]

    def of(self, found: Iterable[Fact]) -> "Acts":
        """Those about these hazards."""
        ids = {fact.id for fact in found}
        return Acts(
            [line for line in self.measures if line.page in ids], [line for line in self.transfers if line.page in ids]
        )


def make(tables: Tables, asked: Asked) -> Answer:
    """Cumulative to the day before it is due."""
    every = counting.standing(facts(tables[hazards.LEDGER], asked.question))
    found = [fact for fact in every if asked.holds(fact.found_at)]
    made = [one for one in visits(tables[inspections.LEDGER], asked.question) if asked.holds(one.began_at)]
    made = [one for one in made if not one.withdrawn]
    acts = Acts(
        _within(tables[measures.LEDGER], asked, "taken_at"), _within(tables[transfers.LEDGER], asked, "sent_at")
    ).of(every)
    tests = _tests(counting.listed(tables[listings.LEDGER], asked.question))
    concerned = {line.page for line in (*acts.measures, *acts.transfers)}
    wide = [fact for fact in every if asked.holds(fact.found_at) or fact.id in concerned]
    rows = [_row(Group(WHOLE, wide, made), tests, acts, asked)]
    rows += [_row(group, tests, acts.of(group.facts), asked) for group in grouping.by_enterprise(wide, made)]
    heads = asked.heads
    return Answer(
        [
            Sheet(part="statistics", area=asked.question.area or None, heads=heads, rows=rows, notes=[NOTE]),
            details(tables[majors.LEDGER], [fact for fact in found if counting.is_major(fact)], asked),
        ],
        counting.apart(found),
    )


def _within(view: View, asked: Asked, time: str) -> list[Line]:
    """Done in the period, and not undone since."""
    since = asked.since.isoformat(timespec="seconds") if asked.since else ""
    return [
        line
        for line in scope.nearby(view, asked.question)
        if (line.get(time) or "") >= since and line.get("revoked_at") is None
    ]


def _tests(listed: frozenset[str]) -> dict[str, Test]:
    return {
        "general_found": counting.is_general,
        "general_fixed": of_general(counting.fixed),
        "major_found": counting.is_major,
        "major_fixed": of_major(counting.fixed),
        "listed": of_major(counting.within(listed)),
    }


def _row(group: Group, tests: dict[str, Test], acts: Acts, asked: Asked) -> Row:
    found = [fact for fact in group.facts if asked.holds(fact.found_at)]
    counted = counting.count(found, tests)
    inspected = [visit for visit in group.visits if not visit.own]
    keys = {
        "enterprises_self_checked": grouping.parties(
            [fact for fact in found if fact.own], [visit for visit in group.visits if visit.own]
        ),
        "enterprises_inspected": grouping.parties([fact for fact in found if not fact.own], inspected),
        "suspended": _parties(group, acts, STOPPED),
        "summoned": _parties(group, acts, {SUMMONS}),
        "transferred": [line.key for line in acts.transfers if line.get("kind") == TRANSFER],
    }
    cells: counting.Cells = {
        "item": group.name,
        "teams": len({visit.inspectors for visit in inspected if visit.inspectors}),
        "team_members": sum(len(visit.inspectors) for visit in inspected),
        **{key: len(ids) for key, ids in keys.items()},
        **counted.values,
        "fines": counting.ten_thousands(_fines(acts)),
    }
    return Row(cells, {**counted.keys, **keys})


def _parties(group: Group, acts: Acts, kinds: Iterable[str]) -> list[str]:
    """Enterprises to which something of these kinds was done, each once."""
    ids = {line.page for line in acts.measures if any(kind in (line.get("kind") or "") for kind in kinds)}
    return grouping.parties([fact for fact in group.facts if fact.id in ids], [])


def _fines(acts: Acts) -> Decimal:
    """Yuan."""
    fined = [line.get("amount") or 0 for line in acts.measures if FINE in (line.get("kind") or "")]
    return Decimal(sum(fined)).scaleb(-2)
