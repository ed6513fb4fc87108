"""Finding, grading, correcting, merging, withdrawing, ruling on the origin, objections."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contracts.acts.checklists import ChecklistItem
from contracts.base import AreaCode, CalendarDate, Contract, EvidenceRef, HazardId, Name, Text, Token
from contracts.parties import Finder, Party, Person, Signatory
from contracts.terms import BasisKind, Grade, Origin, RegradeKind, Verdict, VisitKind, WithdrawalKind


def one_leads(finders: tuple[Finder, ...]) -> tuple[Finder, ...]:
    """Of several bodies exactly one is the lead 牵头."""
    if finders and sum(finder.lead for finder in finders) != 1:
        raise PydanticCustomError("one_lead", "发现单位须且只能有一个牵头：mark exactly one finding body as lead")
    return finders


class Finding(Contract):
    """Where, what, by whom, how it came to light."""

    area: AreaCode
    """The birth area: it stays in the id for ever."""
    description: Text
    origin: Origin
    place: Text | None = None
    party: Party | None = None
    """Absent: the responsible party is not known yet."""
    found_by: Annotated[tuple[Finder, ...], Field(max_length=20), AfterValidator(one_leads)] = ()
    """The bodies; a self-check has none."""
    finders: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    suspected_major: bool = False
    imminent_danger: bool = False
    """危及人身安全的紧急情况 (安全生产法 art. 55, 65): somebody is told at once, at any hour."""
    sector: Token | None = None
    """Field of supervision 行业领域 (industry_trade, fire, roads …): which body is competent."""
    category: Name | None = None
    """GB/T 13861: 人 物 环境 管理, or the tenant's own."""
    photos: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()
    visit: Token | None = None
    """The visit that found it 检查记录: the id of an inspection, or any other number that says which it was."""
    visit_kind: VisitKind | None = None
    """Of a visit that is not recorded here; of one that is, the record says it."""
    offer: ChecklistItem | None = None
    """The item of the visit's checklist that it answers."""
    receipt: Name | None = None
    """举报 receipt number; the reporter is in no event."""
    notice: Name | None = None
    """The notice addressed to that enterprise, where the origin is self_after_notice."""
    handling: Text | None = None
    """处置情况及建议, as the finder's form words it."""
    remarks: Text | None = None


class Determination(Contract):
    """What a grade rests on 判定: a versioned standard's clause, a written expert opinion, the general definition."""

    kind: BasisKind
    standard: Name | None = None
    version: Name | None = None
    article: Annotated[int, Field(ge=1, le=999)] | None = None
    item: Annotated[int, Field(ge=1, le=999)] | None = None
    reasons: Text | None = None
    opinion: EvidenceRef | None = None
    decided_by: Person | None = None


class Grading(Contract):
    """判定等级."""

    grade: Grade
    basis: Determination | None = None


class Regrading(Contract):
    """调整等级."""

    grade: Grade
    kind: RegradeKind
    reasons: Text
    basis: Determination | None = None
    determined_by: Annotated[tuple[Signatory, ...], Field(max_length=20)] = ()
    opinion: EvidenceRef | None = None
    imminent_danger: bool = False
    """It worsened so far that lives are in danger."""


class NameCorrection(Contract):
    """A typing error in somebody's name; the id stays."""

    id: Token
    name: Name


class Correction(Contract):
    """更正: only what identifies, never what judges. Absent fields stay as they were."""

    corrects: Annotated[int, Field(ge=1)]
    """Version of the event that held the mistake."""
    reasons: Text
    description: Text | None = None
    place: Text | None = None
    category: Name | None = None
    photos: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] | None = None
    names: Annotated[tuple[NameCorrection, ...], Field(max_length=20)] = ()


class Merging(Contract):
    """并案, on the absorbed hazard."""

    survivor: HazardId
    reasons: Text


class Withdrawal(Contract):
    """撤销."""

    kind: WithdrawalKind
    reasons: Text
    names: Annotated[tuple[Signatory, ...], Field(max_length=10)] = ()
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class OriginRuling(Contract):
    """来源认定: stands beside the recorded origin, which stays."""

    origin: Origin
    reasons: Text
    ruled_by: Annotated[tuple[Signatory, ...], Field(max_length=10)] = ()
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class ObjectionMade(Contract):
    """陈述申辩."""

    statement: Text
    to_body: Token
    """The body whose act is objected to."""
    against: Annotated[int, Field(ge=1)] | None = None
    """Version of the event objected to."""
    received_on: CalendarDate | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class ObjectionReply(Contract):
    """答复陈述申辩."""

    objection: Token | None = None
    """May be left out while only one is open; the event always names it."""
    verdict: Verdict
    reasons: Text
    answered_by: Annotated[tuple[Signatory, ...], Field(max_length=10)] = ()
