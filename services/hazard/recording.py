"""From a decision to what is stored: envelopes, their bytes, their place in the chain."""

from collections.abc import Sequence
from hashlib import sha1, sha256
from typing import Final, NamedTuple

from contracts.base import MAX_EVENT
from contracts.commands import Command
from contracts.envelope import Envelope, encode
from contracts.events import Event
from contracts.subjects import NAMESPACE
from services.hazard.answers import too_large
from services.hazard.known import Known
from services.journal import chain
from services.journal.library import StoredEvent

ASIDE: Final = {"expected_version", "correlation_id", "causation_id"}
"""What may differ when the same command is asked again."""


class Recording(NamedTuple):
    """An event ready to be stored, and its hash, which the next one names."""

    envelope: Envelope
    stored: StoredEvent
    tip: str


def command_hash(command: Command) -> str:
    """SHA-256 in hex of the command's name and canonical JSON: a field left out and its default are the same."""
    body = command.__pydantic_serializer__.to_json(command, exclude=ASIDE, exclude_defaults=True)
    return sha256(command.imperative.encode() + b" " + body).hexdigest()


def event_id(subject: str, command_id: str, position: int) -> str:
    """Version 5 of RFC 9562, as `uuid5(NAMESPACE, …)` gives it, without the object in between."""
    digest = bytearray(sha1(NAMESPACE.bytes + f"{subject}/{command_id}/{position}".encode()).digest()[:16])  # noqa: S324
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def recordings(known: Known, command: Command, digest: str, events: Sequence[Event]) -> list[Recording]:
    """The events as they follow the aggregate's last; raises Refusal `too_large`. Ids follow from the command's."""
    made: list[Recording] = []
    tip, subject = known.tip, known.at.subject
    for position, event in enumerate(events, 1):
        envelope = Envelope(
            id=event_id(subject, command.command_id, position),
            type=event.type,
            schema_version=event.schema_version,
            aggregate_id=known.at.id,
            version=known.version + position,
            command_id=command.command_id,
            command_hash=digest,
            previous_hash=tip,
            event=event,
            correlation_id=command.correlation_id or command.command_id,
            causation_id=command.causation_id or command.command_id,
        )
        body = encode(envelope)
        if len(body) > MAX_EVENT:
            raise too_large(len(body))
        stored = StoredEvent(subject, envelope.version, event.type, body)
        tip = chain.link(tip, subject, event.type, envelope.version, body)
        made.append(Recording(envelope, stored, tip))
    return made
