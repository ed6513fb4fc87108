"""What several events do alike."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from contracts.events import Event
from contracts.parties import Actor, Person, Signatory
from contracts.terms import Stage
from services.notifier.timing.case import Case, Deadline

Fold = Callable[[Case, Any, int], Case]
"""After an event of its kind, which is the version-th."""

TOKEN: Final = 128
"""Characters of an id at most."""


def unchanged(case: Case, event: Event, version: int) -> Case:
    """Nothing that a rule reads, but perhaps a fact."""
    return case


def named(actor: Actor) -> Person:
    """For the enterprise as one of its people, for a body with that body."""
    if actor.body is None:
        return Person(id=actor.id, name=actor.name)
    return Signatory(id=actor.id, name=actor.name, body=actor.body)


def enterprise(actor: Actor) -> str | None:
    """For which enterprise somebody speaks, by himself or through a recorder 代录."""
    return actor.enterprise or (actor.on_behalf_of.enterprise if actor.on_behalf_of else None)


def persons(actor: Actor) -> set[str]:
    """Ids of the actor, and of whom he enters it for."""
    return {actor.id, actor.on_behalf_of.person.id} if actor.on_behalf_of else {actor.id}


def dated(case: Case, keys: tuple[str, ...], day: date | None, event: Event, version: int) -> Mapping[str, Deadline]:
    """The deadlines, with that day under those keys, or with none under them."""
    known = {key: one for key, one in case.deadlines.items() if key not in keys}
    if day is not None:
        now = Deadline(day, version, event.occurred_at, event.recorded_at, event.historical is not None)
        known |= dict.fromkeys(keys, now)
    return known


def move(case: Case, moves: Mapping[Stage, Stage]) -> Stage | None:
    """The stage that follows; most events leave it where it is."""
    return moves.get(case.stage, case.stage) if case.stage else None
