"""Slips of the pen: what identifies a hazard and its people is read as corrected; what judges cannot be corrected."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from contracts import events
from contracts.events import Event
from contracts.parties import Party, Person
from services.notifier.timing.case import Case
from services.notifier.timing.folds.common import Fold

Named = TypeVar("Named", bound=Person)


def _corrected(case: Case, event: events.HazardCorrected, version: int) -> Case:
    place = case.place if event.place is None else event.place
    told = case.but(place=place, description=event.description or case.description)
    return _renamed(told, {person.id: person.name for person in event.names}) if event.names else told


def _renamed(case: Case, names: Mapping[str, str]) -> Case:
    """By id, whoever the hazard names."""
    return case.but(
        finders=_all(case.finders, names),
        responsible=_all(case.responsible, names),
        verifiers=_all(case.verifiers, names),
        acceptor=case.acceptor and _one(case.acceptor, names),
        party=case.party and _headed(case.party, names),
        co_parties=tuple(_headed(party, names) for party in case.co_parties),
    )


def _headed(party: Party, names: Mapping[str, str]) -> Party:
    return party.model_copy(update={"head": _one(party.head, names)}) if party.head else party


def _all(people: Iterable[Named], names: Mapping[str, str]) -> tuple[Named, ...]:
    return tuple(_one(person, names) for person in people)


def _one(person: Named, names: Mapping[str, str]) -> Named:
    return person.model_copy(update={"name": names[person.id]}) if person.id in names else person


FOLDS: Final[dict[type[Event], Fold]] = {events.HazardCorrected: _corrected}
