"""What a service says and does when its server or itself is paused, stopped or killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error, NoRespondersError

from contracts import commands, subjects
from contracts.envelope import decode
from contracts.parties import Finder
from contracts.replies import REPLY, Accepted, Refused, Reply, Unknown
from services.hazard.hazards import Hazards
from services.journal import streams
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from tests import servers as real
from tests.hazard.plain import find, hazards, progress
from tests.servers import Node, Servers, Stream

ROOT = Path(__file__).parents[2]
EARLIER = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    """A server of one's own, to be ill-treated."""
    [own] = real.single(tmp_path).nodes
    own.start()
    await own.ready()
    yield own
    if own.process:
        own.resume()
        own.kill()


@pytest.fixture
async def hasty(node: Node) -> AsyncIterator[Hazards]:
    """A service that waits for the store no longer than a second."""
    nc = await connect(node.url)
    await streams.declare(nc, [subjects.EVENTS])
    yield hazards(EventStore(nc, timeout=1.0))
    await nc.close()


@pytest.fixture
async def asker(node: Node) -> AsyncIterator[Client]:
    """Somebody else's connection."""
    connection = await connect(node.url)
    yield connection
    await connection.close()


async def test_no_answer_from_the_store_is_unknown(node: Node, hasty: Hazards) -> None:
    """Never `failed`: the event may be stored. Asked again, each command has one effect."""
    found = accepted(await hasty.handle(find()))
    asked = [find(), progress(found.hazard_id)]
    node.pause()
    try:
        answers = [await hasty.handle(command) for command in asked]
    finally:
        node.resume()
    assert answers == [Unknown(command_id=command.command_id) for command in asked]
    again = [accepted(await hasty.handle(command)) for command in asked]
    assert [answer.version for answer in again] == [1, 2]
    assert [answer for answer in again if len(await hasty.history(answer.hazard_id)) != answer.version] == []


async def test_a_stopped_server_is_a_sentence(node: Node, hasty: Hazards) -> None:
    """Commands fail within their time-out, nothing stored, and work again when it is back, without a restart."""
    found = accepted(await hasty.handle(find()))
    asked = [find(), progress(found.hazard_id), progress(f"320623104-{'0' * 8}-0000-0000-0000-{'0' * 12}")]
    node.stop()
    async with asyncio.timeout(10):
        answers = [await hasty.handle(command) for command in asked]
    assert isinstance(answers[0], Unknown | Refused)  # the first may have left before the connection was seen to break
    assert [(refused(answer).code, "nothing was stored" in refused(answer).reason) for answer in answers[1:]] == [
        ("unavailable", True)
    ] * 2
    node.start()
    await node.ready()
    assert accepted(await hasty.handle(asked[1])).version == 2
    assert accepted(await hasty.handle(asked[0])).version == 1


@pytest.mark.parametrize("servers", ["cluster"], indirect=True)
async def test_killed_servers_lose_and_double_nothing(
    cluster: Servers, nc: Client, stream: Stream, store: EventStore
) -> None:
    """Three servers, a leader killed, the next one paused: a command asked until it is answered has one effect."""
    services = [hazards(store), hazards(store)]
    asked = [find() for _ in range(300)]

    async def insist(command: commands.FindHazard) -> Accepted:
        for attempt in range(30):
            answer = await services[attempt % 2].handle(command)
            if isinstance(answer, Accepted):
                return answer
            await asyncio.sleep(0.1)
        pytest.fail("never accepted")

    async def leader() -> Node:
        info = await call(nc, f"STREAM.INFO.{stream.name}", timeout=20)
        return cluster.named(info["cluster"]["leader"])

    async def hurt() -> None:
        first = await leader()
        first.kill()
        await asyncio.sleep(0.5)
        first.start()
        second = await leader()
        second.pause()
        await asyncio.sleep(1)
        second.resume()
        await cluster.ready()

    async def work(lane: Sequence[commands.FindHazard]) -> list[Accepted]:
        answers = []
        for command in lane:
            answers.append(await insist(command))
            await asyncio.sleep(0.05)
        return answers

    lanes = [asked[start::10] for start in range(10)]
    *lists, _ = await asyncio.gather(*(work(lane) for lane in lanes), hurt())
    answers = [answer for each in lists if each for answer in each]
    assert Counter(answer.sequence for answer in answers) == dict.fromkeys(range(1, 301), 1)
    again = await services[0].batch([command for lane in lanes for command in lane])
    assert again == answers


async def test_sigterm_leaves_no_accepted_command_unanswered(node: Node, asker: Client) -> None:
    """What is stored was answered, what was answered is stored; who came too late hears that nobody is there."""
    async with service(node) as process:
        told = asyncio.create_task(ask_for_ever(asker))
        await asyncio.sleep(0.7)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        answers = await told
    stored = {decode(event.state).command_id for page in await everything(asker) for event in page}
    assert {command_id for command_id, answer in answers.items() if isinstance(answer, Accepted)} == stored
    assert {type(answer) for answer in answers.values()} == {Accepted, NoRespondersError}


async def test_a_killed_service_leaves_nothing_half_done(node: Node, asker: Client) -> None:
    """Commands that were cut off are asked again of its successor: each has one effect."""
    asked = [real_finding() for _ in range(400)]
    async with service(node) as first:
        cut_off = asyncio.gather(*(request(asker, one, patience=1) for one in asked), return_exceptions=True)
        await asyncio.sleep(0.1)
        first.kill()
        await cut_off
    async with service(node):
        answers = [await request(asker, one) for one in asked]
    events = [event for page in await everything(asker) for event in page]
    assert Counter(accepted(answer).sequence for answer in answers) == dict.fromkeys(range(1, 401), 1)
    assert Counter(decode(event.state).command_id for event in events) == {one.command_id: 1 for one in asked}


async def test_sigterm_is_heard_while_the_server_is_away(node: Node) -> None:
    """There is nobody to drain to: the service ends nevertheless, soon, and says so."""
    async with service(node, BIHUAN_GRACE="2") as process:
        node.pause()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await process.wait() in (0, 3)


async def test_unsafe_servers_are_refused(tmp_path: Path) -> None:
    """A server that acknowledges before it writes: the service names the setting and does not start."""
    [node] = real.single(tmp_path, sync_interval="2m").nodes
    node.start()
    await node.ready()
    try:
        process = await start(node)
        _, said = await process.communicate()
        assert process.returncode == 2
        assert b"sync_interval" in said
    finally:
        node.kill()


async def test_a_server_that_comes_back_unsafe_ends_the_service(node: Node, asker: Client) -> None:
    """Looked at again after the reconnect: the setting is named, and the process ends rather than answer."""
    process = await start(node)
    assert process.stderr
    while b"service.started" not in (line := await process.stderr.readline()):
        assert line, "it did not start"
    node.stop()
    node.start()
    await node.ready()
    async with asyncio.timeout(10):
        while b"nats.reconnected" not in (line := await process.stderr.readline()):
            assert line, "it ended over a restart"
    accepted(await insistent(asker))
    node.stop()
    node.sync_interval = "2m"
    node.start()
    async with asyncio.timeout(20):
        said = await process.stderr.read()
        assert await process.wait() == 3
    assert b"server.unsafe" in said
    assert b"sync_interval must be always" in said
    with pytest.raises(NoRespondersError):
        await request(asker, real_finding())


async def insistent(asker: Client) -> Reply:
    """A finding, asked as soon as somebody is there again."""
    command = real_finding()
    for _ in range(100):
        try:
            return await request(asker, command)
        except (Error, TimeoutError):
            await asyncio.sleep(0.05)
    pytest.fail("nobody answers")


@asynccontextmanager
async def service(node: Node, **settings: str) -> AsyncIterator[Process]:
    """The real program, with the real rules."""
    process = await start(node, **settings)
    assert process.stderr
    while b"service.started" not in (line := await process.stderr.readline()):
        assert line, "it did not start"
    talk = asyncio.create_task(process.stderr.read())
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await talk


async def start(node: Node, **settings: str) -> Process:
    """Its log goes to stderr."""
    environment = os.environ | {"NATS_URL": node.url, "NATS_MONITOR_URLS": node.monitor_url} | settings
    module = ["-m", "services.hazard.app"]
    return await asyncio.create_subprocess_exec(
        sys.executable, *module, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE
    )


async def ask_for_ever(asker: Client) -> dict[str, Reply | BaseException]:
    """Thirty askers, each asking until nobody is there; every answer by command id."""
    answers: dict[str, Reply | BaseException] = {}

    async def work() -> None:
        last: Reply | BaseException | None = None
        while not isinstance(last, Exception):
            command = real_finding()
            try:
                last = await request(asker, command)
            except (NoRespondersError, TimeoutError) as nobody:
                last = nobody
            answers[command.command_id] = last

    await asyncio.gather(*(work() for _ in range(30)))
    return answers


async def request(asker: Client, command: commands.FindHazard, patience: float = 5.0) -> Reply:
    """Over NATS."""
    body = command.model_dump_json(exclude_none=True).encode()
    return REPLY.validate_json((await asker.request("commands.hazard.find_hazard", body, timeout=patience)).data)


def real_finding() -> commands.FindHazard:
    """One that the real rules accept."""
    town = Finder(id="town", name="镇应急办", lead=True)
    return find(occurred_at=EARLIER, place="镇东路12号一楼", found_by=(town,))


async def everything(nc: Client) -> list[list[object]]:
    """All that EVENTS holds."""
    store = EventStore(nc)
    last = await store.last_of_stream()
    return [page async for page in store.follow(until=last)] if last else []


def accepted(answer: Reply) -> Accepted:
    """It was."""
    assert isinstance(answer, Accepted), answer
    return answer


def refused(answer: Reply) -> Refused:
    """It was."""
    assert isinstance(answer, Refused), answer
    return answer
