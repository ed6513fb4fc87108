"""Assigning, controlling, planning, rectifying, and who is responsible."""

from typing import Annotated

from pydantic import Field

from contracts.base import CalendarDate, Contract, DocumentRef, EvidenceRef, Money, Name, Text, Token
from contracts.parties import BodyRef, Party, Person, Signatory
from contracts.terms import AssignmentKind, PartyChange


class Assignment(Contract):
    """交办/责令整改. Dates are calendar days at the site; the due day itself still counts."""

    kind: AssignmentKind
    due: CalendarDate | None = None
    measures: Text | None = None
    party: Party | None = None
    """The responsible party, where finding it did not name one."""
    to_body: BodyRef | None = None
    """交办函: the body that it is handed to."""
    responsible: Annotated[tuple[Person, ...], Field(max_length=20)] = ()
    """Named responsible persons of enterprise, village and department for 排查/治理/管控."""
    document: DocumentRef | None = None
    basis: Name | None = None
    """Law and article."""
    visit: Token | None = None
    """The 行政检查 on which an order rests, where another kind of visit found the hazard."""
    officers: Annotated[tuple[Signatory, ...], Field(max_length=20)] = ()


class InterimControl(Contract):
    """临时管控措施."""

    measures: Text
    by: Person | None = None
    until: CalendarDate | None = None
    self_suspension: bool = False
    """The enterprise stopped by itself 自行停产."""
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class Plan(Contract):
    """整改方案: 五定 (责任人 措施 时限 完成人 验收人); for a major hazard 七项, with 资金 and 预案."""

    responsible: Person | None = None
    measures: Text
    due: CalendarDate | None = None
    completer: Person | None = None
    acceptor: Person | None = None
    """整改验收人 of the enterprise; the authority's 复查 is another act."""
    funds: Money | None = None
    funds_reason: Text | None = None
    """Why 0 yuan is enough."""
    contingency: Text | None = None
    signed_by: Person | None = None
    """企业主要负责人, on the plan of a major hazard."""
    attachments: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()
    """治理方案."""


class Start(Contract):
    """开始整改."""

    note: Text | None = None


class Progress(Contract):
    """进展."""

    done: Text
    remaining: Text | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class NewParty(Contract):
    """变更责任单位: the earlier names and codes stay in the history."""

    kind: PartyChange
    party: Party
    effective: CalendarDate | None = None
    document: DocumentRef | None = None
    reasons: Text | None = None
