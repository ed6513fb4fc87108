"""Counts across hazards for whoever walks all of them: held in memory, by what they are of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Final

from contracts.policy import Counting
from services.notifier.counts.counting import Entry, Key, counted, disturbed, keys
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counted, Counts, InOrder

Entries = Iterable[tuple[Key, Entry]]
POINTED: Final = frozenset({Counting.CLOSED_AT_SAME_POINT, Counting.SELF_CHECK_SAID_NONE})
"""Which entries concern a hazard hangs on its place or item; of the others all under a key do."""


class Across:
    """What was counted."""

    def __init__(self, *entries: Entries) -> None:
        self.looked_at: set[Counting] = set()
        """What was asked for, until somebody clears it."""
        self._entries: defaultdict[Key, list[Entry]] = defaultdict(list)
        self._ready: dict[Key, InOrder] = {}
        for some in entries:
            self.add(some)

    def add(self, entries: Entries) -> set[str]:
        """Enter them, each once; gives the hazards that may stand otherwise now."""
        new: defaultdict[Key, list[Entry]] = defaultdict(list)
        for key, entry in entries:
            new[key].append(entry)
            self._entries[key].append(entry)
            self._ready.pop(key, None)
        return {hazard for key, some in new.items() for hazard in disturbed(self._entries[key], some)}

    def of(self, case: Case) -> Counts:
        """For one hazard."""
        return View(self, case)

    def counted(self, counting: Counting, case: Case) -> tuple[Counted, ...]:
        """What concerns that hazard."""
        self.looked_at.add(counting)
        found = [key for key in keys(counting, case) if key in self._entries]
        if len(found) == 1 and counting not in POINTED:
            return self._whole(found[0], case)
        return counted(case, [entry for key in found for entry in self._entries[key]])

    def _whole(self, key: Key, case: Case) -> InOrder:
        """The same for whoever asks."""
        ready = self._ready.get(key)
        if ready is None:
            ready = InOrder(sorted(counted(case, self._entries[key]), key=attrgetter("at")))
            self._ready[key] = ready
        return ready


class View(Mapping[Counting, tuple[Counted, ...]]):
    """Counts of one hazard, gathered when somebody looks at them."""

    def __init__(self, across: Across, case: Case) -> None:
        self._across = across
        self._case = case

    def __getitem__(self, counting: Counting) -> tuple[Counted, ...]:
        return self._across.counted(counting, self._case)

    def __iter__(self) -> Iterator[Counting]:
        return iter(Counting)

    def __len__(self) -> int:
        return len(Counting)
