"""Checklists: what ships, which answers are a problem, which of those offer a hazard."""

from pathlib import Path

import pytest
import yaml

from contracts.events import InspectionRecorded
from contracts.terms import Answer, Grade
from services.hazard.library import CHECKLISTS, UnreadableFileError, load_checklists, load_clauses
from tests.hazard.inspection.props import code, decided, filled, inspected, refused, spot_check

YES, NO, NONE = Answer.YES, Answer.NO, Answer.NOT_APPLICABLE


def offered(*lists: object) -> list[tuple[str, int, Grade]]:
    """What a visit with these lists offers."""
    event = decided(inspected(checklists=lists))
    assert isinstance(event, InspectionRecorded)
    return [(offer.checklist, offer.item, offer.grade) for offer in event.offers]


def test_the_ten_items_ship() -> None:
    """S0's list: a 否 offers a general hazard of category 管理."""
    checklist = load_checklists().find("basic-management", "2024")
    assert checklist is not None
    assert list(checklist.items) == list(range(1, 11))
    assert checklist.items[7].text == "制定并下发所有岗位安全操作规程。"
    assert offered(filled("basic-management", "2024", _1=YES, _4=NO, _7=NO, _9=NONE)) == [
        ("basic-management", 4, Grade.GENERAL),
        ("basic-management", 7, Grade.GENERAL),
    ]


def test_two_questions_of_form_b_are_major_by_themselves() -> None:
    """无证上岗 and 外包外租混乱: suspected major, with the clause of Order 10; the rest are counted only."""
    assert offered(spot_check(_2=YES, _3=NO, _6=YES, _7=YES, _8=YES)) == [
        ("spot-check", 6, Grade.SUSPECTED_MAJOR),
        ("spot-check", 7, Grade.SUSPECTED_MAJOR),
    ]
    clauses = load_clauses()
    for checklist in load_checklists().lists.values():
        for item in checklist.items.values():
            clause = item.offers and item.offers.clause
            if clause:
                assert clauses.text(clause.standard, clause.version, clause.article, clause.item)


def test_the_texts_are_the_notices() -> None:
    """Verbatim, with the keys under which form B counts."""
    keys = [item.key for item in load_checklists().lists["spot-check", "2023"].items.values()]
    assert keys == [
        *("head_not_studied", "head_not_led", "no_duty_list", "no_safety_staff"),
        *("unlicensed_special_work", "contractor_chaos", "no_drill"),
    ]


def test_what_there_is_not_is_named_with_what_there_is() -> None:
    """An unknown list, version or item."""
    for wrong in (filled("fire", "2023", _1=YES), filled("spot-check", "2024", _6=YES)):
        refusal = refused(inspected(checklists=(wrong,)))
        assert refusal is not None
        assert refusal.code == "unknown_checklist"
        assert "spot-check 2023" in refusal.reason
    refusal = refused(inspected(checklists=(spot_check(_1=YES),)))
    assert refusal is not None
    assert (refusal.code, "2、3、4、5、6、7、8" in refusal.reason) == ("unknown_item", True)


def test_none_found_contradicts_a_problem() -> None:
    """无 beside an answer that is a finding, whether or not it offers a hazard; the item is named."""
    refusal = refused(inspected(none_found=True, checklists=(spot_check(_2=NO, _3=YES),)))
    assert refusal is not None
    assert (refusal.code, "第3项" in refusal.reason) == ("none_found", True)
    assert code(inspected(none_found=True, checklists=(spot_check(_2=NO, _3=NONE),))) is None
    assert code(inspected(none_found=True, checklists=(filled("basic-management", "2024", _1=YES),))) is None


@pytest.mark.parametrize("change", [{"finding": "perhaps"}, {"items": [{"no": 1}]}, {"colour": "red"}])
def test_a_list_that_is_none_says_which_file(tmp_path: Path, change: dict[str, object]) -> None:
    """A typing error in a file is found when the service starts."""
    right = {"id": "x", "version": "1", "title": "表", "source": "通知", "finding": "no", "items": []}
    (tmp_path / "wrong.yaml").write_text(yaml.safe_dump(right | change), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"wrong\.yaml"):
        load_checklists(tmp_path)


def test_every_shipped_list_is_read() -> None:
    """One file for each version of a list."""
    assert len(load_checklists().lists) == len(list(CHECKLISTS.glob("*.yaml"))) == 2
