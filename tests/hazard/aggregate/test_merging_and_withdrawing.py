"""并案 · 撤销: what should not stand beside another record, or not at all; and nothing serious gets lost on the way."""

from contracts import commands as do
from contracts import events
from contracts.terms import Grade, ReopeningKind, Role, Stage, WithdrawalKind
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import merged, withdrawn
from tests.scenario import Deed, Given, Outcome, Step, by, days, given

SELF_GENERAL = (d.self_found, d.graded_general)
own_merger = merged.but(actor=p.safety)
own_withdrawal = by(p.safety, do.WithdrawHazard, kind=WithdrawalKind.ERROR, reasons="看错了")


def merge_into(survivor: Given, absorbed: Given, deed: Deed = merged) -> Outcome:
    """The absorbed one merges into that other hazard."""
    return absorbed.when(deed, world=p.world_with({p.TWIN_ID: survivor.hazard}))


def later(*steps: Step) -> Given:
    """The same found a day later."""
    first, *rest = steps
    assert isinstance(first, Deed)
    return given(Deed(first.actor, first.kind, first.fields, days(1)), *rest)


def test_the_earlier_record_survives() -> None:
    """By `recorded_at`: the later one is merged into it, in one event on the absorbed hazard."""
    merge_into(given(d.inspected), later(d.inspected)).then(events.HazardMerged).then_stage(Stage.MERGED)
    merge_into(later(d.inspected), given(d.inspected)).then_refused(RuleBroken, code="survivor_is_later")


def test_the_survivor_is_another_open_hazard() -> None:
    """Neither itself, nor one that does not exist, nor one that is closed."""
    found = given(d.inspected)
    found.when(merged).then_refused(RuleBroken, because="不存在", code="unknown_hazard")
    itself = p.world_with({p.HAZARD_ID: found.hazard})
    found.when(merged.but(survivor=p.HAZARD_ID), world=itself).then_refused(RuleBroken, code="survivor_not_open")
    merge_into(given(d.MAJOR_CLOSED), later(d.inspected)).then_refused(RuleBroken, code="survivor_not_open")


def test_an_enterprise_merges_only_two_self_found_general_ones() -> None:
    """And both its own."""
    merge_into(given(SELF_GENERAL), later(*SELF_GENERAL), own_merger).then_stage(Stage.MERGED)
    inspected = given(d.inspected)
    merge_into(inspected, later(*SELF_GENERAL), own_merger).then_refused(NotPermitted, because="自查", code="role")
    merge_into(given(SELF_GENERAL), later(d.inspected), own_merger).then_refused(NotPermitted, code="role")
    merge_into(given(SELF_GENERAL), later(d.self_suspected), own_merger).then_refused(NotPermitted, code="role")
    rivals = given(d.self_found.but(actor=p.rival, party=p.RIVAL))
    merge_into(rivals, later(*SELF_GENERAL), own_merger).then_refused(NotPermitted, code="area")


def test_orders_listings_and_suspensions_stand_on_the_survivor() -> None:
    """Of the same bodies; merging ends none of them."""
    twin = (d.inspected, d.graded_major)
    for overlay in (d.ordered, d.county_listed, d.stopped):
        bare, both = given(twin), given(*twin, overlay)
        merge_into(bare, later(*twin, overlay)).then_refused(RuleBroken, code="overlay_would_be_lost")
        merge_into(both, later(*twin, overlay.but(deadline=p.day(60)) if overlay is d.county_listed else overlay)).then(
            events.HazardMerged
        )


def test_merging_lowers_no_grade() -> None:
    """A major or suspected hazard is not absorbed by a lesser one."""
    merge_into(given(d.inspected), later(d.inspected, d.graded_major)).then_refused(
        RuleBroken, code="grade_would_be_lost"
    )
    suspected = d.officer_graded_general.but(grade=Grade.SUSPECTED_MAJOR)
    merge_into(given(d.inspected, suspected), later(d.inspected, d.graded_major)).then_refused(
        RuleBroken, code="grade_would_be_lost"
    )
    merge_into(given(d.inspected, d.graded_major), later(d.inspected, suspected)).then(events.HazardMerged)


def test_merging_moves_no_deadline_back() -> None:
    """The survivor's order is due no later."""
    slow = given(d.inspected, d.officer_graded_general, d.ordered.but(due=p.day(90)))
    merge_into(slow, later(*d.GENERAL_ORDERED)).then_refused(
        RuleBroken, because="2026-04-01", code="deadline_would_be_lost"
    )


def test_merging_takes_nothing_from_the_authoritys_eyes() -> None:
    """What officers verify is not absorbed by what the enterprise accepts itself."""
    merge_into(given(SELF_GENERAL), later(d.inspected)).then_refused(RuleBroken, code="class_would_be_lost")
    own_but_ordered = given(*SELF_GENERAL, d.ordered)
    merge_into(own_but_ordered, later(d.inspected)).then(events.HazardMerged)


def test_a_superiors_handover_is_not_merged_away() -> None:
    """The survivor must be handed down too, or the superior would wait for ever."""
    handed = (d.inspected, d.assigned_from_above)
    merge_into(given(d.inspected), later(*handed)).then_refused(RuleBroken, code="overlay_would_be_lost")
    merge_into(given(*handed), later(*handed)).then(events.HazardMerged)


def test_one_thing_has_one_set_of_parties() -> None:
    """Another enterprise's hazard absorbs nothing, before that party is among its parties."""
    rivals = d.inspected.but(party=p.RIVAL)
    merge_into(given(rivals), later(d.inspected)).then_refused(RuleBroken, code="other_party")


def test_a_township_merges_into_nothing_beyond_its_area() -> None:
    """The survivor too lies in the actor's area."""
    far = given(d.inspected.but(area="320623105"))
    merge_into(far, later(d.inspected), merged.but(actor=p.checker)).then_refused(NotPermitted, code="area")


def test_an_enterprise_takes_back_its_own_general_finding() -> None:
    """Safety manager or head; not the worker's right, not a major one, not what others found."""
    given(SELF_GENERAL).when(own_withdrawal).then_stage(Stage.WITHDRAWN)
    given(SELF_GENERAL).when(withdrawn).then_refused(NotPermitted, because="企业主要负责人", code="role")
    given(d.self_suspected).when(own_withdrawal).then_refused(NotPermitted, code="separation")
    given(d.self_found, d.owner_graded_major).when(own_withdrawal).then_refused(NotPermitted, code="separation")
    given(d.inspected).when(own_withdrawal).then_refused(NotPermitted, code="separation")


def test_others_withdraw_by_their_lead_or_two_names() -> None:
    """Of the finding body, or one above it."""
    found = given(d.town_inspected)
    lead = by(p.town_lead, do.WithdrawHazard, kind=WithdrawalKind.WRONG_AREA, reasons="属乙镇")
    found.when(lead).then_stage(Stage.WITHDRAWN)
    found.when(lead.but(actor=p.checker)).then_refused(RuleBroken, code="two_names")
    two = lead.but(actor=p.checker, names=p.sign(p.checker, p.second_checker))
    found.when(two).then_stage(Stage.WITHDRAWN)
    found.when(two.but(names=p.sign(p.second_checker, p.town_officer))).then_refused(RuleBroken, code="two_names")
    found.when(two.but(names=p.sign(p.checker, p.fireman))).then_refused(NotPermitted, code="other_body")
    borrowed = (p.sign(p.checker)[0].model_copy(update={"role": Role.OFFICER}), *p.sign(p.second_checker))
    found.when(two.but(names=borrowed)).then_refused(NotPermitted, code="role")
    found.when(lead.but(actor=p.fire_chief)).then_refused(NotPermitted, because="发现单位", code="other_body")


def test_what_no_body_found_the_competent_body_withdraws() -> None:
    """An old record may not say which body found it."""
    clerk = p.officer.model_copy(update={"body": None})
    nobody = given(d.inspected.but(actor=clerk, historical="旧台账", found_by=()))
    fire = withdrawn.but(actor=p.fireman, names=p.sign(p.fireman, p.second_fireman))
    nobody.when(fire).then_refused(NotPermitted, because="有管辖权", code="other_body")
    nobody.when(withdrawn).then_stage(Stage.WITHDRAWN)


def test_a_major_one_wants_two_of_the_competent_body() -> None:
    """≥ 2 regulator or officer; a township lead alone does not do."""
    major = given(d.town_inspected, d.graded_major)
    major.when(withdrawn).then_stage(Stage.WITHDRAWN)
    major.when(withdrawn.but(actor=p.town_lead)).then_refused(NotPermitted, code="role")
    major.when(withdrawn.but(names=p.sign(p.officer))).then_refused(RuleBroken, code="two_names")
    strangers = withdrawn.but(actor=p.fireman, names=p.sign(p.fireman, p.second_fireman))
    major.when(strangers).then_refused(NotPermitted, code="other_body")


def test_a_withdrawal_ends_nobody_elses_order() -> None:
    """An order is revoked by its body; until then its hazard stays."""
    patrol = given(d.town_inspected, d.officer_graded_general, d.ordered)
    lead = by(p.town_lead, do.WithdrawHazard, kind=WithdrawalKind.ERROR, reasons="误报")
    patrol.when(lead).then_refused(NotPermitted, because="县应急管理局", code="other_body")
    given(*SELF_GENERAL, d.ordered).when(own_withdrawal).then_refused(NotPermitted, code="other_body")


def test_a_hazard_that_comes_back_keeps_its_grade() -> None:
    """Withdrawn in error → F; it is graded as it was or higher, and lowered only as any other."""
    back = given(
        d.inspected,
        d.graded_major,
        withdrawn,
        by(p.officer, do.ReopenHazard, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="确有隐患"),
    )
    assert back.hazard.stage is Stage.FOUND
    back.when(d.officer_graded_general).then_refused(WrongStage, code="graded_already")
    back.when(d.graded_major).then_stage(Stage.GRADED)
