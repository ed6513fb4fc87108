"""Stopping work and resuming it 停产停业 · 复产, and orders that lose their force."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.base import CalendarDate, Contract, DocumentRef, EvidenceRef, Name, Text, Token
from contracts.parties import BodyRef, Signatory
from contracts.terms import RevocationAct, SuspensionKind


class SuspensionOrder(Contract):
    """责令停产停用. An oral order is valid at once; its number follows within 24 hours."""

    kind: SuspensionKind
    scope: Text
    basis: Name | None = None
    document: DocumentRef | None = None
    document_pending: bool = False
    officers: Annotated[tuple[Signatory, ...], Field(max_length=20)] = ()
    approved_by: Signatory | None = None
    legal_review_by: Signatory | None = None
    """法制审核, for a penalty."""


class SuspensionFound(Contract):
    """确认停产停用."""

    suspension: Token | None = None
    scope_found: Text
    complied: bool = True
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class ResumptionApplication(Contract):
    """申请复产."""

    suspension: Token | None = None
    scope: Text
    trial: bool = False
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class ResumptionRefusal(Contract):
    """不同意复产."""

    suspension: Token | None = None
    reasons: Text


class Resumption(Contract):
    """同意恢复生产. A trial has an end and leaves the suspension open."""

    suspension: Token | None = None
    scope: Text
    trial: bool = False
    trial_until: CalendarDate | None = None
    reviewers: Annotated[tuple[Signatory, ...], Field(max_length=20)] = ()
    consented_by: Signatory | None = None
    document: DocumentRef | None = None


class Revocation(Contract):
    """撤销/变更决定."""

    order: Literal["order", "suspension", "listing"]
    target: Token | None = None
    """The suspension or listing; the correction order needs none."""
    act: RevocationAct
    deciding_body: BodyRef
    document: DocumentRef | None = None
    reasons: Text
