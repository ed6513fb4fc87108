"""Form B of a township in March 2026, every figure written out by hand."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from contracts import events
from contracts.terms import (
    DelistingGround,
    Grade,
    Origin,
    RegradeKind,
    ReopeningKind,
    RevocationAct,
    VisitKind,
    VisitMode,
    WithdrawalKind,
)
from services.journal.events import EventStore
from services.projection.asking import QuestionError
from services.projection.forms.model import Form, Sheet
from services.projection.forms.template import FormId
from services.projection.reports import answer, form_b
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.ledgers.told import SPOT_CHECK, filled
from tests.projection.reports.tale import ELSEWHERE, FIRST, SECOND, TOWN, Tale, desk, known_by

APRIL = Question(FormId.B, date(2026, 4, 1), TOWN)
OWN = {"origin": Origin.SELF, "actor": p.owner}


def march() -> Tale:
    """Thirteen hazards and seven visits; what happens after the 31st is of April."""
    tale = Tale()
    one = tale.found(1, "03-02", **OWN)
    tale.passed(one, "03-20")
    two = tale.found(2, "03-05", party=p.RIVAL)
    tale.listed(two, "03-06")
    tale.submitted(two, "03-28")
    tale.passed(two, "04-10")
    tale.ceased(tale.found(3, "03-07", area=SECOND, party=p.SHOP), "03-25")
    tale.found(4, "03-08", area=SECOND, origin=Origin.REPORT, grade=None, suspected_major=True)
    five = tale.found(5, "03-09", area=SECOND, origin=Origin.SELF_AFTER_NOTICE)
    tale.say(five, events.HazardRegraded, "03-15", grade=Grade.GENERAL, kind=RegradeKind.MISJUDGED, reasons="有误")
    six = tale.found(6, "03-10", **OWN)
    tale.say(six, events.HazardWithdrawn, "03-12", kind=WithdrawalKind.ERROR, reasons="误报")
    tale.say(tale.found(7, "03-11"), events.HazardMerged, "03-13", survivor=two, reasons="同一隐患")
    eight = tale.found(8, "03-12", area=SECOND, origin=Origin.SELF_AFTER_NOTICE)
    tale.passed(eight, "03-14")
    tale.say(eight, events.HazardReopened, "03-20", kind=ReopeningKind.LOOK_BACK, reasons="又拆了")
    nine = tale.found(9, "03-16", area=TOWN)
    tale.say(nine, events.HazardTransferred, "03-17", to_body=p.ref(p.FIRE), reasons="属消防")
    tale.say(nine, events.TransferAccepted, "03-18", by_body="fire")
    tale.found(10, "03-25", entered="04-05")
    eleven = tale.found(11, "03-03", grade=Grade.GENERAL)
    tale.say(eleven, events.HazardRegraded, "04-02", grade=Grade.MAJOR, kind=RegradeKind.WORSENED, reasons="加重")
    tale.passed(tale.found(12, "03-18", area=SECOND, **OWN), "03-30", entered="04-03")
    tale.found(13, "03-19", area=ELSEWHERE)
    _visits(tale)
    return tale


def _visits(tale: Tale) -> None:
    tale.visited(1, "03-05", checklists=(filled(SPOT_CHECK, "2023", yes=(3, 6), no=(2,)),))
    tale.visited(2, "03-06", area=SECOND, checklists=(filled(SPOT_CHECK, "2023", yes=(3,)),))
    tale.visited(3, "03-07", area=SECOND, party=p.SHOP, modes=(VisitMode.SPOT_CHECK,))
    four = tale.visited(4, "03-08", party=p.RIVAL, modes=(VisitMode.SPOT_CHECK,))
    tale.say(four, events.InspectionWithdrawn, "03-09", kind=WithdrawalKind.ERROR, reasons="未到现场")
    tale.visited(5, "04-02", party=p.RIVAL, modes=(VisitMode.SPOT_CHECK,))
    tale.visited(
        6, "03-10", party=p.TENANT, kind=VisitKind.SELF_CHECK, checklists=(filled(SPOT_CHECK, "2023", yes=(8,)),)
    )
    tale.visited(7, "03-11", party=None, modes=(VisitMode.SPOT_CHECK,))


TALE = march()


@pytest.fixture
async def place(kept: EventStore, tmp_path: Path) -> AsyncIterator[Desk]:
    """The township's ledgers, on the 20th of May."""
    async with desk(kept, TALE.told, tmp_path) as made:
        yield made


def figures(sheet: Sheet) -> list[int | None]:
    """The first part, then the second, in the order in which they are printed."""
    first = ["major_self_found", "major_self_fixed", "major_other_found", "major_other_fixed", "listed", "listed_fixed"]
    second = ["spot_enterprises", "head_not_studied", "head_not_led", "no_duty_list", "no_safety_staff"]
    return [sheet.values[key] for key in (*first, *second, "unlicensed_special_work", "contractor_chaos", "no_drill")]


def numbers(form: Form, sheet: int, key: str) -> list[int]:
    """Which hazards a figure counts, by the numbers of this story."""
    return [int(one[-12:]) for one in form.sheets[sheet].keys[key]]


async def test_it_counts_to_the_end_of_the_month_before_as_known_now(place: Desk) -> None:
    """Ceased, merged, withdrawn, graded down, suspected, only submitted, reopened: each as the form says."""
    made = await produce(place, APRIL)

    assert [sheet.area for sheet in made.sheets] == [TOWN, FIRST, SECOND]
    assert figures(made.sheets[0]) == [3, 2, 4, 0, 1, 0, 2, 0, 1, 0, 0, 1, 0, 0]
    assert numbers(made, 0, "major_self_found") == [1, 8, 12]
    assert numbers(made, 0, "major_self_fixed") == [1, 12]
    assert numbers(made, 0, "major_other_found") == [9, 2, 10, 3]
    assert numbers(made, 0, "listed") == [2]


async def test_every_village_has_its_sheet(place: Desk) -> None:
    """An enterprise checked in two villages counts in each, and once in the whole; the township's own only there."""
    made = await produce(place, APRIL)

    assert figures(made.sheets[1]) == [1, 1, 2, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0]
    assert figures(made.sheets[2]) == [2, 1, 1, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0]
    assert made.sheets[0].keys["spot_enterprises"] == ["factory", "shop"]
    assert [sheet.heads["village"] for sheet in made.sheets[1:]] == ["甲村", "乙村"]


async def test_the_last_sheet_tells_apart_what_the_figures_leave_out(place: Desk) -> None:
    """灭失销号, 疑似重大, 已报完成·待复查, the township's own, visits to nobody known."""
    counts = (await produce(place, APRIL)).trace.counts
    assert [counts[key] for key in (answer.CEASED, answer.SUSPECTED, answer.SUBMITTED)] == [1, 1, 1]
    assert counts["只记到本级、未记到下级（村、社区），仅计入汇总的重大隐患（项）"] == 1
    assert counts["未记明受检单位，不计家数的抽查（次）"] == 1


async def test_as_known_then_it_lacks_what_was_entered_later(place: Desk) -> None:
    """Ten was found and twelve verified in March, and both were entered in April."""
    then = known_by(TALE.told, "03-31")
    made = await produce(place, Question(FormId.B, APRIL.month, TOWN, known=then))

    assert figures(made.sheets[0])[:6] == [3, 1, 3, 0, 1, 0]
    assert made.trace.late == []
    assert made.trace.known_sequence == then


async def test_the_difference_names_the_late_events(place: Desk) -> None:
    """追溯变更: who entered what when; what happened in April is none."""
    late = (await produce(place, APRIL)).trace.late

    assert [(one.words, one.occurred_at.day, one.recorded_at.day) for one in late] == [
        ("复查合格：执法员秦", 30, 3),
        ("隐患登记：执法员秦", 25, 5),
        ("判定等级：执法员秦", 25, 5),
    ]


async def test_a_campaign_counts_from_its_first_day(place: Desk) -> None:
    """Hazards found and enterprises checked before it are not its own."""
    made = await produce(place, Question(FormId.B, APRIL.month, TOWN, campaign_start=date(2026, 3, 7)))
    assert figures(made.sheets[0]) == [2, 1, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


async def test_a_village_alone_has_one_sheet(place: Desk) -> None:
    """Laid out as a village's."""
    made = await produce(place, Question(FormId.B, APRIL.month, SECOND))
    assert [(sheet.part, sheet.area) for sheet in made.sheets] == [("village", SECOND)]
    assert figures(made.sheets[0])[:4] == [2, 1, 1, 0]


async def test_no_figure_of_the_second_part_exceeds_the_enterprises_checked(place: Desk) -> None:
    """Items 2 to 8 are among item 1; rectified are among found."""
    for sheet in (await produce(place, APRIL)).sheets:
        values = figures(sheet)
        assert all((value or 0) <= (values[6] or 0) for value in values[7:])
        assert all((values[fixed] or 0) <= (values[fixed - 1] or 0) for fixed in (1, 3, 5))


async def test_an_area_without_records_is_answered_with_those_that_have_some(place: Desk) -> None:
    """The sentence lists what there is."""
    with pytest.raises(QuestionError, match=r"没有记录，有的是：320623104 甲镇人民政府、.*320623105"):
        await produce(place, Question(FormId.B, APRIL.month, "110101"))


async def test_postgresql_counts_the_same(kept: EventStore, tmp_path: Path, postgres_url: str) -> None:
    """A county's ledgers stand there."""
    async with desk(kept, TALE.told, tmp_path, postgres_url) as place:
        made = await produce(place, APRIL)
    assert [figures(sheet)[:7] for sheet in made.sheets] == [
        [3, 2, 4, 0, 1, 0, 2],
        [1, 1, 2, 0, 1, 0, 1],
        [2, 1, 1, 0, 0, 0, 2],
    ]


async def test_a_listing_taken_back_stays_counted_and_is_told(kept: EventStore, tmp_path: Path) -> None:
    """Listed is listed, by mistake too: the last sheet says how many; one that ended otherwise is none of these."""
    tale = Tale()
    body = {"actor": p.mayor, "document": p.number("县督〔2026〕9号")}
    one, two, three = (tale.found(number, "03-02") for number in (1, 2, 3))
    for number, hazard in enumerate((one, two, three), 1):
        tale.listed(hazard, "03-03", f"listing-{number}")
    tale.say(one, events.HazardDelisted, "03-04", listing="listing-1", ground=DelistingGround.REVOKED, **body)
    said = {"order": "listing", "target": "listing-2", "deciding_body": p.ref(p.COUNTY_GOV), "reasons": "挂错"}
    tale.say(two, events.OrderRevoked, "03-05", act=RevocationAct.ANNULLED_ON_REVIEW, **said)
    tale.say(three, events.HazardDelisted, "03-06", listing="listing-3", ground=DelistingGround.SUPERSEDED, **body)
    async with desk(kept, tale.told, tmp_path) as place:
        made = await produce(place, APRIL)
    assert (made.sheets[0].values["listed"], made.trace.counts[form_b.REVOKED]) == (3, 2)
