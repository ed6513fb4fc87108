"""What the shell needs of the rules of one kind of aggregate: four plain functions and an empty state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from contracts.envelope import Unreadable
from contracts.events import Event
from services.hazard.aggregate.world import World

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """`decide` gives events or raises a Refusal; `evolve` never refuses; `named` are the other hazards it looks at."""

    kind: str
    """The second token of the subject: hazard, policy, inspection."""
    initial: S
    evolve: Callable[[S, Event | Unreadable], S]
    decide: Callable[[Any, S, World], Sequence[Event]]
    named: Callable[[Any], tuple[str, ...]] = lambda _: ()
    visits: Callable[[Any, S], tuple[str, ...]] = lambda *_: ()
    """The visits that it looks at, those that the aggregate itself names too."""


class Deciders(NamedTuple):
    """The rules of each kind of aggregate that the service writes."""

    hazard: Decider[Any]
    policy: Decider[Any]
    inspection: Decider[Any]
