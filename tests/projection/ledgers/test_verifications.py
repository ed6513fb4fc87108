from contracts.terms import ReopeningKind, Trigger, VerificationMode
from services.projection.ledgers.verifications import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import look_back
from tests.projection.ledgers.lines import entered, lines, told
from tests.scenario import given


def test_a_line_for_each_round() -> None:
    """Failed, then passed: two lines, counted through the hazard's life."""
    failed, passed = lines(LEDGER, d.GENERAL_SUBMITTED, d.failed, d.submitted, d.passed)
    assert (failed["round"], failed["result"], failed["remaining"]) == (1, "不合格（部分整改）", "仍有一台未装")
    assert (passed["round"], passed["result"], passed["document"]) == (2, "合格", "应急复查〔2026〕5号")


def test_who_verified_with_which_certificate() -> None:
    """In the same order, with the class that the policy asks for."""
    (row,) = lines(LEDGER, d.GENERAL_VERIFIED)
    assert (row["verifiers"], row["certificates"]) == ("执法员赵、执法员杨", "应急-13、应急-14")
    assert (row["kind"], row["verification_class"], row["mode"]) == ("复查", "执法复查", "现场")
    assert row["trigger"] == "报告整改完成"


def test_submitted_is_not_verified() -> None:
    """A claim is no line."""
    assert lines(LEDGER, d.GENERAL_SUBMITTED) == []


def test_gaps_of_the_file_stand_on_the_line() -> None:
    """The authority verified without plan and submission."""
    spot = d.failed.but(trigger=Trigger.SPOT_CHECK)
    (row,) = lines(LEDGER, d.GENERAL_ORDERED, spot)
    assert (row["trigger"], row["flags"]) == ("抽查", "缺方案、未申请")


def test_self_acceptance_is_told_apart() -> None:
    """自验 has its own class and flag."""
    accepted = d.accepted_inside.but(actor=p.shopkeeper, verifiers=p.sign(p.shopkeeper))
    claimed = d.on_the_spot.but(
        actor=p.shopkeeper,
        signed_by=p.name(p.shopkeeper),
        completer=p.name(p.shopkeeper),
        acceptor=p.name(p.shopkeeper),
    )
    graded = d.graded_general.but(actor=p.shopkeeper)
    (row,) = lines(LEDGER, d.shop_found, graded, claimed, accepted)
    assert (row["verification_class"], row["flags"]) == ("自验", "自验")
    assert "certificates" not in row


def test_from_afar_with_the_leads_leave() -> None:
    """非现场: who allowed it, on how many photos."""
    remote = d.passed.but(
        mode=VerificationMode.REMOTE, remote_approved_by=p.sign(p.director)[0], evidence=(p.PHOTO, p.PHOTO)
    )
    (row,) = lines(LEDGER, d.GENERAL_SUBMITTED, remote)
    assert (row["mode"], row["remote_approved_by"], row["evidence"]) == ("非现场（照片、视频）", "应急局长", 2)
    assert row["flags"] == "非现场复查"


def test_a_look_back_that_finds_it_back_is_a_line() -> None:
    """It is no round of its own; the next verification goes on counting."""
    again = (d.planned_major, d.submitted_major, d.passed)
    first, back, second = lines(LEDGER, d.MAJOR_CLOSED, look_back, again)
    assert (back["kind"], back["trigger"], back["result"]) == ("回头看", "回头看未到位", "重新立项")
    assert (back["remaining"], back["verifiers"]) == ("回头看发现防护罩又拆除", "执法员秦")
    assert (first["round"], "round" in back, second["round"]) == (1, False, 2)


def test_reopened_for_another_reason_is_no_look_back() -> None:
    """The reason stands as 事由, with what the party answered before a ruling."""
    own = look_back.but(actor=p.safety, kind=ReopeningKind.SELF_REPORTED, reasons="自查发现又松动")
    _, relapse = lines(LEDGER, d.MAJOR_CLOSED, own)
    assert (relapse["kind"], relapse["trigger"], relapse["verifiers"]) == ("重新立项", "反弹自报", "安全员俞")
    ruling = look_back.but(
        kind=ReopeningKind.FALSE_RECTIFICATION,
        officers=p.sign(p.officer, p.second_officer),
        statement_heard="承认未更换",
        evidence=(p.PHOTO,),
    )
    _, ruled = lines(LEDGER, d.MAJOR_CLOSED, ruling)
    assert (ruled["trigger"], ruled["statement_heard"]) == ("认定虚假整改", "承认未更换")
    assert ruled["certificates"] == "应急-11、应急-12"


def test_who_enters_an_old_record_verified_nothing() -> None:
    """历史补录: names that the old file does not tell stay blank."""
    old = {"historical": "2019年卷宗"}
    before = (d.inspected.but(**old), d.officer_graded_general.but(**old), d.ordered.but(**old))
    (row,) = lines(LEDGER, before, d.passed.but(verifiers=(), trigger=Trigger.SPOT_CHECK, **old))
    assert (row["result"], "verifiers" in row) == ("合格", False)
    assert row["flags"].startswith("历史补录")


def test_every_line_says_where_the_hazard_stands_now() -> None:
    """Closed, and open again."""
    (closed,) = lines(LEDGER, d.MAJOR_CLOSED)
    assert closed["stage"] == "整改销号"
    assert {row["stage"] for row in lines(LEDGER, d.MAJOR_CLOSED, look_back)} == {"整改中"}


def test_a_verification_without_what_came_before() -> None:
    """As of an earlier moment the finding may be left out: the line says what is known."""
    history = told(given(d.GENERAL_VERIFIED).history)
    (row,) = entered(LEDGER, history, without=range(5)).shown()
    assert (row.get("result"), row.get("number")) == ("合格", None)
