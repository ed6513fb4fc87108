"""Two walks of one hazard side by side: what one policy says that the other does not; and what that comes to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Self

from contracts.policy import SIGNED_FROM, Told
from contracts.terms import Ladder
from services.notifier.timing.firing import Firing


class Kind(StrEnum):
    """How a step under the new policy differs from the same step of the same clock under the present one."""

    MORE = "more"
    FEWER = "fewer"
    EARLIER = "earlier"
    LATER = "later"
    LEVEL = "level"
    """At another level of the ladder."""
    TOLD = "told"
    """At the same level, but others are told."""


class Change(NamedTuple):
    """A step that differs; `before` under the present policy, `after` under the new one."""

    kinds: tuple[Kind, ...]
    before: Firing | None
    after: Firing | None

    @property
    def firing(self) -> Firing:
        """The newer of both."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


class Cell(NamedTuple):
    """What totals are kept by."""

    ladder: Ladder
    rule: str
    level: int


def compare(before: Sequence[Firing], after: Sequence[Firing]) -> list[Change]:
    """In the order of time."""
    had, has = ({_key(one): one for one in firings} for firings in (before, after))
    found = [change for key in dict.fromkeys([*had, *has]) if (change := _change(had.get(key), has.get(key)))]
    return sorted(found, key=lambda one: one.firing.occurred_at)


def told(firing: Firing) -> tuple[Told, ...]:
    """Whom the machine itself speaks to: of a draft, whoever may sign it."""
    return firing.signs if firing.level >= SIGNED_FROM else firing.tell


def _key(firing: Firing) -> tuple[str, str, int]:
    return firing.rule, firing.step, firing.clock_started_by


def _change(before: Firing | None, after: Firing | None) -> Change | None:
    if before is None or after is None:
        return Change((Kind.MORE if before is None else Kind.FEWER,), before, after)
    kinds = tuple(_kinds(before, after))
    return Change(kinds, before, after) if kinds else None


def _kinds(before: Firing, after: Firing) -> Iterator[Kind]:
    if after.occurred_at != before.occurred_at:
        yield Kind.EARLIER if after.occurred_at < before.occurred_at else Kind.LATER
    if after.level != before.level:
        yield Kind.LEVEL
    elif set(told(after)) != set(told(before)):
        yield Kind.TOLD


@dataclass
class Tally:
    """Of many hazards."""

    hazards: int = 0
    changed: int = 0
    """Hazards with at least one step that differs."""
    unreadable: int = 0
    """Hazards with an event that this program cannot read: no rule is applied to them."""
    before: Counter[Cell] = field(default_factory=Counter)
    after: Counter[Cell] = field(default_factory=Counter)
    kinds: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    """By rule."""
    told_before: Counter[Told] = field(default_factory=Counter)
    told_after: Counter[Told] = field(default_factory=Counter)

    def add(self, before: Iterable[Firing], after: Iterable[Firing], changes: Sequence[Change]) -> None:
        """One hazard's."""
        self.hazards += 1
        self.changed += bool(changes)
        for firings, cells, roles in ((before, self.before, self.told_before), (after, self.after, self.told_after)):
            for one in firings:
                cells[Cell(one.ladder, one.rule, one.level)] += 1
                roles.update(told(one))
        for change in changes:
            self.kinds.update((change.firing.rule, kind) for kind in change.kinds)

    def __iadd__(self, other: Self) -> Self:
        self.hazards += other.hazards
        self.changed += other.changed
        self.unreadable += other.unreadable
        self.before += other.before
        self.after += other.after
        self.kinds += other.kinds
        self.told_before += other.told_before
        self.told_after += other.told_after
        return self
