"""What wraps a stored event: which hazard, which version, which command asked, and the hash of what came before.

Reading never raises: what this program cannot read becomes `Unreadable`, so that a history can always be folded and
shown, and nobody decides on a history that he does not understand.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import from_json, to_json

from contracts.base import Contract, HazardId, Sha256, Token
from contracts.events import EVENTS, Event
from contracts.upcasts import upcast

GENESIS: Final = "0" * 64
"""The previous hash of a first event."""


class StoredEnvelope(Contract):
    """The JSON body of a message in EVENTS."""

    model_config = ConfigDict(extra="ignore")

    id: Token
    type: str
    schema_version: Annotated[int, Field(ge=1)]
    aggregate_id: HazardId
    version: Annotated[int, Field(ge=1)]
    """1, 2, 3 … within the aggregate."""
    command_id: Token
    command_hash: Sha256
    correlation_id: Token | None = None
    causation_id: Token | None = None
    previous_hash: Sha256
    """Over the aggregate's previous event, body included: a chain that shows any later change."""
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that this program cannot read: written by a newer one, or damaged."""

    why: Literal["newer_schema", "damaged"]
    detail: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A stored event, read."""

    id: str
    type: str
    schema_version: int
    aggregate_id: str
    version: int
    command_id: str
    command_hash: str
    previous_hash: str
    event: Event | Unreadable
    correlation_id: str | None = None
    causation_id: str | None = None


def encode(envelope: Envelope) -> bytes:
    """The body to store, UTF-8 JSON, always in the event's present schema. What could not be read: TypeError."""
    if not isinstance(envelope.event, Event):
        raise TypeError("an unreadable event is never stored again")
    return to_json(
        {
            "id": envelope.id,
            "type": envelope.event.type,
            "schema_version": envelope.event.schema_version,
            "aggregate_id": envelope.aggregate_id,
            "version": envelope.version,
            "command_id": envelope.command_id,
            "command_hash": envelope.command_hash,
            "correlation_id": envelope.correlation_id,
            "causation_id": envelope.causation_id,
            "previous_hash": envelope.previous_hash,
            "data": envelope.event,
        },
        exclude_none=True,
    )


def decode(body: bytes) -> Envelope:
    """Read a stored body; unknown fields are ignored, older schemas upcast."""
    try:
        stored = StoredEnvelope.model_validate_json(body)
    except ValidationError as wrong:
        return _damaged(body, wrong)
    return Envelope(
        id=stored.id,
        type=stored.type,
        schema_version=stored.schema_version,
        aggregate_id=stored.aggregate_id,
        version=stored.version,
        command_id=stored.command_id,
        command_hash=stored.command_hash,
        previous_hash=stored.previous_hash,
        event=read(stored.type, stored.schema_version, stored.data),
        correlation_id=stored.correlation_id,
        causation_id=stored.causation_id,
    )


def read(wire_name: str, version: int, data: dict[str, Any]) -> Event | Unreadable:
    """The event in its present schema."""
    kind = EVENTS.get(wire_name)
    if kind is None or version > kind.schema_version:
        return Unreadable("newer_schema", f"{wire_name} {version}")
    try:
        return kind.model_validate(upcast(wire_name, version, data, kind.schema_version), strict=False, extra="ignore")
    except Exception as wrong:  # noqa: BLE001  (a damaged body may break a step in any way)
        return Unreadable("damaged", f"{wire_name} {version}: {wrong}")


def _damaged(body: bytes, wrong: ValidationError) -> Envelope:
    try:
        found = from_json(body)
    except ValueError:
        found = None
    raw: dict[str, Any] = found if isinstance(found, dict) else {}

    def text(key: str) -> str:
        return str(raw.get(key, ""))

    version = raw.get("version")
    return Envelope(
        id=text("id"),
        type=text("type"),
        schema_version=0,
        aggregate_id=text("aggregate_id"),
        version=version if isinstance(version, int) else 0,
        command_id=text("command_id"),
        command_hash=text("command_hash"),
        previous_hash=text("previous_hash"),
        event=Unreadable("damaged", str(wrong)),
    )
