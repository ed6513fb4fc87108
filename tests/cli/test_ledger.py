"""`bihuan ledger …` beside a service of its own, and without one."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_json
from python_calamine import CalamineWorkbook

from services.cli.main import run
from tests.cli.conftest import Cli, Up, start
from tests.cli.test_history import slip_in
from tests.cli.test_send import finding

AREA = "500229001"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """With three hazards."""
    found = start(tmp_path_factory.mktemp("ledgers") / "data", "--without", "notifier")
    yield found
    assert found.end() == 0


@pytest.fixture
def served(up: Up) -> Path:
    """Its folder: `bihuan` asks there."""
    return Path(up.said["data"])


def send(bihuan: Cli, tmp_path: Path, **changes: Any) -> str:  # noqa: ANN401 (any field)
    """A finding; its hazard's id. The same again gives the same."""
    path = tmp_path / "finding.json"
    path.write_text(json.dumps(finding(AREA, **changes)), encoding="utf-8")
    code, reply = bihuan("send", "find_hazard", path)
    assert code == 0, reply
    return str(reply["hazard_id"])


PHOTO = {"sha256": "ab" * 32, "media_type": "image/jpeg", "size": 7, "name": "现场照片"}


@pytest.fixture
def hazards(bihuan: Cli, tmp_path: Path) -> list[str]:
    """In the order of their finding."""
    return [
        send(bihuan, tmp_path, command_id=f"ledger-{number}", occurred_at=f"2026-01-0{number}T09:00:00+08:00")
        for number in (3, 1, 2)
    ]


def test_lines_for_programs(bihuan: Cli, hazards: list[str]) -> None:
    """Columns, rows, the sequence; up to date as soon as the command was accepted."""
    code, answer = bihuan("ledger", "show", "hazards")
    assert code == 0
    assert answer["columns"][0] == {"key": "number", "title": "编号", "kind": "text"}
    rows = [row for row in answer["rows"] if row["area"] == AREA]
    assert [row["_key"] for row in rows] == hazards
    assert rows[0]["place"] == "一车间"
    assert rows[0]["_cells"]["place"] == rows[0]["_sequence"] <= answer["sequence"]
    assert answer["next"] == answer["rows"][-1]["_key"]
    body = b"".join(to_json(row) + b"\n" for row in answer["rows"])
    assert answer["sha256"] == sha256(body).hexdigest()


def test_conditions_and_pages(bihuan: Cli, hazards: list[str]) -> None:
    """All conditions hold; `--after` goes on behind a line."""
    late = bihuan("ledger", "show", "隐患台账", "--where", f"区划={AREA}", "--where", "发现时间>=2026-01-02")[1]
    assert [row["_key"] for row in late["rows"]] == [hazards[0], hazards[2]]
    assert late["total"] == 2
    one = bihuan("ledger", "show", "hazards", "--limit", "1", "--after", hazards[0])[1]
    assert [row["_key"] for row in one["rows"]] == [hazards[1]]
    second = bihuan("ledger", "show", "hazards", "--limit", "2", "--page", "2")[1]
    assert [row["_key"] for row in second["rows"]] == [hazards[2]]


def test_as_of_and_as_known(bihuan: Cli, hazards: list[str]) -> None:
    """What counts at a day's end; what was known at an event."""
    then = bihuan("ledger", "show", "hazards", "--as-of", "2026-01-02")[1]
    assert [row["_key"] for row in then["rows"]] == [hazards[1], hazards[2]]
    assert then["as_of"].startswith("2026-01-02T23:59:59.999999")
    first = bihuan("ledger", "show", "hazards", "--known-at", "1")[1]
    assert ([row["_key"] for row in first["rows"]], first["known_at"]) == ([hazards[0]], 1)
    both = bihuan("ledger", "show", "hazards", "--as-of", "2026-01-02", "--known-at", "2")[1]
    assert [row["_key"] for row in both["rows"]] == [hazards[1]]
    assert bihuan("ledger", "show", "hazards", "--known-at", "2026-01-05")[1]["rows"] == []


def test_a_cell_is_traced(bihuan: Cli, tmp_path: Path, hazards: list[str]) -> None:
    """The event, its actor, both times, its evidence; by key or short number, by key or title of the column."""
    hazard = send(bihuan, tmp_path, command_id="ledger-photo", photos=[PHOTO])
    code, answer = bihuan("ledger", "trace", "hazards", hazard, "地点")
    assert code == 0
    assert (answer["event"], answer["actor"]["name"], answer["value"]) == ("hazard.found", "王平", "一车间")
    assert answer["occurred_at"] == "2026-01-05T09:00:00+08:00"
    assert answer["recorded_at"] > "2026-01-05"
    assert answer["evidence"] == [PHOTO]
    number = bihuan("history", hazard)[1]["short_number"]
    assert bihuan("ledger", "trace", "隐患台账", number, "place")[1] == answer
    whole = bihuan("ledger", "trace", "hazards", hazard)[1]
    assert {cell["column"] for cell in whole["cells"]} >= {"number", "area", "place", "found_at", "stage"}
    assert all(cell["event"] == "hazard.found" for cell in whole["cells"])
    assert bihuan("ledger", "trace", "hazards", hazards[0], "place")[1]["evidence"] == []


@pytest.mark.usefixtures("hazards")
def test_status_verify_and_rebuild(bihuan: Cli) -> None:
    """Each ledger by itself; rebuilding changes the generation and no line."""
    code, answer = bihuan("ledger", "status")
    assert (code, answer["trouble"]) == (0, None)
    [before] = [one for one in answer["ledgers"] if one["name"] == "hazards"]
    assert (before["state"], before["behind"], before["building"]) == ("current", 0, None)
    assert bihuan("ledger", "verify", "hazards")[1]["sound"] is True
    lines = bihuan("ledger", "show", "hazards")[1]
    assert bihuan("ledger", "rebuild", "hazards", "--dry-run")[1]["counted"] == 0
    code, new = bihuan("ledger", "rebuild", "hazards")
    assert (code, new["generation"]) == (0, before["generation"] + 1)
    assert bihuan("ledger", "show", "hazards")[1]["sha256"] == lines["sha256"]
    assert {one["name"] for one in bihuan("ledger", "list")[1]["ledgers"]} >= {"hazards", "majors"}
    assert bihuan("ledger", "resume")[1] == {"resumed": [], "stopped": []}


@pytest.mark.usefixtures("hazards")
def test_an_altered_line_is_named(bihuan: Cli, served: Path) -> None:
    """Exit code 1; rebuilding mends it."""
    connection = sqlite3.connect(served / "ledgers.sqlite")
    with connection:
        current = "SELECT 'ledger_majors_' || generation FROM bihuan_ledgers WHERE name = 'majors'"
        [[table]] = connection.execute(current)
        columns = "(key, page, born, sequence, shown, cells)"
        connection.execute(f"INSERT INTO {table} {columns} VALUES ('x', 'x', 1, 1, 1, '[]')")  # noqa: S608
    connection.close()
    code, answer = bihuan("ledger", "verify", "majors")
    assert (code, answer["sound"]) == (1, False)
    assert [one["key"] for one in answer["extra"]] == ["x"]
    assert bihuan("ledger", "rebuild", "majors")[0] == 0
    assert bihuan("ledger", "verify", "majors")[0] == 0


def test_on_paper(bihuan: Cli, tmp_path: Path) -> None:
    """Every line with its number, sums below, where it comes from on the last sheet; a formula stays a text."""
    send(bihuan, tmp_path, command_id="ledger-formula", place="=1+1", description="https://example.org 见附件")
    path = tmp_path / "台账.xlsx"
    code, answer = bihuan("ledger", "show", "hazards", "--where", f"区划={AREA}", "--xlsx", path)
    assert (code, answer["file"]) == (0, str(path))
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["隐患台账", "溯源"]
    sheet = book.get_sheet_by_name("隐患台账").to_python()
    assert sheet[0][0] == "隐患台账"
    assert sheet[1][:3] == ["序号", "编号", "区划"]
    assert [line[0] for line in sheet[2:-1]] == list(range(1, answer["rows"] + 1))
    assert sheet[-1][0] == "合计"
    assert "=1+1" in {line[sheet[1].index("地点")] for line in sheet[2:-1]}
    origin = {line[0]: line[1] for line in book.get_sheet_by_name("溯源").to_python()}
    assert origin["条件"] == f"区划={AREA}"
    assert origin["各行 SHA-256"] == answer["sha256"]
    assert origin["记到事件序号"] == str(answer["sequence"])
    assert origin["说明"] == "本记录不替代执法文书"
    again = bihuan("ledger", "show", "hazards", "--where", f"区划={AREA}")[1]
    assert again["sha256"] == answer["sha256"]
    assert not list(tmp_path.glob(".*part"))


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (("show", "nothing"), "hazards 隐患台账"),
        (("show", "hazards", "--where", "天气=晴"), "编号（number）"),
        (("show", "hazards", "--where", "等级"), "应形如"),
        (("show", "hazards", "--as-of", "2999-01-01"), "还没有到"),
        (("show", "hazards", "--known-at", "999999"), "没有第 999999 号事件"),
        (("show", "hazards", "--after", "nowhere"), "--after"),
        (("show", "hazards", "--page", "2", "--after", "x"), "只能用一个"),
        (("show", "hazards", "--xlsx", "a.txt"), ".xlsx"),
        (("show", "hazards", "--xlsx", "/nowhere/a.xlsx"), "写不了"),
        (("show", "hazards", "--limit", "0"), "--limit"),
        (("trace", "hazards", "nobody", "place"), "没有“nobody”这一行"),
        (("trace", "hazards", AREA, "weather"), "没有“weather”这一列"),
        (("verify", "nothing"), "没有“nothing”这本台账"),
        (("rebuild", "nothing"), "没有“nothing”这本台账"),
        (("resume", "nothing"), "没有“nothing”这本台账"),
    ],
)
def test_a_slip_is_a_sentence(bihuan: Cli, hazards: list[str], arguments: tuple[str, ...], because: str) -> None:
    """Exit code 2, and what there is."""
    assert hazards
    code, answer = bihuan("ledger", *arguments)
    assert (code, answer["status"]) == (2, "usage")
    assert because in answer["reason"]


def test_more_than_one_row_begins_so(bihuan: Cli, hazards: list[str]) -> None:
    """They are named."""
    code, answer = bihuan("ledger", "trace", "hazards", AREA, "place")
    assert code == 2
    assert all(hazard in answer["reason"] for hazard in hazards)


def test_a_person_sees_titles_and_how_many(served: Path, hazards: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """In a pipe tabs stand between; what is said about it goes to stderr."""
    assert run(["--data", str(served), "ledger", "show", "hazards", "--limit", "2", "--columns", "地点，发现时间"]) == 0
    said = capfd.readouterr()
    assert said.out.splitlines() == ["地点\t发现时间", "一车间\t2026-01-03 09:00", "一车间\t2026-01-01 09:00"]
    assert f"--after {hazards[1]}" in said.err
    assert run(["--data", str(served), "ledger", "trace", "hazards", hazards[0], "place"]) == 0
    assert "王平（镇街检查员" in capfd.readouterr().out


def test_a_stopped_ledger_says_so_and_goes_on_when_mended(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With its sequence and the reason; those that do not read such an event go on."""
    data = tmp_path / "data"

    def ask(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        code = run(["--data", str(data), *map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)

    found = start(data, "--without", "notifier")
    hazard = send(ask, tmp_path)
    assert ask("ledger", "show", "hazards")[1]["remark"] is None
    slip_in(found.said["url"], hazard, b'{"id":"x"}')
    assert found.end() == 0
    code, answer = ask("ledger", "show", "hazards")
    assert code == 0, answer
    assert "第 2 号事件无法入账" in answer["remark"]
    assert [row["_key"] for row in answer["rows"]] == [hazard]
    code, answer = ask("ledger", "status")
    assert code == 1
    stopped = {one["name"]: one["stopped_at"] for one in answer["ledgers"] if one["state"] == "stopped"}
    assert stopped["hazards"] == 2
    code, answer = ask("ledger", "resume", "hazards")
    assert (code, answer["resumed"], [one["name"] for one in answer["stopped"]]) == (1, [], ["hazards"])
    code, answer = ask("ledger", "rebuild", "hazards")
    assert (code, answer["status"]) == (1, "refused")
    assert "第 2 号事件无法入账" in answer["reason"]
    assert ask("ledger", "show", "hazards")[1]["rows"][0]["_key"] == hazard
    code, answer = ask("ledger", "show", "hazards", "--as-of", "2026-02-01")
    assert (code, answer["status"]) == (1, "refused")


def test_a_database_that_is_none(tmp_path: Path, served: Path, bihuan: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence that says what to do; exit code 1."""
    assert served
    wrong = tmp_path / "notes.txt"
    wrong.write_text("no database " * 100)
    monkeypatch.setenv("BIHUAN_LEDGERS", f"sqlite:///{wrong}")
    code, answer = bihuan("ledger", "show", "hazards")
    assert (code, answer["status"]) == (1, "refused")
    assert "不是台账数据库" in answer["reason"]
    monkeypatch.setenv("BIHUAN_LEDGERS", "nonsense")
    assert "BIHUAN_LEDGERS" in bihuan("ledger", "list")[1].get("reason", "BIHUAN_LEDGERS")
    assert "BIHUAN_LEDGERS" in bihuan("ledger", "status")[1]["reason"]
