"""Reads the clause library 判定标准库 and the checklists 检查表 from YAML."""

from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.acts.checklists import Clause
from contracts.terms import Answer, Grade
from services.directories import UnreadableFileError, load_directory
from services.hazard.aggregate.checklists import Checklist, Checklists, Item, Offered
from services.hazard.aggregate.clauses import Article, ClauseLibrary, Standard

__all__ = [
    "CHECKLISTS",
    "STANDARDS",
    "Library",
    "UnreadableFileError",
    "load_checklists",
    "load_clauses",
    "load_directory",
    "load_library",
]

STANDARDS: Final = Path(__file__).parent / "data" / "standards"
"""One file for each version of a standard."""
CHECKLISTS: Final = Path(__file__).parent / "data" / "checklists"
"""One file for each version of a list."""

M = TypeVar("M", bound=BaseModel)


class Library(NamedTuple):
    """What ships as data and is read at the start."""

    clauses: ClauseLibrary = ClauseLibrary()
    checklists: Checklists = Checklists()


class _Article(BaseModel):
    model_config = ConfigDict(extra="forbid")

    article: int
    applies_to: str
    complete: bool
    text: str | None = None
    items: dict[int, str] = {}


class _Standard(BaseModel):
    """What the file says beside its articles (dates, scope, what it repeals) is for readers."""

    standard: str
    number: str
    articles: list[_Article]


class _Offer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grade: Literal["general", "suspected_major"]
    category: str | None = None
    standard: str | None = None
    version: str | None = None
    article: int | None = None
    item: int | None = None


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    no: int
    text: str
    key: str | None = None
    offers: _Offer | None = None


class _Checklist(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    version: str
    title: str
    source: str
    finding: Literal["yes", "no"]
    offers: _Offer | None = None
    items: list[_Item]


def load_library() -> Library:
    """All that ships with the service; raises UnreadableFileError."""
    return Library(load_clauses(), load_checklists())


def load_checklists(folder: Path = CHECKLISTS) -> Checklists:
    """Every list of the folder; raises UnreadableFileError."""
    return Checklists({(one.id, one.version): one for one in map(_checklist, sorted(folder.glob("*.yaml")))})


def load_clauses(folder: Path = STANDARDS) -> ClauseLibrary:
    """Every standard of the folder; raises UnreadableFileError."""
    return ClauseLibrary({(one.title, one.number): one for one in map(_load, sorted(folder.glob("*.yaml")))})


def _checklist(path: Path) -> Checklist:
    found = _read(path, _Checklist)
    items = {one.no: Item(one.no, one.text, one.key, _offered(one.offers or found.offers)) for one in found.items}
    return Checklist(found.id, found.version, found.title, Answer(found.finding), items)


def _offered(offer: _Offer | None) -> Offered | None:
    if offer is None:
        return None
    clause = offer.standard and Clause(
        standard=offer.standard, version=offer.version, article=offer.article, item=offer.item
    )
    return Offered(Grade(offer.grade), offer.category, clause or None)


def _read(path: Path, shape: type[M]) -> M:
    try:
        return shape.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError, yaml.YAMLError) as wrong:
        raise UnreadableFileError(path, wrong) from wrong


def _load(path: Path) -> Standard:
    found = _read(path, _Standard)
    articles = {
        one.article: Article(one.article, one.applies_to, one.complete, one.text, one.items) for one in found.articles
    }
    return Standard(found.standard, found.number, articles)
