import io
import json
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import run
from tests.cli.conftest import Cli


def finding(area: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (any field)
    """What a township's checker found."""
    return {
        "command_id": f"f-{area}",
        "actor": {"id": "wang", "name": "王平", "roles": ["township_checker"], "area": area},
        "occurred_at": "2026-01-05T09:00:00+08:00",
        "area": area,
        "origin": "patrol",
        "place": "一车间",
        "description": "安全出口堆放杂物",
        "found_by": [{"name": "镇应急办", "lead": True}],
    } | changes


@pytest.fixture
def body(tmp_path: Path, area: str) -> Path:
    """That finding in a file."""
    path = tmp_path / "body.json"
    path.write_text(json.dumps(finding(area)), encoding="utf-8")
    return path


def test_an_accepted_command(bihuan: Cli, body: Path, area: str) -> None:
    """The reply as the service gave it; the same command again gets the same reply."""
    code, reply = bihuan("send", "find_hazard", body)
    assert (code, reply["status"], reply["version"]) == (0, "accepted", 1)
    assert reply["hazard_id"].startswith(f"{area}-")
    assert bihuan("send", "find-hazard", body) == (0, reply)


def test_a_refused_command(bihuan: Cli, body: Path, area: str) -> None:
    """Exit code 1, the code and the field at fault."""
    body.write_text(json.dumps(finding(area, occurred_at="2999-01-01T00:00:00+08:00")))
    code, reply = bihuan("send", "find_hazard", body)
    assert (code, reply["status"], reply["field"]) == (1, "refused", "occurred_at")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{", "malformed"), ("", "malformed"), ('{"a": 1, "a": 2}', "duplicate_key"), ("x" * 1_100_000, "too_large")],
)
def test_a_body_that_cannot_be_read_is_refused(bihuan: Cli, body: Path, text: str, expected: str) -> None:
    """By the service, which stays up."""
    body.write_text(text)
    code, reply = bihuan("send", "find_hazard", body)
    assert (code, reply["code"]) == (1, expected)


def test_more_than_the_server_takes_is_refused_here(bihuan: Cli, body: Path) -> None:
    """It would close the connection."""
    body.write_bytes(b" " * (8 * 2**20 + 1))
    code, reply = bihuan("send", "find_hazard", body)
    assert (code, reply["code"]) == (1, "too_large")


@pytest.mark.parametrize("name", ["find_hazrd", "批量", "a.b", "*", ">", "find hazard\r\n", "x" * 70_000])
def test_a_command_that_does_not_exist_is_a_usage_error(bihuan: Cli, body: Path, name: str) -> None:
    """It never becomes a subject; the nearest names are suggested."""
    code, answer = bihuan("send", name, body)
    assert (code, answer["status"]) == (2, "usage")
    assert "find_hazard" in answer["reason"]
    assert len(answer["reason"]) < 200


def test_a_body_that_is_not_there_is_a_usage_error(bihuan: Cli, tmp_path: Path) -> None:
    """Its name is repeated."""
    code, answer = bihuan("send", "find_hazard", tmp_path / "none.json")
    assert code == 2
    assert "none.json" in answer["reason"]


def test_the_body_may_come_from_stdin(
    served: Path, body: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` reads it there; a person is told in words."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body.read_bytes())))
    assert run(["send", "find_hazard", "-", "--data", str(served)]) == 0
    assert "已受理" in capsys.readouterr().out


def test_without_a_service_it_starts_one(tmp_path: Path, body: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For its own duration; the next command finds what was stored."""
    data = ["--data", str(tmp_path / "own"), "--json"]
    assert run([*data, "send", "find_hazard", str(body)]) == 0
    hazard = json.loads(capsys.readouterr().out)["hazard_id"]
    assert run([*data, "history", hazard, "--verify"]) == 0
    assert json.loads(capsys.readouterr().out)["verified"] is True


def test_a_server_that_does_not_answer(body: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3 and a sentence, within seconds."""
    assert run(["--nats", "nats://127.0.0.1:1", "send", "find_hazard", str(body)]) == 3
    assert "没有应答" in capsys.readouterr().err
