"""Who is told: roles become people on the day on which a rule fires; whoever is away has his deputy told.

Nobody found for a role: whom the next level names is told in his stead, and that he is, `missing`. Whoever cannot be
reached counts as not found. In a confidential matter, and where a proposal about a party is to be answered, nobody of
that party is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from contracts.directory import ENTERPRISE_POSTS, Directory, Member
from contracts.parties import Person
from contracts.policy import Relation, Told
from contracts.terms import Role
from services.notifier.letters.holders import Matter
from services.notifier.letters.relations import holders
from services.notifier.timing.case import Case

DEPUTIES: Final = 5
"""Deputies of deputies, at most."""
OWN: Final = ENTERPRISE_POSTS | {Role.PARTY_OFFICER, Relation.RESPONSIBLE}
"""Roles of the party's own people."""
NOBODY: Final = Person(id="nobody", name="无人可通知")
"""In whose name it is recorded that nobody could be told."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told."""

    member: Member
    as_role: Told
    deputy_for: Person | None = None
    missing: tuple[Told, ...] = ()
    """Roles that nobody holds, in whose stead he is told."""


def resolve(
    tell: Sequence[Told],
    case: Case,
    directory: Directory,
    now: datetime,
    zone: ZoneInfo,
    *,
    above: Iterable[Sequence[Told]] = (),
    withheld: bool = False,
    urgent: bool = False,
) -> list[Recipient]:
    """Everybody once, by the first of his roles. `above`: whom the next levels of the ladder tell, from low to high.

    `withheld`: nobody of the parties. `urgent`: everybody on duty around there besides. Nobody at all: an empty list.
    """
    search = _Search(Matter(case, directory, now.astimezone(zone).date(), now), withheld=withheld)
    missing = tuple(one for one in dict.fromkeys(tell) if not search.tell(one))
    if missing or not search.told:
        search.climb(above, missing)
    if urgent:
        search.watch()
    return list(search.told.values())


class _Search:
    def __init__(self, matter: Matter, *, withheld: bool) -> None:
        self._matter, self._withheld = matter, withheld
        self.told: dict[str, Recipient] = {}

    def tell(self, role: Told) -> bool:
        """Whether there is anybody, or nobody of that kind is wanted."""
        if self._withheld and role in OWN:
            return True
        added = [self._add(*found) for found in holders(self._matter, role)]
        return any(one is not None for one in added)

    def climb(self, above: Iterable[Sequence[Told]], missing: tuple[Told, ...]) -> None:
        """To the first level at which there is anybody."""
        for rung in above:
            found = [self._add(*one) for role in rung if self._wants(role) for one in holders(self._matter, role)]
            if stand_ins := {one.member.id for one in found if one}:
                self.told |= {key: replace(self.told[key], missing=missing) for key in stand_ins}
                return

    def watch(self) -> None:
        """Whoever is on duty, here and above."""
        for found in self._matter.watches(nearest=False):
            self._add(*found)

    def _wants(self, role: Told) -> bool:
        return not (self._withheld and role in OWN)

    def _add(self, member: Member, role: Told) -> Recipient | None:
        there = self._stand_in(member)
        if there is None or not there.reach or (self._withheld and self._matter.belongs(there)):
            return None
        absent = None if there is member else Person(id=member.id, name=member.name)
        return self.told.setdefault(there.id, Recipient(there, role, absent))

    def _stand_in(self, member: Member) -> Member | None:
        """Himself, or the first deputy along the chain who is there; nobody where it closes on itself."""
        one: Member | None = member
        for _ in range(DEPUTIES + 1):
            if one is None or one.has_left(self._matter.day):
                return None
            absence = one.absence(self._matter.day)
            if absence is None:
                return one
            one = self._matter.directory.member(absence.deputy or one.deputy)
        return None
