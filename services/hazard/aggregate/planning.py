"""Assigning, controlling, planning, rectifying, and who is responsible."""

from contracts import commands, events, words
from contracts.acts.planning import Plan
from contracts.parties import Party
from contracts.terms import AssignmentKind, Flag, PartyChange, PartyKind, Power, Role, Stage
from services.hazard.aggregate.evolution import due_key
from services.hazard.aggregate.hazard import EMPLOYERS, Hazard
from services.hazard.aggregate.persons import is_same, keep_apart, require_role, require_two
from services.hazard.aggregate.record import NAMES, OLD_GAPS, missing, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import (
    belongs,
    require_colleagues,
    require_competent,
    require_power,
)
from services.hazard.aggregate.verification import is_class_s
from services.hazard.aggregate.visiting import check_order
from services.hazard.aggregate.world import World

ASSIGNERS: dict[AssignmentKind, tuple[Role, ...]] = {
    AssignmentKind.INTERNAL: (Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER),
    AssignmentKind.NOTICE: (Role.VILLAGE_OFFICER, Role.TOWNSHIP_CHECKER, Role.REGULATOR),
    AssignmentKind.ORDER: (Role.OFFICER,),
    AssignmentKind.HANDOVER: (Role.TOWNSHIP_LEAD, Role.REGULATOR_LEAD, Role.SAFETY_COMMITTEE),
}


def assign(command: commands.AssignHazard, hazard: Hazard, world: World) -> list[events.HazardAssigned]:
    """Again is a renewed order. Only an order may come before the grade, and carries the flag for it."""
    require_role(command.actor, *ASSIGNERS[command.kind])
    ordered = command.kind is AssignmentKind.ORDER
    if hazard.stage is Stage.FOUND and not ordered:
        raise WrongStage(words.refused("stage", 环节=words.stage(Stage.FOUND)))
    require(command, due=command.due)
    if command.due and command.due < world.day(command.occurred_at):
        raise RuleBroken("整改时限不能早于交办当天", code="due_in_past", field="due")
    if hazard.party is None:
        require(command, party=command.party)
    elif command.party and command.party != hazard.party:
        raise RuleBroken("责任单位不同，请用“变更责任单位”", code="other_party", field="party")
    _check_renewal(command, hazard, world)
    match command.kind:
        case AssignmentKind.ORDER:
            _check_order(command, hazard, world)
        case AssignmentKind.HANDOVER:
            require(command, to_body=command.to_body)
        case AssignmentKind.INTERNAL:
            _check_internal(command, hazard)
        case AssignmentKind.NOTICE:
            pass
    party = command.party or hazard.party
    flags = (Flag.UNGRADED if hazard.grade is None else None, None if party else Flag.PARTY_UNKNOWN)
    return record(events.HazardAssigned, command, world, *flags)


def _check_renewal(command: commands.AssignHazard, hazard: Hazard, world: World) -> None:
    """While its day has not come, the same body's deadline moves back only by an extension."""
    standing = hazard.dues.get(due_key(command.kind, command.actor.body))
    if standing is None or standing.day is None or command.due is None:
        return
    if command.due > standing.day > world.day(command.occurred_at):
        raise RuleBroken(f"现时限{standing.day}未到，延后须申请延期", code="use_extension", field="due")


def _check_order(command: commands.AssignHazard, hazard: Hazard, world: World) -> None:
    require_power(command, Power.ORDER_CORRECTION, hazard, world)
    require(command, officers=command.officers, basis=command.basis, document=command.document)
    require(command, number=command.document.number if command.document else None)
    require_two(command.actor, command.officers, "officers", historical=command.historical)
    require_colleagues(command, command.officers, "officers", hazard)
    check_order(command, hazard, world)


def _check_internal(command: commands.AssignHazard, hazard: Hazard) -> None:
    """The enterprise gives itself no more time than it has: that is an extension."""
    if command.due and hazard.deadline and command.due > hazard.deadline:
        raise RuleBroken(f"现时限为{hazard.deadline}，延后须申请延期", code="use_extension", field="due")


def control(
    command: commands.RecordInterimControl, hazard: Hazard, world: World
) -> list[events.InterimControlRecorded]:
    """Never waits for a grade or a plan; the gap is recorded."""
    return record(events.InterimControlRecorded, command, world, Flag.UNGRADED if hazard.grade is None else None)


def plan(command: commands.PlanRectification, hazard: Hazard, world: World) -> list[events.RectificationPlanned]:
    """完成人 ≠ 验收人 but for class S; a major hazard's plan has seven items and the head's signature."""
    require(command, responsible=command.responsible, due=command.due)
    require(command, completer=command.completer, acceptor=command.acceptor)
    if command.acceptor and not is_class_s(hazard):
        keep_apart(command.acceptor, "整改完成人", command.completer)
    today = world.day(command.occurred_at)
    late = command.due is not None and hazard.deadline is not None and command.due > hazard.deadline >= today
    if late and not command.historical:
        raise RuleBroken(f"方案时限不能晚于现时限{hazard.deadline}", code="after_deadline", field="due")
    if hazard.is_major:
        _check_seven(command, hazard)
    return record(events.RectificationPlanned, command, world)


def _check_seven(command: commands.PlanRectification, hazard: Hazard) -> None:
    lacking = lacking_of_seven(command)
    if lacking and not (command.historical and lacking[0] == "signed_by"):
        raise missing(lacking[1], lacking[0])
    head = hazard.party.head if hazard.party else None
    if head and command.signed_by and not is_same(command.signed_by, head):
        reason = f"治理方案应由主要负责人{head.name}签名"
        raise NotPermitted(reason, code="not_responsible", field="signed_by")


def lacking_of_seven(plan: Plan) -> tuple[str, str] | None:
    """(field, Chinese name) of the first of 七项 that is missing; 0 yuan with a reason is an answer."""
    if plan.funds is None:
        return "funds", "资金"
    if plan.funds == 0 and plan.funds_reason is None:
        return "funds_reason", "零资金的理由"
    if plan.contingency is None:
        return "contingency", "预案"
    if not plan.attachments:
        return "attachments", "治理方案"
    if plan.signed_by is None:
        return "signed_by", "主要负责人签名"
    return None


def lacking_of_five(plan: Plan) -> tuple[str, str] | None:
    """(field, Chinese name) of the first of 五定 that an old record left out."""
    named = {"responsible": plan.responsible, "due": plan.due, "completer": plan.completer, "acceptor": plan.acceptor}
    return next(((field, NAMES[field]) for field, value in named.items() if value is None), None)


def require_plan(hazard: Hazard, *, historical: bool) -> None:
    """RuleBroken unless the plan is complete for the present grade: 五定, or 七项 for a major hazard."""
    wanted = words.word("plan_major" if hazard.is_major else "plan_general")
    if hazard.plan is None:
        raise missing(f"整改方案（{wanted}）", "plan")
    lacking = lacking_of_five(hazard.plan) or (lacking_of_seven(hazard.plan) if hazard.is_major else None)
    if lacking and not (historical and lacking[0] in OLD_GAPS):
        raise missing(f"{wanted}的{lacking[1]}", "plan")


def start(command: commands.StartRectification, hazard: Hazard, world: World) -> list[events.RectificationStarted]:
    """Plan in hand."""
    require_plan(hazard, historical=command.historical is not None)
    return record(events.RectificationStarted, command, world)


def progress(command: commands.ReportProgress, hazard: Hazard, world: World) -> list[events.ProgressReported]:
    """Welcome overdue too."""
    overdue = hazard.is_overdue(world.day(command.occurred_at))
    return record(events.ProgressReported, command, world, Flag.OVERDUE if overdue else None)


def change_party(
    command: commands.ChangeResponsibleParty, hazard: Hazard, world: World
) -> list[events.ResponsiblePartyChanged]:
    """The head tells of his own name and code; anything else is the authority's to say."""
    own = {PartyChange.RENAMED, PartyChange.CODE_GIVEN, PartyChange.CODE_CHANGED}
    known = {party.id: party for party in hazard.parties}
    if belongs(command.actor, hazard):
        if command.kind not in own:
            raise NotPermitted("企业只能变更本单位名称或代码", code="role", field="kind")
        _check_only_name(command, known.get(command.party.id))
    else:
        require_competent(command, hazard, world, "变更责任单位")
    was = known.get(command.party.id)
    if was and was.kind in EMPLOYERS and command.party.kind not in EMPLOYERS:
        raise RuleBroken("企业不能变更为非企业；责任另有其人的，请另立责任单位", code="other_party", field="party.kind")
    if command.kind in own and command.party.id not in known:
        raise RuleBroken("更名、变更代码时责任单位编号不变", code="other_party", field="party.id")
    if command.kind is PartyChange.CO_PARTY_ADDED and command.party.id in known:
        raise RuleBroken("该单位已是责任单位", code="same_party", field="party.id")
    if command.kind in {PartyChange.CODE_GIVEN, PartyChange.CODE_CHANGED} and command.party.credit_code is None:
        raise missing("统一社会信用代码", "party.credit_code")
    return record(events.ResponsiblePartyChanged, command, world)


def _check_only_name(command: commands.ChangeResponsibleParty, known: Party | None) -> None:
    """Its own name and code; 个转企 makes a sole trader an enterprise, nothing makes it smaller or something else."""
    if known is None or known.id not in {command.actor.enterprise, command.actor.body}:
        raise NotPermitted("企业只能变更本单位名称或代码", code="role", field="party.id")
    grown = known.kind is PartyKind.SOLE_TRADER and command.party.kind is PartyKind.ENTERPRISE
    if command.party.kind is not known.kind and not grown:
        raise NotPermitted("单位性质由监管部门变更", code="role", field="party.kind")
    for field in ("staff", "head", "body"):
        stated = getattr(command.party, field)
        if stated is not None and stated != getattr(known, field):
            raise NotPermitted("从业人员数、主要负责人由监管部门变更", code="role", field=f"party.{field}")
