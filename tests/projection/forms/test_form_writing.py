import json
import re
from pathlib import Path

import pytest

from services.projection.forms.library import shipped
from services.projection.forms.telling import as_json
from services.projection.forms.template import FormId
from services.projection.forms.writing import UnwritableFile, render, write
from tests.projection.forms.forms_props import VISIT, form, form_a, form_b
from tests.projection.forms.packages import part


def test_the_same_form_gives_the_same_file() -> None:
    """Two copies can be compared byte by byte: no clock is read, the file is as old as its trace says."""
    made = render(form_a(VISIT))
    assert made == render(form_a(VISIT))
    assert re.findall(r"\d{4}-\d\d-\d\dT[^<]*", part(made, "docProps/core.xml")) == ["2023-06-30T01:15:00Z"] * 2


def test_a_new_file_takes_the_old_ones_place(tmp_path: Path) -> None:
    """Nothing else stays behind in the folder."""
    path = tmp_path / "a.xlsx"
    write(form_a(), path)
    write(form_a(VISIT), path)
    assert path.read_bytes() == render(form_a(VISIT))
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    """No such folder, or a folder of that name: what it is and what to do, and nothing stays behind."""
    (tmp_path / "b.xlsx").mkdir()
    for path in (tmp_path / "none" / "a.xlsx", tmp_path / "b.xlsx"):
        with pytest.raises(UnwritableFile, match=r"写不进 .*请换一个可写的文件夹"):
            write(form_a(), path)
    assert [file.name for file in tmp_path.iterdir()] == ["b.xlsx"]


def test_a_name_that_no_program_opens_is_refused(tmp_path: Path) -> None:
    """A workbook called .xls is called damaged by the program that opens it."""
    with pytest.raises(UnwritableFile, match=r"须以 \.xlsx 结尾"):
        write(form_a(), tmp_path / "a.xls")


@pytest.mark.parametrize("form_id", FormId)
def test_every_form_is_made_for_a4(form_id: FormId) -> None:
    """As wide as the page, its heading on every page, pages counted, and on each that it replaces no document."""
    made = render(form(form_id))
    sheet = part(made, "xl/worksheets/sheet1.xml")
    assert f'paperSize="9" fitToHeight="0" orientation="{shipped(form_id).paper}"' in sheet.replace(' scale="100"', "")
    assert '<pageSetUpPr fitToPage="1"/>' in sheet
    assert "第 &amp;P 页 共 &amp;N 页" in sheet
    assert "本记录不替代执法文书" in sheet
    assert ("_xlnm.Print_Titles" in part(made, "xl/workbook.xml")) is (form_id is not FormId.B)


def test_fonts_are_those_of_offices() -> None:
    """By name; none is shipped."""
    styles = part(render(form_b()), "xl/styles.xml")
    assert all(f'<name val="{font}"/>' in styles for font in ("宋体", "方正小标宋简体"))


@pytest.mark.parametrize("form_id", FormId)
def test_every_form_can_be_told_in_json(form_id: FormId) -> None:
    """Plain values only."""
    told = as_json(form(form_id))
    assert json.loads(json.dumps(told)) == told
    assert told["title"] == shipped(form_id).title
