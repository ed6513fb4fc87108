"""`bihuan ledger …` on a database that somebody altered, or may only read; beside no service."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.cli.main import run
from services.projection.ledgers import LEDGERS
from tests.cli.conftest import Cli, start
from tests.cli.test_ledger import AREA, send

Alter = Callable[..., None]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hazards, every ledger up to date."""
    folder = tmp_path_factory.mktemp("kept")
    data = folder / "data"
    found = start(data, "--without", "notifier")

    def ask(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        assert run(["--data", str(data), *map(str, arguments)]) == 0
        return 0, {"hazard_id": ""}

    for number in (1, 2):
        when = f"2026-01-0{number}T09:00:00+08:00"
        send(ask, folder, command_id=f"kept-{number}", occurred_at=when)
    assert run(["--data", str(data), "ledger", "show", "hazards"]) == 0
    assert found.end() == 0
    return data


@pytest.fixture
def data(kept: Path, tmp_path: Path) -> Path:
    """A copy for one test."""
    return copytree(kept, tmp_path / "data")


@pytest.fixture
def bihuan(data: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Its exit code and its answer."""

    def ask(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        code = run(["--data", str(data), *map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)

    return ask


@pytest.fixture
def alter(data: Path) -> Alter:
    """What somebody with a database tool could do."""

    def statement(*said: str) -> None:
        connection = sqlite3.connect(data / "ledgers.sqlite")
        with connection:
            for one in said:
                connection.execute(one)
        connection.close()

    return statement


def state(bihuan: Cli, name: str) -> str:
    """Of that ledger, by `bihuan ledger status`."""
    return next(str(one["state"]) for one in bihuan("ledger", "status")[1]["ledgers"] if one["name"] == name)


@pytest.mark.parametrize("to", ["sequence = 200", "event_id = 'x'"])
def test_one_that_went_astray_does_not_stop_the_others(bihuan: Cli, alter: Alter, to: str, tmp_path: Path) -> None:
    """It is named, with what to do; it is rebuilt as any other."""
    alter(f"UPDATE bihuan_ledgers SET {to} WHERE name = 'verifications'")  # noqa: S608
    send(bihuan, tmp_path, command_id="kept-3")
    code, answer = bihuan("ledger", "show", "hazards")
    assert (code, answer["remark"], len(answer["rows"]), answer["sequence"]) == (0, None, 3, 3)
    code, answer = bihuan("ledger", "status")
    assert code == 1
    states = {one["name"]: one["state"] for one in answer["ledgers"]}
    assert states == {ledger.name: "current" for ledger in LEDGERS} | {"verifications": "astray"}
    remark = bihuan("ledger", "show", "verifications")[1]["remark"]
    assert "bihuan ledger rebuild verifications" in remark
    assert bihuan("ledger", "rebuild", "verifications")[0] == 0
    assert state(bihuan, "verifications") == "current"
    assert bihuan("ledger", "verify", "verifications")[0] == 0


def test_ledgers_of_another_stream_are_refused(bihuan: Cli, alter: Alter) -> None:
    """Where none agrees with it."""
    alter("UPDATE bihuan_ledgers SET event_id = 'x'")
    code, answer = bihuan("ledger", "show", "hazards")
    assert (code, answer["status"]) == (1, "refused")
    assert "不是同一个" in answer["reason"]


def test_one_of_a_newer_program_is_left_to_it(bihuan: Cli, alter: Alter, tmp_path: Path) -> None:
    """It is named, neither shown nor rebuilt; the others go on."""
    alter("UPDATE bihuan_ledgers SET version = 99 WHERE name = 'majors'")
    send(bihuan, tmp_path, command_id="kept-3")
    assert bihuan("ledger", "show", "hazards")[1]["sequence"] == 3
    assert state(bihuan, "majors") == "newer"
    for command in ("show", "verify", "rebuild"):
        code, answer = bihuan("ledger", command, "majors")
        assert (code, answer["status"]) == (1, "refused")
        assert "majors 由更新版本的程序建立" in answer["reason"]


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("DROP TABLE {table}", "altered"),
        ("ALTER TABLE {table} DROP COLUMN c_place", "altered"),
        ("UPDATE {table} SET cells = 'x'", "current"),
    ],
)
def test_an_altered_table_is_a_sentence(bihuan: Cli, alter: Alter, kept: Path, statement: str, status: str) -> None:
    """Not a traceback; `rebuild` mends it."""
    connection = sqlite3.connect(kept / "ledgers.sqlite")
    [[table]] = connection.execute("SELECT 'ledger_hazards_' || generation FROM bihuan_ledgers WHERE name = 'hazards'")
    connection.close()
    alter(statement.format(table=table))
    for command in (("show", "hazards"), ("trace", "hazards", AREA[:3])):
        code, answer = bihuan("ledger", *command)
        assert code in {1, 2}, answer
        assert "reason" in answer
    code, answer = bihuan("ledger", "show", "hazards")
    assert (code, answer["status"]) == (1, "refused")
    assert "隐患台账" in answer["reason"]
    assert "bihuan ledger rebuild hazards" in answer["reason"]
    assert state(bihuan, "hazards") == status
    assert bihuan("ledger", "verify", "hazards")[0] == 1
    assert bihuan("ledger", "rebuild", "hazards")[0] == 0
    assert len(bihuan("ledger", "show", "hazards")[1]["rows"]) == 2


def test_a_database_that_may_only_be_read_is_shown(
    bihuan: Cli, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how far it is behind."""
    frozen = tmp_path / "frozen.sqlite"
    assert bihuan("ledger", "status")[0] == 0
    with sqlite3.connect(data / "ledgers.sqlite") as source, sqlite3.connect(frozen) as copy:
        source.backup(copy)
    copy.close()
    source.close()
    monkeypatch.setenv("BIHUAN_LEDGERS", f"sqlite:///file:{frozen}?mode=ro&uri=true")
    assert bihuan("ledger", "show", "hazards")[1]["remark"] is None
    send(bihuan, tmp_path, command_id="kept-3")
    code, answer = bihuan("ledger", "show", "hazards")
    assert (code, len(answer["rows"]), answer["sequence"]) == (0, 2, 2)
    assert "还差 1 条" in answer["remark"]
    code, answer = bihuan("ledger", "rebuild", "hazards")
    assert (code, answer["status"]) == (1, "refused")
    assert "只读" in answer["reason"]


def test_late_changes_are_told(bihuan: Cli, data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What was not known at the cut-off and counts for it: on a screen, to a program, on paper."""
    code, answer = bihuan("ledger", "show", "hazards", "--as-of", "2026-01-01")
    [one] = answer["late"]
    assert (code, answer["late_total"], one["sequence"], one["event"]) == (0, 1, 1, "hazard.found")
    assert (one["occurred_at"], one["actor"]["name"]) == ("2026-01-01T09:00:00+08:00", "王平")
    assert one["aggregate_id"] == answer["rows"][0]["_key"]
    assert one["recorded_at"] > "2026-01-02"
    assert bihuan("ledger", "show", "hazards", "--as-of", "2026-01-02")[1]["late_total"] == 2
    assert bihuan("ledger", "show", "hazards", "--as-of", "2026-01-02", "--known-at", "1")[1]["late_total"] == 1
    assert bihuan("ledger", "show", "hazards")[1]["late"] == []
    path = tmp_path / "台账.xlsx"
    assert bihuan("ledger", "show", "hazards", "--as-of", "2026-01-02", "--xlsx", path)[0] == 0
    origin = CalamineWorkbook.from_path(path).get_sheet_by_name("溯源").to_python()
    assert len([line for line in origin if line[0] == "追溯变更"]) == 3
    capfd.readouterr()
    assert run(["--data", str(data), "ledger", "show", "hazards", "--as-of", "2026-01-02"]) == 0
    said = capfd.readouterr().err
    assert "当时还不知道的有 2 条" in said
    assert "第 2 号事件" in said


def test_a_day_of_the_first_year_has_four_digits(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As every other."""
    assert run(["--data", str(data), "ledger", "show", "hazards", "--as-of", "0001-01-01"]) == 0
    assert "截止时间 0001-01-01 23:59" in capfd.readouterr().err


def test_what_was_never_seen_is_told_too(bihuan: Cli, alter: Alter) -> None:
    """A ledger that is still being built, by a newer program or from an altered place."""
    alter("UPDATE bihuan_ledgers SET standing = 'building', version = 99 WHERE name = 'majors'")
    alter("UPDATE bihuan_ledgers SET standing = 'building', sequence = 200 WHERE name = 'problems'")
    assert (state(bihuan, "majors"), state(bihuan, "problems")) == ("newer", "astray")
    code, answer = bihuan("ledger", "show", "majors")
    assert (code, answer["status"]) == (1, "refused")
    assert "由更新版本的程序建立" in answer["reason"]
    assert bihuan("ledger", "rebuild", "problems")[0] == 0
    assert state(bihuan, "problems") == "current"
