"""Found, graded, gone; who answers for it; whose it is."""

from typing import Final

from contracts import events
from contracts.acts.intake import Determination
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import Grade, Origin, PartyChange, Stage
from services.notifier.timing.case import Case, Pause
from services.notifier.timing.folds.common import Fold, named, unchanged


def _found(case: Case, event: events.HazardFound, version: int) -> Case:
    return case.but(
        stage=Stage.FOUND,
        area=event.area,
        origin=event.origin,
        found_at=event.occurred_at,
        found_recorded_at=event.recorded_at,
        description=event.description,
        place=event.place,
        sector=event.sector,
        checklist_item=f"{event.offer.checklist}/{event.offer.item}" if event.offer else None,
        suspected=event.suspected_major,
        party=event.party,
        finders=event.finders or (named(event.actor),),
        found_by=event.found_by,
        confidential=event.origin is Origin.REPORT,
        competent=event.actor.body if event.origin is Origin.TRANSFERRED_IN else None,
    )


def _graded(case: Case, event: events.HazardGraded, version: int) -> Case:
    stage = Stage.GRADED if case.stage is Stage.FOUND else case.stage
    return case.but(stage=stage, grade=event.grade, clause=_clause(event.basis))


def _regraded(case: Case, event: events.HazardRegraded, version: int) -> Case:
    clause = _clause(event.basis) if event.basis or event.grade is Grade.GENERAL else case.clause
    return case.but(grade=event.grade, clause=clause)


def _clause(basis: Determination | None) -> str | None:
    if basis is None or basis.standard is None:
        return None
    return "/".join(str(part or "") for part in (basis.standard, basis.version, basis.article, basis.item))


def _merged(case: Case, event: events.HazardMerged, version: int) -> Case:
    return case.but(stage=Stage.MERGED)


def _withdrawn(case: Case, event: events.HazardWithdrawn, version: int) -> Case:
    return case.but(stage=Stage.WITHDRAWN)


def _ruled(case: Case, event: events.OriginRuled, version: int) -> Case:
    return case.but(origin=event.origin)


def _party_changed(case: Case, event: events.ResponsiblePartyChanged, version: int) -> Case:
    if event.kind is PartyChange.CO_PARTY_ADDED:
        return case.but(co_parties=(*case.co_parties, event.party))
    party = _completed(event.party, {one.id: one for one in case.parties}.get(event.party.id))
    if any(one.id == party.id for one in case.co_parties):
        return case.but(co_parties=tuple(party if one.id == party.id else one for one in case.co_parties))
    if event.kind is PartyChange.NEW_TENANT and case.party is not None and case.party.id != party.id:
        case = case.but(tenant_since=version, reported=False, responsible=(), acceptor=None)
    return case.but(party=party)


def _completed(party: Party, known: Party | None) -> Party:
    """What a change does not say stays as it was known."""
    if known is None:
        return party
    silent = ("credit_code", "staff", "head", "body")
    return party.model_copy(update={name: getattr(known, name) for name in silent if getattr(party, name) is None})


def _transferred(case: Case, event: events.HazardTransferred, version: int) -> Case:
    told = case.confidential and event.party_told_on is None
    return case.but(transfer_from=event.from_body or event.actor.body, transfer_to=event.to_body.id, confidential=told)


def _accepted(case: Case, event: events.TransferAccepted, version: int) -> Case:
    return case.but(transfer_from=None, transfer_to=None, competent=event.by_body)


def _sent_back(case: Case, event: events.TransferRefused, version: int) -> Case:
    return case.but(transfer_from=None, transfer_to=None)


def _competence(case: Case, event: events.CompetenceAssigned, version: int) -> Case:
    return case.but(transfer_from=None, transfer_to=None, competent=event.to_body.id)


def _policy_moved(case: Case, event: events.PolicyMoved, version: int) -> Case:
    return case.but(policy=event.policy, moved_at=event.recorded_at)


def _paused(case: Case, event: events.ClockPaused, version: int) -> Case:
    return case.but(pauses=(*case.pauses, Pause(event.occurred_at, event.until)))


def _resumed(case: Case, event: events.ClockResumed, version: int) -> Case:
    if not case.pauses:
        return case
    *before, last = case.pauses
    ended_at = max(event.occurred_at, last.since)
    return case.but(pauses=(*before, Pause(last.since, last.until, last.ended_at or ended_at)))


FOLDS: Final[dict[type[Event], Fold]] = {
    events.HazardFound: _found,
    events.HazardGraded: _graded,
    events.HazardRegraded: _regraded,
    events.HazardMerged: _merged,
    events.HazardWithdrawn: _withdrawn,
    events.OriginRuled: _ruled,
    events.ObjectionRecorded: unchanged,
    events.ObjectionAnswered: unchanged,
    events.ResponsiblePartyChanged: _party_changed,
    events.HazardTransferred: _transferred,
    events.TransferAccepted: _accepted,
    events.TransferRefused: _sent_back,
    events.CompetenceAssigned: _competence,
    events.ResultReported: unchanged,
    events.PolicyMoved: _policy_moved,
    events.ClockPaused: _paused,
    events.ClockResumed: _resumed,
}
