"""What is answered to whatever arrives on `commands.hazard.*`, by a service on a real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client
from pydantic_core import from_json, to_json

from contracts import subjects
from contracts.commands import Command
from contracts.replies import REPLY, Accepted, Refused, Replies, Reply, Unknown
from services.hazard import handlers
from services.hazard.handlers import Asked, Handlers
from services.hazard.hazards import Hazards
from services.hazard.service import serve
from services.journal.connection import connect
from services.journal.events import EventStore
from tests.hazard import plain
from tests.hazard.plain import find, progress
from tests.servers import Servers

pytestmark = pytest.mark.parametrize("servers", ["single"], indirect=True)

FINDING: dict[str, Any] = from_json(find("placeholder").model_dump_json(exclude_none=True))
AREA = "320623104"
Ask = Callable[[str, bytes | dict[str, Any]], Awaitable[Accepted | Refused | Unknown]]


@pytest.fixture
async def asker(servers: Servers) -> AsyncIterator[Client]:
    """Somebody else's connection."""
    connection = await connect(servers.url, name="asker")
    yield connection
    await connection.close()


@pytest.fixture
async def ask(nc: Client, asker: Client, one: Hazards) -> AsyncIterator[Ask]:
    """Sends a body to the running service and reads the answer."""

    async def send(imperative: str, body: bytes | dict[str, Any]) -> Accepted | Refused | Unknown:
        raw = body if isinstance(body, bytes) else to_json(body)
        answer = await asker.request(subjects.command_subject(imperative), raw, timeout=5)
        assert (answer.headers or {})["content-type"] == "application/json"
        return REPLY.validate_json(answer.data)

    async with serve(nc, one):
        yield send


async def test_a_command_is_answered(ask: Ask) -> None:
    """JSON in and out, Chinese and emoji as they are."""
    told = finding(description="楼梯间堆放电动车🛵，占用消防通道", place="مبنى ٣")
    answer = await ask("find_hazard", told)
    assert isinstance(answer, Accepted)
    assert answer.hazard_id == subjects.hazard_id(AREA, told["command_id"])


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"description": "\x00"}, "control_character", "description"),
        ({"description": "a\u202eb"}, "control_character", "description"),
        ({"description": None}, "wrong_type", "description"),
        ({"description": "长" * 2001}, "too_long", "description"),
        ({"color": "red"}, "unknown_field", "color"),
        ({"occurred_at": "2026-02-30T09:00:00Z"}, "impossible_date", "occurred_at"),
        ({"occurred_at": "2026-02-03T09:00:00"}, "impossible_date", "occurred_at"),
        ({"area": "32062310"}, "invalid_area", "area"),
        ({"expected_version": -1}, "out_of_range", "expected_version"),
        ({"expected_version": "1"}, "wrong_type", "expected_version"),
        ({"party": {"id": "p", "name": "厂", "credit_code": "911100001000000000"}}, "invalid_credit_code", None),
        *[
            ({"command_id": wrong}, "wrong_form", "command_id")
            for wrong in ("", "a.b", "*", ">", "a b", "a\r\nb", "x" * 65_536)
        ],
    ],
)
async def test_a_wrong_field_is_named(ask: Ask, change: dict[str, Any], code: str, field: str | None) -> None:
    """A code, a sentence and the field; nothing of a long or hostile value is repeated."""
    answer = await ask("find_hazard", finding() | change)
    assert isinstance(answer, Refused), answer
    assert answer.code == code
    assert field is None or answer.field == field
    assert len(answer.reason) < 500
    assert answer.reason.isprintable()


@pytest.mark.parametrize(
    ("imperative", "body", "code"),
    [
        ("find_hazard", b"", "malformed"),
        ("find_hazard", b"\xff\xfe", "malformed"),
        ("find_hazard", b"[]", "wrong_type"),
        ("find_hazard", b'{"area": NaN}', None),
        ("find_hazard", b"[" * 100_000, "malformed"),
        ("find_hazard", to_json(FINDING)[:-1] + b', "area": "32"}', "duplicate_key"),
        ("find_hazard", b" " * (2**20 + 1), "too_large"),
        ("lose_hazard", b"{}", "unknown_command"),
        ("x" * 1000, b"{}", "unknown_command"),
        ("batch", b"{}", "wrong_type"),
        ("batch", b'{"commands": 7}', "wrong_type"),
        ("batch", b"nonsense", "malformed"),
    ],
    ids=str,
)
async def test_what_is_no_command_is_refused(ask: Ask, imperative: str, body: bytes, code: str | None) -> None:
    """And the service goes on."""
    answer = await ask(imperative, body)
    assert isinstance(answer, Refused), answer
    assert code is None or answer.code == code
    assert isinstance(await ask("find_hazard", finding()), Accepted)


@pytest.mark.parametrize("wrong", ["h.1", "*", ">", "320623104-", "a\r\nb", "x" * 65_536, f"32-{UUID(int=7)}.>"])
async def test_an_id_that_would_reach_into_other_subjects_is_refused(ask: Ask, wrong: str) -> None:
    """Ids become subjects: no dots, no wildcards, no line ends, no length without end."""
    body = from_json(progress(f"{AREA}-{uuid4()}").model_dump_json(exclude_none=True)) | {"hazard_id": wrong}
    answer = await ask("report_progress", body)
    assert isinstance(answer, Refused)
    assert (answer.code, answer.field) == ("wrong_form", "hazard_id")


@pytest.mark.usefixtures("ask")
async def test_a_batch_is_answered_in_order(asker: Client) -> None:
    """A malformed entry, an unknown command and a refused one get their own answers and stop no other."""
    found = find()
    hazard_id = subjects.hazard_id(AREA, found.command_id)
    items = [
        entry(found),
        {"command": "find_hazard", "body": {"color": "red"}},
        {"command": "lose_hazard", "body": {}},
        7,
        entry(progress(hazard_id)),
        entry(progress(hazard_id, expected_version=7)),
        entry(found),
    ]
    answer = await asker.request(subjects.BATCH, to_json({"commands": items}), timeout=5)
    replies = Replies.model_validate_json(answer.data).replies
    said = [reply.code if isinstance(reply, Refused) else reply.status for reply in replies]
    assert said == [
        "accepted",
        "unknown_field",
        "unknown_command",
        "wrong_type",
        "accepted",
        "stale_version",
        "accepted",
    ]
    assert replies[0] == replies[6]


@pytest.mark.usefixtures("ask")
async def test_an_empty_batch_has_no_answers(asker: Client) -> None:
    """It is a batch nevertheless."""
    answer = await asker.request(subjects.BATCH, b'{"commands": []}', timeout=5)
    assert from_json(answer.data) == {"replies": []}


async def test_one_more_than_the_limit_is_told_at_once(nc: Client, asker: Client, store: EventStore) -> None:
    """A full queue says `busy` rather than let everybody wait; then it goes on."""
    gate = asyncio.Event()

    class Slow(Hazards):
        async def handle(self, command: Command) -> Reply:
            await gate.wait()
            return await super().handle(command)

    slow = plain.hazards(store, kind=Slow)
    async with serve(nc, slow, limit=3):
        asked = [asyncio.ensure_future(request(asker, finding())) for _ in range(10)]
        done, waiting = await asyncio.wait(asked, timeout=1)
        assert [getattr(told.result(), "code", "") for told in done] == ["busy"] * 7
        gate.set()
        assert {reply.status for reply in await asyncio.gather(*waiting)} == {"accepted"}


async def test_a_fault_is_answered_too(one: Hazards, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks before anything was stored: a reply, and the traceback in the log."""

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(one, "handle", broken)
    monkeypatch.setattr(handlers.log, "exception", lambda *_, **__: None, raising=False)
    answer = REPLY.validate_json(await Handlers(one).answer(Asked("find_hazard", to_json(finding()))))
    assert (answer.status, getattr(answer, "code", "")) == ("refused", "fault")


async def test_two_services_share_the_work(nc: Client, asker: Client, one: Hazards, two: Hazards) -> None:
    """Copies in one queue group: each message goes to one of them."""
    async with serve(nc, one) as first, serve(nc, two) as second:
        replies = await asyncio.gather(*(request(asker, finding()) for _ in range(100)))
        assert {reply.status for reply in replies} == {"accepted"}
        assert first.answered + second.answered == 100
        assert min(first.answered, second.answered) > 0


async def test_what_was_taken_is_answered_at_the_end(nc: Client, asker: Client, one: Hazards) -> None:
    """Ending takes no more messages; whoever was taken gets his answer, the others hear that nobody is there."""
    async with serve(nc, one) as serving:
        asked = [asyncio.ensure_future(request(asker, finding())) for _ in range(300)]
        while serving.answered < 20:  # noqa: ASYNC110 (a moment)
            await asyncio.sleep(0)
    replies = await asyncio.gather(*asked, return_exceptions=True)
    assert [reply for reply in replies if isinstance(reply, TimeoutError)] == []
    assert sum(isinstance(reply, Accepted) for reply in replies) == serving.answered


def finding(**changes: object) -> dict[str, Any]:
    """The body of a finding, new each time."""
    return FINDING | {"command_id": f"f-{uuid4()}"} | changes


def entry(command: Command) -> dict[str, Any]:
    """A command as it stands in a batch."""
    return {"command": command.imperative, "body": from_json(command.model_dump_json(exclude_none=True))}


async def request(asker: Client, body: dict[str, Any]) -> Accepted | Refused | Unknown:
    """One finding, asked and answered."""
    return REPLY.validate_json((await asker.request("commands.hazard.find_hazard", to_json(body), timeout=5)).data)
