from contracts import commands as do
from contracts.acts.intake import NameCorrection
from contracts.terms import DelistingGround, PartyChange, PublicationKind, RevocationAct
from services.projection.ledgers.listings import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import delisting_refused, filed, published, recalled
from tests.projection.ledgers.lines import entered, lines, told
from tests.scenario import by, days

LISTED = (*d.MAJOR_ORDERED, d.county_listed)
TWICE = (*LISTED, d.city_listed)
COUNTY = "listing-4"
VERIFIED = (d.planned_major, d.submitted_major, d.passed)


def test_a_line_for_each_listing_and_none_without() -> None:
    """Two bodies list one hazard: two lines, each with its own paper, level and deadline."""
    assert lines(LEDGER, d.MAJOR_ORDERED) == []
    county, city = lines(LEDGER, TWICE)
    assert (county["level"], county["document"], county["deadline"]) == ("县级", "县政安督〔2026〕2号", "2026-05-01")
    assert (city["level"], city["document"], city["deadline"]) == ("市级", "市政安督〔2026〕1号", "2026-04-11")
    assert (county["supervisor"], county["listed_by"]) == ("县应急管理局", "县长")
    assert county["number"] == city["number"]
    assert county["grade"] == "重大事故隐患"


def test_a_listing_says_who_proposed_it() -> None:
    """A proposal alone is no line; the listing that answers it tells of it, by the proposal's own event."""
    asked = (*d.MAJOR_ORDERED, d.proposed)
    assert lines(LEDGER, asked) == []
    answering = d.county_listed.but(proposal="proposal-4")
    (row,) = entered(LEDGER, told(asked, answering)).shown()
    assert (row.get("proposed_by"), row.get("proposal_reasons")) == ("分管副镇长", "整改难度大")
    assert row.cells["proposed_by"] == 4
    (unasked,) = lines(LEDGER, asked, d.county_listed)
    assert "proposed_by" not in unasked


def test_only_the_listing_that_is_extended_moves() -> None:
    """The day that it began with stays beside the present one."""
    listed = (*LISTED, d.city_listed.but(deadline=p.day(20)))
    granted = d.granted.but(actor=p.city_mayor, decided_by=p.sign(p.city_mayor)[0], supervisor_opinion="理由成立")
    history = told(listed, d.asked_for_time.but(until=p.day(28)), granted)
    folded = entered(LEDGER, history)
    county, city = folded.shown()
    moved = [(row.get("first_deadline"), row.get("deadline"), row.get("extensions")) for row in (county, city)]
    assert moved == [("2026-05-01", "2026-05-01", None), ("2026-03-22", "2026-03-30", 1)]
    assert folded.counted(city.key, "extensions") == {f"event:{len(history)}"}


def test_filed_and_published_and_taken_back() -> None:
    """Taken back, it stays readable that and where it was published; the end has columns of its own."""
    (row,) = lines(LEDGER, LISTED, filed, published.but(published_on=p.day(2)), recalled)
    assert (row["filed_with"], row["filed_on"]) == ("市人民政府", "2026-03-02")
    assert (row["published_on"], row["published_in"]) == ("2026-03-04", "县融媒体")
    assert row["publication_withdrawn"] == "挂牌公告（2026-03-04）已于2026-03-02在县融媒体撤回：名称有误"
    ended = published.but(kind=PublicationKind.DELISTED, medium="县政府网站")
    (gone,) = lines(LEDGER, LISTED, VERIFIED, d.delisted, ended)
    assert (gone["delisted_on"], gone["delisted_in"]) == ("2026-03-02", "县政府网站")
    assert "published_on" not in gone


def test_two_notices_taken_back_are_both_told() -> None:
    """One below the other."""
    (row,) = lines(LEDGER, LISTED, published, recalled, published, recalled.but(reasons="日期有误"))
    first, second = row["publication_withdrawn"].split("\n")
    assert first.endswith("名称有误")
    assert second.endswith("日期有误")


def test_asked_to_end_and_refused_it_stands() -> None:
    """The refusal stays readable."""
    asked = (*LISTED, d.planned_major, d.submitted_major, d.asked_to_delist)
    (waiting,) = lines(LEDGER, asked)
    assert (waiting["standing"], waiting["applied_by"]) == ("已申请摘牌", "安全员俞")
    (refused,) = lines(LEDGER, asked, delisting_refused)
    assert (refused["standing"], refused["refusal"]) == ("挂牌中", "尚未核查")


def test_one_listing_ends_and_the_other_stands() -> None:
    """Each body ends its own, with its paper and signer."""
    county, city = lines(LEDGER, TWICE, VERIFIED, d.delisted.but(listing=COUNTY))
    assert (county["standing"], county["ground"], county["signer"]) == ("已摘牌", "整改完成", "县长")
    assert county["delisting_document"] == "县政安摘〔2026〕2号"
    assert (city["standing"], "ended_at" in city) == ("挂牌中", False)


def test_superseded_is_told_apart_from_rectified() -> None:
    """The level above took it over."""
    county, city = lines(LEDGER, TWICE, d.delisted.but(listing=COUNTY, ground=DelistingGround.SUPERSEDED))
    assert (county["ground"], city["standing"]) == ("上级挂牌替代", "挂牌中")


def test_a_revoked_decision_ends_its_listing() -> None:
    """By whom and by what; an order that is revoked ends none."""
    revoked = by(
        p.mayor,
        do.RevokeOrder,
        order="listing",
        target=COUNTY,
        act=RevocationAct.REVOKED,
        deciding_body=p.ref(p.COUNTY_GOV),
        document=p.number("县政安撤〔2026〕1号"),
        reasons="依据有误",
    )
    (row,) = lines(LEDGER, LISTED, revoked)
    assert (row["standing"], row["ground"]) == ("挂牌决定已失效", "自行撤销（县人民政府）")
    other = revoked.but(order="order", target=None, actor=p.director, deciding_body=p.ref(p.EM))
    (stands,) = lines(LEDGER, LISTED, other)
    assert stands["standing"] == "挂牌中"


def test_the_line_follows_its_hazard() -> None:
    """A new name of the party, and the stage that the hazard has come to."""
    renamed = by(
        p.owner,
        do.ChangeResponsibleParty,
        kind=PartyChange.RENAMED,
        party=p.FACTORY.model_copy(update={"name": "甲镇精密铸造厂"}),
    )
    (row,) = lines(LEDGER, LISTED, renamed, d.planned_major, d.submitted_major)
    assert (row["party"], row["stage"]) == ("甲镇精密铸造厂", "已报完成·待复查")


def test_a_body_is_called_as_somebody_called_it() -> None:
    """An event names its actor's body by id; where another told its name, the line says that."""
    by_committee = d.county_listed.but(actor=p.mayor, supervisor=p.ref(p.COUNTY_GOV))
    (row,) = lines(LEDGER, d.MAJOR_ORDERED, by_committee)
    assert row["body"] == "县人民政府"


def test_a_corrected_name_reaches_the_signer_and_the_proposer() -> None:
    """The id stays."""
    signer, proposer = NameCorrection(id="mayor", name="张县长"), NameCorrection(id="town-lead", name="李副镇长")
    mended = by(p.mayor, do.CorrectHazard, corrects=5, reasons="姓名写错", names=(signer,))
    mended_too = by(p.town_lead, do.CorrectHazard, corrects=4, reasons="姓名写错", names=(proposer,))
    asked = (*d.MAJOR_ORDERED, d.proposed, d.county_listed.but(proposal="proposal-4"))
    (row,) = lines(LEDGER, asked, mended, mended_too)
    assert (row["listed_by"], row["proposed_by"]) == ("张县长", "李副镇长")


def test_when_the_papers_are_of_several_days() -> None:
    """Moments are the site's, with the offset."""
    late = days(3.5)
    (row,) = lines(LEDGER, d.MAJOR_ORDERED, by(p.mayor, do.ListHazard, at=late, **d.county_listed.fields))
    assert row["listed_at"] == "2026-03-05T21:00:00+08:00"
