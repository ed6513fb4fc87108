"""Form B's second part: enterprises that were spot-checked, and with which problem, as of a cut-off.

Each enterprise counts once, however often it was visited; what was found stays counted when it is put right.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, or_, select, true

from services.projection.facets.changes import microseconds
from services.projection.facets.spot_checks import SIDE
from services.projection.reports.enterprises import COUNTED
from services.projection.reports.standing import Question
from services.projection.shelf import Shelf

CHECKED: Final = "spot_enterprises"
KEYS: Final = (
    CHECKED,
    "head_not_studied",
    "head_not_led",
    "no_duty_list",
    "no_safety_staff",
    "unlicensed_special_work",
    "contractor_chaos",
    "no_drill",
)
"""Items 1 to 8, as data/forms.yaml names them."""


@dataclass(slots=True)
class Checks:
    """Of one area: the enterprises by key."""

    parties: dict[str, set[str]] = field(default_factory=lambda: {key: set() for key in KEYS})
    others: dict[str, set[str]] = field(default_factory=dict)
    """Parties that are no enterprise, by what they are: in no count."""
    nameless: int = 0
    """Visits of which nobody said to whom: they count no enterprise."""

    def add(self, party: str | None, kind: str | None, findings: str) -> None:
        """One visit."""
        if party is None or kind is None:
            self.nameless += 1
            return
        if kind not in COUNTED:
            self.others.setdefault(kind, set()).add(party)
            return
        for key in (CHECKED, *findings.split(",")):
            if key in self.parties:
                self.parties[key].add(party)

    def include(self, other: "Checks") -> None:
        """Another area's: who stands in both is one."""
        self.nameless += other.nameless
        for key in KEYS:
            self.parties[key] |= other.parties[key]
        for kind, parties in other.others.items():
            self.others.setdefault(kind, set()).update(parties)

    @property
    def values(self) -> dict[str, int]:
        """How many."""
        return {key: len(parties) for key, parties in self.parties.items()}

    @property
    def keys(self) -> dict[str, list[str]]:
        """Which."""
        return {key: sorted(parties) for key, parties in self.parties.items()}


def checks(connection: Connection, inspections: Shelf, asked: Question, *, digits: int) -> Mapping[str, Checks]:
    """By area, cut to so many digits."""
    found: defaultdict[str, Checks] = defaultdict(Checks)
    for area, party, kind, findings in _counted(connection, inspections, asked):
        found[area[:digits]].add(party, kind, findings)
    return found


def _counted(
    connection: Connection, inspections: Shelf, asked: Question
) -> Iterator[tuple[str, str | None, str | None, str]]:
    """Known, made by then, and neither of its withdrawal's times passed."""
    side = inspections.sides[SIDE.name].c
    cutoff = microseconds(asked.cutoff)
    question = select(side.area, side.party, side.kind, side.findings).where(
        side.sequence <= asked.known,
        side.effective <= cutoff,
        side.effective >= microseconds(asked.since) if asked.since else true(),
        or_(side.withdrawn.is_(None), side.withdrawn > asked.known, side.withdrawn_effective > cutoff),
        side.area.startswith(asked.area),
    )
    yield from connection.execute(question)
