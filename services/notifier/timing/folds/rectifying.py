"""Assigned, controlled, planned, submitted, verified, closed, reopened; deadlines and their extension."""

from typing import Final

from contracts import events
from contracts.events import Event
from contracts.policy import Fact
from contracts.terms import AssignmentKind, Flag, ReopeningKind, Role, Stage
from services.notifier.timing.case import ORDER, Case, Mark
from services.notifier.timing.folds.common import TOKEN, Fold, dated, enterprise, move, persons

ASSIGNED: Final = {Stage.FOUND: Stage.ASSIGNED, Stage.GRADED: Stage.ASSIGNED}
STARTED: Final = {Stage.ASSIGNED: Stage.RECTIFYING}
SUBMITTED: Final = dict.fromkeys((Stage.FOUND, Stage.GRADED, Stage.ASSIGNED, Stage.RECTIFYING), Stage.SUBMITTED)
FAILED: Final = {Stage.SUBMITTED: Stage.RECTIFYING}


def _assigned(case: Case, event: events.HazardAssigned, version: int) -> Case:
    body, ordered = event.actor.body, event.kind is AssignmentKind.ORDER
    key = _due_key(event.kind, body)
    planned = any(mark.fact is Fact.RECTIFICATION_PLANNED and mark.version > case.tenant_since for mark in case.marks)
    return case.but(
        stage=move(case, ASSIGNED),
        deadlines=dated(case, (key,), event.due, event, version),
        undated=case.undated | {key} if event.due is None else case.undated - {key},
        party=case.party or event.party,
        assigned_as=event.kind,
        assigned_by=body,
        ordered_by=body if ordered else case.ordered_by,
        competent=(case.competent or body) if ordered else case.competent,
        responsible=case.responsible if planned else event.responsible or case.responsible,
        confidential=case.confidential and event.kind is AssignmentKind.HANDOVER,
    )


def _due_key(kind: AssignmentKind, body: str | None) -> str:
    """Under which key the hazard service keeps a deadline."""
    if kind is AssignmentKind.ORDER:
        return f"{ORDER}{body}"[:TOKEN]
    return "internal" if kind is AssignmentKind.INTERNAL else "assignment"


def _controlled(case: Case, event: events.InterimControlRecorded, version: int) -> Case:
    return case.but(controlled=True, confidential=case.confidential and enterprise(event.actor) is None)


def _planned(case: Case, event: events.RectificationPlanned, version: int) -> Case:
    responsible = (event.responsible,) if event.responsible else case.responsible
    return case.but(responsible=responsible, acceptor=event.acceptor or case.acceptor, confidential=False)


def _started(case: Case, event: events.RectificationStarted, version: int) -> Case:
    return case.but(stage=move(case, STARTED), confidential=False)


def _progressed(case: Case, event: events.ProgressReported, version: int) -> Case:
    return case.but(confidential=False)


def _asked(case: Case, event: events.ExtensionRequested, version: int) -> Case:
    heads = {party.head.id for party in case.parties if party.head}
    by_head = Role.ENTERPRISE_HEAD in event.actor.roles or not heads.isdisjoint(persons(event.actor))
    return case.but(extension_by=event.of, extension_by_head=by_head)


def _granted(case: Case, event: events.ExtensionGranted, version: int) -> Case:
    keys = tuple(key for key in event.of if key in case.deadlines or key in case.undated or key in case.listings)
    moved = dated(case, keys, event.until, event, version)
    return case.but(deadlines=moved, undated=case.undated - set(keys), extension_by=(), extension_by_head=False)


def _refused(case: Case, event: events.ExtensionRefused, version: int) -> Case:
    return case.but(extension_by=(), extension_by_head=False)


def _submitted(case: Case, event: events.RectificationSubmitted, version: int) -> Case:
    return case.but(stage=move(case, SUBMITTED), acceptor=event.acceptor or case.acceptor, confidential=False)


def _passed(case: Case, event: events.VerificationPassed, version: int) -> Case:
    return case.but(
        stage=Stage.VERIFIED,
        verified_on=event.occurred_at,
        verified_against=case.deadline,
        self_accepted=Flag.SELF_ACCEPTED in event.flags,
        verifiers=event.verifiers,
        extension_by=(),
        extension_by_head=False,
    )


def _failed(case: Case, event: events.VerificationFailed, version: int) -> Case:
    return case.but(stage=move(case, FAILED), failures=case.failures + 1)


def _closed(case: Case, event: events.HazardClosed, version: int) -> Case:
    return case.but(stage=Stage.CLOSED)


def _reopened(case: Case, event: events.HazardReopened, version: int) -> Case:
    in_error = event.kind is ReopeningKind.WITHDRAWN_IN_ERROR
    mark = Mark(Fact.REOPENED, version, event.occurred_at, event.recorded_at, event.historical is not None)
    return case.but(
        stage=Stage.FOUND if in_error else Stage.RECTIFYING,
        reopened=mark,
        failures=0,
        verified_on=None,
        verified_against=None,
        self_accepted=False,
    )


FOLDS: Final[dict[type[Event], Fold]] = {
    events.HazardAssigned: _assigned,
    events.InterimControlRecorded: _controlled,
    events.RectificationPlanned: _planned,
    events.RectificationStarted: _started,
    events.ProgressReported: _progressed,
    events.ExtensionRequested: _asked,
    events.ExtensionGranted: _granted,
    events.ExtensionRefused: _refused,
    events.RectificationSubmitted: _submitted,
    events.VerificationPassed: _passed,
    events.VerificationFailed: _failed,
    events.HazardClosed: _closed,
    events.HazardReopened: _reopened,
}
