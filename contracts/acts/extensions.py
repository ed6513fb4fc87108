"""整改延期: one at a time, always later than the deadline in force."""

from contracts.base import CalendarDate, Contract, DocumentRef, Text
from contracts.parties import Signatory


class ExtensionRequest(Contract):
    """申请延期."""

    until: CalendarDate
    reasons: Text
    interim_controls: Text
    """What keeps people safe meanwhile."""


class ExtensionGrant(Contract):
    """准予延期."""

    until: CalendarDate | None = None
    """Not later than asked; absent: as asked. The event always says the day."""
    decided_by: Signatory | None = None
    supervisor_opinion: Text | None = None
    document: DocumentRef | None = None


class ExtensionRefusal(Contract):
    """不准延期."""

    decided_by: Signatory | None = None
    reasons: Text
