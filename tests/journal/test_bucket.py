"""A key's value is what was put last by somebody who knew what stood there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client

from contracts import subjects
from services.journal import wire
from services.journal.api import call
from services.journal.bucket import Bucket, Value
from services.journal.connection import connect
from services.journal.streams import declare
from tests.proxy import Proxy, proxy
from tests.servers import Servers


@pytest.fixture
async def bucket(nc: Client, servers: Servers) -> AsyncIterator[Bucket]:
    """The notifier's, empty."""
    await declare(nc, [subjects.NOTIFIER], replicas=servers.replicas)
    yield Bucket(nc, subjects.NOTIFIER)
    await call(nc, f"STREAM.DELETE.KV_{subjects.NOTIFIER}")


@pytest.fixture
async def line(servers: Servers) -> AsyncIterator[Proxy]:
    """The way to the server, which can be held up."""
    async with proxy(servers.nodes[0].url) as opened:
        yield opened


@pytest.fixture
async def far(line: Proxy) -> AsyncIterator[Bucket]:
    """The bucket at the far end of that way; it tries for two seconds, each attempt for 0.4."""
    connection = await connect(line.url, name="far")
    yield Bucket(connection, subjects.NOTIFIER, timeout=2)
    line.requests.set()
    line.answers.set()
    await connection.close()


async def test_only_who_knows_the_value_may_replace_it(bucket: Bucket) -> None:
    """A revision is good for one put; of many who put at once, one succeeds."""
    assert await bucket.get("robot.a") is None
    first = await bucket.put("robot.a", b"1", after=0)
    assert await bucket.get("robot.a") == Value(b"1", first)
    second = await bucket.put("robot.a", b"", after=first)
    assert second > first
    for stale in (0, first, second + 1):
        with pytest.raises(wire.Conflict):
            await bucket.put("robot.a", b"3", after=stale)
    assert await bucket.get("robot.a") == Value(b"", second)
    puts = (bucket.put("robot.a", b"%d" % n, after=second) for n in range(20))
    outcomes = await asyncio.gather(*puts, return_exceptions=True)
    assert sum(isinstance(outcome, wire.Conflict) for outcome in outcomes) == 19
    found = await bucket.get("robot.a")
    assert found
    assert outcomes[int(found.value)] == found.revision


async def test_a_deleted_key_was_never_there(bucket: Bucket) -> None:
    """It is put anew after 0; deleting what is not there is no error, nor is deleting it twice at once."""
    last = await bucket.put("a", b"1", after=0)
    await bucket.put("a", b"2", after=last)
    await asyncio.gather(*(bucket.delete("a") for _ in range(3)))
    assert await bucket.get("a") is None
    assert await bucket.keys() == []
    await bucket.delete("a")
    assert await bucket.get("a") is None
    revision = await bucket.put("a", b"3", after=0)
    assert await bucket.get("a") == Value(b"3", revision)


async def test_a_value_expires(bucket: Bucket) -> None:
    """After its seconds it was never there; a value put without them stays, also over one that had some."""
    await bucket.put("short", b"1", after=0, ttl=1)
    revision = await bucket.put("kept", b"1", after=0, ttl=1)
    await bucket.put("kept", b"2", after=revision)
    async with asyncio.timeout(10):
        while await bucket.get("short"):  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.02)
    assert await bucket.keys() == ["kept"]
    assert (await bucket.put("short", b"2", after=0)) > revision
    with pytest.raises(wire.Refused, match="TTL"):
        await bucket.put("shorter", b"1", after=0, ttl=0.5)


async def test_what_others_leave_in_a_value_s_place_is_no_value(nc: Client, bucket: Bucket) -> None:
    """`nats kv del` stores a marker."""
    await nc.jetstream().publish("$KV.NOTIFIER.a", b"", headers={"KV-Operation": "DEL"})
    assert await bucket.get("a") is None


async def test_keys_are_found_by_their_first_tokens(bucket: Bucket) -> None:
    """Whole tokens, at any depth, in order; a key is not under itself."""
    for key in ("robot.b", "robot.a", "robot", "robots.a", "robot.a.deep"):
        await bucket.put(key, b"1", after=0)
    assert await bucket.keys("robot") == ["robot.a", "robot.a.deep", "robot.b"]
    assert await bucket.keys("robot.a") == ["robot.a.deep"]
    assert await bucket.keys("nothing") == []
    assert await bucket.keys() == ["robot", "robot.a", "robot.a.deep", "robot.b", "robots.a"]


@pytest.mark.parametrize("key", ["", "a b", "a.*", ">", ".a", "a.", "a..b", "隐患"])
async def test_what_is_no_key_is_refused(nc: Client, key: str) -> None:
    """It would be a wildcard, or no subject at all."""
    bucket = Bucket(nc, subjects.NOTIFIER)
    with pytest.raises(ValueError, match="is no key"):
        await bucket.get(key)
    with pytest.raises(ValueError, match="is no key"):
        await bucket.put(key, b"", after=0)


async def test_a_lost_answer_is_found_out(line: Proxy, far: Bucket, bucket: Bucket) -> None:
    """The value was stored and nobody said so: the caller gets its revision, and no conflict with himself."""
    line.answers.clear()
    asking = asyncio.create_task(far.put("a", b"1", after=0))
    found = await stored(bucket, "a")
    line.hang_up()
    line.answers.set()
    assert await asking == found.revision
    assert await bucket.get("a") == found


async def test_the_same_value_of_another_is_a_conflict(line: Proxy, far: Bucket, bucket: Bucket) -> None:
    """Two who put the same lease: one of them has it, although the other got no answer to his first attempt."""
    line.requests.clear()
    asking = asyncio.create_task(far.put("lease", b"mine", after=0))
    await asyncio.sleep(0.5)
    revision = await bucket.put("lease", b"mine", after=0)
    line.requests.set()
    with pytest.raises(wire.Conflict):
        await asking
    assert await bucket.get("lease") == Value(b"mine", revision)


async def test_no_answer_at_all_is_told_in_time(line: Proxy, bucket: Bucket) -> None:
    """Perhaps stored; a read that is not answered is not."""
    await bucket.put("a", b"1", after=0)
    connection = await connect(line.url, name="far")
    far = Bucket(connection, subjects.NOTIFIER, timeout=0.5)
    line.requests.clear()
    async with asyncio.timeout(4):
        outcomes = await asyncio.gather(far.put("b", b"1", after=0), far.get("a"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [wire.UnknownOutcome, wire.Unavailable]
    line.requests.set()
    await connection.close()


async def stored(bucket: Bucket, key: str) -> Value:
    """Wait until it stands there."""
    async with asyncio.timeout(5):
        while (found := await bucket.get(key)) is None:  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.01)
    return found
