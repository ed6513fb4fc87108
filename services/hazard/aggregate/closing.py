"""Submitting, closing, reopening. (Who verifies: verification.py.)"""

from datetime import timedelta

from contracts import commands, events, words
from contracts.parties import Signatory
from contracts.terms import ClosureKind, Flag, PartyKind, Power, ReopeningKind, Role, Stage
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.persons import (
    PAIR,
    as_person,
    check_own_name,
    distinct,
    is_same,
    keep_apart,
    require_named,
    require_role,
    require_two,
)
from services.hazard.aggregate.planning import require_plan
from services.hazard.aggregate.policy import AUTHORITY, RECORDERS, RP
from services.hazard.aggregate.record import missing, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import (
    belongs,
    is_competent,
    is_old_and_unnamed,
    require_competent,
    require_power,
)
from services.hazard.aggregate.verification import is_class_s, is_ours
from services.hazard.aggregate.world import World

ON_THE_SPOT = timedelta(hours=24)


def submit(command: commands.SubmitRectification, hazard: Hazard, world: World) -> list[events.RectificationSubmitted]:
    """A claim: wants plan and evidence; within 24 hours of the finding 即查即改 wants no plan."""
    if command.on_the_spot:
        if hazard.found_at and command.occurred_at - hazard.found_at > ON_THE_SPOT:
            raise RuleBroken("即查即改限于发现后24小时内", code="too_late", field="on_the_spot")
    elif hazard.stage in {Stage.FOUND, Stage.GRADED}:
        raise WrongStage(words.refused("stage", 环节=words.stage(hazard.stage)), field="on_the_spot")
    else:
        require_plan(hazard, historical=command.historical is not None)
    require(command, after=command.after, signed_by=command.signed_by)
    if not hazard.photographed:
        require(command, before=command.before)
    if hazard.is_major:
        require(command, acceptance_report=command.acceptance_report)
    _check_names(command, hazard)
    flags = (
        Flag.ON_THE_SPOT if command.on_the_spot else None,
        Flag.UNGRADED if hazard.grade is None else None,
        Flag.OVERDUE if hazard.is_overdue(world.day(command.occurred_at)) else None,
    )
    return record(events.RectificationSubmitted, command, world, *flags)


def _check_names(command: commands.SubmitRectification, hazard: Hazard) -> None:
    plan = hazard.plan if not command.on_the_spot else None
    if plan and plan.responsible and command.signed_by and not is_same(command.signed_by, plan.responsible):
        reason = f"应由整改责任人{plan.responsible.name}签名"
        raise NotPermitted(reason, code="not_responsible", field="signed_by")
    if plan is None:
        require(command, completer=command.completer)
    completer = command.completer or (plan.completer if plan else None)
    acceptor = command.acceptor or (plan.acceptor if plan else None)
    if completer and acceptor and not is_class_s(hazard):
        keep_apart(acceptor, words.word("completer"), completer)


def close(command: commands.CloseHazard, hazard: Hazard, world: World) -> list[events.HazardClosed]:
    """Rectified, with nothing left open; or ceased, seen by two on site."""
    if command.kind is ClosureKind.CEASED:
        _check_ceased(command, hazard, world)
    else:
        _check_rectified(command, hazard, world)
    return record(events.HazardClosed, command, world)


def _check_rectified(command: commands.CloseHazard, hazard: Hazard, world: World) -> None:
    if hazard.stage is not Stage.VERIFIED:
        raise WrongStage(words.refused("stage", 环节=words.stage(hazard.stage or Stage.FOUND)))
    if lacking := left_open(hazard):
        reason = f"要素不全（双报告、摘牌、复产未办）：缺{'、'.join(lacking)}"
        raise RuleBroken(reason, code="incomplete")
    if hazard.is_major:
        _check_major_signer(command, hazard, world)
    else:
        _check_general_signer(command, hazard, world)


def left_open(hazard: Hazard) -> list[str]:
    """What still stands between verified and closed, in words."""
    dual = hazard.needs_dual_report
    unknown = hazard.is_major and (hazard.party is None or hazard.party.kind is PartyKind.UNKNOWN)
    untold = "、".join(party.name for party in hazard.not_told)
    wanted = {
        "查明责任单位": unknown,
        "重大核查（此前按一般隐患复查，请先重新立项）": hazard.is_major and not hazard.verified_as_major,
        "向监管部门的报告": dual and not hazard.reports,
        f"向职工的报告（{untold}）": dual and bool(untold),
        "摘牌": bool(hazard.open_listings),
        "复产同意": bool(hazard.open_suspensions),
        "上级交办的结果反馈": bool(hazard.handed_down_by),
    }
    return [what for what, is_open in wanted.items() if is_open]


def _check_major_signer(command: commands.CloseHazard, hazard: Hazard, world: World) -> None:
    require_role(command.actor, Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD)
    _check_not_own(command, hazard)
    if Role.REGULATOR_LEAD not in command.actor.roles:
        require_power(command, Power.ORDER_CORRECTION, hazard, world)
    else:
        require_competent(command, hazard, world, "重大事故隐患销号")
    signer = command.signed_by or as_person(command.actor)
    check_own_name(command.actor, (signer,), "signed_by")
    plan, claim = hazard.plan, hazard.claim
    responsible = (plan.responsible if plan else None, claim.signed_by if claim else None)
    completers = (plan.completer if plan else None, claim.completer if claim else None)
    for name in (signer, as_person(command.actor)):
        keep_apart(name, "复查人员", *hazard.verifiers)
        keep_apart(name, words.word("responsible"), *responsible)
        keep_apart(name, words.word("completer"), *completers)


def _check_not_own(command: commands.CloseHazard, hazard: Hazard) -> None:
    if belongs(command.actor, hazard) or (command.signed_by and command.signed_by.body in hazard.party_ids):
        raise NotPermitted("责任单位不能销号本单位的隐患", code="separation", field="actor.body")


def _check_general_signer(command: commands.CloseHazard, hazard: Hazard, world: World) -> None:
    match hazard.verified_class:
        case "E" | "S":
            outside = any(name.body and name.body not in hazard.party_ids for name in hazard.verifiers)
            recorded = RECORDERS if command.actor.on_behalf_of else ()
            fit = (Role.SAFETY_MANAGER, Role.ENTERPRISE_HEAD, *(AUTHORITY if outside else ()), *recorded)
            require_role(command.actor, *fit)
        case "P":
            require_role(command.actor, Role.VILLAGE_OFFICER, *AUTHORITY)
            _check_not_own(command, hazard)
        case _:
            require_role(command.actor, *AUTHORITY)
            same_side = is_ours(as_person(command.actor), hazard, world)
            verifying = command.actor.body in {name.body for name in hazard.verifiers}
            if not same_side and not verifying and not is_old_and_unnamed(command):
                raise NotPermitted("应由复查单位销号", code="other_body", field="actor.body")
            _check_not_own(command, hazard)


def _check_ceased(command: commands.CloseHazard, hazard: Hazard, world: World) -> None:
    """Gone with its place is no rectification: two names saw it, whatever else is still open."""
    fit = {Role.REGULATOR, Role.OFFICER} | (set() if hazard.is_major else {Role.TOWNSHIP_CHECKER})
    require_role(command.actor, *fit, Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD)
    require(command, grounds=command.grounds)
    _check_not_own(command, hazard)
    check_own_name(command.actor, command.seen_by, "seen_by")
    seen = [name for name in distinct(command.seen_by) if name.role in fit and _may_see(name, hazard, world)]
    if command.historical:
        return
    if len(seen) < PAIR:
        raise missing("两名现场核实人员及其职务", "seen_by")
    if not set(command.actor.roles) & {Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD}:
        require_named(command.actor, seen, "seen_by")


def _may_see(name: Signatory, hazard: Hazard, world: World) -> bool:
    """Of a body whose area or case this is, and which is not the party itself."""
    if name.body is None or name.body in hazard.party_ids:
        return False
    body = world.directory.body(name.body)
    return is_ours(name, hazard, world) or (body is not None and hazard.area.startswith(body.area))


def reopen(command: commands.ReopenHazard, hazard: Hazard, world: World) -> list[events.HazardReopened]:
    """The party tells of a relapse; the competent body finds one; 假改 is ruled by two, after hearing the party."""
    if (command.kind is ReopeningKind.WITHDRAWN_IN_ERROR) is not (hazard.stage is Stage.WITHDRAWN):
        raise WrongStage(words.refused("stage", 环节=words.stage(hazard.stage or Stage.FOUND)), field="kind")
    own = belongs(command.actor, hazard) or command.actor.on_behalf_of is not None
    match command.kind:
        case ReopeningKind.SELF_REPORTED:
            if not belongs(command.actor, hazard):
                raise NotPermitted(words.refused("role", 角色=words.roles(RP)), field="kind")
        case ReopeningKind.FALSE_RECTIFICATION:
            _check_ruling(command, hazard, world, own=own)
        case _:
            _check_competent(command, hazard, world, own=own)
    return record(events.HazardReopened, command, world)


def _check_competent(command: commands.ReopenHazard, hazard: Hazard, world: World, *, own: bool) -> None:
    require_role(command.actor, *AUTHORITY, Role.VILLAGE_OFFICER, Role.SUPERIOR_INSPECTOR)
    if command.kind is ReopeningKind.FALSE_RECTIFICATION:
        require_role(command.actor, Role.OFFICER, Role.SUPERIOR_INSPECTOR)
    body = command.actor.body
    involved = (
        body in hazard.found_by or is_competent(body, hazard, world) or is_ours(as_person(command.actor), hazard, world)
    )
    above = Role.SUPERIOR_INSPECTOR in command.actor.roles or is_old_and_unnamed(command)
    if own or not (involved or above):
        raise NotPermitted("应由有管辖权的单位重新立项", code="other_body", field="actor.body")


def _check_ruling(command: commands.ReopenHazard, hazard: Hazard, world: World, *, own: bool) -> None:
    _check_competent(command, hazard, world, own=own)
    require(command, statement_heard=command.statement_heard)
    require_two(command.actor, command.officers, "officers", historical=command.historical)
    if command.officers and all(any(is_same(name, one) for one in hazard.verifiers) for name in command.officers):
        name = command.officers[0].name
        raise NotPermitted(words.refused("separation", 姓名=name, 职="原复查人员"), code="separation", field="officers")
    require(command, evidence=command.evidence)
