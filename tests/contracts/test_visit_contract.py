"""What a visit may state, whoever states it."""

import json
from typing import Any

import pytest

from contracts.reading import Invalid, read_command

VISIT = {
    "command_id": "v-1",
    "actor": {"id": "p1", "name": "周建国", "roles": ["officer"]},
    "occurred_at": "2026-03-02T09:00:00+08:00",
    "area": "320623199",
    "kind": "inspection",
}
TICKED = {"checklist": "spot-check", "version": "2023", "answers": [{"item": 6, "answer": "yes"}]}
LEAD = {"name": "县应急局", "lead": True}


def read(**fields: Any) -> Any:  # noqa: ANN401 (a command)
    """As it arrives."""
    return read_command("record_inspection", json.dumps(VISIT | fields).encode())


def test_a_visit_needs_little() -> None:
    """Where, when, what kind; an old table has no more."""
    visit = read()
    assert (visit.none_found, visit.checklists, visit.inspectors) == (False, (), ())


def test_a_way_said_twice_is_said_once() -> None:
    """In the order in which they were said."""
    assert read(modes=["night", "joint", "night"]).modes == ("night", "joint")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "audit"}, "unknown_value"),
        ({"modes": ["sometimes"]}, "unknown_value"),
        ({"checklists": [TICKED, TICKED]}, "list_twice"),
        ({"checklists": [TICKED | {"answers": TICKED["answers"] * 2}]}, "item_twice"),
        ({"checklists": [TICKED | {"answers": []}]}, "too_short"),
        ({"checklists": [TICKED | {"answers": [{"item": 0, "answer": "yes"}]}]}, "out_of_range"),
        ({"checklists": [TICKED | {"answers": [{"item": 1000, "answer": "yes"}]}]}, "out_of_range"),
        ({"checklists": [TICKED | {"answers": [{"item": 6, "answer": "perhaps"}]}]}, "unknown_value"),
        ({"visited_by": [LEAD, LEAD]}, "one_lead"),
        ({"announced_at": "2026-03-02 09:00"}, "impossible_date"),
        ({"offers": []}, "unknown_field"),
    ],
)
def test_what_is_no_visit_is_refused(fields: dict[str, Any], code: str) -> None:
    """Each list once, each item once, one lead; nobody states the offers, which follow from the lists."""
    with pytest.raises(Invalid) as refused:
        read(**fields)
    assert refused.value.code == code
    assert refused.value.field
