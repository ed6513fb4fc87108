"""Streams are declared once, never silently changed, and refused where they could lose or alter messages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from nats.aio.client import Client

from services.journal import streams, wire
from services.journal.api import call
from services.journal.connection import connect
from tests.servers import Servers

MINUTE = 60 * 10**9


@pytest.fixture
async def bare(single: Servers) -> AsyncIterator[Client]:
    """A server without any of our streams, and without them afterwards."""
    nc = await connect(single.url)
    await wipe(nc)
    yield nc
    await wipe(nc)
    await nc.close()


async def wipe(nc: Client) -> None:
    """Remove our streams."""
    for name in (await call(nc, "STREAM.NAMES")).get("streams") or []:
        await call(nc, f"STREAM.DELETE.{name}")


async def make(nc: Client, name: str, **changes: Any) -> None:  # noqa: ANN401 (any setting)
    """Create a stream as somebody else would, with these differences."""
    config = {"name": name, **streams.STREAMS[name], **changes}
    await call(nc, f"STREAM.CREATE.{name}", config)


async def test_every_stream_is_created_and_declaring_again_changes_nothing(bare: Client) -> None:
    """The second time finds nothing to do and nothing to report."""
    assert await streams.declare(bare) == []
    before = [await streams.stream_config(bare, name) for name in streams.STREAMS]
    assert await streams.declare(bare) == []
    assert [await streams.stream_config(bare, name) for name in streams.STREAMS] == before
    assert await streams.check_streams(bare) == []


async def test_three_servers_keep_three_replicas(cluster: Servers) -> None:
    """In a cluster every stream has a copy on each server."""
    nc = await connect(cluster.url)
    assert await streams.declare(nc, replicas=3) == []
    config = await streams.stream_config(nc, "EVENTS")
    assert config is not None
    assert config["num_replicas"] == 3
    await wipe(nc)
    await nc.close()


async def test_harmless_differences_are_reported_not_refused(bare: Client) -> None:
    """A description, a longer duplicate window and compression lose nothing; the stream stays as it is."""
    await make(bare, "EVENTS", description="ours", duplicate_window=30 * MINUTE, compression="s2")
    drifts = await streams.declare(bare)
    assert [drift.setting for drift in drifts] == ["compression", "description", "duplicate_window"]
    assert str(drifts[1]) == "EVENTS: description is 'ours', was declared as None (harmless)"
    config = await streams.stream_config(bare, "EVENTS")
    assert config is not None
    assert config["description"] == "ours"


UNSAFE: list[dict[str, Any]] = [
    {"max_msgs": 3},
    {"max_bytes": 1_000_000},
    {"max_age": 60 * MINUTE},
    {"max_msgs_per_subject": 10},
    {"discard": "old"},
    {"max_msgs_per_subject": 10, "discard_new_per_subject": True},
    {"deny_delete": False},
    {"deny_purge": False},
    {"allow_rollup_hdrs": True, "deny_purge": False},
    {"storage": "memory"},
    {"retention": "interest"},
    {"retention": "workqueue"},
    {"subjects": ["events.hazard.>"]},
    {"subjects": ["events.>", "foreign.>"]},
    {"subject_transform": {"src": "events.>", "dest": "events.moved.>"}},
    {"sources": [{"name": "OTHER"}]},
    {"no_ack": True},
    {"allow_direct": False},
    {"allow_atomic": False},
    {"max_msg_size": 1024},
    {"allow_msg_ttl": True},
    {"allow_msg_schedules": True, "discard": "old", "deny_purge": False},
    {"allow_msg_counter": True, "discard": "old"},
    {"persist_mode": "async", "allow_atomic": False},
    {"first_seq": 1000},
    {"duplicate_window": MINUTE},
    {"duplicate_window": 120 * MINUTE},
]


@pytest.mark.parametrize("changes", UNSAFE, ids="+".join)
async def test_an_unsafe_setting_is_refused_by_name(bare: Client, changes: dict[str, Any]) -> None:
    """Each setting that could lose or alter messages is named, with what it must be; nothing is repaired."""
    await make(bare, "EVENTS", **changes)
    with pytest.raises(wire.UnsafeStream) as refusal:
        await streams.declare(bare)
    for setting in changes:
        assert f"EVENTS: {setting} is" in str(refusal.value)
    assert "must be" in str(refusal.value)
    with pytest.raises(wire.UnsafeStream):
        await streams.check_streams(bare, ["EVENTS"])


async def test_a_sealed_stream_and_a_mirror_are_refused(bare: Client) -> None:
    """One takes no message, the other takes them from elsewhere only."""
    await make(bare, "EVENTS")
    sealed = {"name": "EVENTS", **streams.STREAMS["EVENTS"], "sealed": True}
    await call(bare, "STREAM.UPDATE.EVENTS", sealed)
    with pytest.raises(wire.UnsafeStream, match="sealed"):
        await streams.check_streams(bare, ["EVENTS"])
    await wipe(bare)
    await call(bare, "STREAM.CREATE.EVENTS", {"name": "EVENTS", "mirror": {"name": "X"}, "storage": "file"})
    with pytest.raises(wire.UnsafeStream, match="mirror"):
        await streams.check_streams(bare, ["EVENTS"])


async def test_a_limit_set_by_an_administrator_later_is_refused(bare: Client) -> None:
    """`deny_delete` does not stop a limit from being set: the check before the first write does."""
    await streams.declare(bare, ["EVENTS"])
    limited = {"name": "EVENTS", **streams.STREAMS["EVENTS"], "max_msgs": 3}
    await call(bare, "STREAM.UPDATE.EVENTS", limited)
    with pytest.raises(wire.UnsafeStream, match="max_msgs is 3, must be -1"):
        await streams.declare(bare)


async def test_every_fault_is_named_at_once(bare: Client) -> None:
    """Who mends it need not come back for each."""
    await make(bare, "EVENTS", max_age=MINUTE * 60, deny_purge=False)
    await make(bare, "FEED", max_msgs=7)
    with pytest.raises(wire.UnsafeStream) as refusal:
        await streams.declare(bare)
    for fault in ("EVENTS: max_age", "EVENTS: deny_purge", "FEED: max_msgs"):
        assert fault in str(refusal.value)
    assert [drift.setting for drift in await streams.inspect_streams(bare, ["FEED"])] == ["max_msgs"]


async def test_a_missing_stream_is_unsafe_to_write_to(bare: Client) -> None:
    """Checking creates nothing."""
    with pytest.raises(wire.UnsafeStream, match="EVENTS: stream is 'missing'"):
        await streams.check_streams(bare, ["EVENTS"])


async def test_fewer_replicas_than_wanted_are_refused(bare: Client) -> None:
    """A cluster's stream on one server dies with it."""
    await make(bare, "EVENTS")
    with pytest.raises(wire.UnsafeStream, match="num_replicas is 1, must be 3"):
        await streams.check_streams(bare, ["EVENTS"], replicas=3)


async def test_timers_and_keys_may_differ(bare: Client) -> None:
    """What can be rebuilt or destroyed on purpose is reported, not refused."""
    await make(bare, "TIMERS", max_age=60 * MINUTE)
    drifts = await streams.declare(bare, ["TIMERS"])
    assert [(drift.setting, drift.unsafe) for drift in drifts] == [("max_age", False)]


async def test_a_setting_nobody_knows_is_unsafe_on_an_immutable_stream() -> None:
    """A server of tomorrow may have a new way to drop messages."""
    config = {"name": "EVENTS", **streams.STREAMS["EVENTS"], "forget_quietly": True}
    (drift,) = streams.drifts("EVENTS", config, {"name": "EVENTS", **streams.STREAMS["EVENTS"]}, immutable=True)
    assert drift.unsafe
    assert "not known to be harmless" in str(drift)
