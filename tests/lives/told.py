"""What the generator yields."""

from typing import NamedTuple

from contracts.events import Event


class Told(NamedTuple):
    """One event of the stream, on its way to be stored."""

    kind: str
    """The aggregate, as in its subject: hazard."""
    aggregate_id: str
    version: int
    event: Event
