"""Form B's first part: major hazards found, rectified, listed, as of a cut-off and as known at a sequence.

Sums of dated changes (facets/changes.py) for hazards whose changes came in the order in which they happened; the
others are folded change by change, as the definition of design.md section 5 says.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, false, func, select, true

from services.projection.facets.changes import FIGURES, SIDE, Standing, after, microseconds
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
    found: defaultdict[str, Figures] = defaultdict(Figures)
    for area, own, *amounts in connection.execute(_sums(majors.sides[SIDE.name], asked, digits)):
        found[area].add(own, (int(amount or 0) for amount in amounts))
    for hazard in _tangled(connection, majors.sides[SIDE.name], asked):
        found[hazard.area[:digits]].add(hazard.own, hazard.figures)
    return {area: figure for area, figure in sorted(found.items()) if figure != Figures()}


def keys(connection: Connection, majors: Shelf, asked: Question) -> dict[str, list[str]]:
    """The hazards that each figure counts."""
    found: dict[str, list[str]] = {key: [] for key in KEYS}
    table = majors.sides[SIDE.name]
    for hazard in (*_plain(connection, table, asked), *_tangled(connection, table, asked)):
        one = Figures()
        one.add(hazard.own, hazard.figures)
        for key in KEYS:
            if getattr(one, key):
                found[key].append(hazard.id)
    return {key: sorted(hazards) for key, hazards in found.items()}


@dataclass(frozen=True, slots=True)
class _Hazard:
    id: str
    area: str
    own: bool
    figures: tuple[int, ...]


def _known(table: Table, asked: Question, *, tangled: bool) -> ColumnElement[bool]:
    changes = table.c
    return and_(
        changes.tangled == (true() if tangled else false()),
        changes.sequence <= asked.known,
        changes.effective <= microseconds(asked.cutoff),
        changes.found_at >= microseconds(asked.since) if asked.since else true(),
        changes.area.startswith(asked.area) if asked.area else true(),
    )


def _amounts(table: Table) -> list[ColumnElement[int]]:
    return [func.sum(table.c[f"d_{figure}"]) for figure in FIGURES]


def _sums(table: Table, asked: Question, digits: int) -> Any:  # noqa: ANN401 (a statement)
    area = func.substr(table.c.area, 1, digits)
    return (
        select(area, table.c.own, *_amounts(table))
        .where(_known(table, asked, tangled=False))
        .group_by(area, table.c.own)
    )


def _plain(connection: Connection, table: Table, asked: Question) -> Iterator[_Hazard]:
    by = (table.c.hazard, table.c.area, table.c.own)
    for hazard, area, own, *amounts in connection.execute(
        select(*by, *_amounts(table)).where(_known(table, asked, tangled=False)).group_by(*by)
    ):
        yield _Hazard(hazard, area, own, tuple(int(amount) for amount in amounts))


def _tangled(connection: Connection, table: Table, asked: Question) -> Iterator[_Hazard]:
    changes = table.c
    question = (
        select(changes.hazard, changes.area, changes.own, changes.field, changes.value)
        .where(_known(table, asked, tangled=True))
        .order_by(changes.hazard, changes.sequence)
    )
    for hazard, words in groupby(connection.execute(question), key=attrgetter("hazard")):
        standing = Standing()
        for word in words:
            standing = after(standing, word.field, word.value)
        yield _Hazard(hazard, word.area, word.own, standing.figures)


def total(areas: Mapping[str, Figures]) -> Figures:
    """All of them together; nothing is counted in two areas."""
    return Figures(*(sum(getattr(one, key) for one in areas.values()) for key in KEYS))
