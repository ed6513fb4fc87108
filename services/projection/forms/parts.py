"""What a sheet of a form is made of: columns under headings, or figures beside their items."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

Words = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""ASCII, so that sorted keys are in the order of RFC 8785."""
Width = Annotated[float, Field(ge=3, le=100)]
"""Half-width characters."""
WIDTH: Final = 10.0


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBERING = "numbering"
    """序号, from 1."""
    COUNT = "count"
    AMOUNT = "amount"
    RATE = "rate"
    DATE = "date"
    PICTURES = "pictures"
    TICK = "tick"


class Piece(BaseModel):
    """A part of a template; a key that it does not know is a typing error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Piece):
    """One column, and what the rows call it."""

    key: Key
    title: Words
    kind: Kind = Kind.TEXT
    width: Width = WIDTH
    total: bool = False
    """Summed up in the row 合计."""
    of: tuple[Key, Key] | None = None
    """Of a rate: the part and the whole."""

    @model_validator(mode="after")
    def _a_rate_is_of_something(self) -> Self:
        if (self.kind is Kind.RATE) != (self.of is not None):
            raise PydanticCustomError("rate", "整改率这样的列（kind: rate）须用 of 写明分子、分母两列，其他列不写 of")
        return self


class Group(Piece):
    """A heading over several columns."""

    title: Words
    columns: Annotated[tuple["Heading", ...], Field(min_length=1)]


def _is_group(given: object) -> str:
    return "group" if isinstance(given, Group) or (isinstance(given, dict) and "columns" in given) else "column"


Heading = Annotated[Annotated[Column, Tag("column")] | Annotated[Group, Tag("group")], Discriminator(_is_group)]


def leaves(headings: Iterable[Heading]) -> Iterator[Column]:
    """The columns, from left to right."""
    return chain.from_iterable([one] if isinstance(one, Column) else leaves(one.columns) for one in headings)


class Item(Piece):
    """A line that is printed beforehand."""

    number: Annotated[int, Field(ge=1, le=999)]
    text: Words
    key: Key | None = None
    """The figure beside it; a checklist's item has an answer in place of one."""


class ItemGroup(Piece):
    """Items under one label, numbered from 1, two to a row."""

    label: Words
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class _Part(Piece):
    part: Key
    name: Words
    """What the sheet is called where the report does not say."""
    title: Words | None = None
    line: Words | None = None
    """Under the title; `{unit:____}` is filled in, or stays as it stands behind the colon."""
    notes: tuple[Words, ...] = ()
    sign: tuple[Words, ...] = ()
    """Who signs below the table."""


class TablePart(_Part):
    """Columns under a heading of one or more rows; 合计 where a column is summed up."""

    layout: Literal["table"]
    columns: Annotated[tuple[Heading, ...], Field(min_length=1)]
    blank_rows: Annotated[int, Field(ge=0, le=50)] = 0
    """Where there is nothing to print: to be filled in by hand."""
    title_inside: bool = False
    items: tuple[Item, ...] = ()
    """A checklist's: one row each, whether answered or not."""

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        keys = [column.key for column in leaves(self.columns)]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise PydanticCustomError("twice", "列的 key 重复：{keys}，请各取一名", {"keys": "、".join(twice)})
        return self


class FiguresPart(_Part):
    """Seven columns without a heading: label, then number, item, figure twice."""

    layout: Literal["figures"]
    groups: Annotated[tuple[ItemGroup, ...], Field(min_length=1)]


Part = Annotated[TablePart | FiguresPart, Discriminator("layout")]
