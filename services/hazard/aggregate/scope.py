"""Own enterprise, own area, own competence, own power: checked for every line of the table."""

from collections.abc import Iterable

from contracts import words
from contracts.commands import Command
from contracts.parties import Actor, Signatory
from contracts.terms import Power, Role
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.policy import ENTERPRISE_ROLES
from services.hazard.aggregate.record import missing
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
    if principal is None:
        return
    if principal.paper is None and not command.historical:
        reason = words.refused("incomplete", 项="当事人签字的纸质件或照片（代录）")
        raise RuleBroken(reason, code="incomplete", field="actor.on_behalf_of.paper")
    unnamed = principal.enterprise is None and command.historical
    if hazard.parties and principal.enterprise not in {party.id for party in hazard.parties} and not unnamed:
        raise NotPermitted(words.refused("area"), code="area", field="actor.on_behalf_of.enterprise")


def belongs(actor: Actor, hazard: Hazard) -> bool:
    """The actor's enterprise (or public body) is a responsible party."""
    return bool({actor.enterprise, actor.body} & hazard.party_ids)


def reaches(actor: Actor, area: str, world: World) -> bool:
    """The hazard lies in the area of the actor's office; the directory's word on that area comes before his own."""
    body = world.directory.body(actor.body)
    office = body.area if body else actor.area
    return office is not None and area.startswith(office) and (actor.area is None or area.startswith(actor.area))


def is_involved(actor: Actor, hazard: Hazard) -> bool:
    """The actor's body has a part in it already, wherever it sits."""
    parts = {hazard.competent, *hazard.found_by, hazard.transfer.to_body if hazard.transfer else None}
    parts |= {listing.body for listing in hazard.listings.values()}
    parts |= {listing.supervisor for listing in hazard.listings.values()}
    parts |= {suspension.body for suspension in hazard.suspensions.values()}
    parts |= {due.body for due in hazard.dues.values()} | {report.receiver for report in hazard.reports.values()}
    return actor.body is not None and actor.body in parts


def is_competent(body_id: str | None, hazard: Hazard, world: World) -> bool:
    """Its hazard: the body that has it, or one above; while nobody has it, any that supervises this sector there.

    Who has it by being first to order keeps out nobody who supervises the sector over a wider area; only an assignment
    from above is binding on them.
    """
    if body_id is None:
        return False
    body, holder = world.directory.body(body_id), world.directory.body(hazard.competent)
    if hazard.competent:
        if body_id == hazard.competent or world.directory.is_above(body_id, hazard.competent):
            return True
        wider = body is not None and holder is not None and len(body.area) < len(holder.area)
        if hazard.binding or not wider:
            return False
    if body is None or not hazard.area.startswith(body.area):
        return False
    return hazard.sector is None or hazard.sector in body.competences


def is_old_and_unnamed(command: Command) -> bool:
    """An old record that does not say by which body it was done."""
    return command.historical is not None and command.actor.body is None


def require_body(command: Command) -> str | None:
    """What a body decides bears its name, or nobody could end it."""
    if command.actor.body is None and not command.historical:
        raise missing("经办人所在单位", "actor.body")
    return command.actor.body


def require_colleagues(command: Command, names: Iterable[Signatory], field: str, hazard: Hazard) -> None:
    """Who signs beside the actor is of his body; after a joint inspection of any body that took part."""
    own = {None, command.actor.body, *(hazard.found_by if hazard.joint else ())}
    if command.actor.body is None:
        return
    if stranger := next((name for name in names if name.body not in own), None):
        raise NotPermitted(f"{stranger.name}不是本单位人员", code="other_body", field=field)


def require_competent(command: Command, hazard: Hazard, world: World, what: str) -> None:
    """The act belongs to the body whose hazard it is; an old record may not say which body acted."""
    if not is_old_and_unnamed(command) and not is_competent(command.actor.body, hazard, world):
        raise NotPermitted(f"{what}应由有管辖权的单位办理", code="other_body", field="actor.body")


def require_power(command: Command, power: Power, hazard: Hazard, world: World) -> None:
    """The actor's body holds that power on that day and is competent; if not, the refusal says whom to transfer to."""
    if is_old_and_unnamed(command):
        return
    day = world.day(command.occurred_at)
    body = world.directory.body(command.actor.body)
    if body and body.has(power, day) and is_competent(body.id, hazard, world):
        return
    better = world.directory.competent_for(hazard.sector, hazard.area, power, day)
    name = better.name if better else "有权机关"
    raise NotPermitted(words.refused("power", 单位=name), code="power", field="actor.body")


def require_own(actor: Actor | Signatory, body: str | None, world: World, what: str) -> None:
    """The act belongs to that body, or to one above it."""
    if body is None or (actor.body != body and not world.directory.is_above(actor.body, body)):
        named = world.directory.body(body)
        reason = f"{what}应由{named.name if named else body or '原决定单位'}或其上级办理"
        raise NotPermitted(reason, code="other_body", field="actor.body")
