"""What an act means for the count, in words of the planner's own, and the books in which they stand."""

from array import array
from bisect import bisect_right
from enum import IntEnum
from itertools import islice
from typing import Literal, NamedTuple


class Standing(IntEnum):
    """What became of a hazard, as far as the form asks."""

    OPEN = 0
    FIXED = 1
    """Verified, or closed as rectified."""
    CEASED = 2
    """Closed with its place: counted apart, not fixed."""
    GONE = 3
    """Withdrawn or merged: in no count."""


BookName = Literal["birth", "grade", "standing", "listing"]


class Word(NamedTuple):
    """What an act means for the count; most acts mean nothing, and say none."""

    book: BookName
    value: int
    """birth: 1 for the enterprise's own finding; grade: 1 for major; standing: a Standing; listing: 1."""


class Book:
    """Words of one kind, in the order in which they were told."""

    def __init__(self) -> None:
        self._hazards, self._values = array("l"), array("b")
        self._positions, self._instants = array("q"), array("q")

    def enter(self, hazard: int, position: int, instant: int, value: int) -> None:
        """One word: on which hazard, told at which position of the stream, holding from when."""
        self._hazards.append(hazard)
        self._positions.append(position)
        self._instants.append(instant)
        self._values.append(value)

    def last(self, position: int, until: int, *, since: int | None = None) -> dict[int, int]:
        """Of each hazard, the word told last among those told by that position that hold from an instant in between."""
        begin = since if since is not None else -(2**63)
        words = islice(
            zip(self._hazards, self._instants, self._values, strict=True), bisect_right(self._positions, position)
        )
        return {hazard: value for hazard, instant, value in words if begin <= instant <= until}
