"""提请 · 处置 · 文书 · 计时 · 策略."""

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

import pytest

from contracts import commands as do
from contracts import events
from contracts.parties import BodyRef, Signatory
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import (
    OTHER_WORLD,
    clock_resumed,
    declined_measure,
    escalated,
    fine,
    moved_policy,
    paused,
    signed,
)
from tests.scenario import by, given


def test_the_machine_proposes_and_a_named_person_answers() -> None:
    """By a measure, a signed document, or a no with reasons; once."""
    asked = given(*d.GENERAL_ORDERED, escalated)
    for answer in (fine.but(answers="proposal-4"), signed.but(answers="proposal-4"), declined_measure):
        answered = asked.when(answer)
        assert answered.event is not None, answered.refusal
        answered.after.when(declined_measure).then_refused(RuleBroken, code="none_pending")
    asked.when(fine.but(answers="proposal-9")).then_refused(RuleBroken, code="no_such")


def test_the_enterprise_answers_no_proposal_about_itself() -> None:
    """Its head may sign his own papers, not away what the machine asked of an authority."""
    mine = signed.but(actor=p.owner, signed_by=Signatory(id="owner", name="厂长牛"))
    given(*d.GENERAL_ORDERED, escalated).when(mine).then(events.DocumentSigned)
    given(*d.GENERAL_ORDERED, escalated).when(mine.but(answers="proposal-4")).then_refused(
        NotPermitted, because="责任单位", code="separation"
    )


@pytest.mark.parametrize(
    ("change", "because"),
    [({"basis": None}, "依据"), ({"document": None}, "文书")],
)
def test_a_penalty_has_basis_and_document(change: dict[str, object], because: str) -> None:
    """kind, document, basis."""
    given(d.GENERAL_ORDERED).when(fine.but(**change)).then_refused(RuleBroken, because=because, code="incomplete")


@pytest.mark.parametrize("kind", ["罚款", "行政处罚", "暂扣安全生产许可证", "责令停产停业整顿", "吊销许可证"])
def test_a_penalty_needs_the_power(kind: str) -> None:
    """甲镇 has none, whatever it is called; nor does a fine become something else by its name."""
    town = fine.but(actor=p.checker, kind=kind)
    given(d.GENERAL_ORDERED).when(town).then_refused(NotPermitted, because="有处罚权的机关", code="power")
    disguised = fine.but(actor=p.checker, kind="安全生产风险处置金", amount=Decimal("5000.00"))
    given(d.GENERAL_ORDERED).when(disguised).then_refused(NotPermitted, code="power")
    given(d.GENERAL_ORDERED).when(town.but(kind="约谈")).then(events.MeasureRecorded)


@pytest.mark.parametrize("kind", ["责令停产停业整顿", "吊销许可证", "责令关闭", "没收违法所得"])
def test_grave_penalties_pass_a_legal_reviewer(kind: str) -> None:
    """行政处罚法 art. 58; none of the officers."""
    grave = fine.but(kind=kind, officers=p.sign(p.officer, p.second_officer))
    given(d.GENERAL_ORDERED).when(grave).then_refused(RuleBroken, because="法制审核", code="incomplete")
    reviewed = grave.but(legal_review_by=p.sign(p.lawyer)[0])
    given(d.GENERAL_ORDERED).when(reviewed).then(events.MeasureRecorded)
    own = grave.but(legal_review_by=p.sign(p.officer)[0])
    given(d.GENERAL_ORDERED).when(own).then_refused(NotPermitted, because="法制审核人员", code="separation")


def test_another_bodys_penalty_is_recorded_on_its_document() -> None:
    """公安 is in no directory of ours: then it has no power that we know of."""
    fire = fine.but(body=p.ref(p.FIRE))
    given(d.GENERAL_ORDERED).when(fire).then(events.MeasureRecorded)
    given(d.GENERAL_ORDERED).when(fine.but(body=BodyRef(id="police", name="公安"))).then_refused(
        NotPermitted, code="power"
    )


def test_the_named_signer_signs() -> None:
    """Himself, in his own office."""
    given(d.inspected).when(signed.but(signed_by=p.sign(p.deputy)[0])).then_refused(NotPermitted, code="not_named")
    posing = p.sign(p.director)[0].model_copy(update={"body": "city-em"})
    given(d.inspected).when(signed.but(signed_by=posing)).then_refused(NotPermitted, code="other_body")


def test_a_clock_pauses_with_an_end() -> None:
    """By the lead of the body whose hazard it is; only what runs pauses, only what pauses resumes."""
    running = given(d.GENERAL_ORDERED)
    running.when(paused.but(until=p.SAME_DAY)).then_refused(RuleBroken, code="due_in_past")
    running.when(paused.but(actor=p.fire_chief)).then_refused(NotPermitted, code="other_body")
    running.when(clock_resumed).then_refused(RuleBroken, code="not_paused")
    running.and_then(paused).when(paused).then_refused(RuleBroken, code="paused")
    still = running.and_then(paused)
    assert still.hazard.deadline == running.hazard.deadline, "a pause is no extension"
    still.when(clock_resumed.but(actor=p.fire_chief)).then_refused(NotPermitted, code="other_body")


def test_a_pause_ends_by_itself() -> None:
    """After its last day there is nothing to resume, and another flood may pause the clocks anew."""
    over = given(d.GENERAL_ORDERED, paused)
    later = datetime.combine(p.day(10), time(9), tzinfo=p.MORNING.tzinfo)
    over.when(replace(clock_resumed, at=later)).then_refused(RuleBroken, code="not_paused")
    over.when(replace(paused, at=later).but(until=p.day(20))).then(events.ClockPaused)


def test_a_hazard_moves_to_an_adopted_policy_only() -> None:
    """One that was adopted in its area or above."""
    given(d.inspected, world=OTHER_WORLD).when(moved_policy).then(events.PolicyMoved)
    given(d.inspected).when(moved_policy).then_refused(RuleBroken, code="unknown_policy")


def test_what_is_proposed_binds_nobody() -> None:
    """An escalation changes neither stage nor deadline."""
    before = given(d.GENERAL_ORDERED)
    after = before.when(escalated).hazard
    assert (after.stage, after.deadline) == (before.hazard.stage, before.hazard.deadline)
    again = by(p.auditor, do.DeclineMeasure, reasons="不必")
    before.and_then(escalated).when(again).then_refused(NotPermitted, code="role")
