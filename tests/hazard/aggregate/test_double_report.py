"""双报告: to the regulator and to the workers (安全生产法 art. 41)."""

import pytest

from contracts import events
from contracts.directory import Body
from contracts.parties import BodyRef, Person
from contracts.terms import PartyKind, Role, WorkersBody
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import acknowledged
from tests.scenario import given

MAJOR = (d.inspected, d.graded_major)
nobody_employed = d.told_workers.but(
    body=WorkersBody.NOT_APPLICABLE, confirmed_by=p.sign(p.regulator)[0], minutes=p.PAPER
)


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        (p.ref(p.VILLAGE), "other_body"),
        (p.ref(p.NEIGHBOUR), "other_body"),
        (p.ref(p.OTHER_TOWN), "other_body"),
        (BodyRef(id="nowhere", name="查无此单位"), "unknown_body"),
        (BodyRef(name="我们自己"), "unknown_body"),
        (BodyRef(id="factory", name="甲镇铸造厂"), "unknown_body"),
    ],
)
def test_a_report_goes_to_a_regulator(receiver: BodyRef, code: str) -> None:
    """A body of the directory whose area this is; not a village, not another area's, not the enterprise itself."""
    given(MAJOR).when(d.told_regulator.but(receiver=receiver)).then_refused(RuleBroken, code=code)


@pytest.mark.parametrize("body", [p.EM, p.TOWN, p.CITY_EM], ids=lambda body: body.id)
def test_township_county_or_city_may_receive_it(body: Body) -> None:
    """Each gets its receipt."""
    given(MAJOR).when(d.told_regulator.but(receiver=p.ref(body))).then(events.ReportedToRegulator)


def test_going_past_the_head_is_the_safety_managers() -> None:
    """Art. 46: nobody else goes past a head who does not act."""
    past = d.told_regulator.but(bypass=True)
    given(MAJOR).when(past).then(events.ReportedToRegulator, bypass=True)
    given(MAJOR).when(past.but(actor=p.owner)).then_refused(NotPermitted, code="role")


def test_a_receipt_by_the_receiver_or_the_competent_body() -> None:
    """It stops that report's clock and no other."""
    waiting = given(*MAJOR, d.told_regulator.but(receiver=p.ref(p.TOWN)))
    waiting.when(acknowledged.but(actor=p.checker)).then(events.ReportAcknowledged)
    waiting.and_then(d.ordered).when(acknowledged).then(events.ReportAcknowledged)
    waiting.when(acknowledged.but(actor=p.fireman)).then_refused(NotPermitted, code="other_body")
    both = waiting.and_then(d.told_regulator)
    both.when(acknowledged).then_refused(RuleBroken, code="ambiguous")
    both.when(acknowledged.but(report="report-4")).then(events.ReportAcknowledged, report="report-4")
    both.and_then(acknowledged.but(report="report-4")).when(acknowledged.but(report="report-4")).then_refused(
        RuleBroken, code="no_such"
    )


@pytest.mark.parametrize(
    ("change", "because", "code"),
    [
        ({"held_on": None}, "会议日期", "incomplete"),
        ({"total": None}, "应到人数", "incomplete"),
        ({"present": None}, "实到人数", "incomplete"),
        ({"signed_sheet": None}, "签到表", "incomplete"),
        ({"countersigned_by": None}, "职工签名", "incomplete"),
        ({"present": 0}, "实到人数", "attendance"),
        ({"present": 31}, "实到人数", "attendance"),
        ({"held_on": p.day(1)}, "会议日期", "future"),
    ],
)
def test_a_meeting_carries(change: dict[str, object], because: str, code: str) -> None:
    """Body, date, n of N, a signed sheet, a countersigner."""
    given(MAJOR).when(d.told_workers.but(**change)).then_refused(RuleBroken, because=because, code=code)


def test_the_head_does_not_countersign() -> None:
    """Nor under a second id, nor through a recorder; the steward does."""
    for head in (p.name(p.owner), Person(id="owner-2", name="厂长 牛")):
        given(MAJOR).when(d.told_workers.but(countersigned_by=head)).then_refused(NotPermitted, code="separation")
        entered = d.told_workers.but(actor=p.for_(p.owner, p.cadre), countersigned_by=head)
        given(MAJOR).when(entered).then_refused(NotPermitted, code="separation")
    given(MAJOR).when(d.told_workers.but(actor=p.steward)).then(events.ReportedToWorkers)


def test_nobody_employed_is_the_regulators_word() -> None:
    """not_applicable + regulator: an officer of a regulator confirms, or his signed paper does; staff refutes it."""
    given(MAJOR).when(nobody_employed).then_refused(RuleBroken, because="从业人员30人", code="has_staff")
    alone = p.FACTORY.model_copy(update={"staff": None})
    empty = given(d.inspected.but(party=alone), d.graded_major)
    empty.when(nobody_employed).then(events.ReportedToWorkers)
    empty.when(nobody_employed.but(confirmed_by=None)).then_refused(RuleBroken, because="确认人", code="incomplete")
    empty.when(nobody_employed.but(minutes=None, signed_sheet=None)).then_refused(
        RuleBroken, because="签字确认", code="incomplete"
    )
    on_site = p.for_(p.owner, p.regulator)
    empty.when(nobody_employed.but(actor=on_site, minutes=None, signed_sheet=None)).then(events.ReportedToWorkers)
    grander = p.sign(p.regulator)[0].model_copy(update={"role": Role.REGULATOR_LEAD})
    empty.when(nobody_employed.but(actor=on_site, confirmed_by=grander)).then_refused(NotPermitted, code="role")
    himself = p.sign(p.safety)[0]
    empty.when(nobody_employed.but(confirmed_by=himself)).then_refused(RuleBroken, code="incomplete")
    posing = himself.model_copy(update={"role": Role.REGULATOR})
    empty.when(nobody_employed.but(confirmed_by=posing)).then_refused(NotPermitted, code="other_body")


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (PartyKind.ENTERPRISE, True),
        (PartyKind.SOLE_TRADER, True),
        (PartyKind.PUBLIC_BODY, False),
        (PartyKind.VILLAGE, False),
        (PartyKind.HOUSEHOLD, False),
    ],
)
def test_who_owes_it(kind: PartyKind, *, wanted: bool) -> None:
    """Major with an enterprise party; nobody for a general hazard."""
    party = p.FACTORY.model_copy(update={"kind": kind})
    major = given(d.inspected.but(party=party), d.graded_major).hazard
    assert major.needs_dual_report is wanted
    assert not given(d.inspected.but(party=party), d.officer_graded_general).hazard.needs_dual_report


def test_reports_of_workers_come_late_too() -> None:
    """Also after the closing."""
    given(d.MAJOR_CLOSED).when(d.told_workers).then(events.ReportedToWorkers)
