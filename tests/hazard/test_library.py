"""The clause library and the directory, read from their files."""

from pathlib import Path

import pytest

from contracts.terms import Power
from services.hazard.aggregate.clauses import TEXT_MISSING
from services.hazard.library import STANDARDS, UnreadableFileError, load_clauses, load_directory

TITLE, NUMBER = "工贸企业重大事故隐患判定标准", "应急管理部令第10号"


def test_the_first_standard_is_there_with_what_it_says() -> None:
    """Order 10, as far as its text was published; nothing is invented."""
    clauses = load_clauses()
    assert (clauses.text(TITLE, NUMBER, 3, 2) or "").startswith("特种作业人员未按照规定")
    assert clauses.text(TITLE, NUMBER, 7, 3) == TEXT_MISSING
    assert clauses.text(TITLE, NUMBER, 3, 4) is None
    assert clauses.text(TITLE, NUMBER, 15, None) is None
    assert "失效或者无效均判定为重大事故隐患" in (clauses.text(TITLE, NUMBER, 14, None) or "")


def test_a_standard_that_is_none_says_which_file(tmp_path: Path) -> None:
    """A typing error in a file is found when the service starts."""
    wrong = (STANDARDS / "order10-2023.yaml").read_text(encoding="utf-8").replace("applies_to", "aplies_to")
    (tmp_path / "wrong.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"wrong\.yaml"):
        load_clauses(tmp_path)


def test_a_directory_gives_powers_and_nothing_gives_none(tmp_path: Path) -> None:
    """Without a file nobody has a power."""
    path = tmp_path / "directory.yaml"
    path.write_text(
        """
        bodies:
        - {id: county, name: 县应急局, area: '320623', competences: [industry_trade], powers: [
            {power: order_suspension, basis: 安全生产法第七十条, since: 2021-09-01}]}
        - {id: town, name: 镇应急办, area: '320623104', superior: county}
        """,
        encoding="utf-8",
    )
    directory = load_directory(path)
    county = directory.body("county")
    assert county
    assert [one.power for one in county.powers] == [Power.ORDER_SUSPENSION]
    assert directory.is_above("county", "town")
    assert load_directory(None).bodies == ()


@pytest.mark.parametrize("text", ["bodies: 7", "[", "colour: red"])
def test_a_directory_that_is_none_says_which_file(tmp_path: Path, text: str) -> None:
    """As above."""
    path = tmp_path / "directory.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"directory\.yaml"):
        load_directory(path)
