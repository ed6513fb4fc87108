"""D 统计报表: the whole first, then a line for each enterprise; on a second sheet every major hazard."""

from collections.abc import Mapping
from typing import Final

from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import hazards, inspections, listings, majors, measures, parties, transfers
from services.projection.reports import counting, enterprises, grouping
from services.projection.reports.acts import Acts, acts
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.counting import Test, of_general, of_major
from services.projection.reports.details import details
from services.projection.reports.facts import facts
from services.projection.reports.grouping import Group
from services.projection.reports.tables import Tables
from services.projection.reports.visits import visits

LEDGERS: Final = (
    hazards.LEDGER,
    inspections.LEDGER,
    listings.LEDGER,
    majors.LEDGER,
    measures.LEDGER,
    parties.LEDGER,
    transfers.LEDGER,
)
STOPPED_OTHERWISE: Final = "现场或由其他机关责令停产，不计入责令停产整顿（家）"
WHOLE: Final = "汇总"
NOTE: Final = (
    "统计口径：行动开始以来发现的隐患，按截止时状况统计；组数为检查人员组合数，人次为到场检查人员合计；"
    "“督查监管部门情况”系统没有记录，请填表人填写。"
)


def make(tables: Tables, asked: Asked) -> Answer:
    """Cumulative to the day before it is due."""
    every = counting.standing(facts(tables[hazards.LEDGER], asked.question))
    found = [fact for fact in every if asked.holds(fact.found_at)]
    made = [one for one in visits(tables[inspections.LEDGER], asked.question) if asked.holds(one.began_at)]
    made = [one for one in made if not one.withdrawn]
    taken = acts(tables, asked).of(every)
    tests = _tests(counting.listed(tables[listings.LEDGER], asked.question))
    concerned = {line.page for line in (*taken.measures, *taken.transfers)}
    wide = [fact for fact in every if asked.holds(fact.found_at) or fact.id in concerned]
    others = enterprises.others(tables)
    whole = Group(WHOLE, wide, made)
    rows = [_row(whole, tests, taken, asked, others)]
    rows += [_row(group, tests, taken.of(group.facts), asked, others) for group in grouping.by_enterprise(wide, made)]
    heads = asked.heads
    otherwise = len(_parties(whole, taken.stopped_otherwise, others))
    return Answer(
        [
            Sheet(part="statistics", area=asked.question.area or None, heads=heads, rows=rows, notes=[NOTE]),
            details(tables[majors.LEDGER], [fact for fact in found if counting.is_major(fact)], asked),
        ],
        {**counting.apart(found), STOPPED_OTHERWISE: otherwise, **enterprises.apart(whole.parties, others)},
    )


def _tests(listed: frozenset[str]) -> dict[str, Test]:
    return {
        "general_found": counting.is_general,
        "general_fixed": of_general(counting.fixed),
        "major_found": counting.is_major,
        "major_fixed": of_major(counting.fixed),
        "listed": of_major(counting.within(listed)),
    }


def _row(group: Group, tests: dict[str, Test], taken: Acts, asked: Asked, others: Mapping[str, str]) -> Row:
    found = [fact for fact in group.facts if asked.holds(fact.found_at)]
    counted = counting.count(found, tests)
    inspected = [visit for visit in group.visits if not visit.own]
    keys = {
        "enterprises_self_checked": grouping.parties(
            [fact for fact in found if fact.own], [visit for visit in group.visits if visit.own], others
        ),
        "enterprises_inspected": grouping.parties([fact for fact in found if not fact.own], inspected, others),
        "suspended": _parties(group, taken.suspended, others),
        "summoned": _parties(group, taken.summoned, others),
        "transferred": taken.transferred,
    }
    cells: counting.Cells = {
        "item": group.name,
        "teams": len({visit.inspectors for visit in inspected if visit.inspectors}),
        "team_members": sum(len(visit.inspectors) for visit in inspected),
        **{key: len(ids) for key, ids in keys.items()},
        **counted.values,
        "fines": counting.ten_thousands(taken.fines),
    }
    return Row(cells, {**counted.keys, **keys})


def _parties(group: Group, ids: set[str], others: Mapping[str, str]) -> list[str]:
    """Enterprises whose hazards these are, each once."""
    return grouping.parties([fact for fact in group.facts if fact.id in ids], [], others)
