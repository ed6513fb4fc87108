"""Facts and visits by area or by enterprise."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.projection.reports.asked import Asked
from services.projection.reports.facts import Fact
from services.projection.reports.visits import Visit

UNKNOWN: Final = "责任单位待查"


@dataclass(slots=True)
class Group:
    """Of one row."""

    name: str
    facts: list[Fact] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def add(self, one: Fact | Visit) -> None:
        """A hazard found there, or a visit made."""
        if isinstance(one, Fact):
            self.facts.append(one)
        else:
            self.visits.append(one)

    @property
    def parties(self) -> list[str]:
        """Ids of those that were looked at: visited, or with a hazard found."""
        return parties(self.facts, self.visits)


def parties(facts: Iterable[Fact], visits: Iterable[Visit], but: Container[str] = ()) -> list[str]:
    """Ids, each once, without those that are no enterprise; nobody known is none."""
    return sorted({one.party for one in _both(facts, visits) if one.party is not None and one.party not in but})


def by_area(facts: Sequence[Fact], visits: Sequence[Visit], asked: Asked) -> list[Group]:
    """One level below, in the order of the codes; what is recorded at a higher level stands under that level."""
    found: dict[str, Group] = {}
    for one in _both(facts, visits):
        code = one.area[: asked.below]
        group = found.setdefault(code, Group(_name(code, asked)))
        group.add(one)
    return [group for _, group in sorted(found.items())]


def _name(code: str, asked: Asked) -> str:
    return asked.called(code) if len(code) == asked.below else f"{asked.called(code)}（本级）"


def by_enterprise(facts: Sequence[Fact], visits: Sequence[Visit]) -> list[Group]:
    """By name as it was last given; those of nobody known come last."""
    found: dict[str | None, Group] = {}
    for one in sorted(_both(facts, visits), key=lambda one: one.row.born):
        group = found.setdefault(one.party, Group(UNKNOWN))
        group.name = one.row.get("party") or group.name
        group.add(one)
    return sorted(found.values(), key=lambda group: (group.name == UNKNOWN, group.name))


def _both(facts: Iterable[Fact], visits: Iterable[Visit]) -> list[Fact | Visit]:
    return [*facts, *visits]
