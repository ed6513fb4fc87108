from contracts import commands as do
from contracts.terms import Grade, PartyChange, RegradeKind, ReportCovers, WorkersBody
from services.projection.ledgers.dual_reports import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import acknowledged, downgraded, merged, withdrawn
from tests.projection.ledgers.lines import entered, lines, told
from tests.scenario import by, days, given

MAJOR = (d.inspected, d.graded_major)
worse = downgraded.but(grade=Grade.MAJOR, kind=RegradeKind.WORSENED, basis=d.clause)
past_the_head = d.told_regulator.but(bypass=True, receipt="越-1")


def test_major_hazards_of_employers_only() -> None:
    """Suspected counts as major until somebody decides; general hazards and public bodies owe no dual report."""
    assert lines(LEDGER, d.inspected, d.officer_graded_general) == []
    assert [row["grade"] for row in lines(LEDGER, d.self_suspected)] == ["疑似重大·待判定"]
    assert [row["grade"] for row in lines(LEDGER, MAJOR)] == ["重大事故隐患"]
    public = (d.inspected.but(party=p.STATION, sector="roads", actor=p.road_officer), d.graded_major)
    assert lines(LEDGER, public[0], d.graded_major.but(actor=p.road_officer)) == []


def test_both_reports_and_when_the_second_came() -> None:
    """Until then the line says what is lacking."""
    (nothing,) = lines(LEDGER, MAJOR)
    assert nothing["complete"] == "缺向部门报告、向职工报告"
    (half,) = lines(LEDGER, MAJOR, d.told_regulator)
    assert (half["complete"], half["untold"]) == ("缺向职工报告", "甲镇铸造厂")
    later = by(p.owner, do.ReportToWorkers, at=days(3), **d.told_workers.fields)
    (both,) = lines(LEDGER, MAJOR, d.told_regulator, later)
    assert (both["complete"], both["complete_at"]) == ("齐全", "2026-03-05T09:00:00+08:00")


def test_what_is_lacking_is_owed_from_the_grading_on() -> None:
    """The cell names the event that made the report owed, or owed again: the grading, not the finding."""
    history = told(MAJOR)
    (row,) = entered(LEDGER, history).shown()
    assert (row.cells["complete"], row.cells["untold"]) == (2, 2)
    assert entered(LEDGER, told(d.inspected)).popitem()[1].get("complete") is None
    (suspected,) = entered(LEDGER, told(d.self_suspected)).shown()
    assert suspected.cells["complete"] == 1
    back = told(d.MAJOR_ORDERED, downgraded, worse)
    (row,) = entered(LEDGER, back).shown()
    assert (row.get("complete"), row.cells["complete"]) == ("缺向部门报告、向职工报告", len(back))


def test_the_first_report_and_all_of_them() -> None:
    """Receiver and receipt of the first; the later ones stand in the history, each with its receipt."""
    handed_in = d.told_regulator.but(receipt="收字1号", forwarded_at=days(1))
    second = d.told_regulator.but(receiver=p.ref(p.TOWN), covers=ReportCovers.PROGRESS)
    (row,) = lines(LEDGER, MAJOR, handed_in, second, acknowledged.but(report="report-4", actor=p.checker))
    assert (row["reports"], row["receiver"], row["receipt"]) == (2, "县应急管理局", "收字1号")
    assert row["forwarded_at"] == "2026-03-03T09:00:00+08:00"
    assert row["history"].split("\n") == [
        "2026-03-02 县应急管理局 排查情况；转报 2026-03-03；回执 收字1号",
        "2026-03-02 甲镇人民政府 整改进展；回执 2026-03-02 应急收〔2026〕8号",
    ]
    assert "acknowledged_at" not in row


def test_a_receipt_stands_with_its_report() -> None:
    """Its number is the regulator's."""
    (row,) = lines(LEDGER, MAJOR, d.told_regulator, acknowledged)
    assert (row["receipt"], row["acknowledged_at"]) == ("应急收〔2026〕8号", "2026-03-02T09:00:00+08:00")


def test_going_past_the_head_shows_in_one_column_only() -> None:
    """Art. 46: whoever is not shown the column `bypass` reads what he would read without that report."""
    plain, (quiet,) = told(MAJOR), lines(LEDGER, MAJOR)
    (row,) = entered(LEDGER, [*plain, *told(MAJOR, past_the_head, acknowledged)[2:]]).shown()
    assert row.state["bypass"] is True
    assert row.get("bypass") == "2026-03-02 县应急管理局 排查情况；回执 2026-03-02 应急收〔2026〕8号"
    assert {key: value for key, value in row.values.items() if key != "bypass"} == quiet
    after = lines(LEDGER, MAJOR, past_the_head, d.told_regulator)[0]
    assert (after["reports"], after["bypass"]) == (1, "2026-03-02 县应急管理局 排查情况；回执 越-1")


def test_the_meeting_as_it_was_held() -> None:
    """Which body, n of N, who countersigned."""
    (row,) = lines(LEDGER, MAJOR, d.told_workers)
    assert (row["workers_body"], row["held_on"], row["attendance"]) == ("职工大会", "2026-03-02", "28/30")
    assert (row["countersigned_by"], row["told"], "untold" in row) == ("工会主席龚", "甲镇铸造厂", False)


def test_where_nobody_is_employed_an_officer_says_so() -> None:
    """Not applicable, with his name."""
    alone = d.inspected.but(party=p.FACTORY.model_copy(update={"staff": 0}))
    nobody = d.told_workers.but(
        body=WorkersBody.NOT_APPLICABLE,
        confirmed_by=p.sign(p.regulator)[0],
        minutes=p.PAPER,
        countersigned_by=None,
        present=None,
        total=None,
        held_on=None,
    )
    (row,) = lines(LEDGER, alone, d.graded_major, nobody)
    assert (row["workers_body"], row["confirmed_by"]) == ("无从业人员，不适用", "监管员魏")
    assert "attendance" not in row


def test_each_enterprise_of_a_shared_plant_tells_its_own() -> None:
    """厂中厂: a tenant that joins makes the report incomplete until it has told its workers."""
    shared = (*d.MAJOR_ORDERED, d.told_regulator, d.told_workers, d.shared_with_tenant)
    (row,) = lines(LEDGER, shared)
    assert (row["complete"], row["untold"], row["told"]) == ("缺向职工报告", "典记五金", "甲镇铸造厂")
    assert "complete_at" not in row
    tenants = d.told_workers.but(actor=p.tenant_head, present=2, total=3, countersigned_by=p.name(p.tenant_safety))
    (done,) = lines(LEDGER, shared, tenants)
    assert (done["complete"], done["told"]) == ("齐全", "甲镇铸造厂、典记五金")


def test_a_new_name_is_the_same_enterprise() -> None:
    """What it told its workers stays told; another enterprise in its place has told nobody."""
    named = p.FACTORY.model_copy(update={"name": "甲镇精密铸造厂"})
    renamed = by(p.owner, do.ChangeResponsibleParty, kind=PartyChange.RENAMED, party=named)
    (same,) = lines(LEDGER, *d.MAJOR_ORDERED, d.told_regulator, d.told_workers, renamed)
    assert (same["complete"], same["told"]) == ("齐全", "甲镇精密铸造厂")
    tenant = by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.NEW_TENANT, party=p.TENANT)
    (other,) = lines(LEDGER, *d.MAJOR_ORDERED, d.told_regulator, d.told_workers, tenant)
    assert (other["complete"], other["untold"]) == ("缺向职工报告", "典记五金")


def test_graded_down_merged_or_withdrawn_it_is_no_line() -> None:
    """What was reported is kept for the day when it comes back."""
    assert lines(LEDGER, *d.MAJOR_ORDERED, downgraded) == []
    assert lines(LEDGER, d.inspected, d.graded_major, withdrawn) == []
    world = p.world_with({p.TWIN_ID: given(MAJOR).hazard})
    together = given(*MAJOR, world=world).and_then(merged)
    assert entered(LEDGER, together.history).shown() == []
    early = (d.self_suspected, d.told_regulator, d.graded_general)
    assert lines(LEDGER, early) == []
    (back,) = lines(LEDGER, early, d.ordered, worse)
    assert back["reports"] == 1


def test_an_old_record_is_marked() -> None:
    """What an old file does not tell is lacking in the file, perhaps not in the world."""
    (row,) = lines(LEDGER, d.self_suspected.but(historical="2019年卷宗"))
    assert row["flags"] == "历史补录"


def test_found_without_a_party_it_waits_for_one() -> None:
    """Nobody owes the report while nobody is known to be responsible."""
    unknown = (d.inspected.but(party=None), d.graded_major)
    assert lines(LEDGER, unknown) == []
    (row,) = lines(LEDGER, unknown, d.ordered.but(party=p.FACTORY))
    assert row["untold"] == "甲镇铸造厂"
