from contracts import commands as do
from contracts import events
from contracts.terms import Origin
from services.projection.ledgers.transfers import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.folding import fold
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.told import then
from tests.scenario import by, days

FIRE = d.inspected.but(actor=p.fireman, found_by=p.finder(p.FIRE))
by_committee = by(p.secretary, do.AssignCompetence, to_body=p.ref(p.EM), reasons="两次退回")


def test_a_line_for_each_transfer_and_none_without() -> None:
    """From whom, to whom, why, by which paper, and when the party was told."""
    assert lines(LEDGER, d.MAJOR_CLOSED) == []
    (row,) = lines(LEDGER, FIRE, d.transferred)
    assert {key: row[key] for key in ("kind", "from_body", "sender", "to_body", "reasons", "document")} == {
        "kind": "移送",
        "from_body": "县消防救援大队",
        "sender": "消防大队长",
        "to_body": "县应急管理局",
        "reasons": "不属消防监管",
        "document": "消移〔2026〕2号",
    }
    assert (row["party_told_on"], row["outcome"], row["party"]) == ("2026-03-02", "待接收", "甲镇铸造厂")
    assert row["sent_at"] == "2026-03-02T09:00:00+08:00"


def test_accepted_by_whom_and_when() -> None:
    """With the receiver's own paper."""
    taken = d.taken_over.but(document=p.number("应急收〔2026〕8号"))
    (row,) = lines(LEDGER, FIRE, d.transferred, taken)
    assert (row["outcome"], row["answered_by"], row["answerer"]) == ("已接收", "县应急管理局", "执法员秦")
    assert (row["receipt"], row["answered_at"]) == ("应急收〔2026〕8号", "2026-03-02T09:00:00+08:00")


def test_sent_back_names_the_competent_body() -> None:
    """The next transfer has a line of its own; the first stays as it was answered."""
    first, second = lines(LEDGER, FIRE, d.transferred, s.refused_back, d.transferred.but(to_body=p.ref(p.ROADS)))
    assert (first["outcome"], first["competent_body"], first["answer"]) == ("已退回", "县交通运输局", "公路法")
    assert (second["to_body"], second["outcome"]) == ("县交通运输局", "待接收")


def test_an_assignment_ends_what_still_waits() -> None:
    """The county decides: nobody need answer the transfer any more."""
    transfer, decision = lines(LEDGER, FIRE, d.transferred, by_committee)
    assert (transfer["outcome"], transfer["answerer"]) == ("由上级指定", "安委办主任")
    assert (decision["kind"], decision["outcome"], decision["to_body"]) == ("指定监管", "指定即生效", "县应急管理局")


def test_a_handover_waits_for_nobody() -> None:
    """交办函: with its day and what is asked."""
    (row,) = lines(LEDGER, d.road_sank, d.cadre_graded_general, d.handed_over.but(measures="回填夯实"))
    assert (row["kind"], row["to_body"], row["due"], row["reasons"]) == ("交办", "县公路站", "2026-03-12", "回填夯实")
    assert "outcome" not in row
    assert lines(LEDGER, d.GENERAL_ORDERED) == []


def test_the_result_is_told_to_whoever_handed_it_down() -> None:
    """On the line of that body's assignment, though another transfer was accepted later."""
    above = d.assigned_from_above.but(document=p.number("市应急交〔2026〕6号"))
    history = (d.inspected, above, *d.GENERAL_VERIFIED[1:], d.told_above)
    (row,) = lines(LEDGER, history)
    assert (row["kind"], row["document"]) == ("上级交办", "市应急交〔2026〕6号")
    assert (row["result"], row["result_to"]) == ("已整改，复查合格", "市应急管理局")
    assert row["result_at"] == "2026-03-02T09:00:00+08:00"
    told_twice = [*told(history), told(history)[-1]]
    assert [one.get("kind") for one in entered(LEDGER, told_twice).shown()] == ["上级交办", "办理结果反馈"]


def test_each_superior_has_its_own_answer() -> None:
    """Two handed it down: the answer to the first is not written on the line of the second."""
    city, county = by(p.inspector, do.AssignCompetence, to_body=p.ref(p.EM), reasons="市级交办"), by_committee
    result = then(events.ResultReported, actor=p.officer, to_body=p.ref(p.CITY_EM), content="已整改")
    first, second = entered(LEDGER, [*told(d.inspected, county.but(reasons="县级交办"), city), result]).shown()
    assert (first.get("result"), second.get("result")) == (None, "已整改")
    swapped = then(events.ResultReported, actor=p.officer, to_body=p.ref(p.COMMITTEE), content="已整改")
    first, second = entered(LEDGER, [*told(d.inspected, county.but(reasons="县级交办"), city), swapped]).shown()
    assert (first.get("result"), second.get("result")) == ("已整改", None)


def test_the_result_of_what_was_taken_over_last() -> None:
    """Told to somebody who handed over nothing, it is that of the latest line; what was sent back has none."""
    history = told(FIRE, d.transferred, s.refused_back, d.transferred, d.taken_over)
    result = then(events.ResultReported, actor=p.officer, to_body=p.ref(p.CITY_EM), content="已整改")
    above = told(d.inspected, by_committee)[-1]
    back, taken = entered(LEDGER, [*history, result]).shown()
    assert (back.get("result"), taken.get("result")) == (None, "已整改")
    _, taken, last = entered(LEDGER, [*history, above, result]).shown()
    assert (taken.get("result"), last.get("result")) == (None, "已整改")


def test_a_report_is_answered_without_any_transfer() -> None:
    """办理结果反馈 of a 举报 stands on a line of its own: nobody handed it over."""
    result = then(events.ResultReported, actor=p.officer, to_body=p.ref(p.EM), content="查实", receipt="12350-0420")
    (row,) = entered(LEDGER, [*told(d.reported), result]).shown()
    assert (row.get("kind"), row.get("result_receipt"), row.get("from_body")) == ("办理结果反馈", "12350-0420", None)


def test_what_came_over_before_it_was_entered_is_a_line() -> None:
    """移送接收: who found it handed it over; who enters it took it."""
    found = told(d.inspected)[0].model_copy(
        update={"origin": Origin.TRANSFERRED_IN, "found_by": p.finder(p.FIRE, p.EM)}
    )
    (row,) = entered(LEDGER, [found]).shown()
    assert (row.get("kind"), row.get("from_body"), row.get("to_body")) == ("移送接收", "县消防救援大队", "县应急管理局")
    assert row.get("outcome") == "已接收"


def test_an_id_is_shown_until_somebody_tells_the_name() -> None:
    """Events name the actor's body by id; the name is learnt from any hazard that tells it."""
    found, sent = told(FIRE, d.transferred)
    nameless = found.model_copy(update={"found_by": ()})
    (unnamed,) = entered(LEDGER, [nameless, sent]).shown()
    assert unnamed.get("from_body") == "fire"
    (row,) = fold(LEDGER, [(p.TWIN_ID, found), (p.HAZARD_ID, nameless), (p.HAZARD_ID, sent)]).shown()
    assert row.get("from_body") == "县消防救援大队"


def test_an_answer_without_its_transfer_begins_nothing() -> None:
    """As of a day before the transfer was told."""
    assert entered(LEDGER, told(FIRE, d.transferred, d.taken_over), without=(1,)).shown() == []


def test_the_line_follows_its_hazard() -> None:
    """Its stage and words are the hazard's of today; the cell tells by which event."""
    history = told(FIRE, d.transferred, s.corrected.but(actor=p.fireman), d.officer_graded_general.but(actor=p.fireman))
    (row,) = entered(LEDGER, history).shown()
    assert (row.get("place"), row.cells["place"]) == ("打磨二间", 3)
    assert (row.get("stage"), row.get("grade")) == ("待交办", "一般事故隐患")


def test_the_moment_is_told_by_who_acts_not_by_who_stores() -> None:
    """Entered three days later, the line says when it was sent."""
    late = told(FIRE, d.transferred)[1].model_copy(update={"recorded_at": days(3)})
    (row,) = entered(LEDGER, [*told(FIRE), late]).shown()
    assert row.get("sent_at") == "2026-03-02T09:00:00+08:00"
