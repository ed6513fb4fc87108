"""家数: enterprises and sole traders are counted, whoever else was visited is told on the last sheet."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from contracts import events
from contracts.parties import Party
from contracts.terms import PartyChange, PartyKind, VisitMode
from services.journal.events import EventStore
from services.projection.asking import QuestionError
from services.projection.forms.model import Form
from services.projection.forms.template import FormId
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.ledgers.told import SPOT_CHECK, filled
from tests.projection.reports.tale import SECOND, TOWN, Tale, desk

VILLAGE: Final = Party(id="village-hall", name="甲村村委会", kind=PartyKind.VILLAGE)
HOME: Final = Party(id="home", name="张三家", kind=PartyKind.HOUSEHOLD)
STATION: Final = "不是企业，不计家数：机关事业单位（公共设施管理单位）（家）"
HALL: Final = "不是企业，不计家数：村（社区）（家）"
HOUSE: Final = "不是企业，不计家数：住户（家）"


def visits() -> Tale:
    """An enterprise, a sole trader, a station in two villages, a village hall; at home a hazard was found."""
    tale = Tale()
    answers = (filled(SPOT_CHECK, "2023", yes=(3,)),)
    tale.visited(1, "03-05", checklists=answers)
    tale.visited(2, "03-06", party=p.SHOP, checklists=answers)
    tale.visited(3, "03-07", party=p.STATION, checklists=answers)
    tale.visited(4, "03-08", party=p.STATION, area=SECOND, modes=(VisitMode.SPOT_CHECK,))
    tale.visited(5, "03-09", party=VILLAGE, modes=(VisitMode.SPOT_CHECK,))
    tale.found(1, "03-10", party=HOME)
    return tale


@pytest.fixture
async def place(kept: EventStore, tmp_path: Path) -> AsyncIterator[Desk]:
    """Its ledgers."""
    async with desk(kept, visits().told, tmp_path) as made:
        yield made


async def test_form_b_counts_enterprises_that_were_spot_checked(place: Desk) -> None:
    """The problem ticked at a station is in no figure; the station, checked twice, is told once."""
    made = await produce(place, Question(FormId.B, date(2026, 4, 1), TOWN))
    values = [(sheet.values["spot_enterprises"], sheet.values["head_not_led"]) for sheet in made.sheets]
    assert values == [(2, 2), (2, 2), (0, 0)]
    assert made.sheets[0].keys["spot_enterprises"] == ["factory", "shop"]
    assert (made.trace.counts[STATION], made.trace.counts[HALL]) == (1, 1)


async def test_form_d_counts_enterprises_that_were_inspected(place: Desk) -> None:
    """The others keep their lines, without a number of enterprises."""
    made = await produce(place, Question(FormId.D, date(2026, 3, 1), TOWN))
    told = {row.cells["item"]: row.cells["enterprises_inspected"] for row in made.sheets[0].rows}
    assert told == {"汇总": 2, "甲镇铸造厂": 1, "方记网吧": 1, "县公路站": 0, "甲村村委会": 0, "张三家": 0}
    assert _others(made) == (1, 1, 1)


async def test_a_quarter_counts_enterprises_that_were_looked_at(place: Desk) -> None:
    """By villages and in all; a hazard of a household is counted as a hazard."""
    made = await produce(place, Question(FormId.QUARTERLY, date(2026, 3, 1), TOWN))
    told = [[row.cells[key] for key in ("name", "enterprises", "major_found")] for row in made.sheets[0].rows]
    assert told == [["甲村", 2, 1], ["乙村", 0, 0]]
    assert made.sheets[0].totals == {"enterprises": 2}
    assert _others(made) == (1, 1, 1)


async def test_an_enterprise_is_looked_up_as_of_the_question(kept: EventStore, tmp_path: Path) -> None:
    """The hazard has another tenant since, who has another name since: of March the first is asked by its name."""
    tale = Tale()
    one = tale.found(1, "03-10", party=p.RIVAL)
    tale.say(one, events.ResponsiblePartyChanged, "04-10", kind=PartyChange.NEW_TENANT, party=p.TENANT)
    renamed = p.TENANT.model_copy(update={"name": "典氏五金"})
    tale.say(one, events.ResponsiblePartyChanged, "04-20", kind=PartyChange.RENAMED, party=renamed)
    async with desk(kept, tale.told, tmp_path) as place:
        for said, found, party in (("别家工厂", 1, "rival"), ("rival", 1, "rival"), ("典氏五金", 0, "tenant")):
            made = await produce(place, Question(FormId.A, date(2026, 3, 1), enterprise=said))
            assert (len(made.sheets[0].rows), made.trace.scope) == (found, f"企业 {party}")
        with pytest.raises(QuestionError, match="没有“无名厂”"):
            await produce(place, Question(FormId.A, date(2026, 3, 1), enterprise="无名厂"))


def _others(made: Form) -> tuple[int, ...]:
    return tuple(made.trace.counts[name] for name in (STATION, HALL, HOUSE))
