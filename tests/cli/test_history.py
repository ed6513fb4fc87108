import asyncio
import json
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from contracts import subjects
from services.cli.main import run
from services.journal.connection import connect
from services.journal.events import EventStore
from tests.cli.conftest import Cli
from tests.cli.test_send import body, finding

__all__ = ["body"]


@pytest.fixture
def hazard(bihuan: Cli, body: Path) -> str:
    """A hazard with one event."""
    return str(bihuan("send", "find_hazard", body)[1]["hazard_id"])


def slip_in(url: str, hazard: str, state: bytes) -> None:
    """What somebody with the server's password could do: an event that no service wrote."""

    async def append() -> None:
        nc = await connect(url, name="test")
        store = EventStore(nc)
        subject = subjects.events_subject(subjects.HAZARD, hazard)
        event = StoredEvent(subject, 2, "hazard.graded", state)
        await store.append(event, after=await store.last_sequence(subject))
        await nc.close()

    asyncio.run(append())


def test_a_history_tells_who_when_what(served: Path, hazard: str, capfd: pytest.CaptureFixture[str]) -> None:
    """In Chinese words, with both times, the place in the store and the hash."""
    assert run(["--data", str(served), "history", hazard]) == 0
    said = capfd.readouterr().out
    for word in ("隐患登记", "2026-01-05 09:00 发生", "登记", "王平（镇街检查员", "安全出口堆放杂物", "总序号", "哈希"):
        assert word in said


def test_the_short_number_finds_it(bihuan: Cli, hazard: str) -> None:
    """As people say it on the telephone; a slip in it is noticed."""
    short = bihuan("history", hazard)[1]["short_number"]
    assert bihuan("history", short.lower())[1]["hazard_id"] == hazard
    assert bihuan("history", short[:-2])[1]["hazard_id"] == hazard
    wrong = short[:-1] + ("0" if short[-1] != "0" else "1")
    assert bihuan("history", wrong)[0] == 2


def test_a_chain_that_holds(bihuan: Cli, hazard: str) -> None:
    """Verified; the last hash, kept elsewhere, is checked too."""
    code, answer = bihuan("history", hazard, "--verify")
    assert (code, answer["verified"], answer["breaks"]) == (0, True, [])
    tip = answer["events"][-1]["hash"]
    assert bihuan("history", hazard, "--tip", tip)[0] == 0
    code, answer = bihuan("history", hazard, "--tip", "0" * 64)
    assert (code, answer["verified"]) == (1, False)


def test_a_broken_chain_is_named(bihuan: Cli, url: str, hazard: str) -> None:
    """Exit code 1, and where it breaks; without --verify the history is shown all the same."""
    stored = json.dumps({"id": "x", "type": "hazard.graded", "previous_hash": "0" * 64, "version": 2})
    slip_in(url, hazard, stored.encode())
    code, answer = bihuan("history", hazard, "--verify")
    assert (code, answer["verified"]) == (1, False)
    assert [(one["position"], one["version"]) for one in answer["breaks"]] == [(2, 2)]
    assert bihuan("history", hazard)[0] == 0


def test_what_cannot_be_read_is_shown_as_such(
    served: Path, url: str, hazard: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no event: the rest of the history is still told, and the break named."""
    slip_in(url, hazard, b"\xff not JSON")
    assert run(["--data", str(served), "history", hazard, "--verify"]) == 1
    said = capfd.readouterr().out
    assert "内容损坏" in said
    assert "核对不符" in said


def test_a_hazard_that_does_not_exist(bihuan: Cli, area: str) -> None:
    """A well-formed id without a history is refused, anything else is a usage error."""
    missing = f"{area}-00000000-0000-0000-0000-000000000000"
    assert bihuan("history", missing)[0] == 1
    assert bihuan("history", f"{area}-00000000")[0] == 1
    for wrong in ("x", "*", "events.>", f"{area}-123", "12345-00000000"):
        assert bihuan("history", wrong)[0] == 2


def test_reading_creates_no_folder(tmp_path: Path, area: str) -> None:
    """A typing error in --data is told, not made true."""
    data = tmp_path / "typo"
    assert run(["--data", str(data), "history", f"{area}-00000000"]) == 3
    assert not data.exists()


def test_an_entered_finding_is_the_one_that_was_sent(bihuan: Cli, hazard: str, area: str) -> None:
    """For a program: the data as stored."""
    [event] = bihuan("history", hazard)[1]["events"]
    assert event["data"]["description"] == finding(area)["description"]
    assert (event["version"], event["type"], event["name"]) == (1, "hazard.found", "隐患登记")
