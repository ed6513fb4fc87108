from datetime import datetime
from typing import Any

import pytest
from pydantic_core import from_json

from contracts import subjects
from contracts.reading import read_command
from services.cli.importing.dates import SITE
from services.cli.importing.forms import COLUMNS, FormRow
from services.cli.importing.rows import BadRow, Reader
from services.cli.importing.visits import Circumstances, Unit, Visit, recorder
from tests.cli.sheets_props import GOOD, NO_UNIT, NOTHING

AREA = "500229001"
NOW = datetime(2026, 10, 1, tzinfo=SITE)


def reader(source: str = "五月.xlsx", unit: Unit = Unit.CHECKED) -> Reader:
    """Reads a patrol's table."""
    return Reader(Circumstances(AREA, unit, Visit.PATROL, recorder(AREA), source), NOW)


def row(*cells: str, where: str = "第4行") -> FormRow:
    """A row as the sheet gives it."""
    return FormRow(where, dict(zip(COLUMNS, cells, strict=True)))


def finding_of(told: FormRow) -> dict[str, Any]:
    """The finding that the row tells of."""
    body: dict[str, Any] = from_json(reader().told(told).finding or b"")
    return body


def changed(**cells: str) -> FormRow:
    """The good row with other cells."""
    return FormRow("第4行", dict(zip(COLUMNS, GOOD, strict=True)) | cells)


def test_every_row_is_a_command_that_the_contract_accepts() -> None:
    """Also from a file whose name no one-line name would take."""
    told = reader("a\u202e" + "长" * 300 + ".xlsx").told(row(*GOOD, where="村\u0007" * 30 + " 第4行"))
    assert told.finding is not None
    assert read_command("find_hazard", told.finding).historical is not None
    assert read_command("record_inspection", told.visit).historical is not None


def test_nothing_found_is_a_visit_and_no_hazard() -> None:
    """无 is a fact too: who was visited, when, in the form's own words."""
    visit, finding = reader().told(row(*NOTHING))
    body = from_json(visit)
    assert finding is None
    assert (body["none_found"], body["findings"], body["kind"]) == (True, "无", "patrol")
    assert body["party"]["name"] == "小河机械厂"


def test_a_finding_names_the_visit_of_its_row() -> None:
    """The visit's id follows from the row as the hazard's does."""
    visit, finding = (from_json(body or b"") for body in reader().told(row(*GOOD)))
    assert finding["visit"] == subjects.inspection_id(AREA, visit["command_id"])
    assert (finding["visit_kind"], "none_found" in visit) == ("patrol", False)
    assert visit["findings"] == finding["description"]


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in {"序号", "排查时间"}])
def test_every_column_but_the_number_tells_rows_apart(column: str) -> None:
    """Renumbering is no change; another place, remedy or remark is another row."""
    ids = [finding_of(each)["command_id"] for each in (row(*GOOD), changed(**{column: "另一处通道堵塞"}))]
    assert len(set(ids)) == 2
    renumbered = finding_of(changed(序号="99"))["command_id"]
    assert renumbered == ids[0]


@pytest.mark.parametrize(
    ("name", "why"), [("", "为空"), (" \n", "为空"), ("长" * 201, "过长"), ("甲\u202e厂", "控制字符")]
)
def test_a_unit_that_is_no_name_goes_back(name: str, why: str) -> None:
    """Empty, too long, or with marks that nobody sees."""
    with pytest.raises(BadRow, match=why):
        reader().told(changed(排查单位=name))


def test_a_unit_that_nobody_knows() -> None:
    """不明 is an answer, an empty cell is none."""
    assert "party" not in finding_of(changed(排查单位="不明"))
    with pytest.raises(BadRow, match="不明"):
        reader().told(row(*NO_UNIT))


def test_one_name_is_one_enterprise_within_an_area() -> None:
    """However it is spaced; in another area it is another."""
    one, two = (finding_of(changed(排查单位=name)) for name in ("大明木业（东厂）", "大明 木业(东厂)"))
    assert one["party"]["id"] == two["party"]["id"]
