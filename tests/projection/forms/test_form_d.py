from pathlib import Path

import pytest

from services.projection.forms.library import SHIPPED, BadTemplate, load, shipped
from services.projection.forms.model import Row, Sheet
from services.projection.forms.template import FormId
from tests.projection.forms.forms_props import form, read

CUT_OFF = "本表原件不全（附件在表头处截断），子栏目为建议栏目，可在模板中修改。"
MONTH = Sheet(
    part="statistics",
    heads={"unit": "兴县应急管理局"},
    rows=[
        Row({"item": "本月", "teams": 3, "general_found": 8, "general_fixed": 6, "major_found": 0, "major_fixed": 0})
    ],
)
OURS = """
form: D
title: 本县统计报表
period: to_day_before_due
due: {day: 20}
parts:
  - part: statistics
    layout: table
    name: 统计表
    columns:
      - {key: item, title: 统计项}
      - {title: 成立检查组, columns: [{key: teams, title: 组数, kind: count, total: true}, {key: cars, title: 车辆}]}
  - part: details
    layout: table
    name: 明细
    columns: [{key: number, title: 序号, kind: numbering}, {key: description, title: 隐患}]
"""


def ours(folder: Path, text: str = OURS) -> Path:
    """A tenant's template."""
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_has_what_is_certain_of_the_notice() -> None:
    """附件：, title, line, the four group heads in their order; the details have a table of their own with 序号."""
    sheets = read(form(FormId.D))
    wide = sheets["统计表"]
    assert [row[0] for row in wide.rows[:2]] == ["附件：", "冶金工贸行业安全生产大检查大整治大提升专项行动统计报表"]
    assert [part.split("：")[0].strip() for part in wide.rows[2][0].split("　　　　　　")] == [
        "填报单位",
        "填表人",
        "填表日期",
    ]
    heads = ["统计项", "成立检查组", "督查监管部门情况", "企业隐患排查整治进展情况"]
    assert [cell for cell in wide.rows[3] if cell] == heads
    assert sheets["重大隐患明细"].rows[1][0] == "专项行动检查发现重大隐患明细"
    assert sheets["重大隐患明细"].rows[3][0] == "序号"


def test_it_says_that_its_columns_are_a_proposal() -> None:
    """The printed original breaks off in its heading; nobody may take ours for it."""
    sheets = read(form(FormId.D))
    for name in ("统计表", "重大隐患明细"):
        assert CUT_OFF in [row[0] for row in sheets[name].rows]


def test_headings_lie_over_one_another() -> None:
    """企业隐患… over 一般隐患 over 排查, 整改, 整改率: three rows, and 统计项 goes down all of them."""
    merged = read(form(FormId.D))["统计表"].merged
    assert {((3, 0), (5, 0)), ((3, 1), (3, 2)), ((3, 3), (3, 5)), ((3, 6), (3, 18)), ((4, 8), (4, 10))} <= merged


def test_rates_follow_from_their_figures() -> None:
    """整改率; of nothing there is none."""
    row = read(form(FormId.D, MONTH))["统计表"].row("本月")
    assert (row[1], row[8:14]) == (3, [8, 6, 0.75, 0, 0, ""])


def test_a_tenant_gives_columns_of_his_own(tmp_path: Path) -> None:
    """A column that no report knows stays empty, one that he leaves out is not printed."""
    sheet = read(form(FormId.D, MONTH), load(ours(tmp_path), FormId.D))["统计表"]
    assert [row[:3] for row in sheet.rows[1:]] == [
        ["统计项", "成立检查组", ""],
        ["", "组数", "车辆"],
        ["本月", 3, ""],
        ["合计", 3, ""],
    ]


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("title: 本县统计报表", "titel: 本县统计报表", r"ours\.yaml 的 title 缺少此项，请补上"),
        ("title: 组数", "titel: 组数", r"parts\.0\.columns\.1\.columns\.0\.title 缺少此项"),
        ("kind: count", "kind: number", r"parts\.0\.columns\.1\.columns\.0\.kind 不是可选的值"),
        ("key: item", "key: no", r"parts\.0\.columns\.0\.key 应为文字，请加引号"),
        ("key: item", "key: 统计项", r"parts\.0\.columns\.0\.key 请用小写英文字母"),
        ("key: cars", "key: teams", r"parts\.0 有误：列的 key 重复：teams"),
        ("kind: count", "kind: rate", r"须用 of 写明分子、分母"),
        ("layout: table", "layout: wide", r"parts\.0 layout 请写 table 或 figures"),
        ("due: {day: 20}", "due: {day: 32}", r"due\.day 有误"),
        ("part: details", "part: detail", r"parts 缺少 details，请补上"),
        ("form: D", "form: A", r"form 是 A，这里要的是 D"),
        ("parts:", "parts: [", r"不是正确的 YAML：请看第 \d+ 行"),
        (OURS, "就这样", r"内容 应为“键: 值”的形式"),
    ],
)
def test_a_template_that_cannot_be_used_gets_a_sentence(tmp_path: Path, was: str, now: str, sentence: str) -> None:
    """It names the file and the key, and says what to do."""
    with pytest.raises(BadTemplate, match=sentence):
        load(ours(tmp_path, OURS.replace(was, now)), FormId.D)


def test_a_template_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    """Saved by an old editor, or mistyped on the command line."""
    with pytest.raises(BadTemplate, match="打不开模板"):
        load(tmp_path / "none.yaml", FormId.D)
    path = ours(tmp_path)
    path.write_bytes(OURS.encode("gb18030"))
    with pytest.raises(BadTemplate, match="另存为 UTF-8"):
        load(path, FormId.D)


@pytest.mark.parametrize("form_id", FormId)
def test_every_form_has_its_template(form_id: FormId) -> None:
    """And every template its form."""
    assert shipped(form_id).form is form_id
    assert len(list(SHIPPED.glob("*.yaml"))) == len(FormId)
