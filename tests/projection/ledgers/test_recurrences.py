from datetime import timedelta

import pytest

from contracts import events
from contracts.acts.intake import Determination
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import AssignmentKind, BasisKind, Grade, PartyChange, RegradeKind, ReopeningKind, WithdrawalKind
from services.projection.facets.repeating import common
from services.projection.ledgers.recurrences import LEDGER
from tests import deeds as d
from tests import props as p
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.told import Told, but, life, then

[(_, found), (_, graded)] = life(d.inspected, d.graded_major)
CLAUSE = f"clause:{d.clause.standard}|{d.clause.version}|3|2"
OTHER = d.clause.model_copy(update={"item": 1})
OPINION = Determination(kind=BasisKind.EXPERT_OPINION, reasons="专家判定")
ELSEWHERE_AREA = "320623105201"


def of(number: int) -> str:
    """The id of a hazard."""
    return f"{p.HAZARD_ID[:-2]}{number:02}"


def hazard(number: int, party: Party | None = p.FACTORY, basis: Determination = d.clause, days: int = 0) -> list[Told]:
    """Found so many days later, graded on that clause."""
    at = p.MORNING + timedelta(days=days)
    return [(of(number), but(found, party=party, occurred_at=at)), (of(number), but(graded, basis=basis))]


def lines(folded: Folded) -> list[tuple[str, str, int | None, int]]:
    """What is shown: kind, who, of how many parties, how many hazards."""
    return [tuple(row.get(key) for key in ("kind", "party", "parties", "hazards")) for row in folded.shown()]


def regraded(basis: Determination | None) -> Event:
    """Graded anew."""
    kind = RegradeKind.CLAUSE_MISAPPLIED
    event: Event = then(events.HazardRegraded, grade=Grade.GENERAL, kind=kind, reasons="条款有误", basis=basis)
    return event


def test_one_hazard_of_a_clause_recurs_nowhere() -> None:
    """Its lines are there, and hidden."""
    folded = fold(LEDGER, hazard(1))
    assert folded.shown() == []
    assert len(folded) == 3


def test_the_same_clause_again_at_the_same_party_is_told() -> None:
    """一地重发: with both hazards, from the first to the last."""
    folded = fold(LEDGER, [*hazard(1, days=5), *hazard(2)])
    [row] = folded.shown()
    assert lines(folded) == [("一地重发", "甲镇铸造厂", None, 2)]
    assert (row.get("clause"), row.get("area")) == (
        "工贸企业重大事故隐患判定标准应急管理部令第10号第3条第2项",
        p.VILLAGE_AREA,
    )
    assert (row.get("first_at"), row.get("last_at")) == ("2026-03-02T09:00:00+08:00", "2026-03-07T09:00:00+08:00")
    assert folded.counted(f"{CLAUSE}/factory", "hazards") == {of(1), of(2)}
    check(LEDGER, folded)


def test_the_same_clause_at_another_party_is_told() -> None:
    """异地重发: one line for the clause, with all its hazards and parties."""
    folded = fold(LEDGER, [*hazard(1), *hazard(2, p.RIVAL), *hazard(3, p.RIVAL), *hazard(4, p.SHOP, OTHER)])
    assert lines(folded) == [("异地重发", "甲镇铸造厂、别家工厂", 2, 3), ("一地重发", "别家工厂", None, 2)]
    assert folded.counted(CLAUSE, "hazards") == {of(1), of(2), of(3)}
    assert folded.counted(CLAUSE, "parties") == {"factory", "rival"}
    check(LEDGER, folded)


def test_the_places_of_a_party_are_told() -> None:
    """一地: each once, as mended since; what leaves takes its place along."""

    def at(number: int, place: str) -> list[Told]:
        return [(of(number), but(found, place=place)), (of(number), graded)]

    three = [*at(1, "一车间"), *at(2, "二车间"), *at(3, "一车间")]
    assert fold(LEDGER, three)[f"{CLAUSE}/factory"].get("place") == "一车间、二车间"
    mended = then(events.HazardCorrected, corrects=1, reasons="笔误", place="三车间")
    folded = fold(LEDGER, [*three, (of(3), mended)])
    row = folded[f"{CLAUSE}/factory"]
    assert (row.get("place"), row.cells["place"]) == ("一车间、二车间、三车间", 7)
    left = fold(LEDGER, [*three, (of(3), mended), (of(2), regraded(None))])
    assert left[f"{CLAUSE}/factory"].get("place") == "一车间、三车间"
    early = fold(LEDGER, [three[0], (of(1), mended), three[1], *three[2:]])
    assert early[f"{CLAUSE}/factory"].get("place") == "三车间、二车间、一车间"
    check(LEDGER, folded)


@pytest.mark.parametrize(
    "gone",
    [
        then(events.HazardMerged, survivor=of(1), reasons="同一处"),
        then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报"),
        regraded(OTHER),
        regraded(OPINION),
        regraded(None),
    ],
    ids=["merged", "withdrawn", "other clause", "opinion", "no basis"],
)
def test_what_is_merged_withdrawn_or_graded_anew_leaves(gone: Event) -> None:
    """Below the threshold the line is hidden again; the span is that of what remains."""
    folded = fold(LEDGER, [*hazard(1), *hazard(2, days=3), *hazard(3, p.RIVAL, days=9), (of(2), gone)])
    assert lines(folded) == [("异地重发", "甲镇铸造厂、别家工厂", 2, 2)]
    assert folded[f"{CLAUSE}/factory"].get("last_at") == "2026-03-02T09:00:00+08:00"
    again = fold(LEDGER, [*hazard(1), *hazard(2, days=3), *hazard(3, p.RIVAL, days=9), (of(3), gone)])
    assert lines(again) == [("一地重发", "甲镇铸造厂", None, 2)]
    assert again[CLAUSE].get("last_at") == "2026-03-05T09:00:00+08:00"
    check(LEDGER, folded)


def test_a_hazard_withdrawn_in_error_comes_back() -> None:
    """误撤销; any other reopening changes nothing here."""
    withdrawn = then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报")
    back = then(events.HazardReopened, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="误撤销")
    folded = fold(LEDGER, [*hazard(1), *hazard(2), (of(2), withdrawn), (of(2), back)])
    assert lines(folded) == [("一地重发", "甲镇铸造厂", None, 2)]


def test_a_hazard_goes_with_its_party() -> None:
    """承租方变更 moves it to the other line; a new name stands in both lines; a co-party moves nothing."""
    moved = then(events.ResponsiblePartyChanged, kind=PartyChange.NEW_TENANT, party=p.TENANT)
    shared = then(events.ResponsiblePartyChanged, kind=PartyChange.CO_PARTY_ADDED, party=p.SHOP)
    named = p.FACTORY.model_copy(update={"name": "铸造公司"})
    renamed = then(events.ResponsiblePartyChanged, kind=PartyChange.RENAMED, party=named)
    folded = fold(LEDGER, [*hazard(1), *hazard(2), (of(2), shared), (of(2), moved), (of(1), renamed)])
    assert lines(folded) == [("异地重发", "铸造公司、典记五金", 2, 2)]
    assert folded[CLAUSE].cells["party"] == 7
    check(LEDGER, folded)


def test_a_hazard_of_nobody_counts_once_its_party_is_known() -> None:
    """责任单位待查 recurs nowhere; an order may name the party."""
    told = then(events.HazardAssigned, kind=AssignmentKind.ORDER, party=p.FACTORY)
    unknown = [*hazard(1), *hazard(2, None)]
    assert lines(fold(LEDGER, unknown)) == []
    assert lines(fold(LEDGER, [*unknown, (of(2), told)])) == [("一地重发", "甲镇铸造厂", None, 2)]


def test_a_clause_of_many_parties_names_ten_of_them() -> None:
    """等n家: the others are in the lines below; one that leaves makes room for the next."""
    others = [p.RIVAL.model_copy(update={"id": f"rival-{n}", "name": f"{n}厂"}) for n in range(1, 13)]
    told = [step for number, party in enumerate(others, 1) for step in hazard(number, party)]
    ten = "、".join(party.name for party in others[:10])
    assert lines(fold(LEDGER, told)) == [("异地重发", f"{ten}等12家", 12, 12)]
    left = "、".join(party.name for party in others[1:11])
    assert lines(fold(LEDGER, [*told, (of(1), regraded(None))])) == [("异地重发", f"{left}等11家", 11, 11)]


def test_the_area_of_a_clause_holds_all_its_townships() -> None:
    """It narrows again when the only hazard of another township leaves."""
    far = but(found, area=ELSEWHERE_AREA, party=p.RIVAL)
    told = [*hazard(1), *hazard(2, p.SHOP), (of(3), far), (of(3), graded)]
    assert fold(LEDGER, told)[CLAUSE].get("area") == "320623"
    assert fold(LEDGER, [*told, (of(3), regraded(None))])[CLAUSE].get("area") == "320623104"


@pytest.mark.parametrize(
    ("areas", "shared"),
    [
        (["320623104201"], "320623104201"),
        (["320623104201", "320623104"], "320623104"),
        (["320623104201", "320623105201"], "320623"),
        (["3206", "3306"], None),
        ([], None),
    ],
)
def test_the_smallest_area_that_holds_all_is_told_by_levels(areas: list[str], shared: str | None) -> None:
    """320623104 and 320623105 share the county, not the digits 32062310."""
    assert common(areas) == shared


def test_a_history_with_holes_is_entered_all_the_same() -> None:
    """A hazard whose finding is not there counts nowhere, whatever is said of it later."""
    withdrawn = then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报")
    holes = [hazard(1)[1], *hazard(2)[1:], (of(1), regraded(OTHER)), (of(2), withdrawn)]
    folded = fold(LEDGER, holes)
    assert folded.shown() == []
    assert folded.members == {}
