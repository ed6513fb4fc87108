from datetime import datetime, timedelta

import pytest

from contracts import events
from contracts.acts.checklists import ChecklistItem, Offer
from contracts.acts.inspection import Problem
from contracts.acts.intake import NameCorrection
from contracts.events import Event
from contracts.terms import Grade, Origin, ReopeningKind, VisitKind, VisitMode, WithdrawalKind
from services.hazard.library import load_checklists
from services.projection.facets import checklists
from services.projection.ledgers.inspections import LEDGER
from services.projection.pages import Row
from tests import deeds as d
from tests import props as p
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.told import SPOT_CHECK, VISIT_ID, Told, but, filled, life, of_visit, then, visited

[(_, found)] = life(d.town_inspected)
ITEM = ChecklistItem(checklist=SPOT_CHECK, item=6)
OFFERS = tuple(
    Offer(checklist=SPOT_CHECK, item=item, version="2023", text=text, grade=Grade.SUSPECTED_MAJOR)
    for item, text in ((6, "无证上岗"), (7, "外包外租混乱"))
)
spot_check = but(visited, checklists=(filled(SPOT_CHECK, "2023", yes=(3, 6, 7), no=(2, 4, 5, 8)),), offers=OFFERS)
withdrawn = then(events.InspectionWithdrawn, kind=WithdrawalKind.ERROR, reasons="未到现场")


def finds(number: int, **changes: object) -> Told:
    """A hazard that names the visit."""
    return f"{p.HAZARD_ID[:-1]}{number}", but(found, visit=VISIT_ID, **changes)


def visit(*told: Told) -> Row:
    """Its line."""
    return fold(LEDGER, told)[VISIT_ID]


def later(number: int, event: Event) -> Told:
    """What happened to that hazard afterwards."""
    return f"{p.HAZARD_ID[:-1]}{number}", event


def test_a_visit_is_one_line_in_the_words_of_form_a() -> None:
    """排查单位, 时间, 地点, 人员(证号), 处置 and 备注 as the record says them."""
    told = but(
        visited,
        modes=(VisitMode.DOUBLE_RANDOM, VisitMode.JOINT),
        visited_by=tuple(reversed(p.finder(p.EM, p.FIRE))),
        ended_at=p.MORNING + timedelta(hours=2),
        handling="责令当场改正",
        remarks="企业配合",
        photos=(p.PHOTO,),
        notice=p.number("应急检查〔2026〕1号"),
    )
    row = visit(*of_visit(told))

    assert [row.get(key) for key in ("kind", "modes", "visited_by", "party", "place")] == [
        "行政检查",
        "双随机、联合检查",
        "县应急管理局（牵头）、县消防救援大队",
        "甲镇铸造厂",
        "打磨间",
    ]
    assert [row.get(key) for key in ("inspectors", "certificates", "announced", "notice")] == [
        "镇检查员陈、镇检查员陆",
        "甲镇-01、甲镇-02",
        "未事先通知",
        "应急检查〔2026〕1号",
    ]
    assert (row.get("began_at"), row.get("ended_at")) == ("2026-03-02T09:00:00+08:00", "2026-03-02T11:00:00+08:00")
    assert (row.get("handling"), row.get("remarks"), row.get("photos")) == ("责令当场改正", "企业配合", 1)
    assert row.state["photos"] == [{"sha256": "a" * 64, "media_type": "image/jpeg", "size": 1024, "name": "照片.jpg"}]


def test_nothing_found_is_a_fact_and_silence_is_none() -> None:
    """无 is said or not said; words beside it are kept."""
    assert visit(*of_visit(but(visited, none_found=True))).get("found") == "无"
    assert visit(*of_visit(but(visited, none_found=True, findings="现场整洁"))).get("found") == "无。现场整洁"
    assert visit(*of_visit(but(visited, none_found=True, findings="无隐患"))).get("found") == "无隐患"
    silent = visit(*of_visit(visited))
    assert silent.get("found") is None
    assert "found" not in silent.cells


def test_a_self_check_is_made_by_the_party_and_told_in_advance_when_it_was() -> None:
    """企业自查 has no visiting body."""
    own = but(visited, kind=VisitKind.SELF_CHECK, visited_by=(), announced_at=p.MORNING - timedelta(hours=1))
    row = visit(*of_visit(own))
    assert (row.get("visited_by"), row.get("announced")) == ("甲镇铸造厂", "已通知（2026-03-02 08:00）")


def test_the_hazards_that_name_a_visit_are_counted_and_described() -> None:
    """A record that says nothing of what was found speaks through its hazards; one that does keeps its words."""
    told = [*of_visit(visited), finds(1), finds(2, description="配电箱无盖")]
    folded = fold(LEDGER, told)
    assert folded.counted(VISIT_ID, "hazards") == {p.HAZARD_ID, p.TWIN_ID}
    assert (folded[VISIT_ID].get("found"), folded[VISIT_ID].cells["found"]) == ("砂轮机防护罩缺失；配电箱无盖", 3)
    assert visit(*of_visit(but(visited, findings="两处")), finds(1)).get("found") == "两处"
    assert [row.key for row in folded.shown()] == [VISIT_ID]


@pytest.mark.parametrize(
    "gone",
    [
        then(events.HazardMerged, survivor=p.TWIN_ID, reasons="同一处"),
        then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报"),
    ],
)
def test_a_hazard_that_is_merged_or_withdrawn_leaves_the_count_and_may_come_back(gone: Event) -> None:
    """误撤销 brings it back, with the description as it was mended meanwhile."""
    told = [*of_visit(visited), finds(1), finds(2, description="配电箱无盖"), later(1, gone)]
    mended = then(events.HazardCorrected, corrects=1, reasons="错字", description="砂轮机无防护罩")
    back = then(events.HazardReopened, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="误撤销")

    folded = fold(LEDGER, told)
    assert folded.counted(VISIT_ID, "hazards") == {p.TWIN_ID}
    assert folded[VISIT_ID].get("found") == "配电箱无盖"
    again = fold(LEDGER, [*told, later(1, mended), later(1, back)])
    assert again.counted(VISIT_ID, "hazards") == {p.HAZARD_ID, p.TWIN_ID}
    assert again[VISIT_ID].get("found") == "配电箱无盖；砂轮机无防护罩"


def test_an_offer_waits_until_it_is_opened_or_declined() -> None:
    """Each answer that offers a hazard is told, with what became of it."""
    declined = then(events.OfferDeclined, checklist=SPOT_CHECK, item=7, reasons="已有协议")
    folded = fold(LEDGER, [*of_visit(spot_check), finds(1, offer=ITEM), (VISIT_ID, declined)])

    row = folded[VISIT_ID]
    assert row.get("offers") == "第6项 无证上岗（已立项）；第7项 外包外租混乱（不立项：已有协议）"
    assert [row.get(key) for key in ("offers_open", "opened", "declined", "hazards")] == [0, 1, 1, 1]
    assert (folded.counted(VISIT_ID, "opened"), folded.counted(VISIT_ID, "declined")) == ({p.HAZARD_ID}, {"event:3"})
    assert visit(*of_visit(spot_check)).get("offers_open") == 2
    check(LEDGER, folded)


def test_what_was_opened_and_declined_is_opened() -> None:
    """In whichever order: a hazard is followed up, whatever was said of the item. Withdrawn, that counts."""
    declined = (VISIT_ID, then(events.OfferDeclined, checklist=SPOT_CHECK, item=6, reasons="已核对"))
    for both in ([finds(1, offer=ITEM), declined], [declined, finds(1, offer=ITEM)]):
        folded = fold(LEDGER, [*of_visit(spot_check), *both])
        row = folded[VISIT_ID]
        assert row.get("offers") == "第6项 无证上岗（已立项）；第7项 外包外租混乱（待立项）"
        assert [row.get(key) or 0 for key in ("offers_open", "opened", "declined")] == [1, 1, 0]
        check(LEDGER, folded)

        gone = later(1, then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报"))
        folded = fold(LEDGER, [*of_visit(spot_check), *both, gone])
        assert str(folded[VISIT_ID].get("offers")).startswith("第6项 无证上岗（不立项：已核对）")
        assert [folded[VISIT_ID].get(key) or 0 for key in ("opened", "declined")] == [0, 1]
        check(LEDGER, folded)


def test_an_offer_whose_hazard_was_withdrawn_stays_answered() -> None:
    """It does not wait again."""
    gone = later(1, then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报"))
    folded = fold(LEDGER, [*of_visit(spot_check), finds(1, offer=ITEM), gone])
    assert str(folded[VISIT_ID].get("offers")).startswith("第6项 无证上岗（已立项）")


def test_a_filled_checklist_is_told_and_kept_answer_by_answer() -> None:
    """Form C prints the answers; 有问题 counts those that are."""
    row = visit(*of_visit(but(visited, checklists=(filled("basic-management", "2024", yes=(1, 2), no=(3,)),))))
    assert row.get("checklists") == "安全生产重点检查建议清单（基础管理方面）（2024版）：答3项，有问题1项"
    assert row.get("problems") == 1
    [kept] = row.state["checklists"]
    assert [(one["item"], one["answer"]) for one in kept["answers"]] == [(1, "yes"), (2, "yes"), (3, "no")]
    assert (kept["problems"], kept["keys"]) == ([3], [])


def test_of_an_unknown_checklist_only_its_offers_are_problems() -> None:
    """Which answer is the problem is the list's own business."""
    offer = Offer(checklist="ours", item=2, version="1", text="无", grade=Grade.GENERAL)
    row = visit(*of_visit(but(visited, checklists=(filled("ours", "1", yes=(1, 2)),), offers=(offer,))))
    assert (row.get("problems"), row.state["checklists"][0]["problems"]) == (1, [2])


def test_the_lists_are_those_that_ship() -> None:
    """Titles, answers that are a finding and keys are the files' own."""
    shipped = {
        key: (one.title, one.finding, {item.number: item.key for item in one.items.values() if item.key})
        for key, one in load_checklists().lists.items()
    }
    assert {key: (one.title, one.finding, dict(one.keys)) for key, one in checklists.KNOWN.items()} == shipped


def test_a_spot_check_stands_beside_with_its_findings() -> None:
    """Form B counts enterprises by key; the list itself makes the visit a spot check."""
    assert fold(LEDGER, of_visit(spot_check)).sides == {
        "spot_checks": {
            (VISIT_ID,): {
                "inspection": VISIT_ID,
                "sequence": 1,
                "effective": int(p.MORNING.timestamp()) * 1_000_000,
                "area": p.VILLAGE_AREA,
                "party": "factory",
                "kind": "enterprise",
                "findings": "head_not_led,unlicensed_special_work,contractor_chaos",
                "withdrawn": None,
                "withdrawn_effective": None,
            }
        }
    }


def spot(folded: Folded) -> dict[str, object] | None:
    """The row beside, if the visit was a spot check."""
    return folded.sides.get("spot_checks", {}).get((VISIT_ID,))


def test_a_spot_check_is_an_authoritys_and_says_so() -> None:
    """抽查 without a finding counts its enterprise; a self-check and another visit count none."""
    said = spot(fold(LEDGER, of_visit(but(visited, modes=(VisitMode.SPOT_CHECK,), party=None))))
    assert said is not None
    assert (said["findings"], said["party"]) == ("", None)
    assert spot(fold(LEDGER, of_visit(but(spot_check, kind=VisitKind.SELF_CHECK, visited_by=())))) is None
    assert spot(fold(LEDGER, of_visit(visited))) is None


def test_a_withdrawn_visit_stays_readable_and_counts_until_it_was_withdrawn() -> None:
    """撤销: the line says so; the row beside tells since which event."""
    folded = fold(LEDGER, of_visit(spot_check, withdrawn))
    assert folded[VISIT_ID].shown
    assert folded[VISIT_ID].get("withdrawn") == "已撤销（误报）：未到现场"
    side = spot(folded)
    assert side is not None
    assert (side["sequence"], side["withdrawn"], side["findings"]) == (
        1,
        2,
        "head_not_led,unlicensed_special_work,contractor_chaos",
    )


def test_experts_signatures_and_refusals_are_told() -> None:
    """专家意见, 签字/拒签; a signature after a refusal leaves the refusal on record."""
    opinion = then(
        events.ExpertOpinionGiven,
        opinion_id="o1",
        experts=(p.name(p.expert),),
        opinion="除尘系统须改造",
        problems=(Problem(problem="无泄爆", advice="加装"),),
    )
    refused = then(events.InspectionSigned, refused_to_sign="负责人离场，全程录像")
    signed = then(events.InspectionSigned, signed_by=p.name(p.owner))
    row = visit(
        *of_visit(visited, opinion, but(opinion, opinion_id="o2", opinion="另见附件", problems=()), refused, signed)
    )
    assert (row.get("experts"), row.get("opinion")) == ("专家庄", "除尘系统须改造（问题隐患和整改建议1条）；另见附件")
    assert (row.get("signed_by"), row.get("refused_to_sign")) == ("厂长牛", "负责人离场，全程录像")


def test_a_correction_mends_only_what_it_names() -> None:
    """更正: words, photos and names; each mended cell tells by which event."""
    names = (NameCorrection(id="checker", name="镇检查员程"),)
    mended = then(events.InspectionCorrected, corrects=1, reasons="错字", findings="三处", photos=(), names=names)
    folded = fold(LEDGER, of_visit(but(visited, findings="两处", photos=(p.PHOTO,)), mended))
    row = folded[VISIT_ID]
    assert [row.get(key) for key in ("found", "photos", "inspectors", "place")] == [
        "三处",
        0,
        "镇检查员程、镇检查员陆",
        "打磨间",
    ]
    assert (row.cells["inspectors"], row.cells["place"], row.state["photos"]) == (2, 1, [])
    check(LEDGER, folded)


def test_a_history_with_holes_is_entered_all_the_same() -> None:
    """As of a cut-off the record itself may be missing; numbers of visits that are no ids are only words."""
    reported = but(found, visit="检查-7".encode().hex(), origin=Origin.INSPECTION)
    holes = [finds(1), (VISIT_ID, withdrawn), later(1, then(events.HazardMerged, survivor=p.TWIN_ID, reasons="同"))]
    assert fold(LEDGER, [*holes, (p.TWIN_ID, reported)]) == {}


def test_an_old_table_leaves_open_what_it_does_not_say() -> None:
    """历史补录: a table without a word on the announcement does not say that there was none."""
    old = datetime(2024, 5, 6, 10, tzinfo=p.SITE)
    row = visit(*of_visit(but(visited, historical="2024年排查表", occurred_at=old)))
    assert (row.get("announced"), row.get("began_at")) == (None, "2024-05-06T10:00:00+08:00")
