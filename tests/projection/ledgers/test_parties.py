from datetime import timedelta

import pytest

from contracts import events
from contracts.acts.intake import NameCorrection
from contracts.events import Event
from contracts.terms import AssignmentKind, Grade, PartyChange, RegradeKind, ReopeningKind, WithdrawalKind
from services.projection.ledgers.parties import LEDGER
from tests import deeds as d
from tests import props as p
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.told import VISIT_ID, Told, but, life, of_visit, then, visited

FACTORY = "party:factory"
CODE = "91320623MA1X7K3T2Y"
COUNTS = ("open", "major_open", "suspected_open", "rectified", "ceased", "shared", "visits")
[(_, found)] = life(d.inspected)
withdrawn = then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报")


def counts(folded: Folded, party: str = "factory") -> dict[str, int]:
    """Where its hazards stand; columns with none are left out."""
    row = folded[f"party:{party}"]
    return {name: row.get(name) for name in COUNTS if row.get(name)}


def here(*more: Event) -> list[Told]:
    """And then, to the same hazard."""
    return [(p.HAZARD_ID, event) for event in more]


def change(kind: PartyChange, days: int = 0, **party: object) -> Event:
    """The factory's name or code, so many days later."""
    at = p.MORNING + timedelta(days=days)
    named = p.FACTORY.model_copy(update=party)
    event: Event = then(events.ResponsiblePartyChanged, at, kind=kind, party=named)
    return event


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (life(d.inspected), {"open": 1}),
        (life(d.self_suspected), {"open": 1, "suspected_open": 1}),
        (life(d.inspected, d.graded_major), {"open": 1, "major_open": 1}),
        (life(*d.GENERAL_SUBMITTED), {"open": 1}),
        (life(*d.GENERAL_VERIFIED), {"rectified": 1}),
        (life(*d.MAJOR_CLOSED), {"rectified": 1}),
        (life(*d.GENERAL_ORDERED, d.ceased), {"ceased": 1}),
        ([*life(d.inspected), *here(withdrawn)], {}),
        ([*life(d.inspected), *here(then(events.HazardMerged, survivor=p.TWIN_ID, reasons="同"))], {}),
    ],
    ids=["found", "suspected", "major", "submitted", "verified", "closed", "ceased", "withdrawn", "merged"],
)
def test_a_hazard_counts_by_where_it_stands(told: list[Told], expected: dict[str, int]) -> None:
    """已报完成 is still open; what ceased is not rectified; what was merged or withdrawn counts nowhere."""
    folded = fold(LEDGER, told)
    assert counts(folded) == expected
    assert all(folded.counted(FACTORY, column) == {p.HAZARD_ID} for column in expected)
    check(LEDGER, folded)


def test_a_reopened_hazard_is_open_again() -> None:
    """With the grade that it had; one withdrawn in error comes back too."""
    look_back = then(events.HazardReopened, kind=ReopeningKind.LOOK_BACK, reasons="反弹")
    assert counts(fold(LEDGER, [*life(*d.MAJOR_CLOSED), *here(look_back)])) == {"open": 1, "major_open": 1}
    back = then(events.HazardReopened, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="误撤销")
    assert counts(fold(LEDGER, [*life(d.inspected), *here(withdrawn, back)])) == {"open": 1}


def test_a_hazard_that_is_graded_down_is_no_major_one() -> None:
    """It stays among the open ones."""
    kind = RegradeKind.MISJUDGED
    down = then(events.HazardRegraded, grade=Grade.GENERAL, kind=kind, reasons="不符合条款")
    assert counts(fold(LEDGER, [*life(d.inspected, d.graded_major), *here(down)])) == {"open": 1}


def test_a_hazard_that_changes_hands_leaves_one_line_for_another() -> None:
    """承租方变更: the old party's counts know of it no more."""
    moved = then(events.ResponsiblePartyChanged, kind=PartyChange.NEW_TENANT, party=p.TENANT)
    folded = fold(LEDGER, [*life(d.inspected, d.graded_major), *here(moved)])
    assert (counts(folded), counts(folded, "tenant")) == ({}, {"open": 1, "major_open": 1})
    assert [row.get("party") for row in folded.shown()] == ["甲镇铸造厂", "典记五金"]
    check(LEDGER, folded)


def test_a_co_party_has_a_count_of_its_own() -> None:
    """共同整改单位 stands beside the lead, whose hazard it remains; its new name does not make it the lead."""
    renamed = p.TENANT.model_copy(update={"name": "典记公司"})
    told = life(*d.GENERAL_ORDERED, d.shared_with_tenant)
    event = then(events.ResponsiblePartyChanged, kind=PartyChange.RENAMED, party=renamed)
    folded = fold(LEDGER, [*told, *here(event)])
    assert (counts(folded), counts(folded, "tenant")) == ({"open": 1}, {"shared": 1})
    assert folded["party:tenant"].get("party") == "典记公司"


def test_a_hazard_whose_party_is_named_later_counts_from_then_on() -> None:
    """责任单位待查: an order, or an inquiry, names it; its area is the hazard's."""
    unknown = [(p.HAZARD_ID, but(found, party=None))]
    assert fold(LEDGER, unknown).shown() == []
    folded = fold(LEDGER, [*unknown, *here(then(events.HazardAssigned, kind=AssignmentKind.ORDER, party=p.FACTORY))])
    assert counts(folded) == {"open": 1}
    assert folded[FACTORY].get("area") == p.VILLAGE_AREA


def test_names_and_codes_have_their_days() -> None:
    """名称沿革: only a change makes a new name; the old ones stay with their days."""
    told = [
        *life(d.inspected),
        *here(
            change(PartyChange.CODE_GIVEN, 10, credit_code=CODE),
            change(PartyChange.RENAMED, 20, name="甲镇铸造有限公司"),
        ),
    ]
    row = fold(LEDGER, told)[FACTORY]
    assert (row.get("party"), row.get("credit_code"), row.get("codes")) == ("甲镇铸造有限公司", CODE, None)
    assert row.get("names") == "甲镇铸造厂（2026-03-02 至 2026-03-22）；甲镇铸造有限公司（2026-03-22 起）"
    assert (row.cells["names"], row.cells["credit_code"]) == (3, 2)


def test_another_spelling_is_noted_and_changes_no_name() -> None:
    """另有写法: what a finding calls it otherwise; an earlier name is no other spelling."""
    other = but(found, party=p.FACTORY.model_copy(update={"name": "甲镇铸造"}))
    older = but(found, party=p.FACTORY)
    renamed = change(PartyChange.RENAMED, 20, name="甲镇铸造有限公司")
    row = fold(LEDGER, [*life(d.inspected), *here(renamed), (p.TWIN_ID, other), (VISIT_ID, older)])[FACTORY]
    assert (row.get("party"), row.get("also")) == ("甲镇铸造有限公司", "甲镇铸造")


def test_head_and_headcount_are_those_said_last() -> None:
    """A corrected name reaches the line; a headcount that is not said stays as it was known."""
    mended = then(
        events.HazardCorrected, corrects=1, reasons="错字", names=(NameCorrection(id="owner", name="厂长刘"),)
    )
    silent = but(found, party=p.FACTORY.model_copy(update={"staff": None, "head": None}), area="320623105")
    row = fold(LEDGER, [*life(d.inspected), *here(mended), (p.TWIN_ID, silent)])[FACTORY]
    assert (row.get("head"), row.cells["head"], row.get("staff"), row.cells["staff"]) == ("厂长刘", 2, 30, 1)
    assert (row.get("kind"), row.get("area"), row.get("other_areas")) == ("企业", p.VILLAGE_AREA, "320623105")


def test_visits_are_counted_unless_withdrawn() -> None:
    """受检（次）, its own checks included."""
    folded = fold(LEDGER, of_visit(visited))
    assert counts(folded) == {"visits": 1}
    assert folded.counted(FACTORY, "visits") == {VISIT_ID}
    taken_back = then(events.InspectionWithdrawn, kind=WithdrawalKind.ERROR, reasons="未到现场")
    assert counts(fold(LEDGER, of_visit(visited, taken_back, taken_back))) == {}


def test_first_and_last_follow_what_happened_not_what_was_recorded() -> None:
    """A finding entered late is the first all the same."""
    early, middle = p.MORNING - timedelta(days=9), p.MORNING + timedelta(days=2)
    told = [
        *life(d.inspected),
        (p.TWIN_ID, but(found, occurred_at=early)),
        (VISIT_ID, but(visited, occurred_at=middle)),
    ]
    row = fold(LEDGER, told)[FACTORY]
    assert (row.get("first_at"), row.get("last_at")) == ("2026-02-21T09:00:00+08:00", "2026-03-04T09:00:00+08:00")
    assert (row.cells["first_at"], row.cells["last_at"]) == (2, 3)


def test_a_history_with_holes_is_entered_all_the_same() -> None:
    """As of a cut-off the finding may be missing: nothing counts, and nothing fails."""
    folded = fold(LEDGER, [*life(*d.MAJOR_CLOSED)[1:2], *here(change(PartyChange.RENAMED), withdrawn)])
    assert counts(folded) == {}
    check(LEDGER, folded)
