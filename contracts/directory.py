"""Bodies with their competences and powers, people and their posts 机构目录: what hazard and notifier both read.

Kept as YAML in deploy/ or anywhere; this module only knows its shape. A township without a published delegation has no
powers, whatever its officers would like. Addresses stand here and in no event.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import AreaCode, CalendarDate, Contract, Name, Token
from contracts.people import ENTERPRISE_POSTS, Absence, Address, Duty, Member, Post, Posts
from contracts.terms import Power

__all__ = [
    "ENTERPRISE_POSTS",
    "Absence",
    "Address",
    "Body",
    "Delegation",
    "Directory",
    "Duty",
    "Member",
    "Post",
]


class Delegation(Contract):
    """A power, by which published act, from when to when."""

    model_config = ConfigDict(extra="forbid")

    power: Power
    basis: Name
    since: CalendarDate
    until: CalendarDate | None = None

    def holds(self, day: date) -> bool:
        """On that day, both ends included."""
        return self.since <= day and (self.until is None or day <= self.until)


class Body(Contract):
    """A body of the state 单位."""

    model_config = ConfigDict(extra="forbid")

    id: Token
    name: Name
    area: AreaCode
    superior: Token | None = None
    """The body above, which may end what this one ordered."""
    competences: tuple[Token, ...] = ()
    """Sectors that it supervises."""
    powers: tuple[Delegation, ...] = ()

    def has(self, power: Power, day: date) -> bool:
        """Whether a delegation of that power holds on that day."""
        return any(one.power is power and one.holds(day) for one in self.powers)


class Directory(Contract):
    """Every body and person of a tenant."""

    model_config = ConfigDict(extra="forbid")

    bodies: Annotated[tuple[Body, ...], Field(max_length=10_000)] = ()
    people: Annotated[tuple[Member, ...], Field(max_length=200_000)] = ()
    duty: Annotated[tuple[Duty, ...], Field(max_length=100_000)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        (most, times), *_ = Counter(body.id for body in self.bodies).most_common(1) or [("", 0)]
        if times > 1:
            raise PydanticCustomError("twice", "the body {id} stands twice: keep one", {"id": most})
        for body in self.bodies:
            if body.superior and body.superior not in self._by_id:
                raise PydanticCustomError(
                    "unknown_superior",
                    "{id} names a superior that is not in the file: {superior}",
                    {"id": body.id, "superior": body.superior},
                )
            if self.is_above(body.id, body.id):
                raise PydanticCustomError("cycle", "{id} is its own superior: mend the chain", {"id": body.id})
        self._check_people()
        return self

    def _check_people(self) -> None:
        (most, times), *_ = Counter(one.id for one in self.people).most_common(1) or [("", 0)]
        if times > 1:
            raise PydanticCustomError("twice", "人员 {id} 写了两次：the person stands twice", {"id": most})
        for one in self.people:
            named = [one.deputy, *(away.deputy for away in one.away)]
            self._check_known(one.id, "人员", named, self._members.keys())
            self._check_known(one.id, "单位", [post.body for post in one.posts], self._by_id.keys())
        for duty in self.duty:
            self._check_known(duty.area, "人员", [duty.person], self._members.keys())

    @staticmethod
    def _check_known(where: str, what: str, named: Iterable[str | None], known: Collection[str]) -> None:
        for one in named:
            if one is not None and one not in known:
                raise PydanticCustomError(
                    "unknown",
                    "{where} 提到的{what} {id} 不在目录里：not in the directory",
                    {"where": where, "what": what, "id": one},
                )

    def member(self, person_id: str | None) -> Member | None:
        """By id, or None."""
        return self._members.get(person_id or "")

    @cached_property
    def _members(self) -> dict[str, Member]:
        return {member.id: member for member in self.people}

    @cached_property
    def posts(self) -> Posts:
        """Who holds which post, whatever the day."""
        return Posts(self.people, {body.id: body.area for body in self.bodies})

    def on_duty(self, area: str, now: datetime) -> list[Duty]:
        """Whose watch it is for that area and those around it, nearest first."""
        there = [one for one in self.duty if area.startswith(one.area) and one.since <= now < one.until]
        return sorted(there, key=lambda one: -len(one.area))

    def body(self, body_id: str | None) -> Body | None:
        """By id, or None."""
        return self._by_id.get(body_id or "")

    @cached_property
    def _by_id(self) -> dict[str, Body]:
        return {body.id: body for body in self.bodies}

    def above(self, body_id: str | None) -> Iterator[Body]:
        """Its superiors, nearest first; ends where the chain closes on itself."""
        seen: set[str] = set()
        body = self.body(body_id)
        while body and body.superior and body.superior not in seen:
            seen.add(body.superior)
            body = self.body(body.superior)
            if body:
                yield body

    def is_above(self, upper: str | None, lower: str | None) -> bool:
        """Whether `upper` stands anywhere above `lower`."""
        return any(body.id == upper for body in self.above(lower))

    def competent_for(self, sector: str | None, area: str, power: Power, day: date) -> Body | None:
        """The nearest body that may use that power on that sector there: the one to transfer to."""
        fit = [
            body
            for body in self.bodies
            if area.startswith(body.area) and body.has(power, day) and (sector is None or sector in body.competences)
        ]
        return max(fit, key=lambda body: len(body.area), default=None)
