"""Submitting, verifying, closing, reopening."""

from typing import Annotated

from pydantic import Field

from contracts.base import Contract, DocumentRef, EvidenceRef, Text
from contracts.parties import Person, Signatory
from contracts.terms import ClosureKind, FailureResult, ReopeningKind, Trigger, VerificationMode

Files = Annotated[tuple[EvidenceRef, ...], Field(max_length=40)]
Names = Annotated[tuple[Signatory, ...], Field(max_length=20)]


class Submission(Contract):
    """报告整改完成: a claim, counted as rectified by nobody."""

    statement: Text
    signed_by: Person | None = None
    """整改责任人."""
    completer: Person | None = None
    """Who did it, where no plan names him."""
    acceptor: Person | None = None
    on_the_spot: bool = False
    """即查即改: within 24 hours of the finding, without a plan."""
    before: Files = ()
    after: Files = ()
    acceptance_report: EvidenceRef | None = None
    """Enterprise acceptance or expert report, for a major hazard."""


class VerificationPass(Contract):
    """复查合格."""

    trigger: Trigger
    mode: VerificationMode | None = None
    verifiers: Names = ()
    opinion: Text | None = None
    remote_approved_by: Signatory | None = None
    document: DocumentRef | None = None
    evidence: Files = ()


class VerificationFailure(Contract):
    """复查不合格: the deadline stays."""

    trigger: Trigger
    mode: VerificationMode | None = None
    verifiers: Names = ()
    result: FailureResult | None = None
    remaining: Text
    document: DocumentRef | None = None
    evidence: Files = ()


class Closure(Contract):
    """销号."""

    kind: ClosureKind
    signed_by: Signatory | None = None
    """Absent: the actor signs."""
    seen_by: Names = ()
    """The names who found on site that it is gone."""
    grounds: Text | None = None
    document: DocumentRef | None = None
    evidence: Files = ()


class Reopening(Contract):
    """重新立项."""

    kind: ReopeningKind
    reasons: Text
    officers: Names = ()
    statement_heard: Text | None = None
    """What the party answered before it was ruled 假改."""
    evidence: Files = ()
