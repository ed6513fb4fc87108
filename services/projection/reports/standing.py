"""Form B's first part: major hazards found, rectified, listed, as of a cut-off and as known at a sequence.

Sums of the dated changes that the ledger of major hazards keeps (facets/changes.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from services.projection.facets.changes import FIGURES, SIDE, microseconds
from services.projection.shelf import Shelf


@dataclass(slots=True)
class Figures:
    """Of one area; the keys of data/forms.yaml, then what 溯源 tells apart."""

    major_self_found: int = 0
    major_self_fixed: int = 0
    major_other_found: int = 0
    major_other_fixed: int = 0
    listed: int = 0
    listed_fixed: int = 0
    ceased: int = 0
    suspected: int = 0

    def add(self, own: bool, amounts: Iterable[int]) -> None:  # noqa: FBT001 (as it stands in the table)
        """What one hazard, or many of one origin, add: in the order of FIGURES."""
        found, fixed, listed, listed_fixed, ceased, suspected = amounts
        if own:
            self.major_self_found += found
            self.major_self_fixed += fixed
        else:
            self.major_other_found += found
            self.major_other_fixed += fixed
        self.listed += listed
        self.listed_fixed += listed_fixed
        self.ceased += ceased
        self.suspected += suspected


KEYS: Final = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class Question:
    """About which hazards, as of when, as known when."""

    cutoff: datetime
    """The last instant that counts."""
    known: int
    """The last sequence that was known."""
    since: datetime | None = None
    """Found at or after: the beginning of the campaign."""
    area: str = ""
    """Its code begins so."""


def figures(connection: Connection, majors: Shelf, asked: Question, *, digits: int = 12) -> dict[str, Figures]:
    """By area, cut to so many digits: a hazard recorded for a township stands under the township's code."""
    changes = majors.sides[SIDE.name]
    found: defaultdict[str, Figures] = defaultdict(Figures)
    by = (changes.c.area, changes.c.own)
    for area, own, *amounts in connection.execute(_sums(changes, asked, by)):
        found[area[:digits]].add(own, (int(amount) for amount in amounts))
    return {area: figure for area, figure in sorted(found.items()) if figure != Figures()}


def keys(connection: Connection, majors: Shelf, asked: Question) -> dict[str, list[str]]:
    """The hazards that each figure counts."""
    changes = majors.sides[SIDE.name]
    found: dict[str, list[str]] = {key: [] for key in KEYS}
    for hazard, own, *amounts in connection.execute(_sums(changes, asked, (changes.c.hazard, changes.c.own))):
        one = Figures()
        one.add(own, (int(amount) for amount in amounts))
        for key in KEYS:
            if getattr(one, key):
                found[key].append(hazard)
    return {key: sorted(hazards) for key, hazards in found.items()}


def _sums(table: Table, asked: Question, by: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    changes = table.c
    amounts = [func.sum(changes[f"d_{figure}"]) for figure in FIGURES]
    known = [changes.sequence <= asked.known, changes.effective <= microseconds(asked.cutoff)]
    if asked.since is not None:
        known.append(changes.found_at >= microseconds(asked.since))
    if asked.area:
        known.append(changes.area.startswith(asked.area))
    return select(*by, *amounts).where(*known).group_by(*by)


def total(areas: Mapping[str, Figures]) -> Figures:
    """All of them together; nothing is counted in two areas."""
    return Figures(*(sum(getattr(one, key) for one in areas.values()) for key in KEYS))
