"""并案 · 撤销: records that should not stand beside another, or not at all."""

from datetime import date

from contracts import commands, events, words
from contracts.terms import Grade, Role
from services.hazard.aggregate.hazard import SELF_FOUND, WEIGHT, Hazard
from services.hazard.aggregate.persons import PAIR, check_own_name, distinct, require_role
from services.hazard.aggregate.policy import LEADS
from services.hazard.aggregate.record import record
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import (
    belongs,
    is_involved,
    reaches,
    require_colleagues,
    require_competent,
    require_own,
)
from services.hazard.aggregate.verification import verification_class
from services.hazard.aggregate.world import World

BY_AUTHORITY = frozenset({"O", "M", "X"})


def merge(command: commands.MergeHazard, hazard: Hazard, world: World) -> list[events.HazardMerged]:
    """Into the earlier record, which must already carry every order, listing and suspension of this one."""
    survivor = world.others.get(command.survivor)
    if survivor is None or survivor.stage is None:
        raise RuleBroken("并入的隐患不存在：the survivor does not exist", code="unknown_hazard", field="survivor")
    if command.survivor == command.hazard_id or not survivor.is_open:
        raise RuleBroken("须并入另一条未销号的隐患", code="survivor_not_open", field="survivor")
    if not set(command.actor.roles) & {Role.REGULATOR, Role.OFFICER, Role.TOWNSHIP_CHECKER}:
        _check_own(command, hazard, survivor)
    elif not (reaches(command.actor, survivor.area, world) or is_involved(command.actor, survivor)):
        raise NotPermitted(words.refused("area"), code="area", field="survivor")
    if survivor.recorded_at and hazard.recorded_at and survivor.recorded_at > hazard.recorded_at:
        raise RuleBroken("应并入先登记的一条，请反向并案", code="survivor_is_later", field="survivor")
    _check_parties(hazard, survivor)
    _check_overlays(hazard, survivor)
    _check_weight(hazard, survivor)
    return record(events.HazardMerged, command, world)


def _check_own(command: commands.MergeHazard, hazard: Hazard, survivor: Hazard) -> None:
    if not belongs(command.actor, survivor):
        raise NotPermitted(words.refused("area"), code="area", field="survivor")
    for one in (hazard, survivor):
        if one.origin not in SELF_FOUND or one.is_major:
            raise NotPermitted("企业只能合并自查发现的两条一般隐患", code="role")


def _check_parties(hazard: Hazard, survivor: Hazard) -> None:
    """One thing has one set of parties: who is responsible here must be so there."""
    if not {party.id for party in hazard.parties} <= {party.id for party in survivor.parties}:
        raise RuleBroken("请先把责任单位列为并入隐患的（共同）责任单位", code="other_party", field="survivor")


def _check_weight(hazard: Hazard, survivor: Hazard) -> None:
    """Merging lowers no grade, moves no deadline back, and takes nothing out of the authority's or superior's sight."""
    if hazard.is_major and not (survivor.is_major and _weight(survivor) >= _weight(hazard)):
        raise RuleBroken("并入的隐患等级较低，请先判定或调整其等级", code="grade_would_be_lost", field="survivor")
    mine, theirs = _public_deadline(hazard), _public_deadline(survivor)
    if mine and (theirs is None or theirs > mine):
        raise RuleBroken(f"并入的隐患须有不晚于{mine}的时限", code="deadline_would_be_lost", field="survivor")
    if verification_class(hazard) in BY_AUTHORITY and verification_class(survivor) not in BY_AUTHORITY:
        reason = "并入的隐患由企业自行验收，请先对其责令改正：the survivor would be verified by its own enterprise"
        raise RuleBroken(reason, code="class_would_be_lost", field="survivor")
    if not set(hazard.handed_down_by) <= set(survivor.handed_down_by):
        raise RuleBroken("上级交办的隐患不得并入未交办的一条", code="overlay_would_be_lost", field="survivor")


def _weight(hazard: Hazard) -> int:
    return WEIGHT[hazard.grade or (Grade.SUSPECTED_MAJOR if hazard.suspected else Grade.GENERAL)]


def _public_deadline(hazard: Hazard) -> date | None:
    """Of orders and listings."""
    days = {*(due.day for due in hazard.orders.values()), *(one.deadline for one in hazard.open_listings.values())}
    return min((day for day in days if day), default=None)


def _check_overlays(hazard: Hazard, survivor: Hazard) -> None:
    pairs = (
        ("责令改正", {due.body for due in hazard.orders.values()}, {due.body for due in survivor.orders.values()}),
        (
            "挂牌督办",
            {listing.body for listing in hazard.open_listings.values()},
            {listing.body for listing in survivor.open_listings.values()},
        ),
        (
            "停产停业",
            {suspension.body for suspension in hazard.open_suspensions.values()},
            {suspension.body for suspension in survivor.open_suspensions.values()},
        ),
    )
    for what, here, there in pairs:
        if not here <= there:
            raise RuleBroken(f"{what}须先在并入的隐患上成立，才能并案", code="overlay_would_be_lost")


def withdraw(command: commands.WithdrawHazard, hazard: Hazard, world: World) -> list[events.HazardWithdrawn]:
    """An enterprise takes back only its own general finding; a major one wants two names of the authority."""
    if hazard.open_listings or hazard.open_suspensions:
        raise RuleBroken("挂牌或停产停业期间不得撤销", code="listed_or_suspended")
    if belongs(command.actor, hazard) and (hazard.origin not in SELF_FOUND or hazard.is_major):
        raise NotPermitted("责任单位不能撤销他人发现的或重大的隐患", code="separation", field="actor")
    for body in (*(due.body for due in hazard.orders.values()), *hazard.handed_down_by):
        require_own(command.actor, body, world, "有责令改正或上级交办的，撤销")
    if hazard.is_major:
        require_role(command.actor, Role.REGULATOR, Role.OFFICER)
        require_competent(command, hazard, world, "重大事故隐患的撤销")
        _require_names(command, hazard)
    elif hazard.origin in SELF_FOUND:
        require_role(command.actor, Role.SAFETY_MANAGER, Role.ENTERPRISE_HEAD)
    else:
        _check_finding_body(command, hazard, world)
    return record(events.HazardWithdrawn, command, world)


def _check_finding_body(command: commands.WithdrawHazard, hazard: Hazard, world: World) -> None:
    own = command.actor.body in hazard.found_by or any(
        world.directory.is_above(command.actor.body, body) for body in hazard.found_by
    )
    if not hazard.found_by:
        require_competent(command, hazard, world, "撤销")
    elif not own:
        raise NotPermitted("应由发现单位撤销", code="other_body", field="actor.body")
    if not set(command.actor.roles) & set(LEADS):
        _require_names(command, hazard)


def _require_names(command: commands.WithdrawHazard, hazard: Hazard) -> None:
    if len(distinct(command.names)) < PAIR or command.actor.id not in {name.id for name in command.names}:
        raise RuleBroken("须有两名人员签名，经办人为其一", code="two_names", field="names")
    check_own_name(command.actor, command.names, "names")
    require_colleagues(command, command.names, "names", hazard)
