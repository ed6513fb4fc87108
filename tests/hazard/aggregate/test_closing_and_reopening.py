"""报告整改完成 · 销号 · 重新立项."""

import pytest

from contracts import commands as do
from contracts import events
from contracts.parties import Signatory
from contracts.terms import (
    DelistingGround,
    Flag,
    Grade,
    PartyKind,
    ReopeningKind,
    Role,
    Stage,
    Trigger,
    VerificationMode,
    WithdrawalKind,
)
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import look_back, revoked
from tests.scenario import Deed, by, days, given

HELD = (
    d.inspected,
    d.assigned_from_above,
    d.graded_major,
    d.ordered,
    d.county_listed,
    d.city_listed,
    d.stopped,
    d.planned_major,
    d.submitted_major,
    d.passed,
)
COUNTY, CITY = "listing-5", "listing-6"
released: dict[str, Deed] = {
    "向监管部门的报告": d.told_regulator,
    "向职工的报告": d.told_workers,
    "摘牌（县）": d.delisted.but(listing=COUNTY),
    "摘牌（市）": d.delisted.but(actor=p.city_mayor, signed_by=p.sign(p.city_mayor)[0], listing=CITY),
    "复产同意": d.resumed,
    "结果反馈": d.told_above,
}
own_close = d.closed.but(actor=p.owner)
false_claim = by(
    p.officer,
    do.ReopenHazard,
    kind=ReopeningKind.FALSE_RECTIFICATION,
    reasons="照片摆拍",
    officers=p.sign(p.officer, p.third_officer),
    statement_heard="企业承认复查后即搬回",
    evidence=(p.PHOTO,),
)


@pytest.mark.parametrize("missing", list(released))
def test_a_major_hazard_closes_with_nothing_left_open(missing: str) -> None:
    """Both reports, every listing ended, every suspension resumed, the superior's handover answered; any one blocks."""
    all_but_one = [deed for name, deed in released.items() if name != missing]
    given(*HELD, *all_but_one).when(d.closed).then_refused(
        RuleBroken, because=missing.partition("（")[0], code="incomplete"
    )
    given(*HELD, *released.values()).when(d.closed).then_stage(Stage.CLOSED)


def test_a_revoked_suspension_no_longer_blocks() -> None:
    """Resumed or revoked."""
    rest = [deed for name, deed in released.items() if name != "复产同意"]
    given(*HELD, *rest, revoked.but(order="suspension")).when(d.closed).then_stage(Stage.CLOSED)


def test_a_trial_is_not_a_resumption() -> None:
    """It leaves the suspension open."""
    trial = d.resumed.but(trial=True, trial_until=p.day(20))
    tried = given(*d.MAJOR_ORDERED, d.stopped, d.planned_major, d.submitted_major, trial, d.passed)
    tried.and_then(d.told_regulator, d.told_workers).when(d.closed).then_refused(RuleBroken, because="复产同意")


def test_general_ones_want_listings_and_suspensions_ended_too() -> None:
    """But no 双报告."""
    stopped = given(*d.GENERAL_ORDERED, d.stopped, d.planned, d.submitted, d.passed)
    close = d.closed.but(actor=p.officer)
    stopped.when(close).then_refused(RuleBroken, because="复产同意", code="incomplete")
    stopped.and_then(d.resumed).when(close).then_stage(Stage.CLOSED)


@pytest.mark.parametrize(
    ("history", "actors"),
    [
        (d.SELF_VERIFIED, {"owner", "safety"}),
        (d.GENERAL_VERIFIED, {"officer", "director", "third-officer", "deputy", "city-director"}),
        (d.MAJOR_REPORTED, {"director", "deputy", "city-director"}),
    ],
    ids=["E", "O", "M"],
)
def test_who_strikes_it_off(history: tuple[Deed, ...], actors: set[str]) -> None:
    """E safety_manager or owner; O one of the body; major: regulator_lead, or township_lead with the power."""
    people = (p.owner, p.safety, p.cadre, p.checker, p.officer, p.third_officer, p.director, p.deputy)
    for actor in (*people, p.fire_chief, p.fireman, p.city_director):
        outcome = given(history).when(d.closed.but(actor=actor))
        if actor.id in actors:
            outcome.then_stage(Stage.CLOSED)
        else:
            outcome.then_refused(NotPermitted)


def test_what_the_village_passed_the_village_strikes_off() -> None:
    """P village_officer, or an office; what officers passed, no village and no enterprise."""
    me = p.name(p.shopkeeper)
    plan = d.planned.but(actor=p.shopkeeper, responsible=me)
    claim = d.submitted.but(actor=p.shopkeeper, signed_by=me)
    seen = d.accepted_inside.but(actor=p.cadre, verifiers=p.sign(p.cadre), evidence=(p.PHOTO,))
    patrol = given(d.patrolled, d.cadre_graded_general, d.noticed, plan, claim, seen)
    patrol.when(d.closed.but(actor=p.shopkeeper)).then_refused(NotPermitted, because="村（社区）干部", code="role")
    patrol.when(d.closed.but(actor=p.second_cadre)).then_stage(Stage.CLOSED)
    for actor in (p.cadre, p.owner):
        given(d.GENERAL_VERIFIED).when(d.closed.but(actor=actor)).then_refused(NotPermitted, code="role")


def test_what_the_authority_accepted_it_may_strike_off() -> None:
    """The verifier's side."""
    visit = d.accepted_inside.but(actor=p.regulator, verifiers=p.sign(p.regulator), trigger=Trigger.SPOT_CHECK)
    given(*d.SELF_SUBMITTED, visit).when(d.closed.but(actor=p.regulator)).then_stage(Stage.CLOSED)


def test_a_township_lead_closes_a_major_one_with_the_power() -> None:
    """甲镇 ordered and has the power; 乙镇 has none."""
    town = (p.town_officer, p.second_town_officer)
    ordered = d.ordered.but(actor=town[0], officers=p.sign(*town))
    checked = d.passed.but(actor=town[0], verifiers=p.sign(*town))
    base = (d.inspected, d.graded_major, ordered, d.planned_major, d.submitted_major, checked)
    done = given(*base, d.told_regulator, d.told_workers)
    done.when(d.closed.but(actor=p.town_lead)).then_stage(Stage.CLOSED)
    done.when(d.closed.but(actor=p.other_town_lead)).then_refused(NotPermitted, code="area")
    elsewhere = given(d.inspected.but(area="320623105"), *d.MAJOR_REPORTED[1:])
    elsewhere.when(d.closed.but(actor=p.other_town_lead)).then_refused(NotPermitted, code="power")


def test_who_verified_or_is_responsible_does_not_close_a_major_one() -> None:
    """Signer ∉ verifiers, 责任人, 完成人; neither as actor nor as signer, nor under another id."""
    lead_verifies = d.passed.but(
        verifiers=(*p.sign(p.third_officer), p.sign(p.director)[0].model_copy(update={"certificate": "应急-01"}))
    )
    case = given(*d.MAJOR_SUBMITTED, lead_verifies, d.told_regulator, d.told_workers)
    case.when(d.closed).then_refused(NotPermitted, because="复查人员", code="separation")
    again = p.director.model_copy(update={"id": "director-2"})
    case.when(d.closed.but(actor=again)).then_refused(NotPermitted, code="separation")
    case.when(d.closed.but(actor=p.deputy, signed_by=p.sign(p.director)[0])).then_refused(NotPermitted)
    case.when(d.closed.but(actor=p.deputy)).then_stage(Stage.CLOSED)


def test_nor_does_the_person_responsible_or_the_completer() -> None:
    """Also where the enterprise's plan or claim names the very lead who would sign; and he signs in his own office."""
    lead = p.name(p.director)
    for duty, plan, claim in (
        ("整改完成人", d.planned_major.but(completer=lead), d.submitted_major),
        ("整改完成人", d.planned_major, d.submitted_major.but(completer=lead)),
        ("整改责任人", d.planned_major.but(responsible=lead), d.submitted_major.but(signed_by=lead)),
    ):
        case = given(*d.MAJOR_ORDERED, plan, claim, d.passed, d.told_regulator, d.told_workers)
        case.when(d.closed).then_refused(NotPermitted, because=duty, code="separation")
        case.when(d.closed.but(actor=p.deputy)).then_stage(Stage.CLOSED)
    borrowed = p.sign(p.director)[0].model_copy(update={"body": "city-em"})
    given(d.MAJOR_REPORTED).when(d.closed.but(signed_by=borrowed)).then_refused(NotPermitted, code="other_body")


def test_a_village_that_shares_the_duty_does_not_strike_it_off() -> None:
    """The verifier's side does."""
    with_village = d.shared_with_tenant.but(party=p.VILLAGERS)
    me = p.name(p.shopkeeper)
    plan = d.planned.but(actor=p.shopkeeper, responsible=me)
    claim = d.submitted.but(actor=p.shopkeeper, signed_by=me)
    seen = d.accepted_inside.but(actor=p.checker, verifiers=p.sign(p.checker), evidence=(p.PHOTO,))
    case = given(d.patrolled, d.cadre_graded_general, with_village, d.noticed, plan, claim, seen)
    case.when(d.closed.but(actor=p.cadre)).then_refused(NotPermitted, because="责任单位", code="separation")
    case.when(d.closed.but(actor=p.checker)).then_stage(Stage.CLOSED)


def test_a_public_body_does_not_strike_off_its_own() -> None:
    """Not even its lead, with power, a major one that others verified."""
    found = d.inspected.but(party=p.TOWN_HALL)
    clerk = p.town_lead.model_copy(update={"id": "clerk", "name": "镇经办人", "roles": (Role.PARTY_OFFICER,)})
    plan = d.planned_major.but(actor=clerk)
    claim = d.submitted_major.but(actor=clerk)
    general = given(found, d.officer_graded_general, d.handed_over, plan, claim, d.passed)
    general.when(d.closed.but(actor=p.town_lead)).then_refused(NotPermitted, because="责任单位", code="separation")
    case = given(found, d.graded_major, d.ordered, plan, claim, d.passed)
    case.when(d.closed.but(actor=p.town_lead)).then_refused(NotPermitted, code="separation")
    case.when(d.closed).then_stage(Stage.CLOSED)


@pytest.mark.parametrize(
    ("seen_by", "may"),
    [
        (p.sign(p.officer, p.second_officer), True),
        (p.sign(p.officer, p.regulator), True),
        (p.sign(p.officer), False),
        (p.sign(p.officer, p.officer), False),
        (p.sign(p.officer, p.checker), False),
        (p.sign(p.officer, p.cadre), False),
        (p.sign(p.officer, p.neighbour_officer), False),
        (p.sign(p.second_officer, p.third_officer), False),
        ((), False),
    ],
)
def test_gone_is_seen_by_two_on_site(seen_by: tuple[Signatory, ...], *, may: bool) -> None:
    """ceased, major: ≥ 2 regulator or officer names of a body there, the actor one of them unless he leads."""
    outcome = given(d.MAJOR_ORDERED).when(d.ceased.but(seen_by=seen_by))
    assert (outcome.refusal is None) is may
    lead = given(d.MAJOR_ORDERED).when(
        d.ceased.but(actor=p.director, seen_by=p.sign(p.second_officer, p.third_officer))
    )
    lead.then_stage(Stage.CLOSED)


def test_gone_and_general_may_be_seen_by_township_checkers() -> None:
    """And says why; the enterprise itself has no word in it."""
    town = d.ceased.but(actor=p.checker, seen_by=p.sign(p.checker, p.second_checker))
    given(d.GENERAL_ORDERED).when(town).then_stage(Stage.CLOSED)
    given(d.MAJOR_ORDERED).when(town).then_refused(NotPermitted, code="role")
    given(d.GENERAL_ORDERED).when(town.but(grounds=None)).then_refused(RuleBroken, because="灭失情形")
    given(d.GENERAL_ORDERED).when(town.but(actor=p.owner)).then_refused(NotPermitted, code="role")


def test_gone_with_listings_and_suspensions_open() -> None:
    """灭失 is a fact: what is open is ended afterwards."""
    gone = given(*HELD[:-3]).when(d.ceased).then_stage(Stage.CLOSED)
    ended = d.delisted.but(listing=COUNTY, ground=DelistingGround.CEASED)
    gone.after.when(ended).then(events.HazardDelisted)


@pytest.mark.parametrize(
    ("change", "because"),
    [({"after": ()}, "整改后"), ({"signed_by": None}, "责任人签名")],
)
def test_a_claim_carries(change: dict[str, object], because: str) -> None:
    """Before and after, signed by 整改责任人; the before may be the finding's photo."""
    planned = given(*d.GENERAL_ORDERED, d.planned)
    planned.when(d.submitted.but(**change)).then_refused(RuleBroken, because=because, code="incomplete")
    blind = given(d.inspected.but(photos=()), *d.GENERAL_ORDERED[1:], d.planned)
    blind.when(d.submitted).then_refused(RuleBroken, because="整改前", code="incomplete")
    blind.when(d.submitted.but(before=(p.PHOTO,))).then_stage(Stage.SUBMITTED)


def test_the_person_responsible_signs_the_claim() -> None:
    """Of the plan; who stands for his name only is refused."""
    given(*d.GENERAL_ORDERED, d.planned).when(d.submitted.but(signed_by=p.name(p.owner))).then_refused(
        NotPermitted, because="安全员俞", code="not_responsible"
    )


def test_leaving_assigned_needs_the_plan() -> None:
    """五定 (general) or 七项 (major) for the enterprise's claim."""
    given(d.GENERAL_ORDERED).when(d.submitted).then_refused(RuleBroken, because="五定", code="incomplete")
    given(*d.MAJOR_ORDERED).when(d.submitted_major).then_refused(RuleBroken, because="七项", code="incomplete")
    given(d.inspected, d.ordered, d.planned, d.graded_major).when(d.submitted_major).then_refused(
        RuleBroken, because="七项", code="incomplete"
    )


def test_on_the_spot_needs_no_plan_but_is_submitted_and_verified() -> None:
    """From F, G, A or R within 24 hours; it names the completer, and the acceptor is another."""
    for history in ((d.inspected,), (d.inspected, d.officer_graded_general), d.GENERAL_ORDERED):
        given(history).when(d.on_the_spot).then_stage(Stage.SUBMITTED)
    given(d.self_found).when(d.submitted).then_refused(WrongStage, because="待判定", code="stage")
    given(d.self_found).when(d.on_the_spot.but(completer=None)).then_refused(RuleBroken, because="整改完成人")
    same = d.on_the_spot.but(acceptor=p.name(p.mechanic))
    given(d.self_found).when(same).then_refused(NotPermitted, code="separation")
    fixed = given(d.self_found, d.on_the_spot)
    fixed.when(own_close).then_refused(WrongStage, because="已报完成·待复查", code="stage")
    fixed.when(d.accepted_inside).then_flagged(Flag.UNGRADED).then_stage(Stage.VERIFIED)


def test_a_late_claim_is_flagged() -> None:
    """逾期."""
    given(*d.GENERAL_ORDERED, d.planned).when(d.submitted, at=days(31)).then_flagged(Flag.OVERDUE)


@pytest.mark.parametrize("history", [d.GENERAL_VERIFIED, (*d.GENERAL_VERIFIED, d.closed)])
def test_look_back_by_the_competent_body(history: tuple[Deed, ...]) -> None:
    """V or C → R; the fire brigade does not, a superior inspector does; nor the enterprise."""
    given(history).when(look_back).then_stage(Stage.RECTIFYING)
    given(history).when(look_back.but(actor=p.fireman)).then_refused(NotPermitted, code="other_body")
    given(history).when(look_back.but(actor=p.inspector)).then_stage(Stage.RECTIFYING)
    given(history).when(look_back.but(actor=p.owner)).then_refused(NotPermitted, code="role")


def test_self_reported_is_the_partys_word() -> None:
    """No officer reports it for the party, nor a recorder: it would hide what an officer found."""
    relapse = by(p.owner, do.ReopenHazard, kind=ReopeningKind.SELF_REPORTED, reasons="又坏了")
    given(d.MAJOR_CLOSED).when(relapse).then_stage(Stage.RECTIFYING)
    given(d.MAJOR_CLOSED).when(relapse.but(actor=p.officer)).then_refused(NotPermitted, code="role")
    given(d.MAJOR_CLOSED).when(relapse.but(actor=p.rival)).then_refused(NotPermitted, code="area")


def test_false_rectification_is_ruled_by_two_after_hearing() -> None:
    """≥ 2 officers, one not among those who passed it; statement heard; evidence."""
    closed = given(d.MAJOR_CLOSED)
    closed.when(false_claim).then_stage(Stage.RECTIFYING)
    same = false_claim.but(actor=p.third_officer, officers=p.sign(p.third_officer, p.fourth_officer))
    closed.when(same).then_refused(NotPermitted, because="原复查人员", code="separation")
    renamed = tuple(one.model_copy(update={"id": f"{one.id}-2"}) for one in same.fields["officers"])
    posing = p.third_officer.model_copy(update={"id": "third-officer-2"})
    closed.when(same.but(actor=posing, officers=renamed)).then_refused(NotPermitted, code="separation")
    closed.when(false_claim.but(statement_heard=None)).then_refused(RuleBroken, because="陈述申辩")
    closed.when(false_claim.but(evidence=())).then_refused(RuleBroken, because="证据")
    closed.when(false_claim.but(officers=p.sign(p.officer))).then_refused(RuleBroken, code="two_names")
    closed.when(false_claim.but(actor=p.owner)).then_refused(NotPermitted, code="role")
    closed.when(false_claim.but(actor=p.checker)).then_refused(NotPermitted, code="role")


def test_closed_in_error_and_withdrawn_in_error() -> None:
    """C → R; only what was withdrawn goes back to F."""
    error = look_back.but(kind=ReopeningKind.CLOSED_IN_ERROR)
    given(d.MAJOR_CLOSED).when(error).then_stage(Stage.RECTIFYING)
    back = look_back.but(kind=ReopeningKind.WITHDRAWN_IN_ERROR)
    given(d.MAJOR_CLOSED).when(back).then_refused(WrongStage, code="stage")
    withdrawn = by(p.safety, do.WithdrawHazard, kind=WithdrawalKind.ERROR, reasons="误报")
    gone = given(d.self_found, withdrawn)
    gone.when(error).then_refused(WrongStage, code="stage")
    gone.when(back).then_stage(Stage.FOUND)


def test_what_is_open_again_is_verified_anew() -> None:
    """A reopened hazard does not close on its old verification."""
    open_again = given(*d.MAJOR_CLOSED, look_back)
    open_again.when(d.closed).then_refused(WrongStage, because="整改中", code="stage")
    again = open_again.and_then(d.submitted_major, d.passed)
    again.when(d.closed).then_stage(Stage.CLOSED)


def test_a_major_hazard_does_not_close_on_a_general_verification() -> None:
    """Ungraded, accepted by its own enterprise, then called major: reopened first."""
    accepted = given(d.self_found, d.on_the_spot, d.accepted_inside)
    accepted.when(d.graded_major).then_refused(WrongStage, because="重新立项", code="reopen_first")
    accepted.when(d.graded_major.but(grade=Grade.GENERAL, basis=None)).then_stage(Stage.VERIFIED)
    reopened = accepted.and_then(look_back, d.graded_major)
    reopened.when(d.closed).then_refused(WrongStage, code="stage")


def test_a_major_hazard_of_nobody_is_not_closed() -> None:
    """Whose workers and whose regulator? The party is found out first."""
    for party in (None, p.FACTORY.model_copy(update={"kind": PartyKind.UNKNOWN})):
        found = (d.inspected.but(party=party), d.graded_major)
        spot = d.passed.but(trigger=Trigger.SPOT_CHECK, mode=VerificationMode.ON_SITE)
        order = d.ordered.but(party=None if party else p.FACTORY.model_copy(update={"kind": PartyKind.UNKNOWN}))
        case = given(*found, order, spot)
        case.when(d.closed).then_refused(RuleBroken, because="查明责任单位", code="incomplete")
