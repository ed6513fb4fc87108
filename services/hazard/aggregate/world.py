"""What a decision may look at besides the hazard itself: the hour, the directory, the libraries, other histories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from contracts.base import local_day
from contracts.directory import Directory
from services.hazard.aggregate.checklists import Checklists
from services.hazard.aggregate.clauses import ClauseLibrary
from services.hazard.aggregate.visit import Visit

if TYPE_CHECKING:
    from services.hazard.aggregate.hazard import Hazard


@dataclass(frozen=True, slots=True)
class World:
    """Given to `decide` as an argument; the shell fills it, the rules only read it."""

    now: datetime
    directory: Directory = field(default_factory=Directory)
    clauses: ClauseLibrary = field(default_factory=ClauseLibrary)
    others: Mapping[str, "Hazard"] = field(default_factory=dict)
    """Hazards that the command names besides its own, by id; a missing one does not exist."""
    policies: frozenset[str] = frozenset()
    """Hashes of the policies adopted in this hazard's area or above; filled for MovePolicy."""
    zone: str = "Asia/Shanghai"
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """Visits that the command names, by id; a missing one was never recorded."""
    checklists: Checklists = field(default_factory=Checklists)
    unusable: str | None = None
    """Why no rules can be made of the policy to be adopted, in a sentence; filled for AdoptPolicy."""

    def day(self, moment: datetime) -> date:
        """The calendar day of a moment at the site."""
        return local_day(moment, self.zone)
