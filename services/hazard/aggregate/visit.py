"""The visit on which a finding or an order rests, as far as a hazard's rules look at it."""

from dataclasses import dataclass
from datetime import datetime

from contracts.terms import VisitKind


@dataclass(frozen=True, slots=True)
class Visit:
    """Told by the inspection's own history; nothing but `withdrawn` and `declined` changes after it was recorded."""

    kind: VisitKind
    area: str
    party: str | None
    """Id of the party that was visited."""
    began_at: datetime
    announced_at: datetime | None = None
    certified: bool = False
    """Two certificates of a qualified body stand on its record; an old table has none."""
    offered: frozenset[tuple[str, int]] = frozenset()
    """Items of its checklists that offer a hazard: (checklist, item)."""
    declined: frozenset[tuple[str, int]] = frozenset()
    """Of these, what was said to be no hazard."""
    none_found: bool = False
    """无 was stated."""
    withdrawn: bool = False
