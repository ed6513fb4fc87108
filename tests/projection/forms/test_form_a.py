from pathlib import Path

from services.cli.importing.cells import words
from services.cli.importing.forms import COLUMNS, DESCRIPTION, PHOTO, UNIT, read_form
from services.projection.forms.telling import as_json
from services.projection.forms.template import FormId
from services.projection.forms.writing import write
from tests.projection.forms.forms_props import NO_HAZARD, VISIT, form, form_a, read

HEADER = [
    "序号",
    "排查单位",
    "排查时间",
    "排查图片",
    "排查地点",
    "有无重大隐患及隐患描述",
    "重大隐患处置情况及建议",
    "备注",
]
NOTE = "注：本表5月份开始上报，每月30日前上报本月隐患排查情况。"


def test_it_has_the_cells_of_the_notice() -> None:
    """附件1：, the title over eight columns, one heading row, a row for each visit (also where 无), the note."""
    sheet = read(form_a(VISIT, NO_HAZARD))["葛城街道"]
    assert [row[0] for row in sheet.rows] == ["附件1：", "葛城街道办事处重大事故隐患排查表", "序号", 1, 2, NOTE]
    assert sheet.rows[2] == HEADER
    assert sheet.rows[4][1:6] == ["小河机械厂", NO_HAZARD["visited_at"], "", "二车间", "无"]
    assert sheet.merged == {((0, 0), (0, 7)), ((1, 0), (1, 7)), ((5, 0), (5, 7))}


def test_without_a_visit_it_is_printed_with_four_empty_rows() -> None:
    """As the notice shows it; to be filled in by hand."""
    sheet = read(form_a())["葛城街道"]
    assert [row[0] for row in sheet.rows] == [
        "附件1：",
        "葛城街道办事处重大事故隐患排查表",
        "序号",
        "",
        "",
        "",
        "",
        NOTE,
    ]
    assert read(form(FormId.A))["排查表"].rows == sheet.rows


def test_a_photo_is_named_with_the_beginning_of_its_hash() -> None:
    """排查图片: whoever holds the paper can find the photo, and see that it is the same."""
    assert read(form_a(VISIT))["葛城街道"].rows[3][3] == "IMG_1.jpg 1a2b3c4d"


def test_another_street_has_its_own_title() -> None:
    """The notice's title is that of one street."""
    made = form(FormId.A, title="复兴街道办事处重大事故隐患排查表")
    assert read(made)["排查表"].rows[1][0] == "复兴街道办事处重大事故隐患排查表"


def test_what_is_printed_can_be_imported(tmp_path: Path) -> None:
    """`bihuan import` reads back the rows of the form that we write, one merged over several rows too."""
    write(form_a(VISIT, NO_HAZARD, {**VISIT, "finding": "未设泄爆装置，" * 200}), tmp_path / "a.xlsx")
    rows = list(read_form(tmp_path / "a.xlsx").rows)
    assert [words(row.get(UNIT)) for row in rows] == ["大明木业有限公司", "小河机械厂", "大明木业有限公司"]
    assert words(rows[2].get(DESCRIPTION)) == "未设泄爆装置，" * 200
    assert words(rows[0].get(PHOTO)) == "IMG_1.jpg 1a2b3c4d"
    assert tuple(HEADER) == COLUMNS


def test_in_json_a_row_has_its_columns_by_key() -> None:
    """Days are ISO 8601; a picture is named by its whole hash, and its bytes stay out."""
    [sheet] = as_json(form_a(VISIT))["sheets"]
    assert (sheet["area"], sheet["name"], sheet["part"]) == ("500229001", "葛城街道", "rows")
    assert sheet["rows"] == [
        {
            **VISIT,
            "number": 1,
            "visited_at": "2023-06-12",
            "pictures": [{"name": "IMG_1.jpg", "sha256": "1a2b3c4d" * 8}],
        }
    ]
