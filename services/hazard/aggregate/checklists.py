"""Checklists 检查表: versioned data, loaded outside and handed in, as the clause library is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.acts.checklists import Clause
from contracts.terms import Answer, Grade


@dataclass(frozen=True, slots=True)
class Offered:
    """What an answer that is a finding offers to open."""

    grade: Grade
    category: str | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A question as printed; `key` is its name in a report's counts."""

    number: int
    text: str
    key: str | None = None
    offers: Offered | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version of one list. `finding` is the answer that says that something is wrong."""

    id: str
    version: str
    title: str
    finding: Answer
    items: Mapping[int, Item]


@dataclass(frozen=True, slots=True)
class Checklists:
    """By (id, version)."""

    lists: Mapping[tuple[str, str], Checklist] = field(default_factory=dict)

    def find(self, checklist: str, version: str) -> Checklist | None:
        """That version of that list, or None."""
        return self.lists.get((checklist, version))
