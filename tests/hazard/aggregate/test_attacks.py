"""How one would get a hazard off the books without rectifying it. Each way is tried, and closed.

Simpler tries stand with the rule that they try: other bodies' listings in test_listing.py, borrowed names in
test_verifying.py, mergers in test_merging_and_withdrawing.py, 历史补录 in test_historical.py.
"""

import pytest

from contracts import commands as do
from contracts import events
from contracts.base import DocumentRef
from contracts.parties import BodyRef, Party, Person, Signatory
from contracts.terms import (
    Grade,
    PartyChange,
    PartyKind,
    RegradeKind,
    ReopeningKind,
    RevocationAct,
    Role,
    Stage,
    Trigger,
    WithdrawalKind,
    WorkersBody,
)
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import downgraded, look_back, revoked
from tests.scenario import Deed, by, days, given


@pytest.mark.parametrize(
    "kind", [PartyKind.HOUSEHOLD, PartyKind.VILLAGE, PartyKind.PUBLIC_BODY, PartyKind.UNKNOWN], ids=str
)
def test_an_enterprise_is_nothing_else_to_escape_the_double_report(kind: PartyKind) -> None:
    """Not when it finds, not when it renames itself, not when a township officer changes it."""
    posing = p.FACTORY.model_copy(update={"kind": kind})
    given().when(d.self_suspected.but(party=posing)).then_refused(RuleBroken, code="other_party")
    changed = by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.IDENTIFIED, party=posing)
    for actor in (p.officer, p.checker):
        given(*d.MAJOR_VERIFIED[:2]).when(changed.but(actor=actor)).then_refused(RuleBroken, code="other_party")
    told = d.told_inside.but(party=posing)
    given(d.self_found, d.graded_general).when(told).then_refused(RuleBroken, code="other_party")


def test_a_new_tenant_tells_its_own_workers() -> None:
    """The meeting of the one who left counts for him, not for who came."""
    moved = by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.NEW_TENANT, party=p.RIVAL)
    given(*d.MAJOR_REPORTED, moved).when(d.closed).then_refused(RuleBroken, because="别家工厂", code="incomplete")


def test_a_co_partys_meeting_is_not_the_leads() -> None:
    """Nor the other way round."""
    shared = (d.inspected, d.graded_major, d.shared_with_tenant, *d.MAJOR_VERIFIED[2:], d.told_regulator)
    tenants = d.told_workers.but(actor=p.tenant_head, present=3, total=3)
    given(*shared, tenants).when(d.closed).then_refused(RuleBroken, because="甲镇铸造厂", code="incomplete")


def test_a_public_lead_does_not_hide_an_enterprise_co_party() -> None:
    """双报告 where any party is an enterprise, whoever leads."""
    with_factory = d.shared_with_tenant.but(party=p.FACTORY)
    road = given(d.inspected.but(party=p.STATION), d.graded_major, with_factory)
    assert road.hazard.needs_dual_report


def test_downgraded_instead_of_rectified() -> None:
    """Step by step, by one's own people, after asking nicely: a downgrade mends a mistake, by two, with an expert."""
    major = given(d.MAJOR_ORDERED)
    one_step = downgraded.but(grade=Grade.SUSPECTED_MAJOR)
    major.when(one_step.but(determined_by=())).then_refused(RuleBroken, code="two_names")
    halfway = major.and_then(one_step)
    assert halfway.hazard.is_major
    halfway.when(downgraded.but(determined_by=p.sign(p.officer))).then_refused(RuleBroken, code="two_names")
    halfway.when(d.officer_graded_general).then_refused(WrongStage)
    town = (p.checker, p.second_checker)
    theirs = downgraded.but(actor=town[0], determined_by=p.sign(*town))
    major.when(theirs).then_refused(NotPermitted, code="other_body")
    borrowed = tuple(one.model_copy(update={"body": "em"}) for one in p.sign(*town))
    major.when(theirs.but(determined_by=borrowed)).then_refused(NotPermitted, because="本单位名义", code="other_body")


def test_suspected_again_by_a_friend_to_become_its_determining_body() -> None:
    """Raising to suspected changes who determined it last; lowering still wants an office above that one."""
    friend = by(p.cadre, do.RegradeHazard, grade=Grade.SUSPECTED_MAJOR, kind=RegradeKind.NEW_EVIDENCE, reasons="看着险")
    raised = given(d.inspected, d.officer_graded_general, friend)
    alone = downgraded.but(actor=p.cadre, determined_by=p.sign(p.cadre, p.second_cadre))
    raised.when(alone).then_refused(NotPermitted, code="role")
    given(d.MAJOR_ORDERED).when(friend).then_refused(RuleBroken, code="not_a_mistake")


def test_withdrawn_and_found_again_smaller() -> None:
    """A major one is withdrawn by two officers only; back again, it is as grave as it was."""
    mine = by(p.safety, do.WithdrawHazard, kind=WithdrawalKind.ERROR, reasons="误报")
    given(d.self_found, d.owner_graded_major).when(mine).then_refused(NotPermitted, code="separation")


@pytest.mark.parametrize(
    "deed",
    [
        d.passed.but(verifiers=()),
        d.ordered.but(officers=()),
        d.stopped.but(officers=()),
        downgraded.but(determined_by=()),
        d.ceased.but(seen_by=()),
        d.resumed.but(reviewers=()),
    ],
    ids=lambda deed: deed.kind.__name__,
)
def test_an_empty_list_of_names_is_no_names(deed: Deed) -> None:
    """Nobody signs nothing."""
    history = (d.inspected, d.graded_major, d.ordered, d.planned_major, d.submitted_major)
    at_v = (*d.MAJOR_ORDERED, d.stopped, d.planned_major, d.submitted_major, d.passed)
    before = {do.ResumeOperations: at_v, do.AssignHazard: history[:2], do.RegradeHazard: history[:3]}
    given(before.get(deed.kind, history)).when(deed).then_refused(RuleBroken)


@pytest.mark.parametrize(
    "second",
    [
        Signatory(id="third-2", name="执法员赵", body="em", certificate="应急-99"),
        Signatory(id="third-3", name=" 执法员 赵", body="em", certificate="应急-98"),
        Signatory(id="other", name="执法员钱", body="em", certificate="应急-13"),
    ],
    ids=["second id", "spaced name", "same certificate"],
)
def test_one_person_is_not_two(second: Signatory) -> None:
    """Not by another id, a blank in the name, or another name on the same certificate."""
    alone = d.passed.but(verifiers=(*p.sign(p.third_officer), second))
    given(d.MAJOR_SUBMITTED).when(alone).then_refused(RuleBroken, code="two_names")


def test_two_people_of_one_name_in_two_bodies_are_two() -> None:
    """A common name is no crime."""
    namesake = Signatory(id="zhao-fire", name="执法员赵", body="fire", certificate="消防-77")
    joint = d.inspected.but(found_by=p.finder(p.EM, p.FIRE))
    case = given(joint, *d.GENERAL_SUBMITTED[1:])
    case.when(d.passed.but(verifiers=(*p.sign(p.third_officer), namesake))).then_stage(Stage.VERIFIED)


def test_an_officer_borrows_no_office() -> None:
    """His own name stands with his own body and in a role that he holds."""
    borrowed = p.sign(p.checker)[0].model_copy(update={"body": "em"})
    posing = d.passed.but(actor=p.checker, verifiers=(borrowed, *p.sign(p.third_officer)))
    given(d.MAJOR_SUBMITTED).when(posing).then_refused(NotPermitted, code="other_body")
    lead = p.sign(p.officer)[0].model_copy(update={"role": Role.REGULATOR_LEAD})
    self_made = d.ceased.but(seen_by=(lead, *p.sign(p.second_officer)))
    given(d.MAJOR_ORDERED).when(self_made).then_refused(NotPermitted, code="role")


def test_a_joint_inspection_in_name_only() -> None:
    """Bodies named beside one's own do not lend a stranger's signature; the second name is of a body that took part."""
    joint = (d.inspected.but(found_by=p.finder(p.EM, p.TOWN)), *d.MAJOR_SUBMITTED[1:])
    stranger = d.passed.but(verifiers=p.sign(p.third_officer, p.fireman))
    given(joint).when(stranger).then_refused(NotPermitted, code="other_body")
    given(joint).when(d.passed.but(verifiers=p.sign(p.third_officer, p.checker))).then_stage(Stage.VERIFIED)


def test_the_deadline_moved_by_a_friendly_hand() -> None:
    """A renewed order, a word inside, a plan, a pause, a township's notice, a transfer: the day stays."""
    before = given(d.GENERAL_ORDERED)
    later = d.ordered.but(due=p.day(90), document=p.number("应急责改〔2026〕9号"))
    before.when(later).then_refused(RuleBroken, code="use_extension")
    before.when(d.told_inside.but(due=p.day(90))).then_refused(RuleBroken, code="use_extension")
    before.when(d.planned.but(due=p.day(90))).then_refused(RuleBroken, code="after_deadline")
    for harmless in (
        d.noticed.but(actor=p.checker, due=p.day(90)),
        by(p.director, do.PauseClock, reasons="洪水", until=p.day(90)),
        d.transferred.but(actor=p.director, to_body=p.ref(p.TOWN)),
    ):
        assert before.when(harmless).hazard.deadline == p.day(30)


def test_a_listings_end_lengthens_nothing_by_itself() -> None:
    """The order's day stands when the listing has gone, and the other way round."""
    both = given(*d.MAJOR_ORDERED, d.county_listed.but(deadline=p.day(25)))
    gone = both.when(revoked).then(events.OrderRevoked)
    assert gone.hazard.deadline == p.day(25)


def test_a_court_that_nobody_has_heard_of() -> None:
    """An empty paper annuls nothing; nor does one's own body play the court."""
    court = revoked.but(
        actor=p.checker,
        order="listing",
        act=RevocationAct.ANNULLED_BY_COURT,
        deciding_body=BodyRef(name="法院"),
    )
    listed = given(*d.MAJOR_ORDERED, d.county_listed)
    listed.when(court.but(document=DocumentRef(number="口头"))).then_refused(RuleBroken, because="扫描件")
    ours = court.but(deciding_body=p.ref(p.TOWN))
    listed.when(ours).then_refused(NotPermitted, code="other_body")


def test_revoked_by_an_officer_to_spare_the_review() -> None:
    """What two reviewers and a lead resume, no single officer revokes; nor a listing by a department's lead."""
    stopped = given(*d.MAJOR_ORDERED, d.stopped, d.county_listed)
    for order in ("suspension", "order"):
        stopped.when(revoked.but(actor=p.officer, order=order)).then_refused(NotPermitted, code="role")
    stopped.when(revoked.but(actor=p.director, order="listing")).then_refused(NotPermitted, code="other_body")
    upper = p.mayor.model_copy(update={"roles": (Role.REGULATOR_LEAD,)})
    stopped.when(revoked.but(actor=upper, order="listing")).then_refused(NotPermitted, code="role")


def test_taken_over_by_ordering_first() -> None:
    """A township that orders before the county does not thereby keep the county out."""
    town = (p.town_officer, p.second_town_officer)
    first = given(d.inspected, d.graded_major, d.ordered.but(actor=town[0], officers=p.sign(*town)))
    first.when(d.stopped).then(events.SuspensionOrdered)
    first.when(d.ordered).then(events.HazardAssigned)
    first.when(d.passed.but(trigger=Trigger.SPOT_CHECK)).then(events.VerificationPassed)
    fire = d.ordered.but(actor=p.fireman, officers=p.sign(p.fireman, p.second_fireman))
    first.when(fire).then_refused(NotPermitted, code="power")


def test_transferred_to_a_friend_without_power() -> None:
    """Who takes it over closes no major hazard without the power, nor ends what others ordered."""
    sent = (d.transferred.but(actor=p.director, to_body=p.ref(p.OTHER_TOWN)), d.taken_over.but(actor=p.other_checker))
    held = given(*d.MAJOR_SUBMITTED, d.stopped, *sent, d.passed, d.told_regulator, d.told_workers)
    held.when(d.closed.but(actor=p.other_town_lead)).then_refused(RuleBroken, because="复产同意")
    resumed = held.and_then(d.resumed)
    resumed.when(d.closed.but(actor=p.other_town_lead)).then_refused(NotPermitted, code="power")


def test_a_handover_is_not_shaken_off_by_another() -> None:
    """A lower assignment leaves the city waiting for its result."""
    county = by(p.secretary, do.AssignCompetence, to_body=p.ref(p.TOWN), from_superior=True, reasons="转镇办理")
    assert given(d.inspected, d.assigned_from_above, county).hazard.handed_down_by == ("city-em", "committee")


def test_reopened_as_self_reported_to_hide_a_false_claim() -> None:
    """An officer's finding is not entered as the enterprise's own word, whoever's paper he shows."""
    posing = by(p.for_(p.owner, p.officer), do.ReopenHazard, kind=ReopeningKind.SELF_REPORTED, reasons="自己发现")
    given(d.MAJOR_CLOSED).when(posing).then_refused(NotPermitted, code="role")
    given(d.MAJOR_CLOSED).when(posing.but(kind=ReopeningKind.LOOK_BACK)).then_refused(NotPermitted)


def test_a_reopened_hazard_forgets_no_duty() -> None:
    """Its claim is void, its deadline long past, its grade and orders stand; it is verified and struck off anew."""
    open_again = given(*d.MAJOR_CLOSED, look_back)
    assert open_again.hazard.claim is None
    assert open_again.hazard.grade is Grade.MAJOR
    assert open_again.hazard.is_overdue(p.day(31))
    open_again.when(d.closed).then_refused(WrongStage)


def test_reported_to_a_friend() -> None:
    """The village is no regulator, and a name without a body is nobody."""
    to_village = d.told_regulator.but(receiver=p.ref(p.VILLAGE))
    given(d.MAJOR_VERIFIED).when(to_village).then_refused(RuleBroken, code="other_body")


def test_staff_forgotten_by_a_new_name() -> None:
    """A change that is silent on the headcount does not open the way to `not_applicable`."""
    silent = Party(id="factory", name="新厂名", head=None)
    renamed = by(p.owner, do.ChangeResponsibleParty, kind=PartyChange.RENAMED, party=silent)
    nobody = d.told_workers.but(body=WorkersBody.NOT_APPLICABLE, confirmed_by=p.sign(p.regulator)[0], minutes=p.PAPER)
    given(*d.MAJOR_VERIFIED, renamed).when(nobody).then_refused(RuleBroken, code="has_staff")


def test_the_old_head_countersigns_as_a_worker() -> None:
    """He who signs the meeting as head is not the worker who countersigns, under any name of his."""
    twin = Person(id="worker-7", name="厂长牛")
    given(d.MAJOR_VERIFIED).when(d.told_workers.but(countersigned_by=twin)).then_refused(NotPermitted)


def test_back_dated_to_be_on_the_spot() -> None:
    """What was submitted late under an early date carries both: the difference is shown, and 24 hours still bind."""
    found = given(d.self_found)
    told_late = found.when(d.on_the_spot, at=days(0.5), world=p.WORLD)
    assert told_late.event is not None
    assert told_late.event.recorded_at >= told_late.event.occurred_at
    found.when(d.on_the_spot, at=days(1.01)).then_refused(RuleBroken, code="too_late")


def test_nothing_is_ever_taken_back_from_a_history() -> None:
    """Every act adds one event; those before it stay what they were."""
    steps = (*d.MAJOR_CLOSED, look_back, d.submitted_major, d.passed)
    story = given()
    for step in steps:
        longer = story.and_then(step)
        assert longer.history[:-1] == story.history
        story = longer
    assert len(story.history) == len(steps)
