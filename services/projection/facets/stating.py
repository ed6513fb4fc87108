"""Who states an act: whose word it is, of which level his office is, and with which gaps it comes."""

from typing import Final

from contracts import words
from contracts.events import Event
from contracts.parties import Actor, Person

LEVELS: Final = {2: "省级", 4: "市级", 6: "县级", 9: "镇街级", 12: "村级"}
"""By the digits of the area of somebody's office."""


def stated_by(actor: Actor) -> Person:
    """Whose word it is: of a paper that was entered for somebody 代录, that person's."""
    if actor.on_behalf_of is not None:
        return actor.on_behalf_of.person
    return Person(id=actor.id, name=actor.name)


def signed_by(event: Event, named: Person | None = None) -> tuple[Person, ...]:
    """Whoever is named; else whose word it is. Who enters an old record 历史补录 did nothing himself."""
    if named is not None:
        return (named,)
    known = event.historical is None or event.actor.on_behalf_of is not None
    return (stated_by(event.actor),) if known else ()


def level(actor: Actor) -> str | None:
    """Of his office; None where its area is not told."""
    return LEVELS.get(len(actor.area)) if actor.area else None


def flags(event: Event) -> str | None:
    """The gaps that it carries 标记."""
    return "、".join(words.flag(flag) for flag in event.flags) or None
