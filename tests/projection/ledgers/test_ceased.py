from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from contracts import events
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import ClosureKind, PartyChange, ReopeningKind, VisitKind, WithdrawalKind
from services.projection.ledgers.ceased import LEDGER
from services.projection.pages import Row
from tests import deeds as d
from tests import props as p
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.told import VISIT_ID, Told, but, life, then, visited
from tests.scenario import days

GONE = (*d.GENERAL_ORDERED, d.ceased.but(evidence=(p.PHOTO, p.PAPER)))
THIRD_ID = f"{p.VILLAGE_AREA}-5f0c1d2e-0000-5000-8000-000000000003"


def _later(hazard: str, at: datetime, **changes: Any) -> Told:  # noqa: ANN401
    found = told(d.inspected)[0]
    return hazard, but(found, occurred_at=at, recorded_at=at, **changes)


def _entered(*history: Told | Sequence[Told]) -> Folded:
    flat: list[Told] = []
    for one in history:
        flat.extend([one] if isinstance(one, tuple) else one)
    folded = fold(LEDGER, flat)
    check(LEDGER, folded)
    return folded


def _row(*history: Told | Sequence[Told]) -> Row:
    return _entered(*history)[p.HAZARD_ID]


def test_only_what_is_gone_with_its_place_is_listed() -> None:
    """Rectified is another thing; open is another thing."""
    assert lines(LEDGER, d.MAJOR_CLOSED) == []
    assert lines(LEDGER, d.GENERAL_ORDERED) == []


def test_the_line_says_who_saw_it() -> None:
    """Party, grounds, the two names on site with their certificates, papers."""
    (row,) = lines(LEDGER, GONE)
    assert (row["party"], row["party_kind"], row["grounds"]) == ("甲镇铸造厂", "企业", "断电清空，设备拆除")
    assert (row["seen_by"], row["certificates"]) == ("执法员秦、执法员韩", "应急-11、应急-12")
    assert (row["evidence"], row["ceased_at"]) == (2, "2026-03-02T09:00:00+08:00")
    assert row["stage"] == "灭失销号（关停、拆除）"


def test_opened_again_it_leaves_the_list() -> None:
    """And comes back when it is gone again."""
    back = then(events.HazardReopened, kind=ReopeningKind.CLOSED_IN_ERROR, reasons="仍在生产", actor=p.officer)
    again = told(GONE)[-1]
    assert entered(LEDGER, [*told(GONE), back]).shown() == []
    assert len(entered(LEDGER, [*told(GONE), back, again]).shown()) == 1


def test_a_new_hazard_of_the_same_party_is_noted() -> None:
    """持续关注: counted with its key, and told in words, by the event of the new finding."""
    folded = _entered(life(GONE), _later(p.TWIN_ID, days(9)))
    row = folded[p.HAZARD_ID]
    assert folded.counted(p.HAZARD_ID, "hazards") == {p.TWIN_ID}
    assert row.get("watch") == f"2026-03-11 又发现隐患{folded[p.TWIN_ID].get('number')}"
    assert row.cells["watch"] == len(life(GONE)) + 1
    assert [line.key for line in folded.shown()] == [p.HAZARD_ID]


@pytest.mark.parametrize(
    ("at", "party"),
    [(days(-9), p.FACTORY), (days(9), p.SHOP), (days(9), None)],
    ids=["found before", "another party", "nobody's yet"],
)
def test_what_says_nothing_of_the_party_afterwards_is_not_noted(at: datetime, party: Party | None) -> None:
    """Entered late, an old finding does not show that the party is back."""
    assert "watch" not in _row(life(GONE), _later(p.TWIN_ID, at, party=party)).cells


def test_a_party_that_is_found_out_later_is_noted_then() -> None:
    """And taken back when it turns out to be another's."""
    later = _later(p.TWIN_ID, days(9), party=None)
    known = p.TWIN_ID, then(events.ResponsiblePartyChanged, days(10), kind=PartyChange.IDENTIFIED, party=p.FACTORY)
    other = p.TWIN_ID, then(events.ResponsiblePartyChanged, days(11), kind=PartyChange.NEW_TENANT, party=p.SHOP)
    assert _row(life(GONE), later, known).get("hazards") == 1
    assert str(_row(life(GONE), later, known).get("watch")).startswith("2026-03-11 又发现隐患")
    gone = _row(life(GONE), later, known, other)
    assert (gone.get("hazards"), gone.get("watch")) == (0, None)


def test_renamed_it_is_the_same_hazard() -> None:
    """Another name of the party is no other event of it."""
    renamed = p.FACTORY.model_copy(update={"name": "甲镇精密铸造厂"})
    change = p.TWIN_ID, then(events.ResponsiblePartyChanged, days(10), kind=PartyChange.RENAMED, party=renamed)
    row = _row(life(GONE), _later(p.TWIN_ID, days(9)), change)
    assert (row.get("hazards"), str(row.get("watch")).count("\n")) == (1, 0)


@pytest.mark.parametrize(
    "end",
    [
        then(events.HazardWithdrawn, days(10), kind=WithdrawalKind.ERROR, reasons="误报"),
        then(events.HazardMerged, days(10), survivor=p.HAZARD_ID, reasons="同一处"),
    ],
    ids=["withdrawn", "merged"],
)
def test_what_should_not_have_been_recorded_is_not_held_against_it(end: Event) -> None:
    """It leaves the count and the words."""
    row = _row(life(GONE), _later(p.TWIN_ID, days(9)), (p.TWIN_ID, end))
    assert (row.get("hazards"), row.get("watch")) == (0, None)


def test_visits_to_the_party_are_noted() -> None:
    """Somebody looked again and found nothing, which is what the list is kept for; withdrawn, nobody did."""
    again = but(visited, occurred_at=days(30), recorded_at=days(30), kind=VisitKind.PATROL, none_found=True)
    row = _row(life(GONE), (VISIT_ID, again))
    assert (row.get("visits"), row.get("watch")) == (1, "2026-04-01 巡查：未发现隐患")
    taken_back = then(events.InspectionWithdrawn, days(31), kind=WithdrawalKind.ERROR, reasons="未去")
    assert _row(life(GONE), (VISIT_ID, again), (VISIT_ID, taken_back)).get("visits") == 0
    before = but(visited, occurred_at=days(-30), recorded_at=days(30))
    assert "visits" not in _row(life(GONE), (VISIT_ID, before)).cells


def test_another_hazard_opened_again_is_noted() -> None:
    """Once in the count, even where its finding was noted already."""
    back = then(events.HazardReopened, days(20), kind=ReopeningKind.LOOK_BACK, reasons="又投用")
    row = _row(life(GONE), _later(p.TWIN_ID, days(9)), (p.TWIN_ID, back))
    assert row.get("hazards") == 1
    assert "重新立项（回头看未到位）" in str(row.get("watch"))


def test_of_a_public_body_only_the_place_is_gone() -> None:
    """The next hole in a road says nothing of the one before."""
    road = [*told(d.inspected.but(party=p.STATION)), *told(GONE)[-1:]]
    folded = _entered([(p.HAZARD_ID, one) for one in road], _later(p.TWIN_ID, days(9), party=p.STATION))
    assert [row.key for row in folded.shown()] == [p.HAZARD_ID]
    assert "watch" not in folded[p.HAZARD_ID].cells


def test_every_entry_of_the_party_hears_of_it() -> None:
    """Two went when it shut; a third comes to light. Opened again, one hears no more."""
    both = [*life(GONE), *life(GONE, of=p.TWIN_ID)]
    folded = _entered(both, _later(THIRD_ID, days(9)))
    assert [folded[one].get("hazards") for one in (p.HAZARD_ID, p.TWIN_ID)] == [1, 1]
    back = p.TWIN_ID, then(events.HazardReopened, days(5), kind=ReopeningKind.CLOSED_IN_ERROR, reasons="误销")
    folded = _entered(both, back, _later(THIRD_ID, days(9)))
    assert [folded[one].get("hazards") for one in (p.HAZARD_ID, p.TWIN_ID)] == [2, None]


def test_only_the_latest_is_told_in_words() -> None:
    """All of it is counted."""
    many = [_later(f"{THIRD_ID[:-2]}{number}", days(number)) for number in range(10, 18)]
    row = _row(life(GONE), many)
    told_of = str(row.get("watch")).splitlines()
    assert (row.get("hazards"), len(told_of)) == (8, 5)
    assert told_of[-1].startswith("2026-03-19")


def test_rectified_after_it_was_opened_again_it_does_not_come_back() -> None:
    """整改销号 is no 灭失销号."""
    back = then(events.HazardReopened, kind=ReopeningKind.CLOSED_IN_ERROR, reasons="仍在生产")
    done = then(events.HazardClosed, kind=ClosureKind.RECTIFIED)
    assert entered(LEDGER, [*told(GONE), back, done]).shown() == []
