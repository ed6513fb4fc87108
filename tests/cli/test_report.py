"""`bihuan report …` beside a service of its own: what comes out, and what is answered to a slip."""

import asyncio
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from services.cli.main import run
from services.hazard.app import clock
from services.journal.connection import connect
from services.journal.evidence import Evidence, Reference
from tests.cli.conftest import Cli, Up, start
from tests.cli.sheets_props import GOOD, NOTHING, workbook

AREA, VILLAGE = "500229001", "500229001201"
FIGURES = (
    *("major_self_found", "major_self_fixed", "major_other_found", "major_other_fixed", "listed", "listed_fixed"),
    *("spot_enterprises", "head_not_studied", "head_not_led", "no_duty_list", "no_safety_staff"),
    *("unlicensed_special_work", "contractor_chaos", "no_drill"),
)
TODAY = clock()


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """With a table of May 2023."""
    folder = tmp_path_factory.mktemp("reports")
    found = start(folder / "data", "--without", "notifier")
    path = workbook(folder / "五月.xlsx", [GOOD, NOTHING])
    given = ["--data", found.said["data"], "import", str(path), "--area", VILLAGE, "--visit-kind", "巡查", "--json"]
    assert run(given) == 0
    yield found
    assert found.end() == 0


@pytest.fixture
def served(up: Up) -> Path:
    """Its folder: `bihuan` asks there."""
    return Path(up.said["data"])


def test_a_table_comes_out_as_it_came_in(bihuan: Cli) -> None:
    """Form A imported is form A printed, the row 无 included."""
    code, answer = bihuan("report", "A", "--area", AREA, "--month", "2023-05")
    assert code == 0
    [sheet] = answer["sheets"]
    assert [[row[key] for key in ("unit", "place", "finding", "handling")] for row in sheet["rows"]] == [
        ["大明木业有限公司", "一车间", "除尘系统未设泄爆装置", "责令停用"],
        ["小河机械厂", "二车间", "无", None],
    ]
    assert [row["visited_at"][:10] for row in sheet["rows"]] == ["2023-05-30", "2023-05-30"]


def test_form_b_for_programs(bihuan: Cli) -> None:
    """Every key of the form, on the sheet of the whole and on that of the village; where it comes from beside it."""
    code, answer = bihuan("report", "B", "--area", AREA, "--month", "2023-06", "--campaign-start", "2023-05-01")
    assert code == 0
    assert [(sheet["part"], sheet["area"]) for sheet in answer["sheets"]] == [("rollup", AREA), ("village", VILLAGE)]
    assert all(tuple(sheet["values"]) == FIGURES for sheet in answer["sheets"])
    trace = answer["trace"]
    assert trace["disclaimer"] == "本记录不替代执法文书"
    assert trace["cutoff"] == "2023-06-01T00:00:00+08:00"
    assert len(trace["late"]) > 0
    assert len(trace["rows_sha256"]) == 64


@pytest.mark.parametrize("form", ["A", "B", "C", "D", "quarterly", "annual", "listing-register", "bulletin"])
def test_every_form_is_written(bihuan: Cli, tmp_path: Path, form: str) -> None:
    """溯源 is its last sheet, and a folder keeps nothing but the file."""
    path = tmp_path / "表.xlsx"
    code, answer = bihuan("report", form, "--area", AREA, "--month", "2023-06", "--xlsx", path)
    assert (code, answer["form"], answer["file"]) == (0, form, str(path))
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names[-1] == "溯源"
    assert "本记录不替代执法文书。" in [row[0] for row in book.get_sheet_by_name("溯源").to_python()]
    assert list(tmp_path.iterdir()) == [path]


SLIPS: list[tuple[list[str], str]] = [
    (["E", "--area", AREA, "--month", "2023-06"], "有的是：A 排查表、B 月度调度表"),
    (["B", "--area", AREA, "--month", "2023-13"], "应形如"),
    (["B", "--area", AREA, "--month", f"{TODAY + timedelta(days=40):%Y-%m}"], "还没有到"),
    (["B", "--area", "110101", "--month", "2023-06"], f"有的是：{AREA}"),
    (["B", "--area", "11-01", "--month", "2023-06"], "2、4、6、9或12位数字"),
    (["B", "--enterprise", "甲厂", "--month", "2023-06"], "请用 --area"),
    (["A", "--month", "2023-05"], "--area 区划代码 或 --enterprise"),
    (["A", "--area", AREA, "--enterprise", "甲厂", "--month", "2023-05"], "--area 区划代码 或 --enterprise"),
    (["quarterly", "--enterprise", "甲厂", "--month", "2023-05"], "大明木业有限公司（name-"),
    (["A", "--area", AREA, "--month", "2023-05", "--campaign-start", "2023-05-01"], "listing-register"),
    (["B", "--area", AREA, "--month", "2023-05", "--campaign-start", "2200-01-01"], "不晚于今天"),
    (["D", "--area", AREA, "--month", "2023-06", "--campaign-start", "2023-06-23"], "统计截止日 2023-06-22"),
    (["B", "--area", AREA, "--month", "2023-06", "--known-at", "2200-01-01"], "还没有到"),
    (["B", "--area", AREA, "--month", "2023-06", "--known-at", "999999"], "现在的末号是"),
    (["A", "--area", AREA, "--month", "2023-05", "--xlsx", "表.pdf"], "应以 .xlsx 结尾"),
    (["A", "--area", AREA, "--month", "2023-05", "--xlsx", "没有/表.xlsx"], "没有 没有 这个文件夹"),
    (["D", "--area", AREA, "--month", "2023-05", "--template", "没有.yaml"], "打不开模板"),
]


@pytest.mark.parametrize(("asked", "sentence"), SLIPS)
def test_a_slip_is_answered_with_what_there_is(bihuan: Cli, asked: list[str], sentence: str) -> None:
    """Exit code 2, and what to write instead."""
    code, answer = bihuan("report", *asked)
    assert (code, answer["status"]) == (2, "usage")
    assert sentence in answer["reason"]


def test_the_present_month_of_form_b_is_about_the_one_before(bihuan: Cli) -> None:
    """So it can be had on its first day."""
    code, answer = bihuan("report", "B", "--area", AREA, "--month", f"{TODAY:%Y-%m}")
    assert code == 0
    assert answer["trace"]["cutoff"].endswith("-01T00:00:00+08:00")


def test_columns_of_form_d_are_the_tenants(bihuan: Cli, tmp_path: Path) -> None:
    """A template of one's own says which columns there are."""
    own = tmp_path / "d.yaml"
    part = {"layout": "table", "name": "表", "columns": [{"key": "item", "title": "项目"}]}
    parts = [{"part": "statistics", **part}, {"part": "details", **part}]
    form = {"form": "D", "title": "本县统计表", "period": "to_month_end", "parts": parts}
    own.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    path = tmp_path / "d.xlsx"
    given = ("--area", AREA, "--month", "2023-05", "--template", own, "--xlsx", path)
    assert bihuan("report", "D", *given)[0] == 0
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[:3] == [
        ["本县统计表"],
        ["项目"],
        ["汇总"],
    ]


def test_photos_are_drawn_and_forgotten_ones_named(bihuan: Cli, up: Up, tmp_path: Path) -> None:
    """One can be read, the key of the other was destroyed: its name and hash stay."""
    kept, gone = asyncio.run(_stored(up.said["url"]))
    photos = [_reference(kept, "现场.jpg"), _reference(gone, "人脸.jpg")]
    _visit(bihuan, tmp_path, photos)
    path = tmp_path / "a.xlsx"
    code, answer = bihuan("report", "A", "--area", VILLAGE, "--month", "2026-01", "--xlsx", path)
    assert code == 0
    assert [one["sha256"] for one in answer["sheets"][0]["rows"][0]["pictures"]] == [kept.sha256, gone.sha256]
    with zipfile.ZipFile(path) as parts:
        assert [name for name in parts.namelist() if name.startswith("xl/media/")] == ["xl/media/image1.jpeg"]
    cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[3]
    assert cells[3] == f"现场.jpg {kept.sha256[:8]}\n人脸.jpg {gone.sha256[:8]}"


async def _stored(url: str) -> tuple[Reference, Reference]:
    nc = await connect(url, name="test")
    evidence = Evidence(nc)
    photo = BytesIO()
    Image.new("RGB", (640, 480), "orange").save(photo, "JPEG")
    kept, gone = [await evidence.put(photo.getvalue(), "image/jpeg") for _ in range(2)]
    await evidence.forget(gone.sha256)
    await nc.close()
    return kept, gone


def _reference(one: Reference, name: str) -> dict[str, Any]:
    return {"sha256": one.sha256, "media_type": one.media_type, "size": one.size, "name": name}


def _visit(bihuan: Cli, tmp_path: Path, photos: list[dict[str, Any]]) -> None:
    body = {
        "command_id": "report-visit",
        "actor": {"id": "wang", "name": "王平", "roles": ["township_checker"], "area": AREA},
        "occurred_at": "2026-01-05T09:00:00+08:00",
        "area": VILLAGE,
        "kind": "patrol",
        "place": "一车间",
        "visited_by": [{"name": "镇应急办", "lead": True}],
        "none_found": True,
        "photos": photos,
    }
    path = tmp_path / "visit.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    assert bihuan("send", "record_inspection", path)[0] == 0
    path.unlink()


def test_people_see_the_figures_at_a_glance(served: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Without --xlsx and --json."""
    assert run(["--data", str(served), "report", "月度调度表", "--area", AREA, "--month", "2023-06"]) == 0
    said = capfd.readouterr().out
    assert "3 排查发现的重大事故隐患（个） 0" in said
    assert "另列 疑似重大·待判定（项）：1" in said
