"""What the hazard service answers: accepted, refused, or unknown; never silence, and never `failed` while unknown."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from contracts.base import Contract
from contracts.terms import Flag


class RecordedEvent(Contract):
    """One event that the command yielded."""

    id: str
    type: str
    version: int
    sequence: int
    """Position in the stream EVENTS."""
    flags: tuple[Flag, ...] = ()


class Accepted(Contract):
    """Stored, for ever. The same command sent again gets this same answer."""

    status: Literal["accepted"] = "accepted"
    hazard_id: str
    version: int
    """Version of the hazard after this command."""
    sequence: int
    events: tuple[RecordedEvent, ...]


class Refused(Contract):
    """Nothing was stored. The code is stable; the reason is a sentence for the person who asked."""

    status: Literal["refused"] = "refused"
    code: str
    reason: str
    field: str | None = None
    """Path of the field at fault, dotted."""
    command_id: str | None = None


class Unknown(Contract):
    """Perhaps stored. Ask again with the same command id and body: it has one effect at most."""

    status: Literal["unknown"] = "unknown"
    command_id: str


class Replies(Contract):
    """The answer to a batch, in the order of its commands."""

    replies: tuple[Annotated[Accepted | Refused | Unknown, Field(discriminator="status")], ...]


Reply = Accepted | Refused | Unknown
REPLY: TypeAdapter[Accepted | Refused | Unknown] = TypeAdapter(
    Annotated[Accepted | Refused | Unknown, Field(discriminator="status")]
)
"""Reads any single answer."""
