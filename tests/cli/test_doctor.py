import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from contracts import subjects
from services.cli import demo
from services.cli.main import run
from services.journal.api import call
from services.journal.connection import connect
from services.journal.streams import STREAMS, stream_config
from tests.cli.conftest import Cli
from tests.servers import Servers


def states(answer: dict[str, Any]) -> dict[str, str]:
    """By name of the check."""
    return {check["name"]: check["state"] for check in answer["checks"]}


def test_all_is_well(bihuan: Cli) -> None:
    """Beside a running service: server, disk order, streams, clock, disk, versions."""
    code, answer = bihuan("doctor")
    assert (code, answer["status"]) == (0, "good")
    assert states(answer) == {
        "服务器": "good",
        "落盘": "good",
        "存储流": "good",
        "时钟": "good",
        "磁盘": "good",
        "机构目录": "note",
        "版本": "good",
    }


def test_a_note_is_not_passed_over(
    served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All is well only where there is nothing to mind."""
    command = ["--data", str(served), "doctor"]
    assert run(command) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "请留意：机构目录" in last
    assert "一切正常" not in last
    path = tmp_path / "directory.yaml"
    path.write_bytes((Path(demo.__file__).parent / "data" / "directory.yaml").read_bytes())
    monkeypatch.setenv("BIHUAN_DIRECTORY", str(path))
    assert run(command) == 0
    assert "一切正常" in capsys.readouterr().out.splitlines()[-1]


def test_an_unsafe_stream_is_named_and_nothing_is_declared(
    single: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 and each setting; a foreign server is looked at, not changed."""
    monkeypatch.setenv("NATS_MONITOR_URLS", single.nodes[0].monitor_url)

    async def change(*, unsafe: bool) -> list[str]:
        nc = await connect(single.url, name="test")
        if unsafe:
            await call(nc, f"STREAM.CREATE.{subjects.EVENTS}", {"name": subjects.EVENTS, "subjects": ["events.>"]})
        there = [name for name in STREAMS if await stream_config(nc, name)]
        if not unsafe and there:
            await call(nc, f"STREAM.DELETE.{subjects.EVENTS}")
        await nc.close()
        return there

    command = ["--nats", single.url, "--json", "doctor"]
    assert run(command) == 0
    assert states(json.loads(capsys.readouterr().out))["存储流"] == "note"
    assert asyncio.run(change(unsafe=True)) == [subjects.EVENTS]
    assert run(command) == 1
    said = capsys.readouterr().out
    assert "deny_delete" in said
    assert "discard" in said
    assert asyncio.run(change(unsafe=False)) == [subjects.EVENTS]


def test_a_server_whose_disk_order_nobody_knows(single: Servers, capsys: pytest.CaptureFixture[str]) -> None:
    """Without its monitoring address nobody can say that it writes before it answers."""
    assert run(["--nats", single.url, "--json", "doctor"]) == 1
    assert states(json.loads(capsys.readouterr().out))["落盘"] == "unsafe"


def test_no_server(tmp_path: Path) -> None:
    """Exit code 3 where nothing was ever kept, and no folder is made."""
    assert run(["--data", str(tmp_path / "none"), "doctor"]) == 3
    assert not (tmp_path / "none").exists()


def test_a_directory_that_cannot_be_read(bihuan: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's powers would silently be missing."""
    path = tmp_path / "directory.yaml"
    path.write_text("bodies: 3")
    monkeypatch.setenv("BIHUAN_DIRECTORY", str(path))
    code, answer = bihuan("doctor")
    assert (code, states(answer)["机构目录"]) == (1, "unsafe")
