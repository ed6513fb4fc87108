"""What the machine proposes and people answer, documents, clocks."""

from datetime import timedelta

from contracts import commands, events, words
from contracts.commands import Command
from contracts.terms import Flag, Power
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.persons import as_person, check_own_name, keep_apart
from services.hazard.aggregate.record import overlay_id, pick, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import belongs, require_competent, require_own
from services.hazard.aggregate.world import World

NUMBER_WITHIN = timedelta(hours=24)
PENALTIES = ("处罚", "警告", "暂扣", "罚款", "没收", "停产停业整顿", "吊销", "降低资质", "关闭", "限制从业")
REVIEWED = ("停产停业整顿", "吊销", "降低资质", "关闭", "限制从业", "没收")
"""Penalties that a legal reviewer passes first (行政处罚法 art. 58, 63)."""


def escalate(command: commands.EscalateHazard, hazard: Hazard, world: World) -> list[events.HazardEscalated]:
    """A proposal; nobody is bound by it."""
    return record(events.HazardEscalated, command, world, proposal=overlay_id("proposal", hazard))


def measure(command: commands.RecordMeasure, hazard: Hazard, world: World) -> list[events.MeasureRecorded]:
    """What an authority did; a penalty wants the power, its basis and, where the law says so, a legal reviewer."""
    if command.answers is not None:
        pick(command.answers, _proposals(hazard), "提请")
    is_penalty = command.amount is not None or any(word in "".join(command.kind.split()) for word in PENALTIES)
    if is_penalty and not command.historical:
        _check_penalty(command, world)
    for name in command.officers:
        keep_apart(name, "法制审核人员", command.legal_review_by)
    return record(events.MeasureRecorded, command, world)


def _check_penalty(command: commands.RecordMeasure, world: World) -> None:
    acting = (command.body.id if command.body else None) or command.actor.body
    body = world.directory.body(acting)
    if body is None or not body.has(Power.PENALISE, world.day(command.occurred_at)):
        raise NotPermitted(words.refused("power", 单位="有处罚权的机关"), code="power", field="body")
    require(command, basis=command.basis, document=command.document)
    if any(word in command.kind for word in REVIEWED):
        require(command, legal_review_by=command.legal_review_by)


def decline(command: commands.DeclineMeasure, hazard: Hazard, world: World) -> list[events.MeasureDeclined]:
    """Answered with no, and why."""
    key = pick(command.proposal, _proposals(hazard), "提请")
    return record(events.MeasureDeclined, command, world, proposal=key)


def sign(command: commands.SignDocument, hazard: Hazard, world: World) -> list[events.DocumentSigned]:
    """By the named signer himself; the number of an oral order is late after 24 hours, and still wanted."""
    require(command, signer=command.signed_by, number=command.number)
    signer = command.signed_by or as_person(command.actor)
    if signer.id != command.actor.id and not command.historical:
        raise NotPermitted("应由签发人本人办理", code="not_named", field="signed_by")
    if command.answers is not None:
        pick(command.answers, _proposals(hazard), "提请")
        _check_outsider(command, hazard)
    check_own_name(command.actor, (signer,), "signed_by")
    late = None
    if command.suspension is not None:
        pick(command.suspension, list(hazard.suspensions), "停产停业决定")
        require_own(command.actor, hazard.suspensions[command.suspension].body, world, "停产停业决定的文书")
        if not hazard.suspensions[command.suspension].number_pending:
            raise RuleBroken("该停产停业决定已有文书编号", code="none_pending", field="suspension")
        ordered = hazard.suspensions[command.suspension].ordered_at
        late = Flag.DOCUMENT_LATE if command.occurred_at - ordered > NUMBER_WITHIN else None
    return record(events.DocumentSigned, command, world, late)


def _check_outsider(command: commands.SignDocument, hazard: Hazard) -> None:
    if belongs(command.actor, hazard):
        raise NotPermitted("提请不能由责任单位答复", code="separation", field="answers")


def pause(command: commands.PauseClock, hazard: Hazard, world: World) -> list[events.ClockPaused]:
    """With an end, by the body whose hazard it is."""
    require_competent(command, hazard, world, "中止计时")
    if _stands_still(command, hazard, world):
        raise RuleBroken(f"计时已中止至{hazard.paused_until}，提前恢复请用“恢复计时”", code="paused")
    if command.until <= world.day(command.occurred_at):
        raise RuleBroken("中止截止日须晚于当天", code="due_in_past", field="until")
    return record(events.ClockPaused, command, world)


def resume(command: commands.ResumeClock, hazard: Hazard, world: World) -> list[events.ClockResumed]:
    """Only what stands still."""
    require_competent(command, hazard, world, "恢复计时")
    if not _stands_still(command, hazard, world):
        raise RuleBroken("计时没有中止，或中止已期满：the clock runs", code="not_paused")
    return record(events.ClockResumed, command, world)


def _stands_still(command: Command, hazard: Hazard, world: World) -> bool:
    """A pause ends by itself after its last day."""
    return hazard.paused_until is not None and world.day(command.occurred_at) <= hazard.paused_until


def move_policy(command: commands.MovePolicy, hazard: Hazard, world: World) -> list[events.PolicyMoved]:
    """To a policy that was adopted in this hazard's area or above."""
    if command.policy not in world.policies:
        raise RuleBroken("该策略未在本辖区采用", code="unknown_policy", field="policy")
    return record(events.PolicyMoved, command, world)


def _proposals(hazard: Hazard) -> list[str]:
    return [key for key, proposal in hazard.escalations.items() if not proposal.answered]
