from services.projection.forms.model import Row, Sheet
from services.projection.forms.telling import as_json
from services.projection.forms.template import FormId
from tests.projection.forms.forms_props import form, read

TITLE = "安全生产重点检查建议清单（基础管理方面）"
ANSWERED = form(
    FormId.C,
    Sheet(
        "大明木业",
        rows=[
            Row({"number": 2, "answer": "no", "remarks": "未逐级签订"}),
            Row({"number": 1, "answer": "yes"}),
            Row({"number": 9, "answer": "not_applicable"}),
            Row({"number": 11, "text": "配备灭火器。", "answer": "yes"}),
        ],
    ),
)


def test_it_has_the_cells_of_the_notice() -> None:
    """附件：, the title in the table's first row, two heading rows with 检查结果 over 是 and 否, ten items."""
    sheet = read(form(FormId.C))["检查清单"]
    assert [row[0] for row in sheet.rows[:2]] == ["附件：", TITLE]
    assert sheet.rows[2:4] == [["序号", "检查内容", "检查结果", "", "备注"], ["", "", "是", "否", ""]]
    assert [row[0] for row in sheet.rows[4:]] == list(range(1, 11))
    assert sheet.rows[10][1] == "制定并下发所有岗位安全操作规程。"
    over = {((1, 0), (1, 4)), ((2, 0), (3, 0)), ((2, 1), (3, 1)), ((2, 2), (2, 3)), ((2, 4), (3, 4))}
    assert sheet.merged == {((0, 0), (0, 4)), *over}


def test_each_answer_is_ticked_in_its_cell() -> None:
    """In the order of the form, however it was answered; what does not apply is said, and further items follow."""
    rows = read(ANSWERED)["大明木业"].rows
    assert rows[4][2:] == ["√", "", ""]
    assert rows[5][2:] == ["", "√", "未逐级签订"]
    assert rows[6][2:] == ["", "", ""]
    assert rows[12][2:] == ["", "", "不涉及"]
    assert rows[14] == [11, "配备灭火器。", "√", "", ""]


def test_in_json_an_item_has_its_answer() -> None:
    """yes, no or not_applicable; none where nobody answered."""
    rows = as_json(ANSWERED)["sheets"][0]["rows"]
    assert [row.get("answer") for row in rows[:3]] == ["yes", "no", None]
    assert rows[0]["text"].startswith("主要负责人定期召开安全生产工作会议")
