import pytest

from contracts import commands as do
from contracts import events
from contracts.base import short_number
from contracts.parties import Party
from contracts.terms import AssignmentKind, PartyChange, PartyKind, WithdrawalKind
from services.projection.ledgers.problems import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.told import then
from tests.scenario import by

FIRE = d.inspected.but(actor=p.fireman)
HOUSEHOLD = Party(id="household", name="甲村12号", kind=PartyKind.HOUSEHOLD)


@pytest.mark.parametrize(
    ("party", "kind"),
    [
        (p.FACTORY, "企业"),
        (p.SHOP, "个体工商户"),
        (p.STATION, "机关事业单位（公共设施管理单位）"),
        (p.VILLAGERS, "村（社区）"),
        (HOUSEHOLD, "住户"),
        (None, "责任单位待查"),
    ],
)
def test_every_kind_of_party_is_listed(party: Party | None, kind: str) -> None:
    """A landslide above a house is a problem too, and one of which nobody knows whose it is."""
    (row,) = lines(LEDGER, d.patrolled.but(party=party, sector="fire", category="消防通道"))
    assert (row["party_kind"], row["sector"], row["category"]) == (kind, "消防", "消防通道")


def test_the_party_found_out_later_takes_its_place() -> None:
    """And tells its kind; a co-party stands beside it without changing either."""
    (row,) = lines(
        LEDGER,
        d.inspected.but(party=None),
        by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.IDENTIFIED, party=p.STATION),
        d.shared_with_tenant,
    )
    assert (row["party"], row["party_kind"]) == ("县公路站", "机关事业单位（公共设施管理单位）")
    assert row["co_parties"] == "典记五金"


def test_whom_it_was_handed_to() -> None:
    """By letter to the body that it names; by order or notice to the party itself."""
    (handed,) = lines(LEDGER, d.road_sank, d.cadre_graded_general, d.handed_over)
    assert (handed["assignment"], handed["handed_to"], handed["due"]) == ("交办", "县公路站", "2026-03-12")
    (ordered,) = lines(LEDGER, d.GENERAL_ORDERED)
    assert (ordered["assignment"], ordered["handed_to"]) == ("责令限期整改", "甲镇铸造厂")


def test_the_supervisor_changes_when_a_transfer_is_accepted() -> None:
    """Not when it is offered, nor when it is sent back; an assignment from above binds at once."""
    assert "supervisor" not in lines(LEDGER, FIRE, d.transferred)[0]
    assert "supervisor" not in lines(LEDGER, FIRE, d.transferred, s.refused_back)[0]
    assert lines(LEDGER, FIRE, d.transferred, d.taken_over)[0]["supervisor"] == "县应急管理局"
    assert lines(LEDGER, d.inspected, d.assigned_from_above)[0]["supervisor"] == "县应急管理局"


def test_a_claim_is_no_result() -> None:
    """Submitted, nobody has seen it yet."""
    (row,) = lines(LEDGER, d.GENERAL_SUBMITTED)
    assert row["stage"] == "已报完成·待复查"
    assert "result" not in row


def test_the_result_tells_how_it_ended() -> None:
    """Rectified and gone are told apart; opened again, it has no result but that."""
    assert lines(LEDGER, d.GENERAL_SUBMITTED, d.failed)[0]["result"] == "复查不合格：仍有一台未装"
    assert lines(LEDGER, d.GENERAL_VERIFIED)[0]["result"] == "复查合格"
    assert lines(LEDGER, d.MAJOR_CLOSED)[0]["result"] == "整改销号"
    assert lines(LEDGER, d.GENERAL_ORDERED, d.ceased)[0]["result"] == "灭失销号（关停、拆除）：断电清空，设备拆除"
    (again,) = lines(LEDGER, d.MAJOR_CLOSED, s.look_back)
    assert again["result"] == "重新立项（回头看未到位）：回头看发现防护罩又拆除"


def test_merged_and_withdrawn_say_so() -> None:
    """With the survivor's number, or the reason."""
    found = told(d.inspected)
    merged = then(events.HazardMerged, survivor=p.TWIN_ID, reasons="同一处")
    (one,) = entered(LEDGER, [*found, merged]).shown()
    assert (one.get("stage"), one.get("result")) == ("已并案", f"并入{short_number(p.TWIN_ID)}：同一处")
    withdrawn = then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="不是隐患")
    (other,) = entered(LEDGER, [*found, withdrawn]).shown()
    assert (other.get("stage"), other.get("result")) == ("已撤销", "撤销（误报）：不是隐患")


def test_who_told_is_never_the_reporter() -> None:
    """举报: the intake officer's name is not the finder's, and nobody else's is known."""
    (row,) = lines(LEDGER, d.reported)
    assert "finders" not in row


def test_the_result_told_back_stands_in_the_remarks() -> None:
    """To whom, with the words."""
    history = (d.inspected, d.assigned_from_above, *d.GENERAL_VERIFIED[1:], d.told_above)
    (row,) = lines(LEDGER, history)
    assert row["remarks"] == "办理结果反馈（市应急管理局）：已整改，复查合格"


def test_a_corrected_category_is_shown() -> None:
    """更正 reaches the column."""
    (row,) = lines(LEDGER, d.self_found, s.corrected.but(category="物"))
    assert (row["category"], row["place"]) == ("物", "打磨二间")


def test_the_order_names_a_party_that_the_finding_did_not() -> None:
    """With its kind."""
    ordered = d.ordered.but(kind=AssignmentKind.ORDER, party=p.SHOP)
    (row,) = lines(LEDGER, d.inspected.but(party=None), d.officer_graded_general, ordered)
    assert (row["party"], row["party_kind"], row["handed_to"]) == ("方记网吧", "个体工商户", "方记网吧")
