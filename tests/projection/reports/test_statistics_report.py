"""Quarterly and annual statistics, form D, the register of listings and the bulletin: figures written out by hand."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts import events
from contracts.terms import AssignmentKind, DelistingGround, Grade, Origin, ReopeningKind, SuspensionKind, VisitKind
from services.journal.events import EventStore
from services.projection.asking import QuestionError
from services.projection.forms.model import Form
from services.projection.forms.telling import as_json
from services.projection.forms.template import FormId
from services.projection.reports import statistics
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.ledgers.told import filled
from tests.projection.reports.tale import SECOND, TOWN, Tale, desk

FIRST_QUARTER = Question(FormId.QUARTERLY, date(2026, 2, 1), TOWN)


def quarter() -> Tale:
    """Two villages, three enterprises, three months; what happens from April on is not of the quarter."""
    tale = Tale()
    one = tale.found(1, "01-10", origin=Origin.SELF)
    plan = {"measures": "加装", "funds": Decimal("125000.50"), "contingency": "停用"}
    tale.say(one, events.RectificationPlanned, "01-11", responsible=p.name(p.safety), due=date(2026, 3, 1), **plan)
    tale.listed(one, "01-12", deadline=date(2026, 2, 1), document=p.number("县督〔2026〕1号"))
    tale.say(one, events.ExtensionGranted, "01-20", actor=p.mayor, until=date(2026, 3, 5), of=("listing-1",))
    tale.passed(one, "03-02")
    tale.say(one, events.HazardDelisted, "03-03", actor=p.mayor, listing="listing-1", ground=DelistingGround.RECTIFIED)
    two = tale.found(2, "02-01", area=SECOND)
    tale.say(two, events.HazardAssigned, "02-02", kind=AssignmentKind.ORDER, due=date(2026, 3, 31))
    tale.listed(two, "02-03")
    tale.listed(two, "02-05", "listing-2", actor=p.city_mayor)
    tale.submitted(two, "03-30")
    tale.passed(two, "04-02")
    three = tale.found(3, "03-05", area=SECOND, party=p.RIVAL, grade=Grade.GENERAL)
    tale.say(three, events.HazardAssigned, "03-06", kind=AssignmentKind.ORDER, due=date(2026, 3, 30))
    tale.ceased(tale.found(4, "03-06", party=p.SHOP), "03-08")
    five = tale.found(5, "03-07", party=p.SHOP, grade=Grade.GENERAL, origin=Origin.SELF)
    tale.passed(five, "03-08")
    tale.say(five, events.HazardReopened, "03-09", kind=ReopeningKind.SELF_REPORTED, reasons="又坏了")
    tale.passed(five, "03-10")
    tale.found(6, "03-11", party=None, grade=None)
    _acts(tale, two, three)
    tale.visited(1, "03-12", area=SECOND, checklists=(filled("basic-management", "2024", no=(2,), yes=(1, 3)),))
    tale.visited(2, "03-20", party=p.TENANT, inspectors=p.sign(p.checker, p.second_checker))
    tale.visited(3, "03-21", kind=VisitKind.SELF_CHECK, visited_by=(), inspectors=())
    tale.visited(4, "03-22", area=SECOND, checklists=(filled("basic-management", "2024", yes=(1, 2)),))
    return tale


def _acts(tale: Tale, two: str, three: str) -> None:
    tale.say(
        two, events.SuspensionOrdered, "02-03", suspension="suspension-1", kind=SuspensionKind.PENALTY, scope="全厂"
    )
    tale.say(two, events.MeasureRecorded, "02-10", kind="罚款", amount=Decimal("20000.00"))
    tale.say(three, events.MeasureRecorded, "03-12", kind="约谈")
    tale.say(three, events.MeasureRecorded, "04-12", kind="罚款", amount=Decimal("99.00"))
    tale.say(three, events.HazardTransferred, "03-13", to_body=p.ref(p.FIRE), reasons="属消防")


TALE = quarter()


@pytest.fixture
async def place(kept: EventStore, tmp_path: Path) -> AsyncIterator[Desk]:
    """Its ledgers."""
    async with desk(kept, TALE.told, tmp_path) as made:
        yield made


def table(made: Form, sheet: int, *keys: str) -> list[list[object]]:
    """These columns of every row."""
    return [[row.cells[key] for key in keys] for row in made.sheets[sheet].rows]


def numbers(ids: Sequence[str]) -> list[int]:
    """By the numbers of this story."""
    return [int(one[-12:]) for one in ids]


async def test_a_quarter_by_villages(place: Desk) -> None:
    """Found in the quarter, by their state at its end: only submitted is not rectified, ceased stands apart."""
    made = await produce(place, FIRST_QUARTER)
    keys = ("name", "enterprises", "general_found", "general_fixed", "major_found", "major_fixed", "major_ceased")
    assert table(made, 0, *keys) == [["甲村", 3, 2, 1, 2, 1, 1], ["乙村", 2, 1, 0, 1, 0, 0]]
    assert table(made, 0, "planned", "listed", "overdue", "funds") == [[1, 1, 0, Decimal("12.50005")], [0, 1, 0, None]]
    told = as_json(made)["sheets"][0]["totals"]
    assert (told["enterprises"], told["major_found"], told["major_rate"]) == (4, 3, "0.3333")


async def test_a_quarter_by_enterprises(place: Desk) -> None:
    """One line each; hazards of nobody known come last."""
    made = await produce(place, FIRST_QUARTER)
    assert table(made, 1, "name", "general_found", "major_found", "major_fixed") == [
        ["典记五金", 0, 0, 0],
        ["别家工厂", 1, 0, 0],
        ["方记网吧", 1, 1, 0],
        ["甲镇铸造厂", 0, 2, 1],
        ["责任单位待查", 1, 0, 0],
    ]
    assert numbers(made.sheets[1].rows[3].keys["major_found"]) == [1, 2]


async def test_the_enterprise_itself_and_the_year(place: Desk) -> None:
    """By April the second was verified; a year that still runs is counted up to now."""
    made = await produce(place, Question(FormId.ANNUAL, date(2026, 7, 1), enterprise="factory"))
    assert table(made, 0, "name", "major_found", "major_fixed", "overdue") == [["甲镇铸造厂", 2, 2, 0]]
    assert made.sheets[0].heads["unit"] == "甲镇铸造厂"
    assert made.sheets[0].heads["span"] == "2026-01-01 至 2026-05-20"


async def test_rectified_in_the_next_quarter_is_told_there_apart(place: Desk) -> None:
    """It is in no rate of that quarter."""
    made = await produce(place, Question(FormId.QUARTERLY, date(2026, 4, 1), TOWN))
    assert made.sheets[1].rows == []
    assert made.trace.counts[statistics.EARLIER] == 1


async def test_a_due_day_is_overdue_from_the_day_after(place: Desk) -> None:
    """At the end of March the second, due on the 31st, is not late; in May the third, due on the 30th, is."""
    assert table(await produce(place, FIRST_QUARTER), 0, "overdue") == [[0], [0]]
    made = await produce(place, Question(FormId.BULLETIN, date(2026, 3, 1), TOWN))
    assert table(made, 0, "name", "overdue") == [["甲村", 0], ["乙村", 1]]


async def test_a_half_year_by_areas(place: Desk) -> None:
    """Own findings beside others, listed, delisted, reopened, ceased; up to now while it runs."""
    made = await produce(place, Question(FormId.BULLETIN, date(2026, 5, 1), TOWN))
    keys = ("major_self_found", "major_self_fixed", "major_other_found", "major_other_fixed", "listed", "listed_fixed")
    assert table(made, 0, *keys) == [[1, 1, 1, 0, 1, 1], [0, 0, 1, 1, 1, 1]]
    assert table(made, 0, "delisted", "reopened", "ceased", "general_found") == [[1, 1, 1, 2], [0, 0, 0, 1]]


async def test_the_register_has_a_line_for_each_listing(place: Desk) -> None:
    """Two bodies list one hazard: two lines, one hazard; the deadline as it was set, and as it was moved."""
    made = await produce(place, Question(FormId.LISTING_REGISTER, date(2026, 2, 1), TOWN))
    assert table(made, 0, "document", "listed_at", "due", "extended_to", "delisted_at") == [
        ["县督〔2026〕1号", date(2026, 1, 12), date(2026, 2, 1), date(2026, 3, 5), None],
        [None, date(2026, 2, 3), None, None, None],
        [None, date(2026, 2, 5), None, None, None],
    ]
    assert (made.trace.counts["挂牌（次）"], made.trace.counts["挂牌隐患（项，多级挂牌算一项）"]) == (3, 2)


async def test_form_d_counts_the_whole_and_each_enterprise(place: Desk) -> None:
    """To the day before the 23rd; acts of April are not in it, and what was ordered twice is one enterprise."""
    made = await produce(place, Question(FormId.D, date(2026, 3, 1), TOWN, campaign_start=date(2026, 1, 1)))
    keys = ("item", "enterprises_self_checked", "enterprises_inspected", "general_found", "major_found", "major_fixed")
    assert table(made, 0, *keys)[0] == ["汇总", 2, 4, 3, 3, 1]
    assert table(made, 0, "teams", "team_members", "listed", "suspended", "fines", "summoned", "transferred")[0] == [
        *(1, 6, 2, 1),
        *(Decimal("2.0000"), 1, 1),
    ]
    assert [row.cells["item"] for row in made.sheets[0].rows[1:]] == [
        *("典记五金", "别家工厂", "方记网吧", "甲镇铸造厂", "责任单位待查"),
    ]
    assert [row.cells["fines"] for row in made.sheets[0].rows[1:]] == [0, 0, 0, Decimal(2), 0]


async def test_form_d_details_every_major_hazard(place: Desk) -> None:
    """五落实 and 挂牌 as the ledger has them, in the order of finding."""
    made = await produce(place, Question(FormId.D, date(2026, 3, 1), TOWN))
    assert table(made, 1, "enterprise", "description", "funds", "listed", "progress") == [
        ["甲镇铸造厂", "第1处隐患", Decimal("12.50005"), "是", "复查合格·待销号"],
        ["甲镇铸造厂", "第2处隐患", None, "是", "待整改"],
        ["方记网吧", "第4处隐患", None, "否", "灭失销号（关停、拆除）"],
    ]


async def test_a_campaign_leaves_out_what_was_found_before_it(place: Desk) -> None:
    """Form D from the 1st of March."""
    made = await produce(place, Question(FormId.D, date(2026, 3, 1), TOWN, campaign_start=date(2026, 3, 1)))
    assert table(made, 0, "item", "general_found", "major_found", "fines")[0] == ["汇总", 3, 1, 0]


async def test_form_c_is_the_checklist_as_it_was_filled_in(place: Desk) -> None:
    """Of an enterprise the last one of the month, of an area each."""
    own = await produce(place, Question(FormId.C, date(2026, 3, 1), enterprise="factory"))
    assert table(own, 0, "number", "answer") == [[1, "yes"], [2, "yes"]]
    every = await produce(place, Question(FormId.C, date(2026, 3, 1), TOWN))
    assert [sheet.name for sheet in every.sheets] == ["甲镇铸造厂 03-12", "甲镇铸造厂 03-22"]
    assert table(every, 0, "number", "answer") == [[1, "yes"], [2, "no"], [3, "yes"]]


async def test_an_enterprise_that_is_not_there_is_answered_with_those_that_are(place: Desk) -> None:
    """By name and id."""
    with pytest.raises(QuestionError, match=r"没有“无名厂”.*甲镇铸造厂（factory）"):
        await produce(place, Question(FormId.QUARTERLY, date(2026, 2, 1), enterprise="无名厂"))


async def test_the_same_question_has_the_same_fingerprint(place: Desk) -> None:
    """And the question on the last sheet can be asked again."""
    made = await produce(place, FIRST_QUARTER)
    again = await produce(place, Question(FormId.QUARTERLY, date(2026, 3, 1), TOWN, known=made.trace.known_sequence))
    assert as_json(again)["trace"]["rows_sha256"] == as_json(made)["trace"]["rows_sha256"]
    assert made.trace.query.endswith(f"--area {TOWN} --month 2026-02 --known-at {len(TALE.told)}")
