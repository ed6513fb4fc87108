from services.projection.ledgers.extensions import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import extension_refused, merged, revoked, withdrawn
from tests.projection.ledgers.lines import entered, lines, told
from tests.scenario import given

ASKED = (*d.GENERAL_ORDERED, d.asked_for_time)


def test_a_request_says_from_which_day_to_which() -> None:
    """Until somebody decides it waits."""
    (row,) = lines(LEDGER, ASKED)
    assert (row["result"], row["asked_by"], row["of"]) == ("待决定", "安全员俞", "责令限期整改")
    assert (row["from_due"], row["asked_until"], row["due"]) == ("2026-04-01", "2026-04-16", "2026-04-01")
    assert (row["reasons"], row["interim_controls"]) == ("配件未到货", "断电挂牌，专人看守")


def test_granted_until_an_earlier_day_than_asked() -> None:
    """The line keeps both, and the deadline in force moved."""
    (row,) = lines(LEDGER, ASKED, d.granted.but(until=p.day(40)))
    assert (row["result"], row["until"], row["asked_until"]) == ("准予延期", "2026-04-11", "2026-04-16")
    assert (row["due"], row["from_due"], row["decided_by"]) == ("2026-04-11", "2026-04-01", "应急局长")


def test_refused_the_deadline_stays() -> None:
    """With the reasons."""
    (row,) = lines(LEDGER, ASKED, extension_refused)
    assert (row["result"], row["refusal"], row["due"]) == ("不准延期", "无需采购", "2026-04-01")
    assert "until" not in row


def test_each_request_has_its_line() -> None:
    """A second one counts from the day that the first was granted."""
    first, second, third = lines(
        LEDGER, ASKED, extension_refused, d.asked_for_time, d.granted, d.asked_for_time.but(until=p.day(60))
    )
    assert (first["result"], second["result"], third["result"]) == ("不准延期", "准予延期", "待决定")
    assert (second["from_due"], third["from_due"]) == ("2026-04-01", "2026-04-16")
    assert {row["due"] for row in (first, second, third)} == {"2026-04-16"}


def test_verified_before_anybody_decided_it_lapses() -> None:
    """Nobody needs more time; a later request is another line."""
    (row,) = lines(LEDGER, ASKED, d.planned, d.submitted, d.passed)
    assert (row["result"], row["stage"]) == ("未决定（复查合格·待销号）", "复查合格·待销号")
    (before,) = lines(LEDGER, ASKED, d.planned, d.submitted)
    assert before["result"] == "待决定"


def test_a_request_that_waits_was_asked_by_its_own_event() -> None:
    """What moves the stage meanwhile is no reason for what the line says of the request."""
    (row,) = entered(LEDGER, told(ASKED, d.planned, d.started, d.submitted)).shown()
    assert row.cells["result"] == row.cells["asked_at"] == 4


def test_of_a_hazard_merged_or_withdrawn_nobody_decides() -> None:
    """The stage says why."""
    world = p.world_with({p.TWIN_ID: given(d.self_found, d.graded_general).hazard})
    together = given(d.SELF_ASSIGNED, d.asked_for_time, world=world).and_then(merged.but(actor=p.safety))
    (gone,) = entered(LEDGER, together.history).shown()
    assert gone.get("result") == "未决定（已并案）"
    (back,) = lines(LEDGER, ASKED, withdrawn)
    assert back["result"] == "未决定（已撤销）"


def test_inside_the_enterprise_the_head_decides() -> None:
    """Of its own day."""
    grants = d.granted.but(actor=p.owner, decided_by=p.sign(p.owner)[0])
    (row,) = lines(LEDGER, d.SELF_ASSIGNED, d.asked_for_time, grants)
    assert (row["of"], row["from_due"], row["decided_by"]) == ("企业内部交办", "2026-03-12", "厂长牛")


def test_a_notices_day_is_named_as_such() -> None:
    """Not as an order, which it is not."""
    (row,) = lines(LEDGER, d.patrolled, d.cadre_graded_general, d.noticed, d.asked_for_time.but(actor=p.shopkeeper))
    assert (row["of"], row["asked_by"]) == ("隐患整改告知", "店主方")


def test_of_a_listing() -> None:
    """With the supervising body's opinion."""
    grants = d.granted.but(actor=p.mayor, decided_by=p.sign(p.mayor)[0], supervisor_opinion="情况属实")
    asked = d.asked_for_time.but(until=p.day(28))
    (row,) = lines(LEDGER, d.MAJOR_ORDERED, d.county_listed.but(deadline=p.day(20)), asked, grants)
    assert (row["of"], row["from_due"], row["until"]) == ("挂牌督办", "2026-03-22", "2026-03-30")
    assert row["supervisor_opinion"] == "情况属实"


def test_entered_for_the_party_it_is_the_partys_word() -> None:
    """代录: the line names who signed the paper."""
    recorded = d.asked_for_time.but(actor=p.for_(p.owner, p.checker))
    (row,) = lines(LEDGER, d.GENERAL_ORDERED, recorded)
    assert row["asked_by"] == "厂长牛"


def test_a_revoked_order_leaves_no_deadline() -> None:
    """On every line of that hazard."""
    (row,) = lines(LEDGER, ASKED, extension_refused, revoked)
    assert "due" not in row


def test_a_grant_without_its_request_still_has_a_line() -> None:
    """As of an earlier moment the request may be left out."""
    history = told(ASKED, d.granted)
    (row,) = entered(LEDGER, history, without=[3]).shown()
    assert (row.get("result"), row.get("until"), row.get("asked_at")) == ("准予延期", "2026-04-16", None)
