"""整改时限 · 延期: the deadline in force is the earliest, and few things move it."""

import pytest

from contracts import events
from contracts.terms import AssignmentKind, Role
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import extension_refused, revoked
from tests.scenario import Deed, days, given

ASKED = (*d.GENERAL_ORDERED, d.asked_for_time)
INSIDE = (*d.SELF_ASSIGNED, d.asked_for_time)
head_grants = d.granted.but(actor=p.owner, decided_by=p.sign(p.owner)[0])
town_grants = d.granted.but(actor=p.town_lead, decided_by=p.sign(p.town_lead)[0])
town_ordered = d.ordered.but(
    actor=p.town_officer, officers=p.sign(p.town_officer, p.second_town_officer), due=p.day(20)
)


def test_the_deadline_in_force_is_the_earliest() -> None:
    """Of order and listings; what was merely assigned counts where there are none."""
    assigned = given(d.self_found, d.owner_graded_major, d.told_inside)
    assert assigned.hazard.deadline == p.day(10)
    ordered = assigned.and_then(d.ordered)
    assert ordered.hazard.deadline == p.day(30)
    listed = ordered.and_then(d.county_listed.but(deadline=p.day(25)))
    assert listed.hazard.deadline == p.day(25)
    assert listed.and_then(d.city_listed.but(deadline=p.day(15))).hazard.deadline == p.day(15)


def test_two_orders_stand_side_by_side() -> None:
    """No body's order replaces another's: the earlier day counts."""
    two = given(d.inspected, d.officer_graded_general, town_ordered, d.ordered)
    assert (len(two.hazard.orders), two.hazard.deadline) == (2, p.day(20))


def test_one_request_at_a_time_and_later_than_the_deadline() -> None:
    """Reason, new date, interim controls still in place."""
    given(ASKED).when(d.asked_for_time).then_refused(
        RuleBroken, because="延期至2026-04-16的申请正在办理", code="extension_pending"
    )
    for until in (p.day(29), p.day(30)):
        given(d.GENERAL_ORDERED).when(d.asked_for_time.but(until=until)).then_refused(RuleBroken, code="not_later")
    old = {"historical": "旧卷宗"}
    without = given(d.inspected.but(**old), d.officer_graded_general.but(**old), d.ordered.but(due=None, **old))
    without.when(d.asked_for_time).then_refused(RuleBroken, code="no_deadline")
    given(*ASKED, extension_refused).when(d.asked_for_time).then(events.ExtensionRequested)


@pytest.mark.parametrize("answer", [d.granted, extension_refused], ids=["grant", "refuse"])
def test_an_orders_extension_is_its_bodys_leads(answer: Deed) -> None:
    """regulator_lead (township_lead) of that body or above; not the enterprise, another body, or an officer."""
    may_answer = ((p.director, True), (p.city_director, True), (p.fire_chief, False), (p.owner, False))
    for actor, may in (*may_answer, (p.town_lead, False)):
        outcome = given(ASKED).when(answer.but(actor=actor, decided_by=p.sign(actor)[0]))
        if may:
            assert outcome.event is not None
        else:
            outcome.then_refused(NotPermitted)
    town = (d.inspected, d.officer_graded_general, town_ordered, d.asked_for_time)
    answered_by_town = given(town).when(answer.but(actor=p.town_lead, decided_by=p.sign(p.town_lead)[0]))
    assert answered_by_town.event is not None


def test_an_internal_extension_is_the_heads() -> None:
    """General: enterprise_head; is he the asker, the township_lead; never the asker himself."""
    given(INSIDE).when(head_grants).then(events.ExtensionGranted, until=p.day(45))
    given(INSIDE).when(town_grants).then_refused(NotPermitted, code="role")
    by_head = (*d.SELF_ASSIGNED, d.asked_for_time.but(actor=p.owner))
    given(by_head).when(head_grants).then_refused(NotPermitted, because="延期申请人", code="separation")
    given(by_head).when(town_grants).then(events.ExtensionGranted)
    other = d.granted.but(actor=p.other_town_lead, decided_by=p.sign(p.other_town_lead)[0])
    given(by_head).when(other).then_refused(NotPermitted, code="area")


def test_the_head_asks_through_a_recorder_and_is_still_the_asker() -> None:
    """代录 changes nothing: for whom it was entered has asked, and who entered it has too."""
    entered = (*d.SELF_ASSIGNED, d.asked_for_time.but(actor=p.for_(p.owner, p.checker)))
    given(entered).when(head_grants).then_refused(NotPermitted, code="separation")
    two_hats = p.checker.model_copy(update={"roles": (Role.TOWNSHIP_CHECKER, Role.TOWNSHIP_LEAD)})
    mine = d.granted.but(actor=two_hats, decided_by=p.sign(two_hats)[0])
    given(entered).when(mine).then_refused(NotPermitted, because="延期申请人", code="separation")


def test_a_second_id_grants_nothing() -> None:
    """The same name on the same side is the same person."""
    both = p.safety.model_copy(update={"id": "safety-2", "roles": (Role.ENTERPRISE_HEAD,)})
    given(INSIDE).when(d.granted.but(actor=both, decided_by=p.sign(both)[0])).then_refused(
        NotPermitted, code="separation"
    )


def test_a_major_internal_extension_wants_a_new_report() -> None:
    """enterprise_head + a ReportToRegulator made after the asking."""
    major = (d.self_found, d.owner_graded_major, d.told_inside, d.told_regulator, d.asked_for_time)
    given(major).when(head_grants).then_refused(RuleBroken, because="申请延期后", code="incomplete")
    given(*major, d.told_regulator).when(head_grants).then(events.ExtensionGranted)


def test_a_listings_extension_is_the_listing_authoritys() -> None:
    """After the supervising body's opinion; each listing's own authority, and not the ordering body's lead."""
    asked = given(*d.MAJOR_ORDERED, d.county_listed.but(deadline=p.day(25)), d.asked_for_time)
    mayor = d.granted.but(actor=p.mayor, decided_by=p.sign(p.mayor)[0], supervisor_opinion="理由成立", until=p.day(28))
    assert asked.when(mayor).then(events.ExtensionGranted).hazard.deadline == p.day(28)
    asked.when(mayor.but(supervisor_opinion=None)).then_refused(RuleBroken, because="督办单位意见")
    asked.when(d.granted).then_refused(NotPermitted, code="role")
    later = asked.when(mayor.but(until=None)).then(events.ExtensionGranted, until=p.day(45), of=("listing-4",))
    assert later.hazard.deadline == p.day(30), "the order's day stays"


def test_granted_later_than_in_force_and_no_later_than_asked() -> None:
    """And the decider signs himself."""
    given(ASKED).when(d.granted.but(until=p.day(46))).then_refused(RuleBroken, code="more_than_asked")
    given(ASKED).when(d.granted.but(until=p.day(30))).then_refused(RuleBroken, code="not_later")
    given(ASKED).when(d.granted.but(decided_by=p.sign(p.deputy)[0])).then_refused(NotPermitted, code="not_named")
    given(d.GENERAL_ORDERED).when(d.granted).then_refused(RuleBroken, code="none_pending")


def test_a_deadline_that_moved_forward_meanwhile_is_not_moved_back() -> None:
    """A new earlier order stands while an extension of the other is granted."""
    asked = given(d.inspected, d.officer_graded_general, town_ordered, d.asked_for_time)
    asked = asked.and_then(d.ordered.but(due=p.day(15)))
    assert asked.hazard.deadline == p.day(15)
    assert asked.when(town_grants).then(events.ExtensionGranted, of=("order:town",)).hazard.deadline == p.day(15)


def test_a_failed_verification_leaves_the_deadline() -> None:
    """Whatever the trigger."""
    before = given(d.GENERAL_SUBMITTED)
    after = before.when(d.failed).then(events.VerificationFailed).hazard
    assert (after.deadline, after.dues) == (before.hazard.deadline, before.hazard.dues)


def test_a_pending_extension_lapses_when_verified() -> None:
    """V leaves nothing to extend."""
    assert given(*d.GENERAL_SUBMITTED, d.asked_for_time, d.passed).hazard.extension is None


def test_overdue_days_stay_on_record() -> None:
    """An extension after the day is another deadline; the event of the old one stays."""
    late = given(ASKED).when(d.granted, at=days(35)).then(events.ExtensionGranted)
    assert not late.hazard.is_overdue(p.day(36))
    assert late.hazard.is_overdue(p.day(46))
    assert any(isinstance(event, events.HazardAssigned) and event.due == p.day(30) for event in late.after.history)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (d.ordered, d.ordered.but(due=p.day(60), document=p.number("应急责改〔2026〕9号"))),
        (d.noticed, d.noticed.but(due=p.day(60))),
        (d.noticed, d.noticed.but(actor=p.checker, due=p.day(60))),
        (d.told_inside, d.told_inside.but(due=p.day(60))),
    ],
    ids=["order", "notice", "notice of another", "internal"],
)
def test_a_renewed_assignment_is_no_extension(first: Deed, again: Deed) -> None:
    """While its day has not come, a later day for the same is an extension, and asked for; an earlier one is not."""
    once = given(d.self_found, d.graded_general, first)
    once.when(again).then_refused(RuleBroken, because="延期", code="use_extension")
    assert once.when(again.but(due=p.day(5))).then(events.HazardAssigned).hazard.deadline == p.day(5)


def test_an_internal_word_does_not_take_the_place_of_a_notice() -> None:
    """Both stand: the head who may extend his own word cannot extend the village's day with it."""
    both = given(d.self_found, d.graded_general, d.noticed, d.told_inside, d.asked_for_time)
    both.when(head_grants).then_refused(NotPermitted, code="separation")
    cadres = d.granted.but(actor=p.town_lead, decided_by=p.sign(p.town_lead)[0])
    both.when(cadres).then(events.ExtensionGranted)
    longer = given(d.self_found, d.graded_general, d.noticed)
    longer.when(d.told_inside.but(due=p.day(11))).then_refused(RuleBroken, code="use_extension")


def test_a_notice_does_not_move_an_order() -> None:
    """The order's day counts, whatever else is said beside it."""
    beside = given(*d.GENERAL_ORDERED, d.noticed.but(actor=p.checker, due=p.day(80)))
    assert beside.hazard.deadline == p.day(30)
    assert beside.hazard.orders
    assert AssignmentKind.NOTICE in {due.kind for due in beside.hazard.dues.values()}


def test_the_tenant_does_not_extend_for_the_lessor() -> None:
    """A co-party's head decides nothing for the leading party."""
    shared = given(d.self_found, d.graded_general, d.shared_with_tenant, d.told_inside, d.asked_for_time)
    tenant = d.granted.but(actor=p.tenant_head, decided_by=p.sign(p.tenant_head)[0])
    shared.when(tenant).then_refused(NotPermitted, because="牵头责任单位", code="other_party")


def test_who_else_does_not_decide() -> None:
    """Each in his office: no government for a township's order, no department for an enterprise's own day."""
    town = given(d.inspected, d.officer_graded_general, town_ordered, d.asked_for_time)
    mayor = d.granted.but(actor=p.mayor, decided_by=p.sign(p.mayor)[0])
    town.when(mayor).then_refused(NotPermitted, because="监管部门负责人", code="role")
    by_head = given(*d.SELF_ASSIGNED, d.asked_for_time.but(actor=p.owner))
    by_head.when(d.granted).then_refused(NotPermitted, because="镇街分管负责人", code="role")
    city = given(*d.MAJOR_ORDERED, d.city_listed.but(deadline=p.day(25)), d.asked_for_time)
    city.when(mayor.but(supervisor_opinion="同意")).then_refused(NotPermitted, because="市人民政府", code="other_body")
    borrowed = p.sign(p.director)[0].model_copy(update={"body": "city-em"})
    given(ASKED).when(d.granted.but(decided_by=borrowed)).then_refused(NotPermitted, code="other_body")


def test_the_township_lead_of_that_township() -> None:
    """Also where another township took part in the finding; and not where the township itself is responsible."""
    joint = d.inspected.but(found_by=p.finder(p.EM, p.OTHER_TOWN))
    asked = given(joint, d.officer_graded_general, d.told_inside, d.asked_for_time.but(actor=p.owner))
    other = d.granted.but(actor=p.other_town_lead, decided_by=p.sign(p.other_town_lead)[0])
    asked.when(other).then_refused(NotPermitted, because="管辖范围", code="area")
    chief = p.town_lead.model_copy(update={"id": "chief", "name": "镇长", "roles": (Role.ENTERPRISE_HEAD,)})
    clerk = chief.model_copy(update={"roles": (Role.ENTERPRISE_HEAD, Role.PARTY_OFFICER)})
    own = given(
        d.inspected.but(party=p.TOWN_HALL),
        d.officer_graded_general,
        d.told_inside.but(actor=chief),
        d.asked_for_time.but(actor=clerk),
    )
    own.when(town_grants).then_refused(NotPermitted, because="责任单位", code="separation")


def test_what_was_revoked_meanwhile_is_not_extended() -> None:
    """There is no day left to move; the request can only be refused or lapse."""
    given(*ASKED, revoked).when(d.granted).then_refused(RuleBroken, because="已不存在", code="lapsed")
