"""Form A of March 2026: every visit, and every major hazard of which no visit was recorded."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from contracts import events
from contracts.terms import AssignmentKind, Grade, WithdrawalKind
from services.journal.events import EventStore
from services.projection.forms.model import Form, Picture
from services.projection.forms.template import FormId
from services.projection.reports import answer
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.reports.tale import ELSEWHERE, SECOND, TOWN, Tale, desk, known_by

MARCH = Question(FormId.A, date(2026, 3, 1), TOWN)


def march() -> Tale:
    """Six visits, two of them not to be listed; hazards with a visit and without."""
    tale = Tale()
    tale.visited(1, "03-05", none_found=True, photos=(p.PHOTO,), remarks="企业配合")
    two = tale.visited(2, "03-06", party=p.RIVAL, findings="配电箱缺门", handling="当场责令改正")
    tale.found(1, "03-06", party=p.RIVAL, visit=two)
    three = tale.visited(3, "03-07", area=SECOND)
    tale.found(2, "03-07", area=SECOND, grade=Grade.GENERAL, visit=three)
    wrong = tale.found(3, "03-07", area=SECOND, visit=three)
    tale.say(wrong, events.HazardWithdrawn, "03-08", kind=WithdrawalKind.ERROR, reasons="误报")
    four = tale.visited(4, "03-08")
    tale.say(four, events.InspectionWithdrawn, "03-09", kind=WithdrawalKind.ERROR, reasons="未到现场")
    tale.visited(5, "04-01")
    tale.visited(6, "03-31", visited_by=(), entered="04-02")
    alone = tale.found(4, "03-09", grade=None, suspected_major=True, found_by=p.finder(p.EM))
    order = {"kind": AssignmentKind.ORDER, "due": date(2026, 4, 1), "document": p.number("应急责改〔2026〕3号")}
    tale.say(alone, events.HazardAssigned, "03-10", **order)
    tale.found(5, "03-09", grade=Grade.GENERAL)
    tale.found(6, "03-10", area=ELSEWHERE)
    return tale


TALE = march()


@pytest.fixture
async def place(kept: EventStore, tmp_path: Path) -> AsyncIterator[Desk]:
    """Its ledgers."""
    async with desk(kept, TALE.told, tmp_path) as made:
        yield made


def column(made: Form, key: str) -> list[object]:
    """From top to bottom."""
    return [row.cells[key] for row in made.sheets[0].rows]


async def test_every_visit_of_the_calendar_month_has_a_line(place: Desk) -> None:
    """无 is a line too; a withdrawn visit is none, nor is one of April; a major hazard without a visit has its own."""
    made = await produce(place, MARCH)
    assert [f"{moment:%m-%d}" for moment in column(made, "visited_at")] == ["03-05", "03-06", "03-07", "03-09", "03-31"]
    assert column(made, "finding") == [
        "无",
        "配电箱缺门；第1处隐患",
        "无重大隐患；一般隐患：第2处隐患",
        "第4处隐患（疑似重大·待判定）",
        "（未记明）",
    ]


async def test_who_went_whose_place_and_what_was_done(place: Desk) -> None:
    """排查单位 is who went, and the place then says whose it is; where nobody says who went, the enterprise."""
    made = await produce(place, MARCH)
    assert column(made, "unit") == ["甲镇人民政府", "甲镇人民政府", "甲镇人民政府", "县应急管理局", "甲镇铸造厂"]
    assert column(made, "place")[1:4] == ["别家工厂 厂区", "甲镇铸造厂 厂区", "甲镇铸造厂 4号车间"]
    assert column(made, "place")[4] == "厂区"
    assert column(made, "handling")[1] == "当场责令改正"
    assert column(made, "handling")[3] == "责令限期整改（应急责改〔2026〕3号），时限2026-04-01，待整改"
    assert column(made, "remarks")[0] == "企业配合"


async def test_photos_are_named_by_their_hash(place: Desk) -> None:
    """Drawn only where somebody prints the form."""
    made = await produce(place, MARCH)
    assert column(made, "pictures")[0] == (Picture("照片.jpg", "a" * 64),)


async def test_what_is_left_out_is_told(place: Desk) -> None:
    """On the last sheet."""
    counts = (await produce(place, MARCH)).trace.counts
    assert counts["排查（次）"] == 4
    assert counts["已撤销的排查记录，不列（次）"] == 1
    assert counts["无排查记录、据隐患登记列入的重大隐患（项）"] == 1
    assert (counts[answer.SUSPECTED], counts[answer.CEASED], counts[answer.SUBMITTED]) == (1, 0, 0)


async def test_as_known_then_and_what_came_later(place: Desk) -> None:
    """The visit of the 31st was entered in April."""
    then = await produce(place, Question(FormId.A, MARCH.month, TOWN, known=known_by(TALE.told, "03-31")))
    now = await produce(place, MARCH)
    assert len(then.sheets[0].rows) == len(now.sheets[0].rows) - 1
    assert [one.words for one in now.trace.late] == ["检查记录：镇检查员陈"]
    assert then.trace.late == []


async def test_of_an_enterprise_only_its_own(place: Desk) -> None:
    """By its id, or by its name."""
    for said in ("rival", "别家工厂"):
        made = await produce(place, Question(FormId.A, MARCH.month, enterprise=said))
        assert column(made, "finding") == ["配电箱缺门；第1处隐患"]
        assert made.trace.scope == "企业 rival"
