from contracts import commands as do
from contracts import events
from contracts.terms import ClosureKind, Origin, ReopeningKind
from services.projection.ledgers.self_checks import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.told import then
from tests.scenario import by

closed = by(p.safety, do.CloseHazard, kind=ClosureKind.RECTIFIED)


def test_only_what_enterprises_found_is_listed() -> None:
    """Of what others found nothing is kept, not even a hidden row."""
    assert entered(LEDGER, told(d.MAJOR_CLOSED)) == {}
    assert len(lines(LEDGER, d.self_found)) == 1


def test_the_line_holds_what_s3_asks_for() -> None:
    """隐患, 地点, 级别, 发现人/时间, 五定, 状态, 验收时间."""
    (row,) = lines(LEDGER, d.SELF_VERIFIED, closed)
    assert {key: row[key] for key in ("description", "place", "grade", "finders", "found_at")} == {
        "description": "砂轮机防护罩缺失",
        "place": "打磨间",
        "grade": "一般事故隐患",
        "finders": "安全员俞",
        "found_at": "2026-03-02T09:00:00+08:00",
    }
    assert {key: row[key] for key in ("responsible", "measures", "planned_until", "completer", "acceptor")} == {
        "responsible": "安全员俞",
        "measures": "加装防护罩",
        "planned_until": "2026-03-10",
        "completer": "机修工胡",
        "acceptor": "工会主席龚",
    }
    assert (row["stage"], row["due"], row["closed_at"]) == ("整改销号", "2026-03-12", "2026-03-02T09:00:00+08:00")
    assert (row["verified_at"], row["verified_as"], row["verdict"], row["verifiers"]) == (
        *("2026-03-02T09:00:00+08:00", "企业验收", "合格", "工会主席龚"),
    )


def test_the_authority_s_verification_is_not_called_acceptance() -> None:
    """复查 of a major hazard is another act than 验收 by the enterprise: the line tells which it was."""
    (row,) = lines(LEDGER, d.self_suspected, d.graded_major, d.told_inside, *d.MAJOR_VERIFIED[3:])
    assert (row["verified_as"], row["verifiers"]) == ("重大核查", "执法员赵、执法员杨")


def test_submitted_is_no_acceptance() -> None:
    """A claim counts as rectified nowhere."""
    (row,) = lines(LEDGER, d.SELF_SUBMITTED)
    assert row["stage"] == "已报完成·待复查"
    assert "verified_at" not in row


def test_found_after_a_notice_is_marked() -> None:
    """检查通知后自查 stays in the list, with the notice that came first."""
    (own,) = lines(LEDGER, d.self_found)
    assert "after_notice" not in own
    warned = told(d.self_found)[0].model_copy(
        update={"origin": Origin.SELF_AFTER_NOTICE, "notice": "应急检通〔2026〕1号"}
    )
    (row,) = entered(LEDGER, [warned]).shown()
    assert (row.get("after_notice"), row.get("origin")) == ("是：应急检通〔2026〕1号", "检查通知后自查")


def test_a_ruling_stands_beside_the_origin() -> None:
    """The recorded origin stays, and the line in the list."""
    (row,) = lines(LEDGER, d.self_found, s.ruled.but(origin=Origin.INSPECTION))
    assert (row["origin"], row["origin_ruled"]) == ("企业自查", "监督检查")


def test_a_reopened_one_is_no_longer_accepted() -> None:
    """The cells of the acceptance are emptied by the reopening; the plan stays."""
    back = by(p.safety, do.ReopenHazard, kind=ReopeningKind.SELF_REPORTED, reasons="又拆下")
    (row,) = entered(LEDGER, told(d.SELF_VERIFIED, closed, back)).shown()
    assert [row.get(key) for key in ("submitted_at", "verified_at", "verifiers", "closed_at")] == [None] * 4
    assert row.cells["verified_at"] == len(told(d.SELF_VERIFIED, closed, back))
    assert (row.get("stage"), row.get("acceptor")) == ("整改中", "工会主席龚")


def test_the_plan_says_it_better_than_the_assignment() -> None:
    """Told again after the plan, measures and person stay as planned."""
    again = d.told_inside.but(due=p.day(5), measures="尽快", responsible=(p.name(p.worker),))
    first = d.told_inside.but(measures="尽快", responsible=(p.name(p.worker),))
    (told_only,) = lines(LEDGER, d.self_found, d.graded_general, first)
    assert (told_only["measures"], told_only["responsible"]) == ("尽快", "工人马")
    (row,) = lines(LEDGER, d.SELF_ASSIGNED, d.planned, again)
    assert (row["measures"], row["responsible"], row["due"]) == ("加装防护罩", "安全员俞", "2026-03-07")


def test_found_by_whoever_had_it_entered() -> None:
    """代录: the finder is he who handed in the paper; an old table names nobody."""
    found = told(d.self_found)[0]
    recorded = found.model_copy(update={"actor": p.for_(p.worker, p.cadre), "finders": ()})
    old = found.model_copy(update={"historical": "旧台账", "finders": ()})
    (by_paper,) = entered(LEDGER, [recorded]).shown()
    assert by_paper.get("finders") == "工人马"
    (from_table,) = entered(LEDGER, [old]).shown()
    assert from_table.get("finders") is None


def test_merged_and_withdrawn_stay_readable() -> None:
    """They say so in their stage."""
    merged = then(events.HazardMerged, survivor=p.TWIN_ID, reasons="同一处")
    (row,) = entered(LEDGER, [*told(d.self_found), merged]).shown()
    assert row.get("stage") == "已并案"
