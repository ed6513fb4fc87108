"""What a ledger is: columns, and a rule for each event that it reads.

A ledger stands in a file of its own in `ledgers/`, and in the list `LEDGERS` there. It fills itself by replay.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.types import TypeEngine

from contracts.events import Event
from services.projection.entries import Entry
from services.projection.pages import Page

Rule = Callable[[Any, Entry, Page], None]
"""Enters one event: `rule(event, entry, page)`."""


class Kind(Enum):
    """What a column holds, and how it is compared and shown."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    """How many keys it has; the keys are kept beside it."""
    DAY = "day"
    """2026-05-01."""
    MOMENT = "moment"
    """2026-05-01T08:30:00+08:00, the site's clock."""
    MONEY = "money"
    """Fen 分, a hundredth of a yuan; shown in yuan."""


SQL_TYPES: Mapping[Kind, TypeEngine[Any]] = {
    kind: BigInteger() if kind in {Kind.NUMBER, Kind.COUNT, Kind.MONEY} else Text() for kind in Kind
}


@dataclass(frozen=True, slots=True)
class Column:
    """`key` for programs, `title` for people."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    bodies: bool = False
    """It says the id of a body (or party) that no event had named by then; whoever shows it may know the name."""


@dataclass(frozen=True, slots=True)
class Side:
    """Rows kept beside a ledger's own: dated changes that a report sums up. The first `keys` columns identify one."""

    name: str
    columns: Mapping[str, TypeEngine[Any]]
    keys: int = 1
    indexes: tuple[tuple[str, ...], ...] = ()


def _own(entry: Entry) -> Iterable[str]:
    return (entry.aggregate,)


@dataclass(frozen=True)
class Ledger:
    """A ledger 台账. Raise `version` whenever columns or rules change: it then builds itself anew."""

    name: str
    title: str
    version: int
    columns: tuple[Column, ...]
    rules: Mapping[type[Event], Rule] = field(default_factory=dict)
    every: Rule | None = None
    """Reads every event of these kinds, after the rule of its type."""
    kinds: frozenset[str] = frozenset({"hazard"})
    sides: tuple[Side, ...] = ()
    pages: Callable[[Entry], Iterable[str]] = _own
    """Pages that the event will surely touch: they are fetched together. Others are fetched when asked for."""

    @cached_property
    def by_type(self) -> Mapping[str, Rule]:
        """Its rules by wire name."""
        return {event.type: rule for event, rule in self.rules.items()}

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """Its columns."""
        return {column.key: column for column in self.columns}

    def concerns(self, entry: Entry) -> bool:
        """Whether it reads that event. A type that nobody knows concerns those who read every event."""
        if entry.type in self.by_type:
            return True
        return (self.every is not None and entry.kind in self.kinds) or not entry.type

    def apply(self, entry: Entry, page: Page) -> None:
        """Enter it; raises whatever its rules raise."""
        event = entry.event
        rule = self.by_type.get(entry.type)
        if rule is not None:
            rule(event, entry, page)
        if self.every is not None and entry.kind in self.kinds:
            self.every(event, entry, page)
