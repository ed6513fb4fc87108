"""The ledger of truth: what form B must print of the lives that were told, counted without looking at one event.

Who plans a life says at each act, in a word of its own, what that act means for the count, or says nothing. The words
stand in four books (births, grades, standings, listings), each in the order in which it was told, with the instant
from which it holds. A count asks of each book the last word on each hazard that was known by then and held by then.
No stage, no overlay and no event type appears here, and nothing is folded: that a submission, a failure or a transfer
changes no figure is so because no act of that kind says a word.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from sys import intern

from tests.lives.moments import at, day_of, last_instant
from tests.lives.words import Book, BookName, Standing, Word


@dataclass(frozen=True, slots=True)
class Counts:
    """The first part of form B by its keys, and the ceased beside it."""

    major_self_found: int = 0
    major_self_fixed: int = 0
    major_other_found: int = 0
    major_other_fixed: int = 0
    listed: int = 0
    listed_fixed: int = 0
    ceased: int = 0


class Totals:
    """Counts for any cut-off, as known at any position of the stream, for any area."""

    def __init__(self) -> None:
        self.told = 0
        """The last position told; the first is 1."""
        self.areas: list[str] = []
        """The birth area of each hazard, by its number."""
        self._books: dict[BookName, Book] = {name: Book() for name in ("birth", "grade", "standing", "listing")}
        self._ends: dict[date, int] = {}

    def born(self, area: str) -> int:
        """The number of a new hazard."""
        self.areas.append(intern(area))
        return len(self.areas) - 1

    def enter(self, hazard: int, recorded: int, holds_from: int, word: Word | None) -> None:
        """The next position of the stream, when it was recorded, and the word that it says, if any."""
        self.told += 1
        self._ends[day_of(recorded)] = self.told
        if word is not None:
            self._books[word.book].enter(hazard, self.told, holds_from, word.value)

    def position(self, known: int | date | None) -> int:
        """The last position that was recorded by the end of that day; of None, the last of all."""
        if known is None or isinstance(known, int):
            return self.told if known is None else known
        days = list(self._ends)
        place = bisect_right(days, known)
        return self._ends[days[place - 1]] if place else 0

    def count(
        self, until: date, *, since: date | None = None, known: int | date | None = None, area: str = ""
    ) -> Counts:
        """Form B with its cut-off at the end of `until`, of what was found from `since` on in that area.

        `known` is the last position of the stream that may be looked at, or the day by whose end it was recorded.
        """
        return self.by_area(len(area), until, since=since, known=known).get(area, Counts())

    def by_area(
        self, digits: int, until: date, *, since: date | None = None, known: int | date | None = None
    ) -> dict[str, Counts]:
        """The same for every area of so many digits that has any; a shorter birth area stands for itself."""
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for hazard, keys in self._keys(self.position(known), last_instant(until), at(since) if since else None):
            sums[self.areas[hazard][:digits]].update(keys)
        return {area: Counts(**sums[area]) for area in sorted(sums)}

    def _keys(self, known: int, until: int, since: int | None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each hazard that counts, and the keys under which it does."""
        own = self._books["birth"].last(known, until, since=since)
        standings = self._books["standing"].last(known, until)
        listed = self._books["listing"].last(known, until)
        for hazard, major in self._books["grade"].last(known, until).items():
            standing = standings.get(hazard, Standing.OPEN)
            if major and hazard in own and standing != Standing.GONE:
                yield hazard, KEYS[bool(own[hazard]), hazard in listed, Standing(standing)]


def _keys(*, own: bool, listed: bool, standing: Standing) -> tuple[str, ...]:
    finder, fixed = "self" if own else "other", standing is Standing.FIXED
    keys = {
        f"major_{finder}_found": True,
        f"major_{finder}_fixed": fixed,
        "listed": listed,
        "listed_fixed": listed and fixed,
        "ceased": standing is Standing.CEASED,
    }
    return tuple(key for key, counts in keys.items() if counts)


KEYS = {
    (own, listed, standing): _keys(own=own, listed=listed, standing=standing)
    for own in (True, False)
    for listed in (True, False)
    for standing in Standing
}
"""Under which keys of the form a major hazard counts."""
