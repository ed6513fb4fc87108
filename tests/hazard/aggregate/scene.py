"""What somebody sees who is about to act: the hazard's record, his own place, the day; and whom he may turn to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from contracts.base import DocumentRef, local_day
from contracts.parties import Actor, Person, Signatory
from contracts.terms import Role
from tests.hazard.aggregate.cast import ACTORS, DIRECTORY, PAPER, colleagues, person, sign, with_roles
from tests.hazard.aggregate.history import Record

Fields = dict[str, Any]
WORDS = "整改到位，详见附件"
NUMBERED = DocumentRef(number="应急责改〔2026〕3号", scan=PAPER)
LEADS = (Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD)


@dataclass
class Scene:
    """One moment."""

    rng: Random
    record: Record
    now: datetime
    beside: Record = field(default_factory=Record)
    """Of the hazard that this one may be merged into."""
    beside_id: str = ""
    actor: Actor = ACTORS[0]

    @property
    def today(self) -> date:
        """At the site."""
        return local_day(self.now)

    def one_in(self, times: int) -> bool:
        """Now and then."""
        return self.rng.randrange(times) == 0

    def some(self, ids: Sequence[str]) -> str | None:
        """One of them, or unsaid."""
        return self.rng.choice(ids) if ids and not self.one_in(6) else None

    def pair(self, actor: Actor | None = None) -> tuple[Signatory, ...]:
        """The actor and one beside him, of his own body; now and then nobody, or the actor again."""
        actor = actor or self.actor
        if self.one_in(10):
            return (sign(actor), sign(actor)) if self.one_in(2) else (sign(actor),)
        fellows = colleagues(actor, *actor.roles) or colleagues(actor)
        return (sign(actor), *((sign(self.rng.choice(fellows)),) if fellows else ()))

    def lead(self, actor: Actor | None = None) -> Signatory:
        """A lead of the actor's body."""
        near = colleagues(actor or self.actor, Role.REGULATOR_LEAD)
        return sign(self.rng.choice(near or with_roles(Role.REGULATOR_LEAD)))

    def of_body(self, body: str | None, *roles: Role) -> Actor:
        """Somebody of that body, most of the time; else the actor."""
        fit = [other for other in with_roles(*roles) if other.body == body]
        return self.rng.choice(fit) if fit and not self.one_in(5) else self.actor

    @property
    def people(self) -> list[Person]:
        """Of the party; three made up where it has none in the cast."""
        ids = [party.id for party in self.record.parties]
        known = [person(actor) for actor in ACTORS if actor.enterprise in ids]
        return known or [Person(id=f"{one}-of-party", name=f"{one}-of-party") for one in ("one", "two", "three")]

    @property
    def head(self) -> Person:
        """Of the party."""
        party = self.record.party
        return party.head if party and party.head else self.people[0]

    @property
    def competent(self) -> set[str]:
        """The bodies that may act on this hazard: whose it is, who ordered; else who supervises the sector here."""
        if not self.record.history:
            return set()
        bodies = {body for body in (self.record.competent, *self.record.ordered_by.values()) if body}
        sector, area = self.record.found.sector, self.record.found.area
        return bodies or {
            body.id
            for body in DIRECTORY.bodies
            if body.competences and area.startswith(body.area) and (sector is None or sector in body.competences)
        }
