"""双报告: to the regulator and to the workers (安全生产法 art. 41)."""

from typing import Annotated

from pydantic import Field

from contracts.base import CalendarDate, Contract, EvidenceRef, Moment, Name, Text, Token
from contracts.parties import BodyRef, Person, Signatory
from contracts.terms import ReportCovers, WorkersBody


class RegulatorReport(Contract):
    """向部门报告."""

    receiver: BodyRef
    covers: ReportCovers = ReportCovers.FINDING
    content: Text | None = None
    receipt: Name | None = None
    forwarded_at: Moment | None = None
    """When a township or village passed on what the enterprise handed in."""
    bypass: bool = False
    """安全生产法 art. 46: the safety manager goes past a head who does not act; hidden from that head."""
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class ReportReceipt(Contract):
    """回执: stops the clock of that report, nothing else."""

    report: Token | None = None
    """May be left out while only one waits; the event always names it."""
    receipt: Name | None = None


class WorkersReport(Contract):
    """向职工报告."""

    body: WorkersBody
    held_on: CalendarDate | None = None
    present: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    total: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    minutes: EvidenceRef | None = None
    signed_sheet: EvidenceRef | None = None
    countersigned_by: Person | None = None
    """One who is not the head."""
    confirmed_by: Signatory | None = None
    """The regulator's officer, where nobody is employed."""
