"""停产停业 · 复产, and orders that lose their force. Each ends by its own body, one above, or a revocation."""

from contracts import commands, events, words
from contracts.terms import Flag, Power, RevocationAct, Role, Stage, SuspensionKind
from services.hazard.aggregate.hazard import Hazard, Suspension
from services.hazard.aggregate.persons import PAIR, as_person, distinct, keep_apart, require_role, require_two
from services.hazard.aggregate.policy import LEADS
from services.hazard.aggregate.record import missing, overlay_id, pick, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import require_body, require_colleagues, require_own, require_power
from services.hazard.aggregate.world import World

LISTERS = (Role.LISTING_AUTHORITY,)


def order(command: commands.OrderSuspension, hazard: Hazard, world: World) -> list[events.SuspensionOrdered]:
    """Needs no grade, plan or submission; approved by a lead who is none of the officers; its number may follow."""
    require_body(command)
    require(command, basis=command.basis, officers=command.officers, approved_by=command.approved_by)
    if command.kind is SuspensionKind.OTHER_BODY:
        _check_other_body(command, world)
    else:
        require_power(command, Power.ORDER_SUSPENSION, hazard, world)
        require_two(command.actor, command.officers, "officers", historical=command.historical)
        require_colleagues(command, command.officers, "officers", hazard)
    if command.kind is SuspensionKind.PENALTY:
        require_power(command, Power.PENALISE, hazard, world)
        require(command, legal_review_by=command.legal_review_by)
    for name in command.officers:
        keep_apart(name, "批准人", command.approved_by)
        keep_apart(name, "法制审核人员", command.legal_review_by)
    _check_approver(command, world)
    number = command.document.number if command.document else None
    if number is None and not command.document_pending and not command.historical:
        raise missing("文书编号（口头决定请标明文号待补）", "document.number")
    pending = Flag.DOCUMENT_PENDING if number is None else None
    ungraded = Flag.UNGRADED if hazard.grade is None else None
    return record(
        events.SuspensionOrdered,
        command,
        world,
        ungraded,
        pending,
        suspension=overlay_id("suspension", hazard),
        document_pending=number is None,
    )


def _check_other_body(command: commands.OrderSuspension, world: World) -> None:
    """Another body's decision, entered here: its two officers stand on it, and it has the power."""
    bodies = {name.body for name in command.officers}
    if command.historical and bodies <= {None}:
        return
    if len(bodies) != 1 or bodies <= {None, command.actor.body}:
        raise RuleBroken("须注明作出决定的另一机关的执法人员", code="other_body", field="officers")
    body = world.directory.body(next(iter(bodies)))
    if body is None or not body.has(Power.ORDER_SUSPENSION, world.day(command.occurred_at)):
        raise NotPermitted(words.refused("power", 单位="有权机关"), code="power", field="officers")
    if len(distinct(command.officers)) < PAIR and not command.historical:
        raise RuleBroken(words.refused("incomplete", 项="两名不同人员签名"), code="two_names", field="officers")


def _check_approver(command: commands.OrderSuspension, world: World) -> None:
    """The lead of the body that decides, or of one above."""
    approver = command.approved_by
    if approver is None or (approver.role is None and command.historical):
        return
    if approver.role is not Role.REGULATOR_LEAD:
        raise missing("监管部门负责人批准（职务）", "approved_by.role")
    deciding = command.actor.body
    if command.kind is SuspensionKind.OTHER_BODY:
        deciding = next((name.body for name in command.officers), deciding)
    if approver.body is None and not command.historical:
        raise missing("批准人的单位", "approved_by.body")
    if approver.body is not None and deciding is not None:
        require_own(approver, deciding, world, "停产停业的批准")


def confirm(command: commands.ConfirmSuspension, hazard: Hazard, world: World) -> list[events.SuspensionComplied]:
    """As found on site."""
    key = pick(command.suspension, list(hazard.open_suspensions), "停产停业决定")
    return record(events.SuspensionComplied, command, world, suspension=key)


def apply(command: commands.ApplyForResumption, hazard: Hazard, world: World) -> list[events.ResumptionApplied]:
    """One application at a time for each order."""
    key = pick(command.suspension, list(hazard.open_suspensions), "停产停业决定")
    if hazard.suspensions[key].applicants:
        raise RuleBroken("复产申请正在办理", code="pending")
    return record(events.ResumptionApplied, command, world, suspension=key)


def refuse(command: commands.RefuseResumption, hazard: Hazard, world: World) -> list[events.ResumptionRefused]:
    """By the body that ordered."""
    applied = [key for key, suspension in hazard.open_suspensions.items() if suspension.applicants]
    key = pick(command.suspension, applied, "复产申请")
    require_own(command.actor, hazard.suspensions[key].body, world, "不同意复产")
    keep_apart(as_person(command.actor), "复产申请人", *hazard.suspensions[key].applicants)
    return record(events.ResumptionRefused, command, world, suspension=key)


def resume(command: commands.ResumeOperations, hazard: Hazard, world: World) -> list[events.OperationsResumed]:
    """In full only once verified; on trial before that, with an end. Who reviewed or applied does not consent."""
    key = pick(command.suspension, list(hazard.open_suspensions), "停产停业决定")
    suspension = hazard.suspensions[key]
    require_own(command.actor, suspension.body, world, "同意恢复生产")
    if not command.trial and hazard.stage is not Stage.VERIFIED:
        raise WrongStage("复查合格后才能全面恢复生产；之前只能试生产", code="stage", field="trial")
    if command.trial:
        if hazard.stage is Stage.VERIFIED:
            raise WrongStage(words.refused("stage", 环节=words.stage(Stage.VERIFIED)), field="trial")
        require(command, trial_until=command.trial_until)
        if command.trial_until and command.trial_until < world.day(command.occurred_at):
            raise RuleBroken("试生产截止日不能早于当天", code="due_in_past", field="trial_until")
    _check_consent(command, hazard, suspension, world)
    return record(events.OperationsResumed, command, world, suspension=key)


def _check_consent(command: commands.ResumeOperations, hazard: Hazard, suspension: Suspension, world: World) -> None:
    require(command, consented_by=command.consented_by)
    consents = [name for name in (command.consented_by,) if name]  # an old record may not name him
    if any(name.role is not Role.REGULATOR_LEAD and (name.role or not command.historical) for name in consents):
        raise missing("监管部门负责人同意（职务）", "consented_by.role")
    signed = (*command.reviewers, *consents)
    require_two(command.actor, signed, "reviewers", certified=False, historical=command.historical)
    if len(distinct(command.reviewers)) < PAIR and not command.historical:
        raise missing("两名审查人员", "reviewers")
    for name in signed:
        if name.body is not None or not command.historical:
            require_own(name, suspension.body, world, f"{name.name}所签的复产审查")
    for name in consents:
        keep_apart(name, "审查人员", *command.reviewers)
        keep_apart(name, "复查人员", *hazard.verifiers)
    for name in (*signed, as_person(command.actor)):
        keep_apart(name, "复产申请人", *suspension.applicants)


def revoke(command: commands.RevokeOrder, hazard: Hazard, world: World) -> list[events.OrderRevoked]:
    """By the lead of the body that decided or of one above; or on a court's or review body's own document."""
    among = {
        "order": {key: due.body for key, due in hazard.orders.items()},
        "suspension": {key: suspension.body for key, suspension in hazard.open_suspensions.items()},
        "listing": {key: listing.body for key, listing in hazard.open_listings.items()},
    }[command.order]
    key = pick(command.target, list(among), "决定")
    require(command, number=command.document.number if command.document else None)
    if command.act in {RevocationAct.ANNULLED_BY_COURT, RevocationAct.ANNULLED_ON_REVIEW}:
        if command.document is None or command.document.scan is None:
            raise missing("法院、复议机关文书的扫描件", "document.scan")
        if command.deciding_body.id == command.actor.body is not None:
            raise NotPermitted("法院、复议机关的决定须注明该机关", code="other_body", field="deciding_body")
    else:
        require_own(command.actor, among[key], world, "撤销、变更")
        require_role(command.actor, *(LISTERS if command.order == "listing" else LEADS))
    return record(events.OrderRevoked, command, world, target=key)
