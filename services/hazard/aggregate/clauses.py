"""The clause library 判定标准库: versioned data, loaded outside and handed in; missing text is never invented."""

from dataclasses import dataclass, field
from typing import Final

TEXT_MISSING: Final = "条文待录入"


@dataclass(frozen=True, slots=True)
class Article:
    """An article of a standard; where it is incomplete, items beyond those given exist in the gazette."""

    number: int
    applies_to: str
    complete: bool
    text: str | None = None
    items: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of one standard, by title and promulgation number."""

    title: str
    number: str
    articles: dict[int, Article]


@dataclass(frozen=True, slots=True)
class ClauseLibrary:
    """By (title, number)."""

    standards: dict[tuple[str, str], Standard] = field(default_factory=dict)

    def standard(self, title: str | None, number: str | None) -> Standard | None:
        """That version of that standard, or None."""
        return self.standards.get((title or "", number or ""))

    def text(self, title: str | None, number: str | None, article: int | None, item: int | None) -> str | None:
        """The clause's words; 条文待录入 where it exists and its text is not here; None where it cannot exist."""
        standard = self.standard(title, number)
        found = standard.articles.get(article or 0) if standard else None
        if found is None:
            return None
        if item is None:
            return found.text or (TEXT_MISSING if not found.items or not found.complete else found.applies_to)
        if item in found.items:
            return found.items[item]
        return None if found.complete else TEXT_MISSING
