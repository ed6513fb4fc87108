"""A step that is due, or will be."""

from dataclasses import dataclass
from datetime import datetime

from contracts.policy import Told
from contracts.terms import Ladder


@dataclass(frozen=True, slots=True)
class Firing:
    """Which step of which rule, on which clock; all that EscalateHazard says follows from it."""

    hazard_id: str
    rule: str
    step: str
    clock_started_by: int
    """Version of the event that started the clock."""
    due_at: datetime
    occurred_at: datetime
    """`due_at`, but never before its clock's start was recorded here: the same whoever computes it, whenever."""
    level: int
    ladder: Ladder
    tell: tuple[Told, ...]
    """Whom the rule names: those told of a reminder, the addressees of a draft."""
    signs: tuple[Told, ...] = ()
    """From L2 up: who may sign, and is told that a draft waits."""
    document: str | None = None
    action: str | None = None
    hourly: bool = False
    """Counted in hours, or immediate: told at once, not in the day's digest."""
    urgent: bool = False
    """Lives are in danger: at any hour."""
    confidential: bool = False
    label: str | None = None
    provisional: bool = False
    """Counted on a calendar that is not published yet."""
    title: str | None = None
    """The rule's."""
