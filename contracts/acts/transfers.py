"""移送 · 指定监管 · 办理结果反馈: whose hazard it is."""

from typing import Annotated

from pydantic import Field

from contracts.base import CalendarDate, Contract, DocumentRef, EvidenceRef, Name, Text
from contracts.parties import BodyRef


class Transfer(Contract):
    """移送: the sender keeps it until it is accepted."""

    to_body: BodyRef
    reasons: Text
    """Why it is not ours."""
    party_told_on: CalendarDate | None = None
    document: DocumentRef | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class TransferAcceptance(Contract):
    """接收."""

    document: DocumentRef | None = None
    note: Text | None = None


class TransferRefusal(Contract):
    """退回: names the body that is competent, and why."""

    competent_body: BodyRef
    basis: Text


class CompetenceAssignment(Contract):
    """指定监管/交办: binding."""

    to_body: BodyRef
    from_superior: bool = False
    """上级交办: the result is reported back before closing."""
    reasons: Text
    document: DocumentRef | None = None


class ResultReport(Contract):
    """反馈办理结果."""

    to_body: BodyRef
    content: Text
    receipt: Name | None = None
