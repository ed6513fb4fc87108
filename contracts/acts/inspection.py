"""A visit to one place of one party, what experts thought of it, who signed, and how the record is mended."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contracts.acts.checklists import Clause, FilledChecklist
from contracts.acts.intake import NameCorrection, one_leads
from contracts.base import AreaCode, Contract, DocumentRef, EvidenceRef, Moment, Text
from contracts.parties import Finder, Party, Person, Signatory
from contracts.terms import VisitKind, VisitMode, WithdrawalKind

Photos = Annotated[tuple[EvidenceRef, ...], Field(max_length=20)]


def _each_once(modes: tuple[VisitMode, ...]) -> tuple[VisitMode, ...]:
    return tuple(dict.fromkeys(modes))


def _each_list_once(filled: tuple[FilledChecklist, ...]) -> tuple[FilledChecklist, ...]:
    if len({one.checklist for one in filled}) != len(filled):
        raise PydanticCustomError("list_twice", "同一检查表一次检查只填一份：fill in each checklist once")
    return filled


class Visit(Contract):
    """Where, whom, what kind, by whom, what was asked and what was seen. It began when the act occurred."""

    area: AreaCode
    """The birth area: it stays in the id for ever."""
    kind: VisitKind
    modes: Annotated[tuple[VisitMode, ...], Field(max_length=15), AfterValidator(_each_once)] = ()
    place: Text | None = None
    """Absent only in an old table."""
    party: Party | None = None
    """Absent: whose place it is, is not known."""
    visited_by: Annotated[tuple[Finder, ...], Field(max_length=20), AfterValidator(one_leads)] = ()
    """The bodies; a self-check has none."""
    inspectors: Annotated[tuple[Signatory, ...], Field(max_length=50)] = ()
    """Who went; for 行政检查 two at least, with certificates."""
    ended_at: Moment | None = None
    announced_at: Moment | None = None
    """When the enterprise was told of the visit; absent: not beforehand."""
    notice: DocumentRef | None = None
    """检查通知书."""
    approval: DocumentRef | None = None
    """检查审批（报批）."""
    checklists: Annotated[tuple[FilledChecklist, ...], Field(max_length=10), AfterValidator(_each_list_once)] = ()
    none_found: bool = False
    """无 was stated, which is a fact too; absent, nothing is said about it."""
    findings: Text | None = None
    """What was seen, as the form words it."""
    handling: Text | None = None
    remarks: Text | None = None
    photos: Photos = ()
    signed_by: Person | None = None
    """For the party."""
    refused_to_sign: Text | None = None
    """How the refusal was recorded (安全生产法 art. 68)."""


class Problem(Contract):
    """A line of 问题隐患和整改建议清单."""

    problem: Text
    advice: Text
    place: Text | None = None
    clause: Clause | None = None


class ExpertOpinion(Contract):
    """专家检查意见: advice, signed by those who give it."""

    experts: Annotated[tuple[Person, ...], Field(min_length=1, max_length=20)]
    opinion: Text
    problems: Annotated[tuple[Problem, ...], Field(max_length=100)] = ()
    document: EvidenceRef | None = None


class Signing(Contract):
    """检查记录签字: the party signs, or its refusal is recorded."""

    signed_by: Person | None = None
    refused_to_sign: Text | None = None


class VisitCorrection(Contract):
    """更正: what identifies, never what judges. Absent fields stay as they were."""

    corrects: Annotated[int, Field(ge=1)]
    """Version of the event that held the mistake."""
    reasons: Text
    place: Text | None = None
    findings: Text | None = None
    handling: Text | None = None
    remarks: Text | None = None
    photos: Photos | None = None
    names: Annotated[tuple[NameCorrection, ...], Field(max_length=20)] = ()


class VisitWithdrawal(Contract):
    """撤销检查记录: a visit that was not, or stands twice."""

    kind: WithdrawalKind
    reasons: Text
