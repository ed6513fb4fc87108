"""Form A: what stands in 有无重大隐患及隐患描述, and under which visit."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from contracts import events
from contracts.terms import AssignmentKind, Grade, Origin, WithdrawalKind
from services.journal.events import EventStore
from services.projection.forms.model import Form
from services.projection.forms.template import FormId
from services.projection.reports import form_a
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.ledgers.told import SPOT_CHECK, filled
from tests.projection.reports.tale import SECOND, TOWN, Tale, desk, on

MARCH: Final = Question(FormId.A, date(2026, 3, 1), TOWN)
APRIL: Final = Question(FormId.A, date(2026, 4, 1), TOWN)
ALONE: Final = "无排查记录、据隐患登记列入的重大隐患（项）"


def spring() -> Tale:
    """Words that begin with 无, lists without words, a report, a visit that ends after midnight."""
    tale = Tale()
    one = tale.visited(1, "03-05", findings="无证电焊；安全出口堵塞")
    tale.found(1, "03-05", visit=one)
    two = tale.visited(2, "03-06", none_found=True)
    tale.found(2, "03-06", visit=two)
    tale.visited(3, "03-07", checklists=(filled(SPOT_CHECK, "2023", yes=(3,), no=(2,)),))
    four = tale.visited(4, "03-08", checklists=(filled("basic-management", "2024", no=(7,), yes=(1,)),))
    tale.found(3, "03-08", grade=Grade.GENERAL, visit=four)
    tale.found(4, "03-09", origin=Origin.REPORT, grade=None, suspected_major=True, actor=p.intake, party=p.RIVAL)
    put = tale.found(8, "03-09", origin=Origin.REPORT, grade=None, suspected_major=True, actor=p.intake, party=p.RIVAL)
    tale.say(put, events.HazardAssigned, "03-10", kind=AssignmentKind.ORDER, due=date(2026, 3, 31))
    night = tale.visited(5, "03-31", area=SECOND, occurred_at=on("03-31", 23), recorded_at=on("03-31", 23))
    tale.found(5, "04-01", area=SECOND, visit=night, occurred_at=on("04-01", 1))
    tale.say(
        f"{SECOND}-5f0c1d2e-0000-5000-8000-000000000005",
        events.HazardWithdrawn,
        "04-20",
        kind=WithdrawalKind.ERROR,
        reasons="误",
    )
    again = tale.visited(6, "03-31", area=SECOND, occurred_at=on("03-31", 22), recorded_at=on("03-31", 23))
    tale.found(6, "04-01", area=SECOND, visit=again, occurred_at=on("04-01", 1))
    tale.found(7, "04-03", area=SECOND)
    return tale


@pytest.fixture
async def place(kept: EventStore, tmp_path: Path) -> AsyncIterator[Desk]:
    """Its ledgers."""
    async with desk(kept, spring().told, tmp_path) as made:
        yield made


def findings(made: Form) -> list[object]:
    """From top to bottom."""
    return [row.cells["finding"] for row in made.sheets[0].rows]


async def test_words_that_begin_with_none_are_a_finding_still(place: Desk) -> None:
    """无证电焊 says that something is wrong: only a visit that stated 无 gives way to a hazard of its own."""
    told = findings(await produce(place, MARCH))
    assert told[:2] == ["无证电焊；安全出口堵塞；第1处隐患", "第2处隐患"]


async def test_a_list_speaks_where_the_record_has_no_words(place: Desk) -> None:
    """What was ticked as wrong, in the words of the list; beside it a lesser hazard."""
    told = findings(await produce(place, MARCH))
    assert told[2] == "检查表问题：企业主要负责人未带队检查（第3项“是”）"
    assert told[3] == "检查表问题：制定并下发所有岗位安全操作规程。（第7项“否”）；一般隐患：第3处隐患"


async def test_what_somebody_reported_is_no_visit(place: Desk) -> None:
    """It comes with the officers' own visit; of an area its number is told, to the enterprise nothing."""
    area = await produce(place, MARCH)
    assert (area.trace.counts[form_a.NOT_LISTED], area.trace.counts[ALONE]) == (2, 0)
    own = await produce(place, Question(FormId.A, MARCH.month, enterprise="rival"))
    assert findings(own) == []
    assert form_a.NOT_LISTED not in own.trace.counts


async def test_an_enterprise_sees_a_report_once_it_is_put_to_it(place: Desk) -> None:
    """Its quarterly table counts the one that was ordered; the area's counts both as suspected."""
    asked = Question(FormId.QUARTERLY, MARCH.month, enterprise="rival")
    own = await produce(place, asked)
    assert [row.cells["suspected_major"] for row in own.sheets[0].rows] == [1]
    area = await produce(place, Question(FormId.QUARTERLY, MARCH.month, TOWN))
    assert area.sheets[0].rows[0].cells["suspected_major"] == 2


async def test_what_a_visit_finds_after_midnight_is_of_the_visit(place: Desk) -> None:
    """In March under the visit that began on the 31st; April has no line for it, and its own hazard alone."""
    march, april = await produce(place, MARCH), await produce(place, APRIL)
    assert findings(march)[4:] == ["第6处隐患", "（未记明）"]
    assert [row.keys["finding"][0][-1] for row in march.sheets[0].rows[4:5]] == ["6"]
    assert findings(april) == ["第7处隐患"]
    assert april.trace.counts[ALONE] == 1
