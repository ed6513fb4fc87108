from decimal import Decimal

from contracts import commands as do
from contracts import events
from contracts.terms import Flag, RevocationAct, SuspensionKind
from services.projection.ledgers.measures import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.told import but, then
from tests.scenario import by

FINE = s.fine.but(amount=Decimal("20000.50"), officers=p.sign(p.officer, p.second_officer))
STOP = (*d.MAJOR_ORDERED, d.stopped)
DONE = (d.planned_major, d.submitted_major, d.passed)
REVOKED = by(
    p.director,
    do.RevokeOrder,
    order="suspension",
    act=RevocationAct.REVOKED,
    deciding_body=p.ref(p.EM),
    document=p.number("应急撤〔2026〕1号"),
    reasons="设备已拆除",
)
trial = d.resumed.but(trial=True, trial_until=p.day(5))


def _of(kind: str, *steps: object) -> dict[str, object]:
    (row,) = [row for row in lines(LEDGER, *steps) if row["kind"] == kind]  # type: ignore[arg-type]
    return row


def test_a_hazard_about_which_nothing_was_done_has_no_line() -> None:
    """Neither finding, grading, a notice nor a self-check is a measure."""
    assert lines(LEDGER, d.SELF_VERIFIED) == []
    assert lines(LEDGER, d.patrolled, d.cadre_graded_general, d.noticed) == []


def test_a_penalty_is_told_to_the_fen() -> None:
    """Body, paper, basis, amount, officers with their certificates."""
    row = _of("罚款", d.GENERAL_ORDERED, FINE)
    assert (row["amount"], row["document"], row["basis"]) == (2_000_050, "应急罚〔2026〕1号", "安全生产法第一百零二条")
    assert (row["officers"], row["certificates"]) == ("执法员秦、执法员韩", "应急-11、应急-12")
    assert row["standing"] == "已作出"


def test_what_a_measure_answers_besides_is_counted_with_keys() -> None:
    """One fine for three hazards: the line counts the other two, once each."""
    fine = then(events.MeasureRecorded, actor=p.officer, kind="罚款", covers=(p.TWIN_ID, p.TWIN_ID))
    folded = entered(LEDGER, [*told(d.GENERAL_ORDERED), fine])
    row = folded.shown()[-1]
    assert (row.get("covers"), folded.counted(row.key, "covers")) == (1, {p.TWIN_ID})


def test_a_later_order_of_the_same_body_takes_the_place_of_the_earlier() -> None:
    """Another body's order stands beside it."""
    again = d.ordered.but(document=p.number("应急责改〔2026〕9号"), due=p.day(20))
    first, second = lines(LEDGER, d.GENERAL_ORDERED, again)
    assert (first["standing"], second["standing"]) == ("已由新指令替代", "有效")
    assert (first["due"], second["due"]) == ("2026-04-01", "2026-03-22")
    other = told(d.GENERAL_ORDERED)[-1].model_copy(update={"actor": p.fireman})
    assert [row.get("standing") for row in entered(LEDGER, [*told(d.GENERAL_ORDERED), other]).shown()] == ["有效"] * 2


def test_an_extended_order_stands_its_day_moved() -> None:
    """The cell tells by which grant."""
    history = told(d.GENERAL_ORDERED, d.asked_for_time, d.granted)
    (row,) = entered(LEDGER, history).shown()
    assert (row.get("due"), row.cells["due"], row.get("standing")) == ("2026-04-16", len(history), "有效")


def test_a_revoked_order_says_by_what() -> None:
    """Act, deciding body, paper, reasons."""
    (row,) = lines(LEDGER, d.GENERAL_ORDERED, s.revoked)
    assert (row["standing"], row["revocation"]) == ("自行撤销", "县应急管理局：应急撤〔2026〕1号：适用法律有误")
    stopped = _of("责令暂时停产停业（停止使用）", STOP, REVOKED)
    assert stopped["standing"] == "自行撤销"
    assert _of("责令限期整改", STOP, REVOKED)["standing"] == "有效"


def test_an_order_to_stop_from_beginning_to_end() -> None:
    """Ordered, obeyed, asked, refused, on trial, resumed."""

    def standing(*steps: object) -> object:
        return _of("责令暂时停产停业（停止使用）", STOP, *steps)["standing"]

    asked = (s.complied, d.planned_major, d.submitted_major, d.asked_to_resume)
    assert standing() == "有效"
    assert standing(s.complied) == "已停产停用"
    assert standing(s.complied.but(complied=False)) == "未停产停用"
    assert standing(*asked) == "已申请复产"
    assert standing(*asked, s.resumption_refused) == "已停产停用"
    assert standing(*asked, trial) == "试生产"
    assert standing(*asked, trial, d.asked_to_resume, s.resumption_refused) == "试生产"
    assert standing(*asked, d.passed, d.resumed) == "已复产"


def test_the_line_of_a_resumed_order_tells_who_consented() -> None:
    """Scope, approver of the stop, reviewers and consent of the resumption; the end of the trial is no more."""
    asked = (s.complied, d.planned_major, d.submitted_major, d.asked_to_resume)
    row = _of("责令暂时停产停业（停止使用）", STOP, *asked, trial, d.passed, d.resumed)
    assert (row["content"], row["complied"], row["applied_by"]) == ("打磨间", "已停产停用：打磨间已断电", "安全员俞")
    assert (row["approved_by"], row["reviewers"], row["consented_by"]) == ("应急局长", "执法员赵、执法员杨", "应急局长")
    assert (row["resumed"], row.get("trial_until")) == ("打磨间", None)


def test_the_number_of_an_oral_order_follows() -> None:
    """Until it is there the line says so; what else the order lacked it lacks still; the paper has a line too."""
    oral = d.stopped.but(document=None, document_pending=True)
    before = _of("责令暂时停产停业（停止使用）", d.inspected, oral)
    assert (before["document"], before["flags"]) == ("文书待补", "未判定、文书待补")
    number = by(
        p.director,
        do.SignDocument,
        kind="现场处理措施决定书",
        number="应急现决〔2026〕8号",
        signed_by=p.sign(p.director)[0],
        suspension="suspension-2",
    )
    order, paper = lines(LEDGER, d.inspected, oral, number)
    assert (order["document"], order["flags"]) == ("应急现决〔2026〕8号", "未判定")
    assert (paper["kind"], paper["standing"], paper["approved_by"]) == ("现场处理措施决定书", "已签发", "应急局长")
    late = but(told(d.inspected, oral, number)[-1], flags=(Flag.DOCUMENT_LATE,))
    first, _ = entered(LEDGER, [*told(d.inspected, oral), late]).shown()
    assert first.get("flags") == "未判定、文书逾期补"


def test_another_body_s_order_is_told_as_that_body_s() -> None:
    """Whoever entered it: the two officers on the paper say whose it is."""
    theirs = told(d.inspected, d.stopped)[-1].model_copy(
        update={"kind": SuspensionKind.OTHER_BODY, "officers": p.sign(p.fireman, p.second_fireman)}
    )
    learnt = told(d.inspected.but(actor=p.fireman, found_by=p.finder(p.FIRE)))
    (row,) = entered(LEDGER, [*learnt, theirs]).shown()
    assert (row.get("kind"), row.get("body")) == ("其他机关责令停产停业", "县消防救援大队")


def test_a_proposal_is_open_until_a_person_answers() -> None:
    """Taken up by a measure, or declined with reasons: the line tells by whom."""
    proposal = "proposal-4"
    asked = (*d.GENERAL_ORDERED, s.escalated.but(draft="约谈通知书"))
    open_ = _of("提请：约谈通知书", asked)
    assert (open_["standing"], open_["proposal"]) == ("提请（建议）·待签批", "G03（L2）")
    declined = _of("提请：约谈通知书", asked, s.declined_measure)
    assert (declined["standing"], declined["answer"], declined["answered_by"]) == ("不予采纳", "先约谈", "应急局长")
    taken = _of("提请：约谈通知书", asked, FINE.but(answers=proposal))
    assert (taken["standing"], taken["answer"]) == ("已采纳", "罚款：应急罚〔2026〕1号")
    assert _of("罚款", asked, FINE.but(answers=proposal))["proposal"] == "G03（L2）"


def test_a_reminder_is_no_proposal() -> None:
    """系统提醒 of level 0 and 1 is not listed, unless somebody answered it."""
    reminded = (*d.GENERAL_ORDERED, s.escalated.but(level=1))
    assert [row["kind"] for row in lines(LEDGER, reminded)] == ["责令限期整改"]
    assert [row["kind"] for row in lines(LEDGER, reminded, s.declined_measure)] == ["责令限期整改", "提请"]


def test_an_answer_to_a_proposal_that_is_not_told_is_kept() -> None:
    """As of a cut-off before it: what is known is listed."""
    history = told(d.GENERAL_ORDERED, s.escalated, s.declined_measure)
    row = entered(LEDGER, history, without=(3,)).shown()[-1]
    assert (row.get("kind"), row.get("standing"), row.get("answer")) == ("提请", "不予采纳", "先约谈")


def test_a_revoked_listing_is_not_told_here() -> None:
    """It has a ledger of its own."""
    gone = then(
        events.OrderRevoked,
        order="listing",
        target="suspension-4",
        act=RevocationAct.REVOKED,
        deciding_body=p.ref(p.EM),
        reasons="误挂",
    )
    assert entered(LEDGER, [*told(STOP), gone]).shown()[-1].get("standing") == "有效"


def test_the_stage_stands_beside() -> None:
    """An order is told as it was given; that its hazard is done, the stage says."""
    row = _of("责令限期整改", d.MAJOR_ORDERED, DONE)
    assert (row["standing"], row["stage"]) == ("有效", "复查合格·待销号")
