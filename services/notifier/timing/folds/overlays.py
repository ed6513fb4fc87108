"""Reports, listings, suspensions, and what the machine proposes and people answer."""

from typing import Final

from contracts import events
from contracts.events import Event
from contracts.policy import SIGNED_FROM, Fact
from contracts.terms import Ladder
from services.notifier.timing.case import ORDER, Case, Fired, Open
from services.notifier.timing.folds.common import Fold, dated, enterprise, unchanged


def _reported(case: Case, event: events.ReportedToRegulator, version: int) -> Case:
    """Past the head of the enterprise, it is not his report: he still owes his own."""
    return case if event.bypass else case.but(reported=True)


def _workers_told(case: Case, event: events.ReportedToWorkers, version: int) -> Case:
    told = enterprise(event.actor) or (case.party.id if case.party else "")
    return case.but(told_workers=case.told_workers | {told})


def _listed(case: Case, event: events.HazardListed, version: int) -> Case:
    supervisor = event.supervisor.id if event.supervisor else None
    return case.but(
        listings={**case.listings, event.listing: supervisor or event.actor.body},
        deadlines=dated(case, (event.listing,), event.deadline, event, version),
        confidential=False,
    )


def _delisted(case: Case, event: events.HazardDelisted, version: int) -> Case:
    return _unlisted(case, event.listing)


def _unlisted(case: Case, listing: str | None) -> Case:
    if listing not in case.listings:
        return case
    return case.but(
        listings={key: body for key, body in case.listings.items() if key != listing},
        deadlines={key: one for key, one in case.deadlines.items() if key != listing},
    )


def _suspended(case: Case, event: events.SuspensionOrdered, version: int) -> Case:
    return case.but(suspensions=case.suspensions | {event.suspension}, controlled=True, confidential=False)


def _resumed(case: Case, event: events.OperationsResumed, version: int) -> Case:
    return case if event.trial else case.but(suspensions=case.suspensions - {event.suspension})


def _revoked(case: Case, event: events.OrderRevoked, version: int) -> Case:
    target = event.target
    if event.order == "suspension":
        return case.but(suspensions=case.suspensions - {target})
    if event.order == "listing":
        return _unlisted(case, target)
    deadlines = {key: one for key, one in case.deadlines.items() if key != target}
    undated = case.undated - {target}
    left = [key for key in (*deadlines, *undated) if key.startswith(ORDER)]
    own = f"{ORDER}{case.ordered_by}"
    ordered_by = case.ordered_by if own in left else left[-1].removeprefix(ORDER) if left else None
    return case.but(deadlines=deadlines, undated=undated, ordered_by=ordered_by)


def _escalated(case: Case, event: events.HazardEscalated, version: int) -> Case:
    fired = Fired(event.rule, event.step or "", event.clock_started_by or 0)
    changed = case.but(fired=case.fired | {fired})
    if event.level < SIGNED_FROM:
        return changed
    ladder = event.ladder or Ladder.ENTERPRISE
    chases = any(mark.fact is Fact.PROPOSED and mark.version == fired.version for mark in case.marks)
    asked = Open(event.rule, event.step or "", event.level, ladder, event.occurred_at, event.draft, chases)
    return changed.but(proposals={**case.proposals, event.proposal: asked})


def _measured(case: Case, event: events.MeasureRecorded, version: int) -> Case:
    return _answered(case, event.answers)


def _declined(case: Case, event: events.MeasureDeclined, version: int) -> Case:
    return _answered(case, event.proposal)


def _signed(case: Case, event: events.DocumentSigned, version: int) -> Case:
    return _answered(case, event.answers)


def _answered(case: Case, proposal: str | None) -> Case:
    if proposal not in case.proposals:
        return case
    return case.but(proposals={key: one for key, one in case.proposals.items() if key != proposal})


FOLDS: Final[dict[type[Event], Fold]] = {
    events.ReportedToRegulator: _reported,
    events.ReportAcknowledged: unchanged,
    events.ReportedToWorkers: _workers_told,
    events.ListingProposed: unchanged,
    events.ListingDeclined: unchanged,
    events.HazardListed: _listed,
    events.ListingFiled: unchanged,
    events.ListingPublished: unchanged,
    events.PublicationWithdrawn: unchanged,
    events.DelistingApplied: unchanged,
    events.DelistingRefused: unchanged,
    events.HazardDelisted: _delisted,
    events.SuspensionOrdered: _suspended,
    events.SuspensionComplied: unchanged,
    events.ResumptionApplied: unchanged,
    events.ResumptionRefused: unchanged,
    events.OperationsResumed: _resumed,
    events.OrderRevoked: _revoked,
    events.HazardEscalated: _escalated,
    events.MeasureRecorded: _measured,
    events.MeasureDeclined: _declined,
    events.DocumentSigned: _signed,
}
