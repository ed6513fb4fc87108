"""A rule may refuse a claim, never a fact that officers saw: at whatever point of whatever life."""

from collections.abc import Iterator

import pytest

from contracts import commands as do
from contracts import events
from contracts.commands import Command
from contracts.parties import Actor
from contracts.terms import FailureResult, Flag, Power, Role, Stage, SuspensionKind, Trigger, VerificationMode
from tests.hazard.aggregate.arbitrary import HAZARDS
from tests.hazard.aggregate.cast import DIRECTORY, PHOTO, colleagues, sign, with_roles
from tests.hazard.aggregate.history import OPEN
from tests.hazard.aggregate.laws import may
from tests.hazard.aggregate.machine import SOAKING, Life, live
from tests.hazard.aggregate.scene import NUMBERED, WORDS

LIVES = 4_000 if SOAKING else 70


def lives(*stages: Stage) -> Iterator[Life]:
    """Lives cut off at any point, at one of the stages then."""
    for seed in range(LIVES):
        life = live(seed, steps=seed % 45)
        if life.record.stage in stages:
            yield life


def officers(life: Life, power: Power) -> list[tuple[Actor, Actor]]:
    """Two officers of each body that has the power and the hazard and is not responsible for it."""
    parties = {party.body for party in life.record.parties}
    found = {
        actor.body: (actor, other) for actor in with_roles(Role.OFFICER) for other in colleagues(actor, Role.OFFICER)
    }
    able = {body for body in found if may(life.record, body, power, life.now) and body not in parties}
    return [pair for body, pair in found.items() if body in able]


def told(life: Life, actor: Actor, **fields: object) -> dict[str, object]:
    """What every command tells."""
    return {"command_id": "c", "hazard_id": HAZARDS[1], "actor": actor, "occurred_at": life.now, **fields}


def missing(life: Life) -> set[Flag]:
    """The gaps in the file that a verification writes down."""
    record = life.record
    gaps = {Flag.NO_SUBMISSION: record.stage is not Stage.SUBMITTED, Flag.UNGRADED: record.grade is None}
    gaps[Flag.NO_PLAN] = record.plan is None and record.stage is not Stage.SUBMITTED
    return {flag for flag, is_so in gaps.items() if is_so}


def accepted(life: Life, command: Command) -> events.Event:
    """The event that it must yield."""
    event = life.send(command)
    assert event is not None, f"refused at {life.record.stage}: {life.refusals}"
    return event


def test_a_suspension_waits_for_nothing() -> None:
    """No grade, plan or submission is wanted to stop what is dangerous; the gap is flagged."""
    tried = 0
    for life in lives(*OPEN):
        life.refusals.clear()
        for actor, other in officers(life, Power.ORDER_SUSPENSION):
            lead = next(lead for lead in colleagues(actor, Role.REGULATOR_LEAD) if lead not in {actor, other})
            order = do.OrderSuspension(
                **told(life, actor, kind=SuspensionKind.ON_SITE, scope=WORDS, basis=WORDS, document_pending=True),
                officers=(sign(actor), sign(other)),
                approved_by=sign(lead),
            )
            ungraded = life.record.grade is None
            flags = accepted(life, order).flags
            assert Flag.DOCUMENT_PENDING in flags
            assert (Flag.UNGRADED in flags) is ungraded
            tried += 1
    assert tried > LIVES // 2


@pytest.mark.parametrize("kind", [do.PassVerification, do.FailVerification], ids=lambda kind: kind.imperative)
def test_a_verification_waits_for_nothing(kind: type[Command]) -> None:
    """From `assigned` on two officers say what they saw, with or without plan and submission; the gap is flagged."""
    tried = 0
    for life in lives(Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED):
        life.refusals.clear()
        for actor, other in officers(life, Power.ORDER_CORRECTION)[:1]:
            seen = told(life, actor, trigger=Trigger.SPOT_CHECK, mode=VerificationMode.ON_SITE, document=NUMBERED)
            seen |= {"verifiers": (sign(actor), sign(other)), "evidence": (PHOTO,)}
            if kind is do.FailVerification:
                seen |= {"result": FailureResult.PARTIAL, "remaining": WORDS}
            recorded = {event.actor.id for event in life.record.history if event.actor.on_behalf_of}
            if {actor.id, other.id} & recorded or (life.record.claim and not life.record.claim.acceptance_report):
                continue
            gaps = missing(life)
            assert gaps <= set(accepted(life, kind(**seen)).flags)
            tried += 1
    assert tried > LIVES // 12


def test_an_interim_control_waits_for_nothing() -> None:
    """Any officer of the place writes down what keeps people safe meanwhile."""
    for life in lives(*OPEN[:5]):
        life.refusals.clear()
        for actor in with_roles(Role.OFFICER):
            body = DIRECTORY.body(actor.body)
            if body and life.record.found.area.startswith(body.area):
                ungraded = life.record.grade is None
                event = accepted(life, do.RecordInterimControl(**told(life, actor, measures=WORDS)))
                assert (Flag.UNGRADED in event.flags) is ungraded
