"""The streams, as data; declare what is missing, report what differs, refuse what could lose or alter messages.

An existing stream is never changed: whoever changed it must know why, and change it back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from nats.aio.client import Client

from contracts import subjects
from services.journal import wire
from services.journal.api import call
from services.journal.drift import Drift, drifts

Settings = Mapping[str, Any]

MINUTE: Final = 60 * 10**9
KIB: Final = 1024

_TRUTH: Final[Settings] = {
    "storage": "file",
    "retention": "limits",
    "discard": "new",
    "max_msgs": -1,
    "max_bytes": -1,
    "max_age": 0,
    "max_msgs_per_subject": -1,
    "max_msg_size": 64 * KIB,
    "duplicate_window": 10 * MINUTE,
    "deny_delete": True,
    "deny_purge": True,
    "allow_direct": True,
    "allow_atomic": True,
}
"""What is written stays as it was written: nothing expires, nothing is dropped, a full stream refuses."""

STREAMS: Final[Mapping[str, Settings]] = {
    subjects.EVENTS: {**_TRUTH, "subjects": ["events.>"]},
    subjects.NOTICES: {**_TRUTH, "subjects": ["notices.>"]},
    subjects.FEED: {**_TRUTH, "subjects": ["feed.>"]},
    subjects.EVIDENCE: {**_TRUTH, "subjects": ["evidence.>"], "max_msg_size": 2048 * KIB},
    subjects.DEAD: {**_TRUTH, "subjects": ["dead.>"]},
    subjects.TIMERS: {
        "subjects": ["timers.>", "due.>"],
        "storage": "file",
        "allow_msg_schedules": True,
        "allow_msg_ttl": True,
        "max_msgs_per_subject": 1,
    },
    subjects.KEYS: {
        "name": f"KV_{subjects.KEYS}",
        "subjects": [f"$KV.{subjects.KEYS}.>"],
        "storage": "file",
        "discard": "new",
        "max_msgs_per_subject": 1,
        "allow_rollup_hdrs": True,
        "deny_delete": False,
        "allow_direct": True,
    },
    subjects.NOTIFIER: {
        "name": f"KV_{subjects.NOTIFIER}",
        "subjects": [f"$KV.{subjects.NOTIFIER}.>"],
        "storage": "file",
        "discard": "new",
        "max_msgs_per_subject": 1,
        "allow_rollup_hdrs": True,
        "allow_msg_ttl": True,
        "allow_direct": True,
    },
}
"""EVIDENCE holds pieces of files, so its messages are larger. KEYS is a key-value bucket: a key is
destroyed by overwriting it on the disk, which deny_delete forbids."""

IMMUTABLE: Final = frozenset({subjects.EVENTS, subjects.NOTICES, subjects.EVIDENCE, subjects.FEED, subjects.DEAD})


async def declare(nc: Client, names: Sequence[str] = tuple(STREAMS), *, replicas: int = 1) -> list[Drift]:
    """Create the streams that are missing; gives what differs in those that exist, unchanged.

    Raises UnsafeStream where an immutable one could lose or alter messages.
    """
    found = [drift for name in names for drift in await _declare_one(nc, name, replicas)]
    _refuse(found)
    return found


async def check_streams(nc: Client, names: Sequence[str] = tuple(STREAMS), *, replicas: int = 1) -> list[Drift]:
    """As `declare`, but creates nothing: a stream that is missing is unsafe too."""
    found: list[Drift] = []
    for name in names:
        config = await stream_config(nc, name)
        if config is None:
            found.append(Drift(name, "stream", found="missing", wanted="there", unsafe=True))
        else:
            found += _compare(name, config, replicas)
    _refuse(found)
    return found


async def check_present(nc: Client, *, replicas: int = 1) -> list[Drift]:
    """As `check_streams`, for those of ours that are there: what was never needed is not missed."""
    there = [name for name in STREAMS if await stream_config(nc, name) is not None]
    return await check_streams(nc, there, replicas=replicas)


async def inspect_streams(nc: Client, names: Sequence[str] = tuple(STREAMS), *, replicas: int = 1) -> list[Drift]:
    """As `check_streams`, but refuses nothing: for those who want to see all of it."""
    try:
        return await check_streams(nc, names, replicas=replicas)
    except wire.UnsafeStream as refusal:
        return refusal.drifts


async def stream_config(nc: Client, name: str) -> dict[str, Any] | None:
    """The settings that the server has for it, or None where there is no such stream."""
    try:
        answer = await call(nc, f"STREAM.INFO.{_server_name(name)}")
    except wire.ApiError as error:
        if error.code == wire.NO_STREAM:
            return None
        raise
    config: dict[str, Any] = answer["config"]
    return config


async def _declare_one(nc: Client, name: str, replicas: int) -> list[Drift]:
    config = await stream_config(nc, name)
    if config is None:
        wanted = {"name": name, **STREAMS[name], "num_replicas": replicas}
        try:
            answer = await call(nc, f"STREAM.CREATE.{wanted['name']}", wanted)
        except wire.ApiError as error:
            if error.code != wire.NAME_IN_USE:
                raise
            config = await stream_config(nc, name) or {}
        else:
            config = answer["config"]
    return _compare(name, config, replicas)


def _compare(name: str, config: dict[str, Any], replicas: int) -> list[Drift]:
    wanted = {"name": name, **STREAMS[name], "num_replicas": replicas}
    return drifts(name, config, wanted, immutable=name in IMMUTABLE)


def _server_name(name: str) -> str:
    return str(STREAMS[name].get("name", name))


def _refuse(found: Sequence[Drift]) -> None:
    if unsafe := [drift for drift in found if drift.unsafe]:
        raise wire.UnsafeStream(unsafe, found)
