"""After a visit: expert opinions, signatures, offers declined, the record mended or taken back."""

from contracts import commands, events, words
from contracts.terms import Role, VisitKind
from services.hazard.aggregate.authorship import check_correction
from services.hazard.aggregate.persons import require_role
from services.hazard.aggregate.policy import ENTERPRISE_ROLES, LEADS
from services.hazard.aggregate.record import missing, record
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import belongs
from services.hazard.aggregate.world import World
from services.hazard.inspection.inspection import Inspection
from services.hazard.inspection.manner import check_signer

GRAVE = (Role.REGULATOR, Role.OFFICER, Role.REGULATOR_LEAD, Role.TOWNSHIP_CHECKER, Role.TOWNSHIP_LEAD)
"""Who may say that what looks major is no hazard."""


def give_opinion(
    command: commands.GiveExpertOpinion, inspection: Inspection, world: World
) -> list[events.ExpertOpinionGiven]:
    """An expert speaks for himself; the others enter what experts have signed."""
    if Role.EXPERT in command.actor.roles:
        if command.actor.id not in {one.id for one in command.experts}:
            raise NotPermitted(
                "经办专家须是提出意见的专家之一：the actor must be one of them", code="not_named", field="experts"
            )
    elif command.document is None and not command.historical:
        raise missing("专家签名的意见书", "document")
    return record(events.ExpertOpinionGiven, command, world, opinion_id=f"opinion-{inspection.version + 1}")


def sign(command: commands.SignInspection, inspection: Inspection, world: World) -> list[events.InspectionSigned]:
    """The party signs, or those who visited record that it would not; a signature stands."""
    if bool(command.signed_by) == bool(command.refused_to_sign):
        raise RuleBroken("请填签字人，或记录拒绝签字的情况，只填一项：signed or refused", code="two_minds")
    if inspection.signed:
        raise RuleBroken("检查记录已经签字：it is signed", code="signed_already")
    if command.refused_to_sign and set(command.actor.roles) <= ENTERPRISE_ROLES:
        raise NotPermitted("拒绝签字由检查人员记录", field="refused_to_sign")
    if command.signed_by and inspection.visit and inspection.visit.kind is not VisitKind.SELF_CHECK:
        check_signer(command, command.signed_by, inspection.inspectors, inspection.party)
    return record(events.InspectionSigned, command, world)


def decline(command: commands.DeclineOffer, inspection: Inspection, world: World) -> list[events.OfferDeclined]:
    """An enterprise answers for its self-check, a body for its visit; what may be major is for officials to drop."""
    offer = (command.checklist, command.item)
    visit = inspection.visit
    offered = visit.offered if visit else frozenset()
    if offer not in offered:
        there = "、".join(f"{name} 第{item}项" for name, item in sorted(offered)) or "无"
        raise RuleBroken(f"该次检查的这一项没有可立项的问题，可立项的有：{there}", code="no_offer", field="item")
    if offer in inspection.declined:
        raise RuleBroken("该项已不予立项：declined already", code="declined_already", field="item")
    roles = set(command.actor.roles)
    if offer in inspection.suspected and not roles & set(GRAVE):
        raise NotPermitted(words.refused("role", 角色=words.roles(GRAVE)), field="item")
    _check_side(command, inspection)
    if visit and visit.kind is not VisitKind.SELF_CHECK:
        _check_maker(command, inspection, world, "不予立项")
    return record(events.OfferDeclined, command, world)


def correct(
    command: commands.CorrectInspection, inspection: Inspection, world: World
) -> list[events.InspectionCorrected]:
    """Only by the side that wrote it, only what it wrote, and only what identifies."""
    check_correction(command, inspection.authors, [one.id for one in inspection.inspectors])
    return record(events.InspectionCorrected, command, world)


def withdraw(
    command: commands.WithdrawInspection, inspection: Inspection, world: World
) -> list[events.InspectionWithdrawn]:
    """By who made it; 行政检查 by a lead, never by its officers alone. Hazards and orders that rest on it stand."""
    if inspection.visit and inspection.visit.kind is VisitKind.INSPECTION:
        require_role(command.actor, *LEADS)
    _check_side(command, inspection)
    _check_maker(command, inspection, world, "撤销")
    return record(events.InspectionWithdrawn, command, world)


def _check_maker(command: commands.InspectionCommand, inspection: Inspection, world: World, act: str) -> None:
    """Where the record says which bodies made the visit, it is for one of them, or one above."""
    body, made_by = command.actor.body, {*inspection.visited_by, inspection.authors[0].body} - {None}
    above = any(world.directory.is_above(body, one) for one in made_by)
    if command.actor.enterprise is None and made_by and body not in made_by and not above:
        reason = f"须由作出检查的单位或其上级{act}：it belongs to who made it"
        raise NotPermitted(reason, code="other_body", field="actor.body")


def _check_side(command: commands.InspectionCommand, inspection: Inspection) -> None:
    """A self-check is the enterprise's own; any other visit is not for the enterprise to change."""
    own = inspection.visit is not None and inspection.visit.kind is VisitKind.SELF_CHECK
    for_party = belongs(command.actor, inspection.place) and bool(set(command.actor.roles) & ENTERPRISE_ROLES)
    if for_party and not own:
        raise NotPermitted("须由检查单位办理：it belongs to those who visited", code="other_body", field="actor")
