"""`evolve`: the state after an event. It never refuses, and passes over what no later decision needs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from contracts import events
from contracts.envelope import Unreadable
from contracts.events import Event
from contracts.parties import Actor, Party, Person, Signatory
from contracts.terms import AssignmentKind, Origin, PartyChange, ReopeningKind, Role, Stage, SuspensionKind
from services.hazard.aggregate.authorship import author
from services.hazard.aggregate.hazard import (
    Author,
    Claim,
    Due,
    Extension,
    Hazard,
    Listing,
    Proposal,
    Publication,
    Report,
    Suspension,
    Transfer,
)

T = TypeVar("T")

TOKEN = 128
"""Characters of an id at most."""


def evolve(hazard: Hazard, event: Event | Unreadable) -> Hazard:
    """Fold one event. One that cannot be read marks the state; the versions go on counting."""
    if isinstance(event, Unreadable):
        return hazard.but(
            version=hazard.version + 1,
            authors=(*hazard.authors, Author(None, None)),
            unreadable=hazard.unreadable or event.why,
        )
    after = _apply(hazard, event)
    actor = event.actor
    changes: dict[str, object] = {"authors": (*hazard.authors, author(event, hazard.authors))}
    if actor.on_behalf_of and actor.id not in {recorder.id for recorder in hazard.recorders}:
        changes["recorders"] = (*hazard.recorders, _named(actor))
    if not event.historical and Role.NOTIFIER not in actor.roles:
        changes["live"] = True
    return after.but(version=hazard.version + 1, **changes)


def _apply(hazard: Hazard, event: Event) -> Hazard:  # noqa: C901, PLR0911, PLR0912, PLR0915  (a table)
    match event:
        case events.HazardFound():
            return _found(hazard, event)
        case events.HazardGraded():
            moved = Stage.GRADED if hazard.stage is Stage.FOUND else hazard.stage
            return hazard.but(stage=moved, grade=event.grade, graded_by=event.actor.body)
        case events.HazardRegraded():
            return hazard.but(grade=event.grade, graded_by=event.actor.body)
        case events.HazardCorrected():
            return hazard if event.photos is None else hazard.but(photographed=bool(event.photos))
        case events.HazardMerged():
            return hazard.but(stage=Stage.MERGED)
        case events.HazardWithdrawn():
            return hazard.but(stage=Stage.WITHDRAWN)
        case events.ObjectionRecorded():
            open_objection = Proposal(event.to_body, _persons(event.actor))
            return hazard.but(objections={**hazard.objections, event.objection: open_objection})
        case events.ObjectionAnswered():
            return hazard.but(objections=_answered(hazard.objections, event.objection))
        case events.HazardAssigned():
            return _assigned(hazard, event)
        case events.RectificationPlanned():
            return hazard.but(plan=event)
        case events.RectificationStarted():
            return _move(hazard, {Stage.ASSIGNED: Stage.RECTIFYING})
        case events.ResponsiblePartyChanged():
            return _party_changed(hazard, event)
        case events.ReportedToRegulator():
            extension = hazard.extension and replace(hazard.extension, reported_since=True)
            report = Report(event.receiver.id)
            return hazard.but(reports={**hazard.reports, event.report: report}, extension=extension)
        case events.ReportAcknowledged():
            return hazard.but(reports=_changed(hazard.reports, event.report, acknowledged=True))
        case events.ReportedToWorkers():
            told = _enterprise(event.actor) or (hazard.party.id if hazard.party else "")
            return hazard.but(workers_told=hazard.workers_told | {told})
        case events.ListingProposed():
            proposal = Proposal(event.actor.body, _persons(event.actor))
            return hazard.but(listing_proposals={**hazard.listing_proposals, event.proposal: proposal})
        case events.ListingDeclined():
            return hazard.but(listing_proposals=_answered(hazard.listing_proposals, event.proposal))
        case events.HazardListed():
            return _listed(hazard, event)
        case events.ListingPublished():
            publication = Publication(event.actor.body, event.listing)
            return hazard.but(publications={**hazard.publications, event.publication: publication})
        case events.PublicationWithdrawn():
            return hazard.but(publications=_changed(hazard.publications, event.publication, withdrawn=True))
        case events.DelistingApplied():
            asked = _changed(hazard.listings, event.listing, applicants=_persons(event.actor))
            return hazard.but(listings=asked)
        case events.DelistingRefused():
            return hazard.but(listings=_changed(hazard.listings, event.listing, applicants=()))
        case events.HazardDelisted():
            return hazard.but(listings=_changed(hazard.listings, event.listing, ended=True, applicants=()))
        case events.SuspensionOrdered():
            return _suspended(hazard, event)
        case events.ResumptionApplied():
            waiting = _changed(hazard.suspensions, event.suspension, applicants=_persons(event.actor))
            return hazard.but(suspensions=waiting)
        case events.ResumptionRefused():
            return hazard.but(suspensions=_changed(hazard.suspensions, event.suspension, applicants=()))
        case events.OperationsResumed():
            ended = _changed(hazard.suspensions, event.suspension, ended=not event.trial, applicants=())
            return hazard.but(suspensions=ended)
        case events.OrderRevoked():
            return _revoked(hazard, event)
        case events.ExtensionRequested():
            by_head = Role.ENTERPRISE_HEAD in event.actor.roles
            asked_for = Extension(_persons(event.actor), event.until, event.of, by_head=by_head)
            return hazard.but(extension=asked_for)
        case events.ExtensionGranted():
            return _extended(hazard, event)
        case events.ExtensionRefused():
            return hazard.but(extension=None)
        case events.RectificationSubmitted():
            return _submitted(hazard, event)
        case events.VerificationPassed():
            return _passed(hazard, event)
        case events.VerificationFailed():
            moved_on = _move(hazard, {Stage.SUBMITTED: Stage.RECTIFYING})
            return moved_on.but(officers=hazard.officers | _officials(event.verifiers))
        case events.HazardClosed():
            return hazard.but(stage=Stage.CLOSED, closure=event.kind)
        case events.HazardReopened():
            stage = Stage.FOUND if event.kind is ReopeningKind.WITHDRAWN_IN_ERROR else Stage.RECTIFYING
            return hazard.but(stage=stage, closure=None, claim=None)
        case events.HazardTransferred():
            offer = Transfer(event.from_body or event.actor.body, event.to_body.id, _persons(event.actor))
            return hazard.but(transfer=offer)
        case events.TransferAccepted():
            return hazard.but(transfer=None, competent=event.by_body)
        case events.TransferRefused():
            return hazard.but(transfer=None, transfers_refused=hazard.transfers_refused + 1)
        case events.CompetenceAssigned():
            above = (event.actor.body,) if event.from_superior and event.actor.body else ()
            superiors = tuple(dict.fromkeys((*hazard.handed_down_by, *above)))
            return hazard.but(transfer=None, competent=event.to_body.id, binding=True, handed_down_by=superiors)
        case events.ResultReported():
            told_all_but = tuple(body for body in hazard.handed_down_by if body != event.to_body.id)
            return hazard.but(handed_down_by=told_all_but)
        case events.HazardEscalated():
            return hazard.but(escalations={**hazard.escalations, event.proposal: Proposal(None, ())})
        case events.MeasureRecorded():
            return hazard.but(escalations=_answered(hazard.escalations, event.answers))
        case events.MeasureDeclined():
            return hazard.but(escalations=_answered(hazard.escalations, event.proposal))
        case events.DocumentSigned():
            return hazard.but(
                escalations=_answered(hazard.escalations, event.answers),
                suspensions=_changed(hazard.suspensions, event.suspension, number_pending=False),
            )
        case events.ClockPaused():
            return hazard.but(paused_until=event.until)
        case events.ClockResumed():
            return hazard.but(paused_until=None)
        case _:
            return hazard


def _found(hazard: Hazard, event: events.HazardFound) -> Hazard:
    finders = event.finders or (_named(event.actor),)
    seen = event.origin in {Origin.PATROL, Origin.INSPECTION, Origin.TRANSFERRED_IN}
    return hazard.but(
        stage=Stage.FOUND,
        area=event.area,
        origin=event.origin,
        found_at=event.occurred_at,
        recorded_at=event.recorded_at,
        found_by=tuple(body.id for body in event.found_by if body.id),
        joint=len(event.found_by) > 1,
        finders=finders,
        officers=frozenset(finder.id for finder in finders) if seen else frozenset(),
        photographed=bool(event.photos),
        sector=event.sector,
        visit=event.visit,
        visit_kind=event.visit_kind,
        suspected=event.suspected_major,
        party=event.party,
        competent=event.actor.body if event.origin is Origin.TRANSFERRED_IN else None,
    )


def _assigned(hazard: Hazard, event: events.HazardAssigned) -> Hazard:
    ordered = event.kind is AssignmentKind.ORDER
    due = Due(event.due, event.kind, event.actor.body)
    moved = _move(hazard, {Stage.FOUND: Stage.ASSIGNED, Stage.GRADED: Stage.ASSIGNED})
    return moved.but(
        dues={**hazard.dues, due_key(event.kind, event.actor.body): due},
        party=hazard.party or event.party,
        competent=(hazard.competent or event.actor.body) if ordered else hazard.competent,
        officers=hazard.officers | _officials(event.officers),
    )


def due_key(kind: AssignmentKind, body: str | None) -> str:
    """Under which key a deadline stands: an order its body's own, so that no other body's word replaces it."""
    match kind:
        case AssignmentKind.ORDER:
            return f"order:{body}"[:TOKEN]
        case AssignmentKind.INTERNAL:
            return "internal"
        case _:
            return "assignment"


def _party_changed(hazard: Hazard, event: events.ResponsiblePartyChanged) -> Hazard:
    if event.kind is PartyChange.CO_PARTY_ADDED:
        return hazard.but(co_parties=(*hazard.co_parties, event.party))
    known = {party.id: party for party in hazard.parties}
    party = _completed(event.party, known.get(event.party.id))
    others = tuple(party if one.id == party.id else one for one in hazard.co_parties)
    is_co_party = any(one.id == party.id for one in hazard.co_parties)
    return hazard.but(co_parties=others, party=hazard.party if is_co_party else party)


def _completed(party: Party, known: Party | None) -> Party:
    """What a change does not say stays as it was known: a new name does not make the headcount unknown."""
    if known is None:
        return party
    silent = ("credit_code", "staff", "head", "body")
    return party.model_copy(update={name: getattr(known, name) for name in silent if getattr(party, name) is None})


def _listed(hazard: Hazard, event: events.HazardListed) -> Hazard:
    supervisor = event.supervisor.id if event.supervisor else None
    listing = Listing(event.actor.body, event.deadline, supervisor)
    return hazard.but(
        listings={**hazard.listings, event.listing: listing},
        listing_proposals=_answered(hazard.listing_proposals, event.proposal),
    )


def _suspended(hazard: Hazard, event: events.SuspensionOrdered) -> Hazard:
    body = event.actor.body
    if event.kind is SuspensionKind.OTHER_BODY:
        body = next((name.body for name in event.officers if name.body), body)
    suspension = Suspension(body, event.kind, event.occurred_at, event.document_pending)
    return hazard.but(
        suspensions={**hazard.suspensions, event.suspension: suspension},
        officers=hazard.officers | _officials(event.officers),
    )


def _revoked(hazard: Hazard, event: events.OrderRevoked) -> Hazard:
    match event.order:
        case "suspension":
            return hazard.but(suspensions=_changed(hazard.suspensions, event.target, ended=True))
        case "listing":
            return hazard.but(listings=_changed(hazard.listings, event.target, ended=True))
        case _:
            return hazard.but(dues={key: due for key, due in hazard.dues.items() if key != event.target})


def _extended(hazard: Hazard, event: events.ExtensionGranted) -> Hazard:
    moved = set(event.of)
    dues = {key: replace(due, day=event.until) if key in moved else due for key, due in hazard.dues.items()}
    listings = {
        key: replace(listing, deadline=event.until) if key in moved else listing
        for key, listing in hazard.listings.items()
    }
    return hazard.but(extension=None, dues=dues, listings=listings)


def _submitted(hazard: Hazard, event: events.RectificationSubmitted) -> Hazard:
    principal = event.actor.on_behalf_of
    claim = Claim(
        signed_by=event.signed_by,
        completer=event.completer,
        acceptor=event.acceptor,
        accepted=event.acceptance_report is not None,
        paper=bool(event.after) or bool(principal and principal.paper),
    )
    moved = dict.fromkeys((Stage.FOUND, Stage.GRADED, Stage.ASSIGNED, Stage.RECTIFYING), Stage.SUBMITTED)
    return _move(hazard, moved).but(claim=claim)


def _passed(hazard: Hazard, event: events.VerificationPassed) -> Hazard:
    return hazard.but(
        stage=Stage.VERIFIED,
        verifiers=event.verifiers,
        verified_class=event.verification_class,
        verified_as_major=hazard.is_major,
        extension=None,
        officers=hazard.officers | _officials(event.verifiers),
    )


def _move(hazard: Hazard, moves: Mapping[Stage, Stage]) -> Hazard:
    return hazard.but(stage=moves.get(hazard.stage, hazard.stage)) if hazard.stage else hazard


def _persons(actor: Actor) -> tuple[Person, ...]:
    """The actor, and for whom he enters it."""
    return (_named(actor), *((actor.on_behalf_of.person,) if actor.on_behalf_of else ()))


def _named(actor: Actor) -> Person:
    """For the enterprise as one of its people, for a body with that body."""
    if actor.body is None:
        return Person(id=actor.id, name=actor.name)
    return Signatory(id=actor.id, name=actor.name, body=actor.body)


def _enterprise(actor: Actor) -> str | None:
    return actor.enterprise or (actor.on_behalf_of.enterprise if actor.on_behalf_of else None)


def _officials(names: tuple[Signatory, ...]) -> frozenset[str]:
    return frozenset(name.id for name in names if name.body)


def _answered(items: Mapping[str, Proposal], key: str | None) -> Mapping[str, Proposal]:
    return _changed(items, key, answered=True)


def _changed(items: Mapping[str, T], key: str | None, **changes: object) -> Mapping[str, T]:
    """The same mapping with one entry changed; an unknown key changes nothing."""
    if key is None or key not in items:
        return items
    return {**items, key: replace(items[key], **changes)}  # type: ignore[type-var]
