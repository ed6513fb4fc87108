"""Who holds a role in one matter on one day: by post, competence, area and sector."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from contracts.directory import ENTERPRISE_POSTS, Directory, Member
from contracts.parties import Party
from contracts.people import Holder
from contracts.policy import Relation, Told
from contracts.terms import Role
from services.notifier.timing.case import Case

SECTORAL: Final = frozenset({Role.REGULATOR, Role.REGULATOR_LEAD, Role.OFFICER, Role.LEGAL_REVIEWER})
"""Who answers for the sectors of his body; the others for whatever happens in their area."""
ACCOUNTABLE: Final = frozenset({Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER})
"""In whose place a public body or village has its 经办负责人."""

Found = tuple[Member, Told]
"""Somebody, as what."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A hazard, the people there are, and the day and moment at which it is asked."""

    case: Case
    directory: Directory
    day: date
    now: datetime

    def role(self, told: Role) -> Iterator[Found]:
        """In the order of the directory; those of the leading party first. The same person may come again."""
        if told in ENTERPRISE_POSTS:
            yield from self.employees(told)
        elif told is Role.PARTY_OFFICER:
            for party in self.case.parties:
                yield from self.at(party.body, told)
        else:
            yield from ((one.member, told) for one in self.nearest(told))

    def belongs(self, member: Member) -> bool:
        """Is, or was, one of a party's own people."""
        case = self.case
        named = [*case.responsible, *(party.head for party in case.parties if party.head), case.acceptor]
        places = {place for party in case.parties for place in (party.id, party.body) if place}
        return any(one is not None and one.id == member.id for one in named) or any(
            post.enterprise in places or post.body in places for post in member.posts
        )

    def employees(self, role: Role) -> Iterator[Found]:
        """Of the enterprises among the parties; of public bodies, whoever answers for the matter there."""
        for party in self.case.parties:
            if role is Role.ENTERPRISE_HEAD:
                yield from self._head(party)
            yield from self.at(party.id, role)
            if role in ACCOUNTABLE:
                yield from self.at(party.body, Role.PARTY_OFFICER)

    def _head(self, party: Party) -> Iterator[Found]:
        if party.head:
            yield from self.named([party.head.id], Role.ENTERPRISE_HEAD)

    def named(self, ids: Iterable[str], told: Told) -> Iterator[Found]:
        """People whom the matter names, while they are there."""
        for member in map(self.directory.member, ids):
            if member and not member.has_left(self.day):
                yield member, told

    def at(self, place: str | None, *roles: Role, told: Told | None = None) -> Iterator[Found]:
        """Who holds one of these roles at a body or enterprise."""
        for role in roles:
            yield from ((one.member, told or role) for one in self.directory.posts.at(place, role, self.day))

    def first(self, places: Iterable[str | None], roles: Iterable[Role], told: Told) -> list[Found]:
        """Of the first of these bodies that has anybody of the kind."""
        tried = (list(self.at(place, *roles, told=told)) for place in places)
        return next(filter(None, tried), [])

    def nearest(self, role: Role) -> list[Holder]:
        """Of the competent body; else of the nearest area whose post, or body, is competent."""
        posts, area = self.directory.posts, self.case.area
        own = posts.at(self.case.competent, role, self.day)
        if mine := [one for one in own if one.post.area is None or area.startswith(one.post.area)]:
            return mine
        rings = ([one for one in ring if self._fits(one)] for ring in posts.covering(area, role, self.day))
        return self._alone(next(filter(None, rings), []))

    def _fits(self, holder: Holder) -> bool:
        sector, post = self.case.sector, holder.post
        if sector is None or (not post.sectors and post.role not in SECTORAL):
            return True
        body = self.directory.body(post.body)
        return sector in (post.sectors or (body.competences if body else ()))

    def _alone(self, found: list[Holder]) -> list[Holder]:
        """While nobody knows the sector, one body is asked, not each of the county's."""
        if self.case.sector is not None or not found or found[0].post.role not in SECTORAL:
            return found
        return [one for one in found if one.post.body == found[0].post.body]

    def watches(self, *, nearest: bool) -> Iterator[Found]:
        """Who is on duty for the area, nearest first: only there, or around it too."""
        there = self.directory.on_duty(self.case.area, self.now)
        near = [one.person for one in there if not nearest or one.area == there[0].area]
        yield from self.named(near, Relation.DUTY_OFFICER)
