"""Recording a visit: who may say that it was made, who went, when, and what its checklists offer."""

from typing import Final

from contracts import events, words
from contracts.commands import RecordInspection
from contracts.parties import Finder, Signatory
from contracts.terms import Flag, Role, VisitKind
from services.hazard.aggregate.decisions import CLOCKS_DIFFER
from services.hazard.aggregate.hazard import EMPLOYERS, UNFOUND
from services.hazard.aggregate.persons import check_own_name
from services.hazard.aggregate.policy import ENTERPRISE_ROLES, RECORDERS
from services.hazard.aggregate.record import missing, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import belongs, check_recorder, reaches
from services.hazard.aggregate.world import World
from services.hazard.inspection.checking import check_answers, offers
from services.hazard.inspection.inspection import Inspection
from services.hazard.inspection.manner import check_modes, check_qualified, check_signer, has_expert

VISITORS: Final[dict[VisitKind, tuple[Role, ...]]] = {
    VisitKind.INSPECTION: (Role.REGULATOR, Role.OFFICER, Role.TOWNSHIP_CHECKER),
    VisitKind.PATROL: (Role.VILLAGE_OFFICER, Role.TOWNSHIP_CHECKER),
    VisitKind.ASSISTANCE: (Role.EXPERT, Role.REGULATOR, Role.OFFICER, Role.TOWNSHIP_CHECKER),
    VisitKind.SELF_CHECK: (*ENTERPRISE_ROLES,),
    VisitKind.SUPERVISION: (
        Role.SUPERIOR_INSPECTOR,
        Role.SAFETY_COMMITTEE,
        Role.LISTING_AUTHORITY,
        Role.TOWNSHIP_LEAD,
    ),
}
"""Who may say that such a visit was made; a village patrols, a coordinating body supervises, neither inspects."""
CLERKS: Final = (Role.TOWNSHIP_CHECKER, Role.REGULATOR, Role.OFFICER)
"""Who enters an old table of any kind."""


def visit(command: RecordInspection, inspection: Inspection, world: World) -> list[events.InspectionRecorded]:
    """A first record; what was found is told by hazards that name it."""
    if inspection.version:
        raise WrongStage("该次检查已登记：it exists already", code="exists")
    _check_visitor(command, world)
    _check_times(command, world)
    require(command, place=command.place)
    visited_by, inspectors = _visited_by(command, world), _inspectors(command)
    check_modes(command, inspectors)
    if command.kind is VisitKind.INSPECTION:
        check_qualified(command, inspectors, world)
    if command.kind is VisitKind.ASSISTANCE and not command.historical and not has_expert(command, inspectors):
        raise missing("专家（帮扶须有专家参加）", "inspectors")
    if command.signed_by and command.refused_to_sign:
        raise RuleBroken("签字与拒绝签字只能填一项：signed or refused", code="two_minds", field="refused_to_sign")
    if command.signed_by and command.kind is not VisitKind.SELF_CHECK:
        check_signer(command, command.signed_by, inspectors, command.party)
    check_answers(command, world.checklists)
    pending = command.kind is VisitKind.INSPECTION and command.approval is None and not command.historical
    flags = (None if command.party else Flag.PARTY_UNKNOWN, Flag.DOCUMENT_PENDING if pending else None)
    told = {"visited_by": visited_by, "inspectors": inspectors, "offers": offers(command, world.checklists)}
    return record(events.InspectionRecorded, command, world, *flags, **told)


def _check_visitor(command: RecordInspection, world: World) -> None:
    actor, roles = command.actor, set(command.actor.roles)
    who = (*VISITORS[command.kind], *(CLERKS if command.historical else ()))
    own = command.kind is VisitKind.SELF_CHECK
    recorder = own and actor.on_behalf_of is not None and roles & set(RECORDERS)
    if not roles & set(who) and not recorder:
        raise NotPermitted(words.refused("role", 角色=words.roles(VISITORS[command.kind])), field="kind")
    if own:
        if command.party is None:
            raise missing("责任单位", "party")
        if command.party.kind not in EMPLOYERS and command.party.body is None:
            raise RuleBroken("企业自查的单位须是企业或个体工商户", code="other_party", field="party.kind")
    place = UNFOUND.but(party=command.party)
    if own and roles & ENTERPRISE_ROLES and not recorder:
        if not belongs(actor, place):
            raise NotPermitted(words.refused("area"), code="area", field="party")
    elif not reaches(actor, command.area, world):
        raise NotPermitted(words.refused("area"), code="area", field="area")
    check_recorder(command, place)


def _check_times(command: RecordInspection, world: World) -> None:
    end = command.ended_at
    if command.occurred_at > world.now + CLOCKS_DIFFER or (end and end > world.now + CLOCKS_DIFFER):
        raise RuleBroken("发生时间不能晚于现在", code="future", field="ended_at" if end else "occurred_at")
    if end and end < command.occurred_at:
        raise RuleBroken("检查结束不能早于开始：it ended before it began", code="times", field="ended_at")
    if command.announced_at and command.announced_at > command.occurred_at:
        raise RuleBroken("通知时间不能晚于检查开始：事先未通知的请勿填写", code="times", field="announced_at")


def _visited_by(command: RecordInspection, world: World) -> tuple[Finder, ...]:
    """A self-check has none; else the actor's body is one of them: nobody visits in another body's name."""
    if command.kind is VisitKind.SELF_CHECK:
        if command.visited_by:
            raise RuleBroken("企业自查没有检查单位，请勿填写", code="self_found", field="visited_by")
        return ()
    body = world.directory.body(command.actor.body)
    bodies = command.visited_by or ((Finder(id=body.id, name=body.name, lead=True),) if body else ())
    if command.actor.body or Role.EXPERT not in command.actor.roles:  # an expert may belong to no body
        require(command, visited_by=bodies)
    if command.actor.body and command.actor.body not in {one.id for one in bodies}:
        raise NotPermitted("经办人所在单位须是检查单位之一", code="other_body", field="visited_by")
    return bodies


def _inspectors(command: RecordInspection) -> tuple[Signatory, ...]:
    """The actor went himself where nobody is named; a recorder did not, and an old table does not say."""
    actor = command.actor
    check_own_name(actor, command.inspectors, "inspectors")
    if command.inspectors or command.historical or actor.on_behalf_of:
        return command.inspectors
    role = actor.roles[0]
    return (Signatory(id=actor.id, name=actor.name, body=actor.body, role=role, certificate=actor.certificate),)
