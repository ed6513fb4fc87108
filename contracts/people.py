"""People with their posts 人员, when they are away, where they are reached; and who holds which post, found fast."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Final, NamedTuple, Self, TypeVar

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import AreaCode, CalendarDate, Contract, Moment, Name, Token
from contracts.terms import Role

ENTERPRISE_POSTS: Final = frozenset(
    {Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER, Role.WORKER, Role.WORKER_REPRESENTATIVE}
)
_WIDTHS: Final = (12, 9, 6, 4, 2)
"""Digits of an area code: village, township, county, city, province."""

C = TypeVar("C", bound=Contract)


def _in_order(one: C, since: date | None, until: date | None) -> C:
    if since is not None and until is not None and until < since:
        raise PydanticCustomError("backwards", "until 不能早于 since：until is before since")
    return one


class Post(Contract):
    """A role that somebody holds: at a body for an area, or at an enterprise; from when to when."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    body: Token | None = None
    enterprise: Token | None = None
    """The id of the party, as hazards name it."""
    area: AreaCode | None = None
    """Narrower than the body's own: a part of the township; unsaid: all of it."""
    sectors: tuple[Token, ...] = ()
    """Unsaid: whatever the body is competent for."""
    since: CalendarDate | None = None
    until: CalendarDate | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        wanted = "enterprise" if self.role in ENTERPRISE_POSTS else "body"
        if getattr(self, wanted) is None:
            raise PydanticCustomError(
                "nowhere", "{role} 须写明 {wanted}：say where the post is", {"role": self.role, "wanted": wanted}
            )
        return _in_order(self, self.since, self.until)

    def holds(self, day: date) -> bool:
        """On that day, both ends included."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Absence(Contract):
    """Away from when to when, both days included; his deputy is told instead."""

    model_config = ConfigDict(extra="forbid")

    since: CalendarDate
    until: CalendarDate
    deputy: Token | None = None
    """Unsaid: his usual one."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        return _in_order(self, self.since, self.until)


class Address(Contract):
    """Where he is reached: a channel of the channels file, and who he is there."""

    model_config = ConfigDict(extra="forbid")

    channel: Token
    to: Name | None = None
    """An e-mail address; in a group the mobile number or user id to call him by."""


class Member(Contract):
    """Somebody with a post 人员."""

    model_config = ConfigDict(extra="forbid")

    id: Token
    name: Name
    posts: Annotated[tuple[Post, ...], Field(max_length=50)] = ()
    deputy: Token | None = None
    away: Annotated[tuple[Absence, ...], Field(max_length=100)] = ()
    reach: Annotated[tuple[Address, ...], Field(max_length=10)] = ()
    """In the order in which they are tried."""

    def absence(self, day: date) -> Absence | None:
        """Of that day, if he is away."""
        return next((one for one in self.away if one.since <= day <= one.until), None)

    def has_left(self, day: date) -> bool:
        """Had posts, and holds none on that day; whoever is listed without a post is there."""
        return bool(self.posts) and not any(post.holds(day) for post in self.posts)


class Duty(Contract):
    """值班: who answers for an area, from one moment to another."""

    model_config = ConfigDict(extra="forbid")

    area: AreaCode
    person: Token
    since: Moment
    until: Moment
    """Not included."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        return _in_order(self, self.since, self.until)


class Holder(NamedTuple):
    """Somebody, and by which of his posts he was found."""

    member: Member
    post: Post


class Posts:
    """Who holds which post, by enterprise, by body, and by area: a look-up each, however many people there are."""

    def __init__(self, people: Iterable[Member], areas: Mapping[str, str]) -> None:
        """`areas` are those of the bodies."""
        self._areas = areas
        self._places: defaultdict[tuple[Role, str], list[Holder]] = defaultdict(list)
        self._covering: defaultdict[tuple[Role, str], list[Holder]] = defaultdict(list)
        for member in people:
            for post in member.posts:
                self._add(Holder(member, post))

    def _add(self, holder: Holder) -> None:
        role, post = holder.post.role, holder.post
        for place in {post.body, post.enterprise} - {None}:
            self._places[role, place or ""].append(holder)
        if post.body is not None:
            self._covering[role, post.area or self._areas.get(post.body, "")].append(holder)

    def at(self, place: str | None, role: Role, day: date) -> list[Holder]:
        """Who holds that role at a body or enterprise on that day, in the order of the file."""
        return [one for one in self._places.get((role, place or ""), ()) if one.post.holds(day)]

    def covering(self, area: str, role: Role, day: date) -> Iterator[list[Holder]]:
        """Who holds that role for an area around it, nearest first: those of the village, of the township, …"""
        for width in _WIDTHS:
            if width <= len(area):
                yield [one for one in self._covering.get((role, area[:width]), ()) if one.post.holds(day)]
