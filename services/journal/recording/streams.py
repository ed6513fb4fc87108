"""The streams of the library's applications: events for ever, snapshots and positions beside them."""

from collections.abc import Mapping
from typing import Any, Final

from nats.aio.client import Client

from contracts.subjects import EVENTS
from services.journal import wire
from services.journal.api import call
from services.journal.drift import drifts
from services.journal.recording.tracks import token
from services.journal.streams import STREAMS

SNAPSHOTS: Final = "SNAPSHOTS"
TRACKING: Final = "TRACKING"

_IMMUTABLE: Final[Mapping[str, Any]] = {**STREAMS[EVENTS], "max_msg_size": -1}
_REPLACEABLE: Final[Mapping[str, Any]] = {
    "storage": "file",
    "discard": "new",
    "allow_direct": True,
    "allow_atomic": True,
}


def stream_name(base: str, purpose: str = "") -> str:
    """EVENTSOURCING, and EVENTSOURCING_SNAPSHOTS beside it; raises ProgrammingError for what cannot be a name."""
    return token(f"{base}_{purpose.upper()}" if purpose else base)


def root(stream: str, application: str) -> str:
    """What the subjects of one application begin with; without a name it is "stored", as in the library's tables."""
    return f"{stream.lower()}.{token(application.lower() or 'stored')}"


async def declare(nc: Client, base: str, purpose: str, replicas: int) -> None:
    """Create the stream if it is missing; raises UnsafeStream where it could lose or alter events."""
    name = stream_name(base, purpose)
    settings = _REPLACEABLE if purpose else _IMMUTABLE
    wanted = {**settings, "name": name, "subjects": [f"{name.lower()}.>"], "num_replicas": replicas}
    try:
        await call(nc, f"STREAM.CREATE.{name}", wanted)
    except wire.ApiError as error:
        if error.code != wire.NAME_IN_USE:
            raise
        found = (await call(nc, f"STREAM.INFO.{name}"))["config"]
        kept = {**wanted, "max_msg_size": found.get("max_msg_size", -1)}
        if unsafe := [each for each in drifts(name, found, kept, immutable=not purpose) if each.unsafe]:
            raise wire.UnsafeStream(unsafe, unsafe) from None
