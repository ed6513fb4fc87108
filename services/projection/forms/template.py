"""The layout of a form as data: titles, columns and notes stand in `data/*.yaml`, and a tenant may give others."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.projection.forms.parts import Part, Piece, Words


class FormId(StrEnum):
    """排查表 A、月度调度表 B、检查清单 C、专项行动统计报表 D; then what a law or habit asks without giving a layout."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    LISTING_REGISTER = "listing-register"
    BULLETIN = "bulletin"


class PeriodKind(StrEnum):
    """Which days a form speaks of; those that begin with `to_` count from the beginning of the campaign."""

    CALENDAR_MONTH = "calendar_month"
    TO_MONTH_END = "to_month_end"
    TO_PREVIOUS_MONTH_END = "to_previous_month_end"
    TO_DAY_BEFORE_DUE = "to_day_before_due"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Due(Piece):
    """The day by which it is handed in; a month without that day has it on its last."""

    day: Annotated[int, Field(ge=1, le=31)]
    after_period: bool = False
    """In the month after the period, not in the month that the form is for."""


class Template(Piece):
    """A form: what is printed on each kind of its sheets."""

    form: FormId
    title: Words
    above: Words | None = None
    period: PeriodKind
    due: Due | None = None
    """None where no text lays a day down."""
    paper: Literal["landscape", "portrait"] = "landscape"
    footer: Annotated[str, StringConstraints(max_length=60)] = ""
    """At the foot of each page, for signatures that the form itself has no room for."""
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    def part(self, name: str) -> Part:
        """By its name, or the first where none is said. Raises KeyError."""
        if not name:
            return self.parts[0]
        return {one.part: one for one in self.parts}[name]
