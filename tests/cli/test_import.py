import json
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from contracts import subjects
from services.cli.importing import run as running
from services.cli.importing import sending
from services.cli.importing.forms import COLUMNS, REASON, FormRow
from services.cli.importing.rows import Reader
from services.cli.importing.sources import Item
from services.cli.importing.visits import Circumstances, Unit, Visit, recorder
from services.cli.main import run
from services.hazard.app import clock
from tests.cli import stored
from tests.cli.conftest import BIHUAN, Cli, start
from tests.cli.sheets_props import GOOD, NO_UNIT, NO_YEAR, NOTHING, csv_text, many, workbook
from tests.servers import wait_until

FORMULA = '=HYPERLINK("http://example.invalid","点我查看")'
LONG = ("9", "长厂", "2023-05-30", "", "库", "长" * 2001, "", "")


def counts(rows: int, accepted: int = 0, already: int = 0, rejected: int = 0, none_found: int = 0) -> dict[str, int]:
    """What an import says, without the file's name."""
    return {"rows": rows, "accepted": accepted, "already": already, "rejected": rejected, "none_found": none_found}


def told(answer: dict[str, Any]) -> dict[str, int]:
    """The same of an answer."""
    return {name: answer[name] for name in counts(0)}


def came_back(path: str) -> list[list[Any]]:
    """The rows of a rejected file, heading first."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_a_table_becomes_hazards(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """Every column of the form is in the record, with the file and line that it came from."""
    path = workbook(tmp_path / "五月.xlsx", [GOOD, NOTHING])
    assert bihuan("import", path, "--area", area) == (0, {**counts(2, accepted=1, none_found=1), "rejected_file": None})
    [event] = stored.events(url, area)
    data = event["data"]
    assert data["description"] == "除尘系统未设泄爆装置"
    assert data["suspected_major"] is True
    assert (data["origin"], data["place"], data["handling"]) == ("patrol", "一车间", "责令停用")
    assert data["party"]["name"] == "大明木业有限公司"
    assert data["party"]["id"].startswith("name-")
    assert data["remarks"] == "图片：IMG_1.jpg"
    assert data["occurred_at"] == "2023-05-30T00:00:00+08:00"
    assert (data["historical"], data["flags"]) == ("五月.xlsx 第4行", ["historical"])
    assert data["actor"]["roles"] == ["township_checker"]


def test_the_same_file_again_adds_nothing(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """Not when its rows are renumbered, re-ordered, laid out otherwise, nor under another name and format."""
    rows = [GOOD, ("2", "三木厂", "2023-05-30", "", "喷漆房", "Ａ区无证上岗", "", "")]
    again = [
        ("7", "三木厂", "2023年5月30日", "", " 喷漆房", "A区\n无证上岗 ", "", ""),
        ("8", "大明 木业有限公司", "2023/5/30", *GOOD[3:]),
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert told(bihuan("import", path, "--area", area)[1]) == counts(2, accepted=2)
    assert bihuan("import", path, "--area", area) == (0, {**counts(2, already=2), "rejected_file": None})
    assert told(bihuan("import", workbook(tmp_path / "b.xlsx", again), "--area", area)[1]) == counts(2, already=2)
    other = tmp_path / "c.csv"
    other.write_text(csv_text(again), encoding="gb18030")
    assert told(bihuan("import", other, "--area", area)[1]) == counts(2, already=2)


def test_equal_rows_are_several_hazards(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """The nth row of the same words is the nth hazard, this time and the next."""
    path = workbook(tmp_path / "a.xlsx", [GOOD, GOOD])
    assert told(bihuan("import", path, "--area", area)[1]) == counts(2, accepted=2)
    path = workbook(tmp_path / "a.xlsx", [GOOD, GOOD, GOOD])
    assert told(bihuan("import", path, "--area", area)[1]) == counts(3, accepted=1, already=2)


def test_the_same_row_of_another_place_is_another_hazard(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """The area is part of the id."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    assert told(bihuan("import", path, "--area", area)[1]) == counts(1, accepted=1)
    assert told(bihuan("import", path, "--area", f"{area}001")[1]) == counts(1, accepted=1)


def test_a_bad_row_never_stops_the_good_ones(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """It comes back as it was written, with its reason in a ninth column; formulas are text; the exit code says so."""
    formula = ("6", FORMULA, "昨天", "", "", FORMULA, "", "")
    path = workbook(tmp_path / "a.xlsx", [GOOD, NO_YEAR, NO_UNIT, LONG, formula])
    code, answer = bihuan("import", path, "--area", area)
    assert (code, told(answer)) == (1, counts(5, accepted=1, rejected=4))
    assert answer["rejected_file"] == f"{path}.rejected.xlsx"
    heading, *rows = came_back(answer["rejected_file"])
    assert heading == [*COLUMNS, REASON]
    assert [tuple(row[:8]) for row in rows] == [NO_YEAR, NO_UNIT, LONG, formula]
    reasons = [row[8] for row in rows]
    for reason, expected in zip(reasons, ["没有年份", "排查单位为空", "2000", "看不出日期"], strict=True):
        assert expected in reason
    assert reasons[0].startswith("第5行：")
    assert "有无重大隐患及隐患描述" in reasons[2]


def test_what_came_back_is_mended_in_place(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """The rejected file is itself a table that can be imported."""
    path = workbook(tmp_path / "a.xlsx", [GOOD, NO_YEAR])
    _, answer = bihuan("import", path, "--area", area)
    heading, *rows = came_back(answer["rejected_file"])
    rows[0][2] = "2023-05-30"
    mended = workbook(tmp_path / "a.xlsx.rejected.xlsx", rows, form=False, header=heading)
    code, answer = bihuan("import", mended, "--area", area)
    assert (code, told(answer)) == (0, counts(1, accepted=1))


def test_rows_of_an_earlier_import_are_not_taken_for_new_ones(
    bihuan: Cli, served: Path, area: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The old file stays, it may be somebody's work; that it is old is said, to people and to programs."""
    path = workbook(tmp_path / "a.xlsx", [GOOD, NO_YEAR])
    old = bihuan("import", path, "--area", area)[1]["rejected_file"]
    command = ["--data", str(served), "import", str(path), "--area", area]
    run(command)
    assert "已被替换" in capfd.readouterr().out
    before = Path(old).read_bytes()
    workbook(path, [GOOD])
    assert bihuan("import", path, "--area", area) == (
        0,
        {**counts(1, already=1), "rejected_file": None, "earlier_rejected_file": old},
    )
    assert run(command) == 0
    assert "以前导入时退回的" in capfd.readouterr().out
    assert Path(old).read_bytes() == before


def test_commands_that_came_back_are_mended_where_they_were_written(
    served: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sheet of commands cannot be imported, so nobody is told to."""
    path = tmp_path / "commands.jsonl"
    path.write_text("{}")
    assert run(["--data", str(served), "import", str(path)]) == 1
    said = capsys.readouterr().out
    assert "原 .jsonl" in said
    assert "直接导入它" not in said


def test_a_hidden_sheet_is_named(served: Path, area: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is left out, and not in silence."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("一村", "旧表"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, GOOD)
        sheet.hide()
    assert run(["--data", str(served), "import", str(path), "--area", area]) == 0
    said = capsys.readouterr()
    assert "隐藏的工作表不导入：旧表" in said.err
    assert "新登记 1" in said.out


def test_the_origin_cannot_be_altered_by_importing_again(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """The row comes back with what stands there; the record stays."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    bihuan("import", path, "--area", area)
    code, answer = bihuan("import", path, "--area", area, "--visit-kind", "行政检查")
    assert (code, told(answer)) == (1, counts(1, rejected=1))
    assert "已按“巡查”登记" in came_back(answer["rejected_file"])[1][8]
    assert [event["data"]["origin"] for event in stored.events(url, area)] == ["patrol"]


@pytest.mark.parametrize(
    ("kind", "origin"),
    [("行政检查", "inspection"), ("巡查", "patrol"), ("帮扶", "assistance"), ("自查", "self"), ("督导", "inspection")],
)
def test_the_kind_of_visit_gives_the_origin(
    bihuan: Cli, url: str, area: str, tmp_path: Path, kind: str, origin: str
) -> None:
    """检查性质 is asked because it stays for ever; a self-check is entered on behalf of the enterprise's head."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    assert told(bihuan("import", path, "--area", area, "--visit-kind", kind)[1]) == counts(1, accepted=1)
    [event] = stored.events(url, area)
    assert event["data"]["origin"] == origin
    behalf = event["data"]["actor"].get("on_behalf_of")
    assert (behalf and behalf["enterprise"]) == (event["data"]["party"]["id"] if kind == "自查" else None)


def test_the_unit_may_be_the_one_that_checked(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """Then the responsible party is not known, and that gap is flagged."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    bihuan("import", path, "--area", area, "--unit", "checking")
    [event] = stored.events(url, area)
    assert event["data"]["found_by"] == [{"name": "大明木业有限公司", "lead": True}]
    assert "party" not in event["data"]
    assert "party_unknown" in event["data"]["flags"]


def test_a_village_patrols(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """Its own officer enters its table; it does not inspect."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    village = f"{area}201"
    code, answer = bihuan("import", path, "--area", village, "--visit-kind", "行政检查")
    assert (code, answer["status"]) == (2, "usage")
    assert told(bihuan("import", path, "--area", village)[1]) == counts(1, accepted=1)
    assert stored.events(url, village)[0]["data"]["actor"]["roles"] == ["village_officer"]


def test_who_enters_it_can_be_said(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """An Actor in JSON; one who may not is told so in every row, and nothing is stored."""
    path, actor = workbook(tmp_path / "a.xlsx", [GOOD]), tmp_path / "actor.json"
    actor.write_text(json.dumps({"id": "wang", "name": "王平", "roles": ["auditor"], "area": area}))
    code, answer = bihuan("import", path, "--area", area, "--actor", actor)
    assert (code, told(answer)) == (1, counts(1, rejected=1))
    actor.write_text(json.dumps({"id": "wang", "name": "王平", "roles": ["regulator"], "area": area[:6]}))
    assert bihuan("import", path, "--area", area, "--actor", actor, "--visit-kind", "行政检查")[0] == 0
    assert [event["data"]["actor"]["name"] for event in stored.events(url, area)] == ["王平"]
    actor.write_text("{}")
    assert bihuan("import", path, "--area", area, "--actor", actor)[0] == 2


def test_commands_come_a_line_each(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """In order, so that later lines rest on earlier ones; a bad line comes back, again adds nothing."""
    actor = {"id": "wang", "name": "王平", "roles": ["township_checker"], "area": area}
    base = {"actor": actor, "occurred_at": "2026-01-05T09:00:00+08:00"}
    find = {
        "command": "find_hazard",
        "command_id": f"f-{area}",
        "area": area,
        "place": "库",
        "origin": "patrol",
        **base,
    }
    find |= {"description": "通道堵塞", "found_by": [{"name": "镇应急办", "lead": True}]}
    path = tmp_path / "commands.jsonl"
    path.write_text(
        "\n".join(
            [
                "\ufeff" + json.dumps(find, ensure_ascii=False),
                "",
                json.dumps({**find, "command": "find_hazards"}),
                '{"command": "find_hazard", "command": "grade_hazard"}',
                '{"command": "find_hazard", "x": NaN}',
                "[1]",
                '1}, {"command": "", "body": 1',
                json.dumps({**find, "command_id": "other", "descripton": "x"}),
            ]
        ),
        encoding="utf-8",
    )
    code, answer = bihuan("import", path)
    assert (code, told(answer)) == (1, counts(7, accepted=1, rejected=6))
    heading, *rows = came_back(answer["rejected_file"])
    assert heading == ["命令", REASON]
    wanted = ["find_hazards", "出现两次", "JSON", "对象", "JSON", "descripton"]
    assert all(word in row[1] for word, row in zip(wanted, rows, strict=True))
    assert [event["data"]["description"] for event in stored.events(url, area)] == ["通道堵塞"]
    path.write_text(json.dumps(find), encoding="utf-8")
    assert told(bihuan("import", path)[1]) == counts(1, already=1)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("a.xlsx", b"", "空文件"), ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1"), ".xls"), ("a.csv", b"x,y\n1,2\n", "表头")],
)
def test_a_wrong_file_is_a_usage_error(
    bihuan: Cli, area: str, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    """One sentence that says what to do; nothing is sent."""
    path = tmp_path / name
    path.write_bytes(content)
    code, answer = bihuan("import", path, "--area", area)
    assert (code, answer["status"]) == (2, "usage")
    assert sentence in answer["reason"]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--area", "5002"[:3]],
        ["--area", "五〇〇"],
        ["--area", "500229001", "--visit-kind", "抽查"],
        ["--area", "500229001", "--unit", "both"],
        ["--area", "500229001", "--unit", "checking", "--visit-kind", "自查"],
        ["--area", "500229001", "--actor", "none.json"],
    ],
)
def test_wrong_options_are_usage_errors(bihuan: Cli, tmp_path: Path, options: list[str]) -> None:
    """Before a row is read."""
    code, answer = bihuan("import", workbook(tmp_path / "a.xlsx", [GOOD]), *options)
    assert (code, answer["status"]) == (2, "usage")


def test_a_table_without_rows(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """The empty form, as it was handed out, is nothing to import and no error."""
    path = workbook(tmp_path / "a.xlsx", [(str(n), *[""] * 7) for n in range(1, 5)])
    assert bihuan("import", path, "--area", area) == (0, {**counts(0), "rejected_file": None})


def test_rows_without_an_answer_are_told_and_can_be_sent_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service killed under an import: exit code 4, and the next import adds what is missing, nothing twice."""
    monkeypatch.setattr(sending, "PAUSES", (0.1,))
    monkeypatch.setattr(running, "PATIENCE", 1.0)
    path, data = workbook(tmp_path / "a.xlsx", many(4000)), tmp_path / "data"
    up = start(data, "--without", "notifier")
    sent = running._ask
    stored: list[Any] = []

    async def kills(nc: Any, batch: Sequence[Item]) -> Any:  # noqa: ANN401 (passed on)
        if stored:
            up.end(9)
        replies = await sent(nc, batch)
        stored.extend(item for item in batch if item.now.imperative == "find_hazard")
        return replies

    monkeypatch.setattr(running, "_ask", kills)
    arguments = ["--data", str(data), "--json", "import", str(path), "--area", "500229001"]
    assert run(arguments) == 4
    first = json.loads(capfd.readouterr().out)
    assert first["unknown"] > 0
    assert first["unknown_rows"][0].startswith("第")
    monkeypatch.undo()
    assert run(arguments) == 0
    second = json.loads(capfd.readouterr().out)
    assert second["accepted"] + second["already"] == second["rows"] == 4000
    assert second["already"] >= first["accepted"] > 0


def test_on_a_terminal_the_kind_of_visit_is_asked(served: Path, url: str, area: str, tmp_path: Path) -> None:
    """Until the answer is one of the five; it cannot be altered later."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    ours, theirs = os.openpty()
    command = [*BIHUAN, "--data", str(served), "import", str(path), "--area", area]
    os.write(ours, "9\n行政检查\n".encode())
    done = subprocess.run(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, check=True, timeout=60)
    asked = os.read(ours, 65536).decode()
    os.close(theirs)
    os.close(ours)
    assert "这张表是哪种检查" in asked
    assert "新登记 1" in done.stdout.decode()
    assert [event["data"]["origin"] for event in stored.events(url, area)] == ["inspection"]


def test_an_interrupted_import_can_be_done_again(tmp_path: Path) -> None:
    """Ctrl-C ends its server in good order, and says that doing it again enters nothing twice."""
    path, data = workbook(tmp_path / "a.xlsx", many(20_000)), tmp_path / "data"
    command = [*BIHUAN, "--data", str(data), "--json", "import", str(path), "--area", "500229001"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wait_until(lambda: (data / "nats.lock").exists() and (data / "nats.lock").stat().st_size)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert (process.returncode, json.loads(said)["status"]) == (4, "unknown")
    assert "Server Exiting" in (data / "nats.log").read_text()


def test_every_row_is_a_visit(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """With or without a hazard; the hazard names the visit of its row, and again adds no visit either."""
    path = workbook(tmp_path / "a.xlsx", [GOOD, NOTHING])
    for _ in range(2):
        assert bihuan("import", path, "--area", area)[0] == 0
        visits = {event["aggregate_id"]: event["data"] for event in stored.events(url, area, "inspection")}
        assert [(one["kind"], one["none_found"]) for one in visits.values()] == [("patrol", False), ("patrol", True)]
    [hazard] = stored.events(url, area)
    assert (hazard["data"]["visit"], hazard["data"]["visit_kind"]) == (next(iter(visits)), "patrol")
    assert [one["party"]["name"] for one in visits.values()] == ["大明木业有限公司", "小河机械厂"]


def test_a_visit_that_found_nothing_has_a_day(bihuan: Cli, area: str, tmp_path: Path) -> None:
    """无 without a year, or without a unit, could be counted in no month and for nobody."""
    undated = ("3", "小河机械厂", "5月30日", "", "二车间", "无", "", "")
    path = workbook(tmp_path / "a.xlsx", [undated, ("4", "", "2023-05-30", "", "二车间", "无", "", "")])
    code, answer = bihuan("import", path, "--area", area)
    assert (code, told(answer)) == (1, counts(2, rejected=2))


def test_hazards_that_were_imported_before_visits_were(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """A finding without its visit stays as it is; the visit is added beside it."""
    reader = Reader(Circumstances(area, Unit.CHECKED, Visit.PATROL, recorder(area), "old.xlsx"), clock())
    form = dict(zip(COLUMNS, GOOD, strict=True))
    old = json.loads(reader.told(FormRow("第4行", form)).finding or b"")
    del old["visit"], old["visit_kind"]
    commands = tmp_path / "commands.jsonl"
    commands.write_text(json.dumps({**old, "command": "find_hazard"}), encoding="utf-8")
    assert told(bihuan("import", commands)[1]) == counts(1, accepted=1)
    assert told(bihuan("import", workbook(tmp_path / "a.xlsx", [GOOD]), "--area", area)[1]) == counts(1, already=1)
    assert len(stored.events(url, area)) == len(stored.events(url, area, "inspection")) == 1


def test_a_line_may_name_a_visit_of_the_same_batch(bihuan: Cli, url: str, area: str, tmp_path: Path) -> None:
    """Visits go first, in whatever order a batch names them."""
    actor = {"id": "wang", "name": "王平", "roles": ["township_checker"], "area": area}
    both = {"actor": actor, "occurred_at": "2026-01-05T09:00:00+08:00", "area": area, "place": "库"}
    body = [{"name": "镇应急办", "lead": True}]
    visit = {"command": "record_inspection", "command_id": f"v-{area}", "kind": "patrol", "visited_by": body, **both}
    find = {"command": "find_hazard", "command_id": f"f-{area}", "description": "堵塞", "origin": "patrol", **both}
    find |= {"found_by": body, "visit": subjects.inspection_id(area, f"v-{area}")}
    path = tmp_path / "commands.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in (find, visit)), encoding="utf-8")
    assert told(bihuan("import", path)[1]) == counts(2, accepted=2)
    assert [event["data"]["visit_kind"] for event in stored.events(url, area)] == ["patrol"]
