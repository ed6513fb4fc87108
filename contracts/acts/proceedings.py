"""What is proposed, answered, signed, and the clocks."""

from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.base import (
    CalendarDate,
    Contract,
    DocumentRef,
    EvidenceRef,
    HazardId,
    Moment,
    Money,
    Name,
    Sha256,
    Text,
    Token,
)
from contracts.parties import BodyRef, Person, Signatory
from contracts.terms import Ladder


class Escalation(Contract):
    """升级提请: a proposal of the machine; a named person answers."""

    rule: Token
    title: Name | None = None
    """What the rule says, as its policy words it."""
    step: Token | None = None
    level: Annotated[int, Field(ge=0, le=9)]
    ladder: Ladder | None = None
    """Whose step is late; absent in what was stored before there were two."""
    due_at: Moment | None = None
    """When the clock ran out; the act itself may be later, after an outage or a late entry."""
    policy_version: Sha256
    clock_started_by: Annotated[int, Field(ge=1)] | None = None
    """Version of the event that started that clock."""
    draft: Name | None = None
    tell: Annotated[tuple[Person, ...], Field(max_length=50)] = ()


class Measure(Contract):
    """登记处置: 罚款, 查封, 行政拘留, 约谈, 启封 …"""

    kind: Name
    body: BodyRef | None = None
    document: DocumentRef | None = None
    basis: Name | None = None
    """Law and article that provide it."""
    violated: Name | None = None
    amount: Money | None = None
    days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    officers: Annotated[tuple[Signatory, ...], Field(max_length=20)] = ()
    legal_review_by: Signatory | None = None
    covers: Annotated[tuple[HazardId, ...], Field(max_length=100)] = ()
    """Other hazards that the same measure answers."""
    answers: Token | None = None
    """The proposal that it answers."""
    remarks: Text | None = None


class MeasureRefusal(Contract):
    """不予采纳."""

    proposal: Token | None = None
    reasons: Text


class SignedDocument(Contract):
    """签发文书."""

    kind: Name
    number: Name | None = None
    signed_by: Signatory | None = None
    scan: EvidenceRef | None = None
    suspension: Token | None = None
    """The oral order whose number this is."""
    answers: Token | None = None


class ClockPause(Contract):
    """中止计时: force majeure, with an end."""

    reasons: Text
    until: CalendarDate


class ClockResumption(Contract):
    """恢复计时."""

    reasons: Text


class PolicyMove(Contract):
    """变更适用策略."""

    policy: Sha256
    """Hash of an adopted policy."""
    reasons: Text


class PolicyAdoption(Contract):
    """采用策略: the whole file, so that its hash is its version."""

    name: Name
    content: Annotated[str, StringConstraints(min_length=1, max_length=50_000)]
    """The file as text; an event holds 60 KiB, which is less in Chinese than in English."""
