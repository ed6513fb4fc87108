from datetime import timedelta

import pytest

from contracts import events
from contracts.events import Event
from contracts.terms import PartyChange
from services.projection.ledgers.back_filling import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import acknowledged
from tests.projection.folding import check, fold
from tests.projection.ledgers.told import but, late, life, of_visit, then, visited

FOUND = "body:em/hazard.found"
[(_, found)] = life(d.inspected)


@pytest.mark.parametrize(
    ("delay", "column"),
    [
        (timedelta(minutes=-5), "at_once"),
        (timedelta(hours=1), "at_once"),
        (timedelta(hours=1, seconds=1), "within_day"),
        (timedelta(days=1), "within_day"),
        (timedelta(days=1, seconds=1), "within_3_days"),
        (timedelta(days=3), "within_3_days"),
        (timedelta(days=7), "within_7_days"),
        (timedelta(days=30), "within_30_days"),
        (timedelta(days=30, seconds=1), "later"),
    ],
)
def test_an_event_falls_into_the_bucket_of_its_delay(delay: timedelta, column: str) -> None:
    """From the act to its record; a limit still belongs to its bucket, and a clock that ran ahead is no delay."""
    row = fold(LEDGER, [(p.HAZARD_ID, late(found, delay))])[FOUND]
    counts = {"at_once", "within_day", "within_3_days", "within_7_days", "within_30_days", "later"}
    assert {name: row.get(name) for name in counts if row.get(name)} == {column: 1}
    assert (row.get("total"), row.get("longest")) == (1, max(0, delay.days))


def test_a_count_names_its_events_and_the_longest_delay_its_own() -> None:
    """One click leads to the events that came late."""
    delays = [timedelta(days=2), timedelta(days=40), timedelta(minutes=1), timedelta(days=2, hours=1)]
    told = [(p.HAZARD_ID[:-1] + str(number), late(found, delay)) for number, delay in enumerate(delays)]
    folded = fold(LEDGER, told)

    row = folded[FOUND]
    assert folded.counted(FOUND, "within_3_days") == {"event:1", "event:4"}
    assert folded.counted(FOUND, "at_once") == {"event:3"}
    assert folded.counted(FOUND, "total") == {f"event:{number}" for number in range(1, 5)}
    assert (row.get("longest"), row.cells["longest"]) == (40, 2)
    assert (row.get("total"), row.get("at_once"), row.get("late_share")) == (4, 1, "75.0%")
    check(LEDGER, folded)


def test_facts_older_than_the_system_stand_apart() -> None:
    """历史补录 says nothing of how soon a unit records: neither total nor share knows of it."""
    old = found.model_copy(update={"historical": "2024年纸质台账"})
    folded = fold(LEDGER, [(p.HAZARD_ID, late(found, timedelta())), (p.TWIN_ID, late(old, timedelta(days=400)))])

    row = folded[FOUND]
    assert (row.get("total"), row.get("historical"), row.get("later"), row.get("longest")) == (1, 1, None, 0)
    assert folded.counted(FOUND, "historical") == {"event:2"}


def test_each_unit_has_a_line_for_each_of_its_acts() -> None:
    """By body, by enterprise: under the names that events gave them."""
    folded = fold(LEDGER, [*life(d.inspected, d.officer_graded_general, d.ordered, d.planned), *of_visit(visited)])
    assert [(row.get("unit"), row.get("act"), row.get("total")) for row in folded.shown()] == [
        ("县应急管理局", "隐患登记", 1),
        ("县应急管理局", "判定等级", 1),
        ("县应急管理局", "交办/责令整改", 1),
        ("甲镇铸造厂", "整改方案", 1),
        ("甲镇人民政府", "检查记录", 1),
    ]


def test_what_goes_past_the_head_counts_nowhere() -> None:
    """Art. 46: the head reads this ledger; neither the report nor its receipt has a line, the enterprise's own has."""
    (_, plain), (_, receipt) = life(d.MAJOR_ORDERED, d.told_regulator, acknowledged)[-2:]
    before = life(d.MAJOR_ORDERED)

    def acts(*told: Event) -> list[str]:
        return [str(row.get("act")) for row in fold(LEDGER, [*before, *((p.HAZARD_ID, one) for one in told)]).shown()]

    assert acts(but(plain, bypass=True), receipt) == acts()
    assert acts(plain, receipt) == [*acts(), "向部门报告", "回执"]


def test_a_new_name_stands_in_every_line_of_the_unit() -> None:
    """A line that began before anybody said the name is mended too, and tells by which event."""
    told = life(d.inspected, d.officer_graded_general, d.ordered, d.planned)[3:]
    renamed = then(
        events.ResponsiblePartyChanged,
        kind=PartyChange.RENAMED,
        party=p.FACTORY.model_copy(update={"name": "甲镇铸造有限公司"}),
    )
    before = fold(LEDGER, told)["party:factory/hazard.rectification_planned"]
    after = fold(LEDGER, [*told, (p.HAZARD_ID, renamed)])["party:factory/hazard.rectification_planned"]
    assert before.get("unit") == "factory"
    assert (after.get("unit"), after.cells["unit"]) == ("甲镇铸造有限公司", 2)
