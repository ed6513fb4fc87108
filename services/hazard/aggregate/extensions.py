"""整改延期: one at a time, later than the deadline in force, decided by the one whose deadline it is."""

from datetime import date

from contracts import commands, events, words
from contracts.parties import Actor, Signatory
from contracts.terms import AssignmentKind, Role
from services.hazard.aggregate.hazard import Due, Extension, Hazard
from services.hazard.aggregate.persons import as_person, check_own_name, is_same, keep_apart, require_role
from services.hazard.aggregate.record import missing, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import belongs, reaches, require_own
from services.hazard.aggregate.world import World


def request(command: commands.RequestExtension, hazard: Hazard, world: World) -> list[events.ExtensionRequested]:
    """Of the deadline in force: the order's, a listing's, or both where they fall on one day."""
    if hazard.extension:
        raise RuleBroken(f"延期至{hazard.extension.until}的申请正在办理", code="extension_pending")
    now = hazard.deadline
    if now is None:
        raise RuleBroken("没有整改时限，无从延期", code="no_deadline")
    _check_later(command.until, now)
    of = tuple(key for key, day in hazard.deadlines().items() if day == now)
    return record(events.ExtensionRequested, command, world, of=of)


def grant(command: commands.GrantExtension, hazard: Hazard, world: World) -> list[events.ExtensionGranted]:
    """Later than the deadline in force and each that it moves, not later than asked; overdue days stay on record."""
    asked = _pending(hazard)
    until = command.until or asked.until
    now = hazard.deadline
    if until > asked.until:
        raise RuleBroken(f"不能超过所申请的{asked.until}", code="more_than_asked", field="until")
    moved = _standing(hazard, asked)
    if not moved:
        raise RuleBroken("所申请延期的时限已不存在，请不予延期后另行申请", code="lapsed")
    if latest := max((day for day in (now, *moved.values()) if day), default=None):
        _check_later(until, latest)
    require(command, decided_by=command.decided_by)
    _check_decider(command, command.decided_by or as_person(command.actor), hazard, asked, world)
    if _listings(hazard, asked) and command.supervisor_opinion is None and not command.historical:
        raise missing("督办单位意见", "supervisor_opinion")
    if _is_internal(hazard, asked) and hazard.is_major and not asked.reported_since and not command.historical:
        raise missing("申请延期后向监管部门的报告", "reports")
    return record(events.ExtensionGranted, command, world, until=until, of=asked.of)


def refuse(command: commands.RefuseExtension, hazard: Hazard, world: World) -> list[events.ExtensionRefused]:
    """By the same who could grant it."""
    asked = _pending(hazard)
    require(command, decided_by=command.decided_by)
    _check_decider(command, command.decided_by or as_person(command.actor), hazard, asked, world)
    return record(events.ExtensionRefused, command, world)


def _pending(hazard: Hazard) -> Extension:
    if hazard.extension is None:
        raise RuleBroken("没有待办的延期申请", code="none_pending")
    return hazard.extension


def _check_decider(
    command: commands.GrantExtension | commands.RefuseExtension,
    decider: Signatory,
    hazard: Hazard,
    asked: Extension,
    world: World,
) -> None:
    for name in (decider, as_person(command.actor)):
        keep_apart(name, "延期申请人", *asked.askers)
    check_own_name(command.actor, (decider,), "decided_by")
    if decider.id != command.actor.id and not command.historical:
        raise NotPermitted("应由决定人本人办理", code="not_named", field="decided_by")
    if listings := _listings(hazard, asked):
        require_role(command.actor, Role.LISTING_AUTHORITY)
        for key in listings:
            require_own(command.actor, hazard.listings[key].body, world, "挂牌时限的延期")
        return
    dues = [hazard.dues[key] for key in asked.of if key in hazard.dues]
    public = [due for due in dues if due.kind is not AssignmentKind.INTERNAL]
    for due in public:
        _check_holder(command.actor, due, hazard, world)
    if not public:
        _check_internal_holder(command.actor, hazard, asked, world)


def _check_holder(actor: Actor, due: Due, hazard: Hazard, world: World) -> None:
    """The lead of the body that set the day, or of one above."""
    if belongs(actor, hazard):
        raise NotPermitted("不能由责任单位自己决定", code="separation", field="actor")
    coordinators = (Role.SAFETY_COMMITTEE,) if due.kind is AssignmentKind.HANDOVER else ()
    require_role(actor, Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD, *coordinators)
    require_own(actor, due.body, world, "延期")


def _check_internal_holder(actor: Actor, hazard: Hazard, asked: Extension, world: World) -> None:
    """The head of the leading party; where he asks himself, the township's lead."""
    heads = [party.head for party in hazard.parties if party.head]
    by_head = asked.by_head or any(is_same(head, asker) for head in heads for asker in asked.askers)
    if not by_head:
        require_role(actor, Role.ENTERPRISE_HEAD)
        if hazard.party is None or actor.enterprise != hazard.party.id:
            raise NotPermitted("应由牵头责任单位的主要负责人决定", code="other_party", field="actor.enterprise")
        return
    require_role(actor, Role.TOWNSHIP_LEAD)
    if belongs(actor, hazard):
        raise NotPermitted("不能由责任单位自己决定", code="separation", field="actor")
    if not reaches(actor, hazard.area, world):
        raise NotPermitted(words.refused("area"), code="area", field="actor.area")


def _standing(hazard: Hazard, asked: Extension) -> dict[str, date | None]:
    """The days of what was asked for, without what was revoked or delisted since."""
    days = {key: due.day for key, due in hazard.dues.items()}
    days |= {key: listing.deadline for key, listing in hazard.open_listings.items()}
    return {key: days[key] for key in asked.of if key in days}


def _check_later(until: date, now: date) -> None:
    if until <= now:
        raise RuleBroken(f"须晚于现时限{now}", code="not_later", field="until")


def _listings(hazard: Hazard, asked: Extension) -> list[str]:
    return [key for key in asked.of if key in hazard.open_listings]


def _is_internal(hazard: Hazard, asked: Extension) -> bool:
    dues = [hazard.dues[key] for key in asked.of if key in hazard.dues]
    return not _listings(hazard, asked) and any(due.kind is AssignmentKind.INTERNAL for due in dues)
