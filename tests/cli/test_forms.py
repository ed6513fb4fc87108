from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from services.cli.importing.cells import key, line, words
from services.cli.importing.forms import COLUMNS, DATE, DESCRIPTION, UNIT, WrongHeading, read_form
from services.cli.importing.sheets import UnreadableFile
from tests.cli.sheets_props import GOOD, NO_UNIT, NO_YEAR, NOTHING, csv_text, workbook


def descriptions(path: Path) -> list[str]:
    """The one column that tells rows apart."""
    return [words(row.get(DESCRIPTION)) for row in read_form(path)[1]]


def test_what_stands_around_the_table_is_no_row(tmp_path: Path) -> None:
    """附件, the title above, 注 and empty numbered rows below are tolerated and left out."""
    path = workbook(tmp_path / "a.xlsx", [GOOD, NOTHING, ("3", *[""] * 7), ("合计", *[""] * 7), ("填表人：张三",)])
    assert descriptions(path) == ["除尘系统未设泄爆装置", "无"]


def test_rows_are_named_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    """A person finds the row again in WPS."""
    path = workbook(tmp_path / "a.xlsx", [GOOD])
    assert [row.where for row in read_form(path)[1]] == ["第4行"]


def test_the_heading_is_found_by_its_words(tmp_path: Path) -> None:
    """Blanks, line breaks and brackets in the headings do not matter, nor does the order."""
    header = [
        "序 号",
        "排查\n单位",
        "排查时间（年月日）",
        "排查 图片",
        "排查地点",
        "有无重大隐患\n及隐患描述",
        "重大隐患处置情况及建议",
        "备 注",
    ]
    [row] = read_form(workbook(tmp_path / "a.xlsx", [GOOD[::-1]], header=header[::-1]))[1]
    assert (row.get(UNIT), row.get(DATE)) == ("大明木业有限公司", "2023-05-30")


def test_a_table_that_is_not_the_form_is_refused_whole(tmp_path: Path) -> None:
    """The sentence names the columns that are missing."""
    with pytest.raises(WrongHeading, match=r"缺少：.*排查时间.*有无重大隐患及隐患描述"):
        read_form(workbook(tmp_path / "a.xlsx", [GOOD], header=["序号", "排查单位", "日期", *["x"] * 5]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with or without its mark, GB18030, a line break inside a cell, a rare character."""
    path = tmp_path / "a.csv"
    path.write_bytes(
        csv_text([("1", "䶮山镇㙍厂", "2023-05-30", "", "库", "无防护栏,\n无证上岗", "", "")]).encode(encoding)
    )
    [row] = read_form(path)[1]
    assert (row.get(UNIT), row.get(DESCRIPTION)) == ("䶮山镇㙍厂", "无防护栏,\n无证上岗")


def test_merged_cells_speak_for_each_of_their_rows(tmp_path: Path) -> None:
    """One enterprise over three rows, as people merge it."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.merge_range(1, 1, 3, 1, "大明木业")
        sheet.merge_range(1, 2, 2, 2, "2023-05-30")
        for number, text in enumerate(["甲", "乙", ""], 1):
            sheet.write_string(number, 5, text)
    rows = list(read_form(path)[1])
    assert [(row.get(UNIT), row.get(DATE), row.get(DESCRIPTION)) for row in rows] == [
        ("大明木业", "2023-05-30", "甲"),
        ("大明木业", "2023-05-30", "乙"),
    ]


def test_every_visible_sheet_with_the_heading_is_read(tmp_path: Path) -> None:
    """A sheet for each village; a hidden one and a cover are left alone."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, row in (("一村", GOOD), ("二村", NO_UNIT), ("藏", NO_YEAR)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, row)
        sheet.hide()
        book.add_worksheet("封面").write_string(0, 0, "说明")
    form = read_form(path)
    assert [row.where for row in form.rows] == ["一村 第2行", "二村 第2行"]
    assert form.hidden == ["藏"]


def test_a_form_that_is_only_hidden_is_asked_for(tmp_path: Path) -> None:
    """Perhaps it is an old draft; the sheet that people see decides."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("封面").write_string(0, 0, "说明")
        sheet = book.add_worksheet("藏")
        sheet.write_row(0, 0, COLUMNS)
        sheet.hide()
    with pytest.raises(WrongHeading, match=r"藏.*取消隐藏"):
        read_form(path)


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_csv_whose_separator_is_no_comma(tmp_path: Path, separator: str) -> None:
    """Some systems' list separator is a semicolon, a table copied into a text has tabs; the comma is then text."""
    path = tmp_path / "a.csv"
    row = ("1", "三木厂", "2023-05-30", "", "库", "无防护栏,无证,无灯,无门", "", '"责令\n停用"')
    path.write_text("\r\n".join(separator.join(line) for line in (("标题", *[""] * 7), COLUMNS, row)), encoding="utf-8")
    assert descriptions(path) == ["无防护栏,无证,无灯,无门"]


def test_a_semicolon_in_a_cell_is_no_separator(tmp_path: Path) -> None:
    """The heading decides."""
    path = tmp_path / "a.csv"
    path.write_text(csv_text([(*GOOD[:5], "甲;乙;丙;丁;戊;己;庚;辛;壬;癸", "", "")]), encoding="utf-8")
    assert descriptions(path) == ["甲;乙;丙;丁;戊;己;庚;辛;壬;癸"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"", "空文件"),
        ("a.csv", b"  \r\n", "空文件"),
        ("a.xlsx", b"PK\x03\x04 cut off", "已损坏"),
        ("a.xlsx", b"hello", "已损坏"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "旧版 .xls"),
        ("a.csv", "\ufeff序号,排查单位".encode("utf-16"), "Unicode 文本"),
        ("a.csv", b"\xff\xff\xff\xff\x80", "编码认不出"),
        ("a.csv", '序号,"排查单位\n1,2'.encode(), "引号没有配对"),
        ("a.docx", b"PK", "不能导入"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    """Empty, damaged, locked, of another kind: what it is and what to do, before anything is sent."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=sentence):
        read_form(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A typing error in the name is no traceback."""
    with pytest.raises(UnreadableFile, match="打不开"):
        read_form(tmp_path / "none.xlsx")


def test_words_keep_what_was_written_and_keys_do_not_see_layout() -> None:
    """Width, blanks and line breaks do not make another row; ①, 5² and 12 号 are not 1, 52 and 1 2 号."""
    assert words(12.0) == "12"
    assert line(" 大明\n木业  有限公司 ") == "大明木业有限公司"
    assert key("Ａ 区，１２号\u200b") == key("A 区,12号")
    assert len({key(text) for text in ("①", "1", "5²", "52", "1 2号", "12号")}) == 6
