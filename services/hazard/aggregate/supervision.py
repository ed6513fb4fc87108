"""挂牌督办: several bodies may list one hazard, each with its own deadline, each ends its own."""

from contracts import commands, events
from contracts.parties import Actor
from contracts.terms import ClosureKind, DelistingGround, PublicationKind, Role, Stage
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.persons import as_person, check_own_name, keep_apart
from services.hazard.aggregate.policy import RECORDERS
from services.hazard.aggregate.record import overlay_id, pick, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import belongs, require_body, require_own
from services.hazard.aggregate.world import World


def propose(command: commands.ProposeListing, hazard: Hazard, world: World) -> list[events.ListingProposed]:
    """A proposal obliges nobody."""
    return record(events.ListingProposed, command, world, proposal=overlay_id("proposal", hazard))


def decline(command: commands.DeclineListing, hazard: Hazard, world: World) -> list[events.ListingDeclined]:
    """Not by the one who proposed."""
    key = pick(command.proposal, _proposals(hazard), "挂牌提请")
    keep_apart(as_person(command.actor), "提请人", *hazard.listing_proposals[key].askers)
    return record(events.ListingDeclined, command, world, proposal=key)


def list_(command: commands.ListHazard, hazard: Hazard, world: World) -> list[events.HazardListed]:
    """A major hazard only; one listing a body; the proposer does not decide."""
    if not hazard.is_major:
        raise RuleBroken("只有重大事故隐患才挂牌督办", code="not_major")
    body = require_body(command)
    if body in {listing.body for listing in hazard.open_listings.values()}:
        raise RuleBroken("本单位已挂牌，未摘牌前不能重复挂牌", code="already_listed")
    require(command, document=command.document, deadline=command.deadline, supervisor=command.supervisor)
    if command.deadline and command.deadline < world.day(command.occurred_at):
        raise RuleBroken("督办时限不能早于挂牌当天", code="due_in_past", field="deadline")
    if command.proposal is not None:
        pick(command.proposal, _proposals(hazard), "挂牌提请")
    for proposal in hazard.listing_proposals.values():
        keep_apart(as_person(command.actor), "提请人", *proposal.askers)
    return record(events.HazardListed, command, world, listing=overlay_id("listing", hazard))


def file(command: commands.FileListing, hazard: Hazard, world: World) -> list[events.ListingFiled]:
    """With the level above."""
    key = pick(command.listing, list(hazard.listings), "挂牌")
    _check_publisher(command.actor, hazard, key, world)
    return record(events.ListingFiled, command, world, listing=key)


def publish(command: commands.PublishListing, hazard: Hazard, world: World) -> list[events.ListingPublished]:
    """The listing while it stands, its end once it has ended."""
    ended = command.kind is PublicationKind.DELISTED
    fit = [key for key, listing in hazard.listings.items() if listing.ended is ended]
    key = pick(command.listing, fit, "可公告的挂牌")
    _check_publisher(command.actor, hazard, key, world)
    publication = overlay_id("publication", hazard)
    return record(events.ListingPublished, command, world, listing=key, publication=publication)


def _check_publisher(actor: Actor, hazard: Hazard, key: str, world: World) -> None:
    if Role.SAFETY_COMMITTEE not in actor.roles:
        require_own(actor, hazard.listings[key].body, world, "备案、公告")


def recall(command: commands.WithdrawPublication, hazard: Hazard, world: World) -> list[events.PublicationWithdrawn]:
    """By the body that published."""
    public = [key for key, publication in hazard.publications.items() if not publication.withdrawn]
    key = pick(command.publication, public, "公告")
    if command.actor.body != hazard.publications[key].body:
        raise NotPermitted("应由原公告单位撤回", code="other_body", field="actor.body")
    return record(events.PublicationWithdrawn, command, world, publication=key)


def apply(command: commands.ApplyForDelisting, hazard: Hazard, world: World) -> list[events.DelistingApplied]:
    """By the party, or by the supervising body for it."""
    key = pick(command.listing, list(hazard.open_listings), "挂牌")
    listing = hazard.listings[key]
    if listing.applicants:
        raise RuleBroken("摘牌申请正在办理", code="pending")
    recorder = command.actor.on_behalf_of is not None and set(command.actor.roles) & set(RECORDERS)
    if not (belongs(command.actor, hazard) or recorder or command.actor.body == listing.supervisor):
        raise NotPermitted("应由责任单位或督办单位申请摘牌", code="other_body", field="actor.body")
    return record(events.DelistingApplied, command, world, listing=key)


def refuse(command: commands.RefuseDelisting, hazard: Hazard, world: World) -> list[events.DelistingRefused]:
    """By that listing's body."""
    applied = [key for key, listing in hazard.open_listings.items() if listing.applicants]
    key = pick(command.listing, applied, "摘牌申请")
    listing = hazard.listings[key]
    require_own(command.actor, listing.body, world, "不予摘牌")
    keep_apart(as_person(command.actor), "申请人", *listing.applicants)
    return record(events.DelistingRefused, command, world, listing=key)


def delist(command: commands.DelistHazard, hazard: Hazard, world: World) -> list[events.HazardDelisted]:
    """By its own body or one above; who verified or applied does not sign."""
    key = pick(command.listing, list(hazard.open_listings), "挂牌")
    listing = hazard.listings[key]
    require_own(command.actor, listing.body, world, "摘牌")
    _check_ground(command, hazard, key, world)
    require(command, signer=command.signed_by)
    signer = command.signed_by or as_person(command.actor)
    check_own_name(command.actor, (signer,), "signed_by")
    if signer.body is not None:
        require_own(signer, listing.body, world, "摘牌签发")
    keep_apart(signer, "复查人员", *hazard.verifiers)
    for name in (signer, as_person(command.actor)):
        keep_apart(name, "申请人", *listing.applicants)
    return record(events.HazardDelisted, command, world, listing=key)


def _check_ground(command: commands.DelistHazard, hazard: Hazard, key: str, world: World) -> None:
    others = [listing.body for other, listing in hazard.open_listings.items() if other != key]
    match command.ground:
        case DelistingGround.RECTIFIED if hazard.stage is not Stage.VERIFIED:
            raise WrongStage("复查合格后才能以整改完成摘牌", code="stage", field="ground")
        case DelistingGround.CEASED if hazard.closure is not ClosureKind.CEASED:
            raise WrongStage("灭失销号后才能以灭失摘牌", code="stage", field="ground")
        case DelistingGround.SUPERSEDED:
            if not any(world.directory.is_above(other, hazard.listings[key].body) for other in others):
                raise RuleBroken("没有替代它的上级挂牌", code="not_superseded", field="ground")
        case DelistingGround.REVOKED:
            require(command, number=command.document.number if command.document else None)
        case _:
            pass


def _proposals(hazard: Hazard) -> list[str]:
    return [key for key, proposal in hazard.listing_proposals.items() if not proposal.answered]
