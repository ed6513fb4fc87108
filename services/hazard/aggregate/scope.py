"""Own enterprise, own area, own competence, own power: checked for every line of the table."""

from contracts import words
from contracts.commands import Command
from contracts.parties import Actor
from contracts.terms import Power, Role
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.policy import ENTERPRISE_ROLES
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.world import World


def check_scope(command: Command, roles: frozenset[Role], hazard: Hazard, world: World) -> None:
    """At least one of the admitted roles must reach this hazard."""
    actor = command.actor
    if Role.NOTIFIER in roles:
        return
    if roles & ENTERPRISE_ROLES and belongs(actor, hazard):
        return
    if roles - ENTERPRISE_ROLES and (reaches(actor, hazard.area, world) or is_involved(actor, hazard)):
        check_recorder(command, hazard)
    else:
        raise NotPermitted(words.refused("area"), code="area", field="actor.area")


def check_recorder(command: Command, hazard: Hazard) -> None:
    """A recorder needs the paper that the party signed, and enters it for a party of this hazard."""
    principal = command.actor.on_behalf_of
    if principal is None or command.historical:
        return
    if principal.paper is None:
        reason = words.refused("incomplete", 项="当事人签字的纸质件或照片（代录）")
        raise RuleBroken(reason, code="incomplete", field="actor.on_behalf_of.paper")
    if hazard.parties and principal.enterprise not in {party.id for party in hazard.parties}:
        raise NotPermitted(words.refused("area"), code="area", field="actor.on_behalf_of.enterprise")


def belongs(actor: Actor, hazard: Hazard) -> bool:
    """The actor's enterprise (or public body) is a responsible party."""
    ids = {party.id for party in hazard.parties} | {party.body for party in hazard.parties if party.body}
    return bool({actor.enterprise, actor.body} & ids)


def reaches(actor: Actor, area: str, world: World) -> bool:
    """The hazard lies in the area of the actor's office; the directory's word on that area comes before his own."""
    body = world.directory.body(actor.body)
    office = body.area if body else actor.area
    return office is not None and area.startswith(office) and (actor.area is None or area.startswith(actor.area))


def is_involved(actor: Actor, hazard: Hazard) -> bool:
    """The actor's body has a part in it already, wherever it sits."""
    parts = {hazard.competent, *hazard.found_by, hazard.transfer.to_body if hazard.transfer else None}
    parts |= {listing.body for listing in hazard.listings.values()}
    parts |= {suspension.body for suspension in hazard.suspensions.values()}
    return actor.body is not None and actor.body in parts


def is_competent(body_id: str | None, hazard: Hazard, world: World) -> bool:
    """Its hazard: the body that has it, or one above; while nobody has it, any body that supervises this sector."""
    if body_id is None:
        return False
    if hazard.competent:
        return body_id == hazard.competent or world.directory.is_above(body_id, hazard.competent)
    body = world.directory.body(body_id)
    return body is not None and (hazard.sector is None or hazard.sector in body.competences)


def require_power(command: Command, power: Power, hazard: Hazard, world: World) -> None:
    """The actor's body holds that power on that day and is competent; if not, the refusal says whom to transfer to."""
    if command.historical and command.actor.body is None:
        return
    day = world.day(command.occurred_at)
    body = world.directory.body(command.actor.body)
    if body and body.has(power, day) and is_competent(body.id, hazard, world):
        return
    better = world.directory.competent_for(hazard.sector, hazard.area, power, day)
    name = better.name if better else "有权机关"
    raise NotPermitted(words.refused("power", 单位=name), code="power", field="actor.body")


def require_own(actor: Actor, body: str | None, world: World, what: str) -> None:
    """The act belongs to that body, or to one above it."""
    if body is None or (actor.body != body and not world.directory.is_above(actor.body, body)):
        named = world.directory.body(body)
        reason = f"{what}应由{named.name if named else body or '原决定单位'}或其上级办理"
        raise NotPermitted(reason, code="other_body", field="actor.body")
