from decimal import Decimal

import pytest

from services.projection.forms.model import Row, Sheet
from services.projection.forms.telling import as_json
from services.projection.forms.template import FormId
from tests.projection.forms.forms_props import ENTERPRISES, form, read

ROWS = [Row(cells) for cells in ENTERPRISES]
QUARTER = form(FormId.QUARTERLY, Sheet(rows=ROWS))


@pytest.mark.parametrize("form_id", [FormId.QUARTERLY, FormId.ANNUAL])
def test_statistics_are_numbered_and_summed_up(form_id: FormId) -> None:
    """序号 and 合计; the rate of the whole is that of the sums, not a sum of rates."""
    sheet = next(iter(read(form(form_id, Sheet(rows=ROWS))).values()))
    assert [row[0] for row in sheet.rows[4:8]] == [1, 2, 3, "合计"]
    assert sheet.row("合计")[:7] == ["合计", "", 36, 60, 50, 3, 0.8333]
    assert sheet.row("合计")[15] == 37.5


def test_statistics_are_signed_by_the_head() -> None:
    """主要负责人 signs what is handed in each quarter and year."""
    sheet = read(QUARTER)["季度统计表"]
    assert sheet.row("主要负责人（签字）：")
    assert "下一季度15日前报送，由主要负责人签字" in sheet.row("注：1．")[0]


def test_the_gone_and_the_suspected_have_columns_of_their_own() -> None:
    """灭失销号 is no rectification, 疑似重大 is not yet major."""
    headings = [cell for row in read(QUARTER)["季度统计表"].rows[2:4] for cell in row]
    assert headings.count("灭失销号") == 2
    assert "疑似重大\n待判定\n（项）" in headings


def test_a_total_that_is_no_sum_is_given() -> None:
    """An enterprise that stands in two villages is one in the street."""
    told = as_json(form(FormId.QUARTERLY, Sheet(rows=ROWS, totals={"enterprises": 30})))["sheets"][0]["totals"]
    assert (told["enterprises"], told["general_found"]) == (30, 60)
    assert (told["funds"], told["general_rate"]) == ("37.50", "0.8333")


@pytest.mark.parametrize(
    ("form_id", "name", "columns"),
    [
        (FormId.LISTING_REGISTER, "挂牌督办台账", ["挂牌机关", "督办文号", "整改时限", "延期至", "摘牌日期"]),
        (FormId.BULLETIN, "半年通报表", ["辖区", "发现", "已整改", "整改率", "已摘牌"]),
    ],
)
def test_registers_and_bulletins_have_their_columns(form_id: FormId, name: str, columns: list[str]) -> None:
    """With 序号 first, blank rows to fill in where there is nothing, and somebody who signs."""
    sheet = read(form(form_id))[name]
    cells = [cell for row in sheet.rows for cell in row]
    assert sheet.rows[2][0] == "序号"
    assert set(columns) <= set(cells)
    assert any("审核人：" in str(cell) for cell in cells)


def test_a_row_tells_which_hazards_it_counts() -> None:
    """A count answers with its list of ids; on paper there is no room for them."""
    row = Row({"name": "葛城街道", "major_self_found": 1}, {"major_self_found": ["H1"]})
    [told] = as_json(form(FormId.BULLETIN, Sheet(rows=[row])))["sheets"][0]["rows"]
    assert told["keys"] == {"major_self_found": ["H1"]}


def test_a_rate_is_rounded_as_people_round() -> None:
    """Half upwards, four places."""
    row = Row({"major_self_found": 20_000, "major_self_fixed": 1})
    [told] = as_json(form(FormId.BULLETIN, Sheet(rows=[row])))["sheets"][0]["rows"]
    assert told["major_self_rate"] == str(Decimal("0.0001"))
