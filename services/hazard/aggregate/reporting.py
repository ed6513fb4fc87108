"""双报告: to the regulator and to the workers (安全生产法 art. 41)."""

from contracts import commands, events
from contracts.terms import Role, WorkersBody
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.persons import as_person, check_own_name, keep_apart, require_role
from services.hazard.aggregate.policy import AUTHORITY
from services.hazard.aggregate.record import missing, overlay_id, pick, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import is_competent
from services.hazard.aggregate.world import World

TOWNSHIP_DIGITS = 9
"""A village's area has 12: it passes reports on, it is no regulator."""
RECEIVER = "receiver.id"


def to_regulator(command: commands.ReportToRegulator, hazard: Hazard, world: World) -> list[events.ReportedToRegulator]:
    """The safety manager may go past a head who does not act (art. 46)."""
    if command.bypass:
        require_role(command.actor, Role.SAFETY_MANAGER)
    _check_receiver(command, hazard, world)
    return record(events.ReportedToRegulator, command, world, report=overlay_id("report", hazard))


def _check_receiver(command: commands.ReportToRegulator, hazard: Hazard, world: World) -> None:
    """A body of the directory whose area this is, not a village and not the party itself."""
    receiver = command.receiver.id
    if receiver is None and command.historical:
        return
    body = world.directory.body(receiver)
    if receiver in hazard.party_ids or (body is None and world.directory.bodies) or receiver is None:
        raise RuleBroken(
            "须报告机构目录中的监管部门：report to a body of the directory", code="unknown_body", field=RECEIVER
        )
    if body and not (hazard.area.startswith(body.area) and len(body.area) <= TOWNSHIP_DIGITS):
        raise RuleBroken(f"{body.name}不是该隐患的监管部门", code="other_body", field=RECEIVER)


def acknowledge(command: commands.AcknowledgeReport, hazard: Hazard, world: World) -> list[events.ReportAcknowledged]:
    """By the body that received it, or the one whose hazard it is."""
    waiting = [key for key, report in hazard.reports.items() if not report.acknowledged]
    key = pick(command.report, waiting, "待回执的报告")
    require(command, receipt=command.receipt)
    receiver = hazard.reports[key].receiver
    if command.actor.body != receiver and not is_competent(command.actor.body, hazard, world):
        raise NotPermitted("应由收到报告的部门回执", code="other_body", field="actor.body")
    return record(events.ReportAcknowledged, command, world, report=key)


def to_workers(command: commands.ReportToWorkers, hazard: Hazard, world: World) -> list[events.ReportedToWorkers]:
    """A meeting, its signed sheet and the name of one who is not the head; or nobody is employed, says an officer."""
    if command.body is WorkersBody.NOT_APPLICABLE:
        _check_not_applicable(command, hazard)
    else:
        _check_meeting(command, hazard, world)
    return record(events.ReportedToWorkers, command, world)


def _check_not_applicable(command: commands.ReportToWorkers, hazard: Hazard) -> None:
    if hazard.party and hazard.party.staff:
        raise RuleBroken(f"该单位有从业人员{hazard.party.staff}人，应向职工报告", code="has_staff", field="body")
    require(command, confirmed_by=command.confirmed_by)
    confirmer = command.confirmed_by
    if confirmer is None or (confirmer.role is None and command.historical):
        return
    if confirmer.role not in AUTHORITY:
        raise missing("监管部门确认人及其职务", "confirmed_by.role")
    check_own_name(command.actor, (confirmer,), "confirmed_by")
    if confirmer.body in hazard.party_ids or (confirmer.body is None and not command.historical):
        raise NotPermitted("应由监管部门确认", code="other_body", field="confirmed_by.body")
    vouched = command.actor.id == confirmer.id or command.minutes or command.signed_sheet
    if not vouched:
        raise missing("监管部门签字确认的材料", "minutes")


def _check_meeting(command: commands.ReportToWorkers, hazard: Hazard, world: World) -> None:
    require(
        command,
        held_on=command.held_on,
        total=command.total,
        present=command.present,
        signed_sheet=command.signed_sheet,
        countersigned_by=command.countersigned_by,
    )
    if command.present is not None and command.total is not None and not 0 < command.present <= command.total:
        raise RuleBroken("实到人数须在1与应到人数之间", code="attendance", field="present")
    if command.held_on and command.held_on > world.day(command.occurred_at):
        raise RuleBroken("会议日期不能晚于报告日期", code="future", field="held_on")
    signer = command.countersigned_by
    if signer:
        principal = command.actor.on_behalf_of
        head = as_person(command.actor) if Role.ENTERPRISE_HEAD in command.actor.roles else None
        heads = (head, principal.person if principal else None, *(party.head for party in hazard.parties))
        keep_apart(signer, "企业主要负责人", *heads)
