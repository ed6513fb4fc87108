"""What an event says of clocks: its own fact, and those that follow from it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from contracts import events
from contracts.events import Event
from contracts.policy import Fact
from contracts.terms import Grade, PublicationKind, ReopeningKind
from services.notifier.timing.case import Case, Mark
from services.notifier.timing.counted import is_penalty
from services.notifier.timing.judging import EMPLOYERS

PLAIN: Final[dict[type[Event], tuple[Fact, str | None]]] = {
    events.HazardFound: (Fact.FOUND, None),
    events.HazardRegraded: (Fact.REGRADED, None),
    events.OriginRuled: (Fact.ORIGIN_RULED, None),
    events.ObjectionRecorded: (Fact.OBJECTION_RECORDED, "objection"),
    events.ObjectionAnswered: (Fact.OBJECTION_ANSWERED, "objection"),
    events.HazardAssigned: (Fact.ASSIGNED, None),
    events.InterimControlRecorded: (Fact.INTERIM_CONTROL_RECORDED, None),
    events.RectificationPlanned: (Fact.RECTIFICATION_PLANNED, None),
    events.RectificationStarted: (Fact.RECTIFICATION_STARTED, None),
    events.ProgressReported: (Fact.PROGRESS_REPORTED, None),
    events.ReportAcknowledged: (Fact.REPORT_ACKNOWLEDGED, "report"),
    events.ReportedToWorkers: (Fact.REPORTED_TO_WORKERS, None),
    events.ListingProposed: (Fact.LISTING_PROPOSED, "proposal"),
    events.ListingDeclined: (Fact.LISTING_DECLINED, "proposal"),
    events.HazardListed: (Fact.LISTED, "listing"),
    events.ListingFiled: (Fact.LISTING_FILED, "listing"),
    events.DelistingApplied: (Fact.DELISTING_APPLIED, "listing"),
    events.DelistingRefused: (Fact.DELISTING_REFUSED, "listing"),
    events.HazardDelisted: (Fact.DELISTED, "listing"),
    events.SuspensionOrdered: (Fact.SUSPENSION_ORDERED, "suspension"),
    events.ResumptionApplied: (Fact.RESUMPTION_APPLIED, "suspension"),
    events.ResumptionRefused: (Fact.RESUMPTION_REFUSED, "suspension"),
    events.OperationsResumed: (Fact.OPERATIONS_RESUMED, "suspension"),
    events.OrderRevoked: (Fact.ORDER_REVOKED, "target"),
    events.ExtensionRequested: (Fact.EXTENSION_REQUESTED, None),
    events.ExtensionGranted: (Fact.EXTENSION_GRANTED, None),
    events.ExtensionRefused: (Fact.EXTENSION_REFUSED, None),
    events.RectificationSubmitted: (Fact.RECTIFICATION_SUBMITTED, None),
    events.VerificationPassed: (Fact.VERIFICATION_PASSED, None),
    events.VerificationFailed: (Fact.VERIFICATION_FAILED, None),
    events.HazardClosed: (Fact.CLOSED, None),
    events.HazardReopened: (Fact.REOPENED, None),
    events.HazardTransferred: (Fact.TRANSFERRED, None),
    events.TransferAccepted: (Fact.TRANSFER_ACCEPTED, None),
    events.TransferRefused: (Fact.TRANSFER_REFUSED, None),
    events.CompetenceAssigned: (Fact.COMPETENCE_ASSIGNED, None),
    events.ResultReported: (Fact.RESULT_REPORTED, None),
    events.MeasureRecorded: (Fact.MEASURE_RECORDED, None),
    events.DocumentSigned: (Fact.DOCUMENT_SIGNED, "suspension"),
}
"""Events that are a fact by themselves, with the field that says of what."""


def marks(event: Event, version: int, before: Case, after: Case) -> tuple[Mark, ...]:
    """In the order in which clocks look at them; they share the event's moments."""
    said = list(_said(event))
    if after.is_graded and (isinstance(event, events.HazardGraded) or not before.is_graded):
        said.append((Fact.GRADED, None))
    if _tells(before, after):
        said.append((Fact.WORKERS_ALL_TOLD, None))
    anew = after.tenant_since != before.tenant_since
    if after.is_major and (anew or not before.is_major):
        said.append((Fact.BECAME_MAJOR, None))
    if after.grade is Grade.MAJOR and (anew or before.grade is not Grade.MAJOR):
        said.append((Fact.GRADED_MAJOR, None))
    if before.proposals is not after.proposals:
        said.extend(_of_proposals(before, after))
    if not said:
        return ()
    at, recorded_at, historical = event.occurred_at, event.recorded_at, event.historical is not None
    answers = event.proposal if isinstance(event, events.HazardListed) else None
    return tuple(Mark(fact, version, at, recorded_at, historical, key, answers) for fact, key in said)


def _of_proposals(before: Case, after: Case) -> Iterator[tuple[Fact, str | None]]:
    """One clock for all that waits, since the newest of it: a signer is not chased for each draft by itself."""
    waited, waits = _waiting(before), _waiting(after)
    if waits - waited:
        yield Fact.PROPOSED, None
    if waited and not waits:
        yield Fact.ANSWERED, None


def _waiting(case: Case) -> frozenset[str]:
    """The proposals that somebody is chased for."""
    return frozenset(proposal for proposal, one in case.proposals.items() if not one.chases)


def _said(event: Event) -> Iterator[tuple[Fact, str | None]]:
    plain = PLAIN.get(type(event))
    if plain is not None:
        fact, field = plain
        yield fact, getattr(event, field) if field else None
    if (derive := DERIVED.get(type(event))) is not None:
        yield from derive(event)


def _of_danger(event: events.HazardFound | events.HazardRegraded) -> Iterator[tuple[Fact, str | None]]:
    if event.imminent_danger:
        yield Fact.IMMINENT_DANGER, None


def _of_report(event: events.ReportedToRegulator) -> Iterator[tuple[Fact, str | None]]:
    yield Fact.BYPASS_REPORTED if event.bypass else Fact.REPORTED_TO_REGULATOR, event.report


def _of_publication(event: events.ListingPublished) -> Iterator[tuple[Fact, str | None]]:
    listed = event.kind is PublicationKind.LISTED
    yield Fact.LISTING_PUBLISHED if listed else Fact.DELISTING_PUBLISHED, event.listing


def _of_compliance(event: events.SuspensionComplied) -> Iterator[tuple[Fact, str | None]]:
    yield Fact.SUSPENSION_COMPLIED if event.complied else Fact.SUSPENSION_DEFIED, event.suspension


def _of_reopening(event: events.HazardReopened) -> Iterator[tuple[Fact, str | None]]:
    if event.kind is ReopeningKind.FALSE_RECTIFICATION:
        yield Fact.REOPENED_AS_FALSE, None


def _of_measure(event: events.MeasureRecorded) -> Iterator[tuple[Fact, str | None]]:
    if is_penalty(event):
        yield Fact.PENALISED, None


DERIVED: Final[dict[type[Event], Callable[[Any], Iterator[tuple[Fact, str | None]]]]] = {
    events.HazardFound: _of_danger,
    events.HazardRegraded: _of_danger,
    events.ReportedToRegulator: _of_report,
    events.ListingPublished: _of_publication,
    events.SuspensionComplied: _of_compliance,
    events.HazardReopened: _of_reopening,
    events.MeasureRecorded: _of_measure,
}


def _tells(before: Case, after: Case) -> bool:
    """Every enterprise told its own workers 厂中厂, and had not before."""
    looked_at = (after.told_workers, after.party, after.co_parties)
    if not after.told_workers or looked_at == (before.told_workers, before.party, before.co_parties):
        return False
    return _is_all_told(after) and not _is_all_told(before)


def _is_all_told(case: Case) -> bool:
    employers = {party.id for party in case.parties if party.kind in EMPLOYERS}
    return bool(employers) and employers <= case.told_workers
