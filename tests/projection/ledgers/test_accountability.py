from typing import Any

from contracts import events
from contracts.acts.intake import NameCorrection
from contracts.events import EVENTS
from contracts.parties import Person
from services.projection.facets import capacities, walking
from services.projection.ledgers.accountability import LEDGER
from services.projection.pages import Row
from tests import deeds as d
from tests import props as p
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.told import life, of_visit, then, visited


def lines(folded: Folded) -> list[tuple[Any, ...]]:
    """Who, in what capacity, did what."""
    return [(row.get("name"), row.get("capacity"), row.get("act")) for row in folded.shown()]


def line(folded: Folded, key: str) -> Row:
    """Of the hazard of the tests."""
    return folded[f"{p.HAZARD_ID}/{key}"]


def test_every_act_has_a_line_for_its_actor_and_one_for_each_person_it_names() -> None:
    """谁排查谁负责: who acted comes first, then everyone whose name stands on the act, in what capacity."""
    folded = fold(LEDGER, life(d.inspected, d.graded_major, d.ordered))

    assert lines(folded) == [
        ("执法员秦", "经办人", "隐患登记"),
        ("厂长牛", "企业主要负责人", "隐患登记"),
        ("执法员秦", "发现人", "隐患登记"),
        ("执法员秦", "经办人", "判定等级"),
        ("执法员秦", "判定人", "判定等级"),
        ("执法员秦", "经办人", "交办/责令整改"),
        ("执法员秦", "执法人员", "交办/责令整改"),
        ("执法员韩", "执法人员", "交办/责令整改"),
    ]
    second = line(folded, "3-02")
    assert [second.get(key) for key in ("role", "unit", "certificate", "document")] == [
        "行政执法人员（持证）",
        "县应急管理局",
        "应急-12",
        "应急责改〔2026〕3号",
    ]
    assert [line(folded, "1-01").get("unit"), second.born] == ["甲镇铸造厂", 3]


def test_a_recorder_and_the_one_he_records_for_each_have_a_line() -> None:
    """代录: the recorder is told apart from the person whose paper he enters."""
    entered = d.planned.but(actor=p.for_(p.safety, p.cadre))
    folded = fold(LEDGER, life(d.patrolled.but(party=p.FACTORY), d.cadre_graded_general, d.noticed, entered))

    recorder, principal = line(folded, "4"), line(folded, "4-01")
    assert [recorder.get(key) for key in ("name", "capacity", "on_behalf_of", "unit")] == [
        "村干部老周",
        "代录人",
        "安全员俞",
        "甲村村委会",
    ]
    assert [principal.get(key) for key in ("name", "capacity", "unit")] == [
        "安全员俞",
        "委托人（他人代录）",
        "甲镇铸造厂",
    ]


def test_a_corrected_name_reaches_every_line_of_it_and_says_by_which_event() -> None:
    """A typing error in a name is mended beside the record; nobody else's line changes."""
    told = life(d.patrolled.but(party=p.FACTORY), d.cadre_graded_general, d.noticed)
    names = (NameCorrection(id="cadre", name="老周（更正）"), NameCorrection(id="nobody", name="无此人"))
    told.append((p.HAZARD_ID, then(events.HazardCorrected, corrects=1, reasons="错字", names=names)))
    folded = fold(LEDGER, told)

    cells = {row.key[len(p.HAZARD_ID) + 1 :]: (row.get("name"), row.cells["name"]) for row in folded.shown()}
    assert cells["1"] == cells["2"] == ("老周（更正）", 4)
    assert cells["1-01"] == ("厂长牛", 1)
    assert cells["4"] == ("镇检查员陈", 4)


def test_the_line_of_a_report_past_the_head_is_marked() -> None:
    """越级报告 (安全生产法 art. 46) is said in a column for authorities, and in the state of each of its lines."""
    report = then(events.ReportedToRegulator, actor=p.safety, receiver=p.ref(p.EM), report="r", bypass=True)
    folded = fold(LEDGER, [*life(d.self_found), (p.HAZARD_ID, report)])

    assert [row.state.get("bypass", False) for row in folded.shown()] == [False, False, False, True]
    assert line(folded, "2").get("bypass")
    assert line(folded, "1").get("bypass") is None


def test_the_receipt_of_a_report_past_the_head_is_marked_too() -> None:
    """Or the head would read that there was one; so is a receipt whose report is not told."""

    def marked(*, told: bool, bypass: bool) -> bool:
        report = then(events.ReportedToRegulator, actor=p.safety, receiver=p.ref(p.EM), report="r", bypass=bypass)
        receipt = then(events.ReportAcknowledged, actor=p.officer, report="r", receipt="应急收〔2026〕8号")
        said = [(p.HAZARD_ID, report), (p.HAZARD_ID, receipt)]
        row = fold(LEDGER, [*life(d.self_found), *(said if told else said[1:])]).shown()[-1]
        assert row.get("act") == "回执"
        assert bool(row.get("bypass")) is row.state.get("bypass", False)
        return bool(row.get("bypass"))

    assert marked(told=True, bypass=True)
    assert not marked(told=True, bypass=False)
    assert marked(told=False, bypass=False)


def test_the_lines_of_a_visit_name_who_went_with_their_certificates() -> None:
    """检查人员(证号), and who signed for the party."""
    signed = then(events.InspectionSigned, signed_by=p.name(p.owner))
    folded = fold(LEDGER, of_visit(visited, signed))

    told = [(row.get("name"), row.get("capacity"), row.get("certificate")) for row in folded.shown()]
    assert told == [
        ("镇检查员陈", "经办人", "甲镇-01"),
        ("厂长牛", "企业主要负责人", None),
        ("镇检查员陈", "检查人员", "甲镇-01"),
        ("镇检查员陆", "检查人员", "甲镇-02"),
        ("镇检查员陈", "经办人", "甲镇-01"),
        ("厂长牛", "受检单位签字人", None),
    ]


def test_a_report_names_the_officer_who_took_it_and_no_reporter() -> None:
    """举报: who reported is in no event, so in no line."""
    folded = fold(LEDGER, life(d.reported))
    assert [name for name, capacity, _ in lines(folded) if capacity != "企业主要负责人"] == ["举报受理员"]


def test_every_field_that_holds_a_person_has_a_word_for_his_capacity() -> None:
    """A field that is added later is listed too, once somebody says what its holder is."""
    named = [(kind, path) for kind in EVENTS.values() for path in walking.paths(kind, Person)]
    assert len(named) > 30
    assert all(capacities.capacity(kind, path) for kind, path in named)


def test_a_body_that_nobody_named_yet_is_called_by_its_id() -> None:
    """A history with a hole in it is entered all the same."""
    folded = fold(LEDGER, life(d.inspected, d.graded_major)[1:])
    assert line(folded, "1").get("unit") == "em"


def test_those_who_rectify_are_of_the_party_while_there_is_one() -> None:
    """整改责任人, 完成人, 验收人: with co-parties nobody knows whose they are, unless one of them acts himself."""
    one = fold(LEDGER, life(d.inspected, d.officer_graded_general, d.ordered, d.planned))
    two = fold(LEDGER, life(d.inspected, d.officer_graded_general, d.ordered, d.shared_with_tenant, d.planned))
    told = [(row.get("capacity"), row.get("unit")) for row in one.shown() if row.born == 4]
    assert told == [(said, "甲镇铸造厂") for said in ("经办人", "整改责任人", "整改完成人", "整改验收人（企业）")]
    shared = [(row.get("capacity"), row.get("unit")) for row in two.shown() if row.born == 5]
    assert [unit for _, unit in shared] == ["甲镇铸造厂", "甲镇铸造厂", None, None]


def test_each_cell_tells_its_event() -> None:
    """Also where the act is long, with papers, flags and signatures."""
    folded = fold(LEDGER, [*life(d.MAJOR_CLOSED), *of_visit(visited)])
    check(LEDGER, folded)
    assert len(folded.shown()) > 20
