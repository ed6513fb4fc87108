"""追溯变更: what was entered after the period; what the head of an enterprise is not to see stands in none."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from contracts import events
from contracts.terms import WithdrawalKind
from services.journal.events import EventStore
from services.projection.forms.template import FormId
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.ledgers.told import filled
from tests.projection.reports.tale import TOWN, Tale, desk

MARCH = date(2026, 3, 1)
LATE = "04-05"


def past_the_head() -> Tale:
    """Both reports were entered late; the one past the head has a receipt, and a slip of the pen mended."""
    tale = Tale()
    one = tale.found(1, "03-02")
    told = {"actor": p.safety, "receiver": p.ref(p.EM)}
    tale.say(one, events.ReportedToRegulator, "03-03", entered=LATE, report="past", bypass=True, **told)
    tale.say(one, events.ReportAcknowledged, "03-04", entered=LATE, report="past")
    tale.say(one, events.ReportedToRegulator, "03-05", entered=LATE, report="open", **told)
    tale.say(one, events.ReportAcknowledged, "03-06", entered=LATE, report="open")
    said = {"rule": "G03", "level": 3, "policy_version": "0" * 64, "actor": p.notifier}
    tale.say(one, events.HazardEscalated, "03-20", entered=LATE, proposal="proposal-1", **said)
    tale.say(one, events.HazardCorrected, "04-06", corrects=3, reasons="笔误", place="一号车间")
    tale.say(one, events.HazardCorrected, "04-07", corrects=8, reasons="笔误", place="一号车间")
    tale.say(one, events.HazardCorrected, "04-07", corrects=1, reasons="笔误", place="二号车间")
    return tale


@pytest.fixture
async def place(kept: EventStore, tmp_path: Path) -> AsyncIterator[Desk]:
    """Its ledgers."""
    async with desk(kept, past_the_head().told, tmp_path) as made:
        yield made


async def told(place: Desk, form: FormId, **of: str) -> list[int]:
    """The days of March on which it happened, by what the last sheet names."""
    made = await produce(place, Question(form, MARCH, **of))
    return [one.occurred_at.day for one in made.trace.late if one.occurred_at.month == MARCH.month]


@pytest.mark.parametrize("form", [FormId.A, FormId.D, FormId.QUARTERLY])
async def test_a_report_past_the_head_is_in_no_form(place: Desk, form: FormId) -> None:
    """Neither in the enterprise's own nor in the area's (art. 46); the report that is no secret is."""
    for of in ({"enterprise": "factory"}, {"area": TOWN}):
        days = await told(place, form, **of)
        assert {3, 4}.isdisjoint(days)
        assert len((await produce(place, Question(form, MARCH, **of))).trace.late) == len(set(days)) + 1


async def test_what_the_machine_proposed_is_among_authorities(place: Desk) -> None:
    """On the area's form D, and not on the enterprise's own."""
    assert 20 in await told(place, FormId.D, area=TOWN)
    assert 20 not in await told(place, FormId.D, enterprise="factory")


async def test_form_c_tells_of_the_lists_that_it_prints(kept: EventStore, tmp_path: Path) -> None:
    """Another visit of the month, entered late too, makes no difference to it."""
    tale = Tale()
    tale.visited(1, "03-05", entered=LATE, checklists=(filled("basic-management", "2024", yes=(1,)),))
    tale.visited(2, "03-06", entered=LATE)
    gone = tale.visited(3, "03-07", checklists=(filled("basic-management", "2024", yes=(1,)),))
    tale.say(gone, events.InspectionWithdrawn, "03-08", entered=LATE, kind=WithdrawalKind.ERROR, reasons="未到现场")
    async with desk(kept, tale.told, tmp_path) as place:
        assert sorted(await told(place, FormId.C, area=TOWN)) == [5, 8]
