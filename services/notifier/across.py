"""Counts across hazards for whoever walks all of them: held in memory, by what they are of."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from contracts.policy import Counting
from services.notifier.case import Case
from services.notifier.counted import Counted, Counts
from services.notifier.counting import Entry, Key, counted, disturbed, keys

Entries = Iterable[tuple[Key, Entry]]


class Across:
    """What was counted."""

    def __init__(self, *entries: Entries) -> None:
        self.looked_at: set[Counting] = set()
        """What was asked for, until somebody clears it."""
        self._entries: defaultdict[Key, list[Entry]] = defaultdict(list)
        for some in entries:
            self.add(some)

    def add(self, entries: Entries) -> set[str]:
        """Enter them, each once; gives the hazards that may stand otherwise now."""
        new: defaultdict[Key, list[Entry]] = defaultdict(list)
        for key, entry in entries:
            new[key].append(entry)
            self._entries[key].append(entry)
        return {hazard for key, some in new.items() for hazard in disturbed(self._entries[key], some)}

    def of(self, case: Case) -> Counts:
        """For one hazard."""
        return View(case, self._look)

    def _look(self, key: Key) -> Collection[Entry]:
        self.looked_at.add(key.counting)
        return self._entries.get(key, ())


class View(Mapping[Counting, tuple[Counted, ...]]):
    """Counts of one hazard, gathered when somebody looks at them."""

    def __init__(self, case: Case, entries: Callable[[Key], Collection[Entry]]) -> None:
        self._case = case
        self._entries = entries

    def __getitem__(self, counting: Counting) -> tuple[Counted, ...]:
        entries = [entry for key in keys(counting, self._case) for entry in self._entries(key)]
        return counted(self._case, entries) if entries else ()

    def __iter__(self) -> Iterator[Counting]:
        return iter(Counting)

    def __len__(self) -> int:
        return len(Counting)
