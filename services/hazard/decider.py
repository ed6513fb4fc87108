"""What the shell needs of the rules of one kind of aggregate: four plain functions and an empty state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from contracts.envelope import Unreadable
from contracts.events import Event
from services.hazard.aggregate.world import World

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """`decide` gives events or raises a Refusal; `evolve` never refuses; `named` are the other hazards it looks at."""

    kind: str
    """The second token of the subject: hazard, policy."""
    initial: S
    evolve: Callable[[S, Event | Unreadable], S]
    decide: Callable[[Any, S, World], Sequence[Event]]
    named: Callable[[Any], tuple[str, ...]] = lambda _: ()
