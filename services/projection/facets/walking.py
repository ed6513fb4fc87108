"""Whom an event names, found by its types alone: a field that is added later is seen without a word here."""

from collections.abc import Iterator
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from contracts.base import Contract, short_number
from contracts.events import Event
from contracts.parties import Actor, BodyRef, Party, Person

Path = tuple[str, ...]
"""Names of fields, one inside the other."""
M = TypeVar("M", bound=Contract)

number: Final = lru_cache(maxsize=65536)(short_number)
"""What people call a hazard or a visit; worked out once."""


@cache
def paths(kind: type[Event], leaf: type[Contract]) -> tuple[Path, ...]:
    """Where such things stand in events of that type; what the actor carries is not looked into."""
    return tuple(_paths(kind, leaf))


def named(event: Event, leaf: type[M]) -> list[tuple[Path, M]]:
    """Everyone (or every body, every party) that it names, in the order of its fields."""
    return [(path, one) for path in paths(type(event), leaf) for one in _at(event, path)]


def bodies(event: Event) -> list[BodyRef]:
    """The bodies that it names; an actor tells the id of his alone."""
    return [body for _, body in named(event, BodyRef)]


def parties(event: Event) -> list[Party]:
    """The parties that it names."""
    return [party for _, party in named(event, Party)]


def people(event: Event) -> list[tuple[Path, Person]]:
    """Everyone that it names beside the actor. A reporter 举报人 is in no event."""
    return named(event, Person)


def _paths(kind: type[Contract], leaf: type[Contract]) -> Iterator[Path]:
    for name, field in kind.model_fields.items():
        for held in _held(field.annotation):
            if issubclass(held, leaf):
                yield (name,)
            elif not issubclass(held, Actor):
                yield from ((name, *rest) for rest in _paths(held, leaf))


def _held(annotation: Any) -> Iterator[type[Contract]]:  # noqa: ANN401 (what an annotation may be)
    """The contracts behind Optional, Annotated and tuple[…, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, Contract):
        yield annotation
    elif get_origin(annotation) in {Annotated, Union, UnionType, tuple}:
        for part in get_args(annotation):
            yield from _held(part)


def _at(event: Event, path: Path) -> list[Any]:
    found: list[Any] = [event]
    for name in path:
        held = [getattr(one, name) for one in found]
        found = []
        for value in held:
            if isinstance(value, tuple):
                found.extend(value)
            elif value is not None:
                found.append(value)
    return found
