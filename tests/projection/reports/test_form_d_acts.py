"""Form D counts what authorities did: neither what the machine proposed, nor what was sent back."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from contracts import events
from contracts.terms import SuspensionKind
from services.journal.events import EventStore
from services.projection.forms.model import Form
from services.projection.forms.template import FormId
from services.projection.reports import form_d
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from tests import props as p
from tests.projection.reports.tale import SECOND, TOWN, Tale, desk

MARCH: Final = Question(FormId.D, date(2026, 3, 1), TOWN)


def acts() -> Tale:
    """One enterprise is only written about by the machine, the others had something done to them."""
    tale = Tale()
    one = tale.found(1, "03-01", party=p.RIVAL)
    for number, draft in enumerate(("约谈通知书", "罚款决定书", "责令停产停业整顿决定书")):
        said = {"rule": "G03", "level": 3, "policy_version": "0" * 64, "draft": draft, "actor": p.notifier}
        tale.say(one, events.HazardEscalated, "03-02", proposal=f"proposal-{number}", **said)
    tale.say(one, events.MeasureDeclined, "03-03", proposal="proposal-0", reasons="已整改")
    two = tale.found(2, "03-01")
    tale.say(
        two,
        events.HazardEscalated,
        "03-02",
        proposal="proposal-9",
        rule="G03",
        level=3,
        policy_version="0" * 64,
        draft="约谈通知书",
        actor=p.notifier,
    )
    tale.say(two, events.MeasureRecorded, "03-04", kind="约谈", answers="proposal-9")
    tale.say(two, events.SuspensionOrdered, "03-05", suspension="s-1", kind=SuspensionKind.PENALTY, scope="全厂")
    three = tale.found(3, "03-01", area=SECOND, party=p.SHOP)
    tale.say(three, events.SuspensionOrdered, "03-05", suspension="s-2", kind=SuspensionKind.ON_SITE, scope="一台")
    tale.say(three, events.HazardTransferred, "03-06", to_body=p.ref(p.FIRE), reasons="属消防")
    tale.say(
        three,
        events.TransferRefused,
        "03-07",
        by_body="fire",
        competent_body=p.ref(p.EM),
        basis="不属消防",
        actor=p.fireman,
    )
    for day in ("03-08", "03-09"):
        tale.say(two, events.HazardTransferred, day, to_body=p.ref(p.FIRE), reasons="属消防")
    return tale


@pytest.fixture
async def made(kept: EventStore, tmp_path: Path) -> AsyncIterator[Form]:
    """Form D of March."""
    place: Desk
    async with desk(kept, acts().told, tmp_path) as place:
        yield await produce(place, MARCH)


def lines(made: Form, *keys: str) -> dict[object, list[object]]:
    """These columns, by enterprise."""
    return {row.cells["item"]: [row.cells[key] for key in keys] for row in made.sheets[0].rows}


async def test_a_proposal_is_no_act(made: Form) -> None:
    """Declined, waiting or taken up: 约谈 counts where somebody did it, and then once."""
    told = lines(made, "summoned", "fines")
    assert told["别家工厂"] == [0, Decimal(0)]
    assert told["甲镇铸造厂"] == [1, Decimal(0)]
    assert told["汇总"] == [1, Decimal(0)]


async def test_only_the_penalty_is_a_suspension_of_form_d(made: Form) -> None:
    """责令停产停业整顿; what was stopped on site is told on the last sheet."""
    told = lines(made, "suspended")
    assert (told["汇总"], told["甲镇铸造厂"], told["别家工厂"], told["方记网吧"]) == ([1], [1], [0], [0])
    assert made.trace.counts[form_d.STOPPED_OTHERWISE] == 1


async def test_a_transfer_counts_once_for_each_receiver_and_not_when_sent_back(made: Form) -> None:
    """Refused by the fire brigade: no 移送. Sent twice to the same body: one."""
    told = lines(made, "transferred")
    assert (told["汇总"], told["甲镇铸造厂"], told["方记网吧"]) == ([1], [1], [0])
