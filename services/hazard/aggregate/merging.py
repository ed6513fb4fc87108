"""并案 · 撤销: records that should not stand beside another, or not at all."""

from contracts import commands, events
from contracts.terms import Role
from services.hazard.aggregate.hazard import SELF_FOUND, Hazard
from services.hazard.aggregate.persons import PAIR, distinct, require_role
from services.hazard.aggregate.policy import AUTHORITY, LEADS, RP
from services.hazard.aggregate.record import record
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.world import World


def merge(command: commands.MergeHazard, hazard: Hazard, world: World) -> list[events.HazardMerged]:
    """Into the earlier record, which must already carry every order, listing and suspension of this one."""
    survivor = world.others.get(command.survivor)
    if survivor is None or survivor.stage is None:
        raise RuleBroken("并入的隐患不存在：the survivor does not exist", code="unknown_hazard", field="survivor")
    if command.survivor == command.hazard_id or not survivor.is_open:
        raise RuleBroken("须并入另一条未销号的隐患", code="survivor_not_open", field="survivor")
    if not set(command.actor.roles) & {Role.REGULATOR, Role.OFFICER, Role.TOWNSHIP_CHECKER}:
        _check_own(hazard, survivor)
    if survivor.recorded_at and hazard.recorded_at and survivor.recorded_at > hazard.recorded_at:
        raise RuleBroken("应并入先登记的一条，请反向并案", code="survivor_is_later", field="survivor")
    _check_overlays(hazard, survivor)
    return record(events.HazardMerged, command, world)


def _check_own(hazard: Hazard, survivor: Hazard) -> None:
    for one in (hazard, survivor):
        if one.origin not in SELF_FOUND or one.is_major:
            raise NotPermitted("企业只能合并自查发现的两条一般隐患", code="role")


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
    if hazard.is_major:
        require_role(command.actor, Role.REGULATOR, Role.OFFICER)
        _require_names(command)
    elif hazard.origin in SELF_FOUND:
        require_role(command.actor, Role.SAFETY_MANAGER, Role.ENTERPRISE_HEAD)
    else:
        _check_finding_body(command, hazard, world)
    return record(events.HazardWithdrawn, command, world)


def _check_finding_body(command: commands.WithdrawHazard, hazard: Hazard, world: World) -> None:
    require_role(
        command.actor,
        *(
            role
            for role in (*AUTHORITY, Role.VILLAGE_OFFICER, Role.SUPERIOR_INSPECTOR, Role.INTAKE_OFFICER)
            if role not in RP
        ),
    )
    own = command.actor.body in hazard.found_by or any(
        world.directory.is_above(command.actor.body, body) for body in hazard.found_by
    )
    if hazard.found_by and not own:
        raise NotPermitted("应由发现单位撤销", code="other_body", field="actor.body")
    if not set(command.actor.roles) & set(LEADS):
        _require_names(command)


def _require_names(command: commands.WithdrawHazard) -> None:
    if len(distinct(command.names)) < PAIR or command.actor.id not in {name.id for name in command.names}:
        raise RuleBroken("须有两名人员签名，经办人为其一", code="two_names", field="names")
