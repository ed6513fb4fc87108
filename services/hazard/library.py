"""Reads the clause library 判定标准库 and the directory 机构目录 from YAML."""

from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.directory import Directory
from services.hazard.aggregate.clauses import Article, ClauseLibrary, Standard

STANDARDS: Final = Path(__file__).parent / "data" / "standards"
"""One file for each version of a standard."""


class UnreadableFileError(Exception):
    """The file is not what it should be."""

    def __init__(self, path: Path, why: object) -> None:
        super().__init__(f"{path}: {why}")


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


def load_clauses(folder: Path = STANDARDS) -> ClauseLibrary:
    """Every standard of the folder; raises UnreadableFileError."""
    return ClauseLibrary({(one.title, one.number): one for one in map(_load, sorted(folder.glob("*.yaml")))})


def load_directory(path: Path | None) -> Directory:
    """The bodies with their powers; nobody has any where there is no file. Raises UnreadableFileError."""
    if path is None:
        return Directory()
    try:
        return Directory.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {}, strict=False)
    except (OSError, ValueError, yaml.YAMLError) as wrong:
        raise UnreadableFileError(path, wrong) from wrong


def _load(path: Path) -> Standard:
    try:
        found = _Standard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError, yaml.YAMLError) as wrong:
        raise UnreadableFileError(path, wrong) from wrong
    articles = {
        one.article: Article(one.article, one.applies_to, one.complete, one.text, one.items) for one in found.articles
    }
    return Standard(found.standard, found.number, articles)
