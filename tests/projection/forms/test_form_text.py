import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projection.forms.model import Sheet
from services.projection.forms.names import LONGEST, Names
from services.projection.forms.page import HIGHEST
from services.projection.forms.style import lines
from services.projection.forms.template import FormId
from services.projection.forms.writing import render
from tests.projection.forms.forms_props import NO_HAZARD, VISIT, form, form_a, form_b, read
from tests.projection.forms.packages import part

FORMULAS = [
    '=HYPERLINK("http://x","点我")',
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    "{=A1}",
    "http://example.com",
    "0012",
    "TRUE",
]
VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=200)


@pytest.mark.parametrize("text", [*FORMULAS, "مرحبا بالعالم", "_x0041_", "第一行\n第二行", " 前后有空格 ", "𠮷野家"])
def test_what_somebody_wrote_is_text(text: str) -> None:
    """Whatever it begins with: no formula, no link, no number."""
    made = form_a({**VISIT, "finding": text})
    assert read(made)["葛城街道"].rows[3][5] == text
    sheet = part(render(made), "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


@given(VISIBLE)
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    """In a cell, in the line under the title, and in the title."""
    made = form_b(text)
    sheets = list(read(form_a({**NO_HAZARD, "place": text})).values())
    assert sheets[0].rows[3][4] == text
    assert len(read(made)) == 3


@given(st.text(max_size=50))
def test_control_characters_do_not_break_the_file(text: str) -> None:
    """A file that WPS calls damaged is worth nothing."""
    rows = read(form_a({**NO_HAZARD, "finding": f"a{text}b"}))["葛城街道"].rows
    assert re.fullmatch(r"a[^\x00-\x08\x0b-\x1f]*b", rows[3][5])


def test_two_thousand_characters_are_all_there_and_all_visible() -> None:
    """A row shows 409 points at most: the record is merged over as many rows as its text needs."""
    text = "喷漆房与打磨车间未隔开，" * 166
    sheet = read(form_a({**VISIT, "finding": text}, NO_HAZARD))["葛城街道"]
    assert sheet.rows[3][5] == text
    [over] = [area for area in sheet.merged if area[0] == (3, 5)]
    assert sheet.rows[over[1][0] + 1][0] == 2
    high = [float(one) for one in re.findall(r'<row r="(?:[4-9]|1\d)"[^>]* ht="([\d.]+)"', _sheet(text))]
    assert max(high) <= HIGHEST
    assert sum(high) >= 14 * lines(text, 32)


def _sheet(text: str) -> str:
    return part(render(form_a({**VISIT, "finding": text})), "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("东山村[1]:二/三组?", "东山村 1 二 三组"),
        ("", "表"),
        ("'引号'", "引号"),
        ("History", "History（2）"),
        ("村" * 40, "村" * 31),
        ("𠮷" * 20, "𠮷" * 15),
    ],
)
def test_a_sheet_has_a_name_that_is_allowed(wanted: str, taken: str) -> None:
    """Illegal characters become blanks; 31 units of UTF-16 at most."""
    assert Names().take(wanted) == taken


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_no_two_sheets_have_the_same_name(wanted: list[str]) -> None:
    """Excel does not tell capitals from small letters; 溯源 stays the last sheet's."""
    names = list(read(form(FormId.A, *(Sheet(name) for name in wanted))))
    assert len(names) == len(wanted) + 1
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name.encode("utf-16-le")) <= 2 * LONGEST for name in names)
    assert names[-1] == "溯源"
