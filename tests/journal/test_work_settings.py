"""A durable that exists is used only where it leaves nothing out."""

from contextlib import aclosing
from typing import Any

import pytest
from jobs import fill, settled, take
from nats.aio.client import Client

from services.journal import wire
from services.journal.api import call
from services.journal.durables import UnusableDurable
from services.journal.work import WorkQueue
from tests.servers import Servers, Stream


@pytest.fixture
def servers(single: Servers) -> Servers:
    """One is enough: settings are compared by us."""
    return single


async def test_settings_that_are_harmless_are_brought_up_to_ours(nc: Client, stream: Stream) -> None:
    """The wait, the number at once, fewer subjects, a delivery that had an end: its position stays."""
    await fill(nc, stream, 4)
    old = {"max_deliver": 3, "backoff": [10**9, 2 * 10**9, 3 * 10**9], "inactive_threshold": 10**12}
    await make(nc, stream, filter_subjects=[stream.subject("a.>"), stream.subject("b.>")], **old)
    before = WorkQueue(nc, stream.name, "made", [stream.subject("a.>"), stream.subject("b.>")])
    async with aclosing(before.batches()) as batches:
        await take(batches, 4)
        await settled(before, (0, 0))
    await WorkQueue(nc, stream.name, "made", [stream.subject("a.>")], ack_wait=7, at_once=9).declare()
    config = (await call(nc, f"CONSUMER.INFO.{stream.name}.made"))["config"]
    assert config["filter_subjects"] == [stream.subject("a.>")]
    assert {name: config.get(name) for name in ("ack_wait", "max_ack_pending", "max_deliver")} == {
        "ack_wait": 7 * 10**9,
        "max_ack_pending": 9,
        "max_deliver": -1,
    }
    assert not {"backoff", "inactive_threshold"} & config.keys()
    assert await before.left() == (0, 0)


UNUSABLE: dict[str, dict[str, Any]] = {
    "acknowledgements": {"ack_policy": "none"},
    "first message": {"deliver_policy": "new"},
    "pushes": {"deliver_subject": "somewhere"},
    "headers": {"headers_only": True},
    "has passed over": {"filter_subject": "t.other"},
}


@pytest.mark.parametrize("why", UNUSABLE)
async def test_a_durable_that_leaves_something_out_is_refused(nc: Client, stream: Stream, why: str) -> None:
    """With what is wrong with it and what to do; it is left as it is."""
    await make(nc, stream, **UNUSABLE[why])
    before = await call(nc, f"CONSUMER.INFO.{stream.name}.made")
    queue = WorkQueue(nc, stream.name, "made", [stream.subject("a.>")])
    with pytest.raises(UnusableDurable, match=f"{why}.*Delete it"):
        await queue.declare()
    with pytest.raises(wire.Refused):
        await anext(queue.batches())
    assert (await call(nc, f"CONSUMER.INFO.{stream.name}.made"))["config"] == before["config"]


async def make(nc: Client, stream: Stream, **settings: Any) -> None:  # noqa: ANN401 (any setting)
    """A durable that somebody else made."""
    config = {"durable_name": "made", "ack_policy": "explicit", "deliver_policy": "all", **settings}
    if settings.get("filter_subject"):
        config["filter_subject"] = stream.subject("other")
    verb = f"CONSUMER.CREATE.{stream.name}.made"
    if one := config.get("filter_subject"):
        verb = f"{verb}.{one}"
    await call(nc, verb, {"stream_name": stream.name, "config": config})
