"""登记 · 判定 · 调整 · 更正 · 来源 · 陈述申辩."""

import pytest

from contracts import commands as do
from contracts import events
from contracts.acts.intake import Determination, NameCorrection
from contracts.parties import Actor, Principal
from contracts.terms import BasisKind, Flag, Grade, Origin, RegradeKind, Role, Stage, Verdict
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import answered, corrected, downgraded, objected, ruled, withdrawn
from tests.scenario import Deed, by, given

SELF = (Origin.SELF, Origin.SELF_AFTER_NOTICE)


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize(
    "actor",
    [p.worker, p.safety, p.cadre, p.checker, p.officer, p.regulator, p.inspector, p.expert, p.intake],
    ids=lambda actor: actor.id,
)
def test_who_may_say_how_it_came_to_light(origin: Origin, actor: Actor) -> None:
    """An enterprise checks itself, a village patrols, an expert assists, 举报 is taken in; only offices inspect."""
    may = {
        "worker": SELF,
        "safety": SELF,
        "cadre": {Origin.PATROL},
        "checker": {Origin.PATROL, Origin.ASSISTANCE, Origin.INSPECTION, Origin.TRANSFERRED_IN},
        "officer": {Origin.ASSISTANCE, Origin.INSPECTION, Origin.TRANSFERRED_IN},
        "regulator": {Origin.ASSISTANCE, Origin.INSPECTION, Origin.TRANSFERRED_IN},
        "inspector": {Origin.INSPECTION},
        "expert": {Origin.ASSISTANCE},
        "intake": {Origin.REPORT},
    }[actor.id]
    found_by = p.finder(p.TOWN) if actor is p.expert else ()
    outcome = given().when(d.self_found.but(actor=actor, origin=origin, notice="检查通知3号", found_by=found_by))
    if origin in may:
        outcome.then(events.HazardFound, origin=origin).then_stage(Stage.FOUND)
    else:
        outcome.then_refused(NotPermitted, because="无此权限")


def test_a_finding_needs_a_place() -> None:
    """Where it is can be said even when the enterprise is unknown."""
    given().when(d.inspected.but(place=None)).then_refused(RuleBroken, because="排查地点", code="incomplete")
    given().when(d.inspected.but(party=None)).then(events.HazardFound).then_flagged(Flag.PARTY_UNKNOWN)


def test_an_enterprise_finds_on_its_own_ground() -> None:
    """A self-check names the party, and the party is the finder's own."""
    given().when(d.self_found.but(party=p.RIVAL)).then_refused(NotPermitted, code="area")
    given().when(d.self_found.but(party=None)).then_refused(RuleBroken, because="责任单位", code="incomplete")


def test_a_township_finds_in_its_own_area() -> None:
    """甲镇 in 甲镇, not in 乙镇; the county covers both, the city the county."""
    elsewhere = d.town_inspected.but(area="320623105")
    given().when(elsewhere).then_refused(NotPermitted, code="area")
    given().when(elsewhere.but(actor=p.officer)).then(events.HazardFound)
    given().when(elsewhere.but(actor=p.inspector)).then(events.HazardFound)
    given().when(d.inspected.but(actor=p.neighbour_officer)).then_refused(NotPermitted, code="area")


def test_self_after_notice_names_the_notice() -> None:
    """检查通知后自查: the notice addressed to that enterprise, or the visit."""
    found = d.self_found.but(origin=Origin.SELF_AFTER_NOTICE)
    given().when(found).then_refused(RuleBroken, because="检查通知", code="incomplete")
    given().when(found.but(visit="visit-7")).then(events.HazardFound)


def test_the_reporter_is_in_no_field() -> None:
    """举报: the actor is the intake officer; neither finders nor a principal may hold the reporter."""
    found = given().when(d.reported).then(events.HazardFound, finders=())
    assert [finder.id for finder in found.hazard.finders] == ["intake"]
    given().when(d.reported.but(finders=(p.name(p.worker),))).then_refused(RuleBroken, code="reporter_hidden")
    hidden = d.reported.but(actor=p.for_(p.worker, p.intake))
    given().when(hidden).then_refused(RuleBroken, code="reporter_hidden")


def test_nobody_finds_in_another_bodys_name() -> None:
    """The actor's body is one of the finding bodies; a self-check has none."""
    given().when(d.inspected.but(found_by=p.finder(p.FIRE, p.TOWN))).then_refused(NotPermitted, code="other_body")
    given().when(d.self_found.but(found_by=p.finder(p.EM))).then_refused(RuleBroken, code="self_found")
    bodiless = p.officer.model_copy(update={"body": None})
    given().when(d.inspected.but(actor=bodiless)).then_refused(RuleBroken, because="发现单位", code="incomplete")


def test_a_recorder_enters_a_self_check() -> None:
    """代录: with the signed paper, for the party that it names; the village found nothing by that."""
    entered = d.self_found.but(actor=p.for_(p.safety, p.cadre))
    assert given().when(entered).then(events.HazardFound).hazard.found_by == ()
    bare = p.cadre.model_copy(update={"on_behalf_of": Principal(person=p.name(p.safety), enterprise="factory")})
    given().when(d.self_found.but(actor=bare)).then_refused(RuleBroken, because="代录", code="incomplete")
    given().when(entered.but(party=p.RIVAL)).then_refused(NotPermitted, code="area")


@pytest.mark.parametrize("grade", [Grade.GENERAL, Grade.SUSPECTED_MAJOR])
def test_general_and_suspected_by_any_finder_but_a_worker(grade: Grade) -> None:
    """The village may suspect, and calls general what it patrolled."""
    given(d.patrolled).when(d.cadre_graded_general.but(grade=grade)).then_stage(Stage.GRADED)
    worker = p.worker.model_copy(update={"enterprise": "shop"})
    given(d.patrolled).when(d.cadre_graded_general.but(grade=grade, actor=worker)).then_refused(NotPermitted)


def test_major_is_never_the_villages_word() -> None:
    """By enterprise_head or safety_manager on a self-check, by regulator and officer, by a township with the power."""
    major = d.graded_major
    given(d.patrolled).when(major.but(actor=p.cadre)).then_refused(NotPermitted, code="role")
    given(d.patrolled).when(major.but(actor=p.expert)).then_refused(NotPermitted, code="role")
    given(d.self_found).when(major.but(actor=p.owner)).then(events.HazardGraded)
    given(d.inspected).when(major.but(actor=p.owner)).then_refused(NotPermitted, code="role")
    given(d.inspected).when(major.but(actor=p.checker)).then(events.HazardGraded)
    elsewhere = d.inspected.but(area="320623105")
    given(elsewhere).when(major.but(actor=p.other_checker)).then_refused(NotPermitted, code="power")


def test_major_rests_on_a_basis() -> None:
    """A clause of a versioned standard, a written expert opinion, or the general definition; with its decider."""
    found = given(d.inspected)
    found.when(d.graded_major.but(basis=None)).then_refused(RuleBroken, because="判定依据", code="incomplete")
    anonymous = d.clause.model_copy(update={"decided_by": None})
    found.when(d.graded_major.but(basis=anonymous)).then_refused(RuleBroken, because="判定人", code="incomplete")
    opinion = Determination(kind=BasisKind.EXPERT_OPINION, decided_by=p.name(p.officer))
    found.when(d.graded_major.but(basis=opinion)).then_refused(RuleBroken, because="专家意见", code="incomplete")
    found.when(d.graded_major.but(basis=opinion.model_copy(update={"opinion": p.PAPER}))).then(events.HazardGraded)
    definition = Determination(kind=BasisKind.GENERAL_DEFINITION, decided_by=p.name(p.officer))
    found.when(d.graded_major.but(basis=definition)).then_refused(RuleBroken, because="判定理由", code="incomplete")


def test_a_clause_must_exist() -> None:
    """An unknown standard, version or article is refused; an item whose text is not here is 条文待录入."""
    found = given(d.inspected)
    for change, code in (
        ({"standard": "没有的标准"}, "unknown_standard"),
        ({"version": "第11号"}, "unknown_standard"),
        ({"article": 99}, "unknown_clause"),
        ({"item": 9}, "unknown_clause"),
    ):
        basis = d.clause.model_copy(update=change)
        found.when(d.graded_major.but(basis=basis)).then_refused(RuleBroken, code=code)
    known = found.when(d.graded_major).then(events.HazardGraded)
    known.then_flagged()
    later = d.clause.model_copy(update={"article": 11, "item": 3})
    found.when(d.graded_major.but(basis=later)).then_flagged(Flag.CLAUSE_TEXT_MISSING)


def test_an_order_does_not_wait_for_the_grade() -> None:
    """F → A by an order, flagged 未判定; the grade may follow, and the stage stays."""
    ordered = given(d.inspected).when(d.ordered).then_stage(Stage.ASSIGNED).then_flagged(Flag.UNGRADED)
    ordered.after.when(d.officer_graded_general).then_stage(Stage.ASSIGNED)


def test_graded_once() -> None:
    """Then it is regraded."""
    given(d.inspected, d.officer_graded_general).when(d.graded_major).then_refused(WrongStage, code="stage")
    given(d.GENERAL_ORDERED).when(d.graded_major).then_refused(
        WrongStage, because="请用“调整等级”", code="graded_already"
    )
    given(d.inspected).when(downgraded).then_refused(WrongStage, because="请用“判定等级”", code="ungraded")


def test_an_enterprise_does_not_play_down_what_others_found() -> None:
    """It calls general what it found itself; what an officer found, an office grades. It may always suspect more."""
    given(d.inspected).when(d.graded_general).then_refused(NotPermitted, code="role")
    given(d.inspected).when(d.graded_general.but(grade=Grade.SUSPECTED_MAJOR)).then(events.HazardGraded)
    given(d.inspected).when(d.cadre_graded_general).then_refused(NotPermitted, code="role")
    given(d.self_found).when(d.graded_general).then(events.HazardGraded)


def test_what_is_suspected_is_treated_as_major() -> None:
    """Until somebody with the power decides: neither steward nor village calls it general."""
    suspected = given(d.patrolled.but(suspected_major=True))
    assert suspected.hazard.is_major
    suspected.when(d.cadre_graded_general).then_refused(NotPermitted, code="role")
    general = suspected.when(d.officer_graded_general).then(events.HazardGraded)
    assert not general.hazard.is_major
    assert not given(d.patrolled).hazard.is_major, "ungraded counts as general"


def test_upgraded_by_whoever_grades() -> None:
    """F to S; a verified or closed one is reopened first."""
    up = by(
        p.officer, do.RegradeHazard, grade=Grade.MAJOR, kind=RegradeKind.WORSENED, reasons="范围扩大", basis=d.clause
    )
    given(d.GENERAL_ORDERED).when(up).then(events.HazardRegraded)
    given(d.GENERAL_ORDERED).when(up.but(actor=p.cadre)).then_refused(NotPermitted, code="role")
    given(d.GENERAL_VERIFIED).when(up).then_refused(WrongStage, code="stage")
    given(d.GENERAL_ORDERED).when(up.but(grade=Grade.GENERAL)).then_refused(RuleBroken, code="same_grade")


def test_a_downgrade_mends_a_mistake() -> None:
    """Two of the determining body or above, the kind of mistake, reasons, an expert's opinion; never RP."""
    major = given(d.MAJOR_ORDERED)
    major.when(downgraded).then(events.HazardRegraded, grade=Grade.GENERAL)
    for kind in (RegradeKind.WORSENED, RegradeKind.NEW_EVIDENCE):
        major.when(downgraded.but(kind=kind)).then_refused(RuleBroken, because="部分整改", code="not_a_mistake")
    major.when(downgraded.but(opinion=None)).then_refused(RuleBroken, because="专家意见", code="incomplete")
    major.when(downgraded.but(determined_by=p.sign(p.officer))).then_refused(RuleBroken, code="two_names")
    firemen = downgraded.but(actor=p.fireman, determined_by=p.sign(p.fireman, p.second_fireman))
    major.when(firemen).then_refused(NotPermitted, because="原判定单位", code="other_body")
    above = downgraded.but(actor=p.city_director, determined_by=p.sign(p.city_director, p.inspector))
    major.when(above).then(events.HazardRegraded)


def test_the_enterprise_never_downgrades() -> None:
    """Not even its own finding, nor to suspected."""
    own = given(d.self_found, d.owner_graded_major)
    for grade in (Grade.GENERAL, Grade.SUSPECTED_MAJOR):
        alone = downgraded.but(actor=p.owner, grade=grade, determined_by=p.sign(p.owner, p.safety))
        own.when(alone).then_refused(NotPermitted, code="role")


@pytest.mark.parametrize("overlay", [d.county_listed, d.stopped])
def test_no_downgrade_and_no_withdrawal_while_listed_or_suspended(overlay: Deed) -> None:
    """挂牌 or 停产: first the listing or the suspension ends."""
    held = given(d.inspected, d.graded_major, overlay)
    held.when(downgraded).then_refused(RuleBroken, code="listed_or_suspended")
    held.when(withdrawn).then_refused(RuleBroken, code="listed_or_suspended")


def test_corrected_by_the_side_that_wrote_it() -> None:
    """The recording body corrects its own event, the enterprise its own; what happened stays as it was."""
    found = given(d.self_found)
    mended = found.when(corrected).then(events.HazardCorrected, place="打磨二间")
    assert mended.after.history[0] == found.history[0], "no event is ever edited"
    found.when(corrected.but(actor=p.officer)).then_refused(NotPermitted, code="other_body")
    found.when(corrected.but(corrects=7)).then_refused(RuleBroken, code="no_such")
    found.when(corrected.but(place=None)).then_refused(RuleBroken, code="incomplete")
    typed = by(
        p.safety, do.CorrectHazard, corrects=1, reasons="错字", names=(NameCorrection(id="safety", name="俞安"),)
    )
    found.when(typed).then(events.HazardCorrected)


def test_the_responsible_party_does_not_rewrite_what_officers_found() -> None:
    """A correction reaches no further than the event that it corrects: a report of progress holds no description."""
    half = by(p.safety, do.ReportProgress, done="一半", remaining="一半")
    noticed = given(d.inspected, d.officer_graded_general, d.ordered, half)
    mend = by(p.safety, do.CorrectHazard, corrects=4, reasons="笔误")
    for fields in ({"description": "没有隐患"}, {"place": "别处"}, {"category": "人"}, {"photos": ()}):
        noticed.when(mend.but(**fields)).then_refused(RuleBroken, because="第4号", code="not_in_that_event")
    officers = (NameCorrection(id="officer", name="无名"),)
    noticed.when(mend.but(names=officers)).then_refused(RuleBroken, because="officer", code="not_in_that_event")
    own = (NameCorrection(id="safety", name="俞安"),)
    noticed.when(mend.but(names=own)).then(events.HazardCorrected, names=own)


def test_an_enterprise_says_nothing_of_an_officers_name() -> None:
    """Though an event of its own names him."""
    named = d.planned.but(acceptor=p.name(p.second_officer))
    ordered = given(d.inspected, d.officer_graded_general, d.ordered, named)
    renamed = by(
        p.safety, do.CorrectHazard, corrects=4, reasons="x", names=(NameCorrection(id="second-officer", name="无"),)
    )
    ordered.when(renamed).then_refused(NotPermitted, code="other_body")


def test_photos_may_be_taken_back_from_a_finding() -> None:
    """None at all is an answer: the claim then brings photos of before."""
    mend = by(p.safety, do.CorrectHazard, corrects=1, reasons="传错照片", photos=())
    emptied = given(d.self_found).when(mend).then(events.HazardCorrected, photos=())
    assert not emptied.after.hazard.photographed


def test_a_correction_has_no_field_for_anything_that_judges() -> None:
    """Never origin, finder, times, area, grade, deadlines, verdicts: the contract has no such fields."""
    whitelist = {"corrects", "reasons", "description", "place", "category", "photos", "names"}
    common = set(do.StartRectification.model_fields) - {"note"}
    assert set(do.CorrectHazard.model_fields) - common == whitelist


def test_a_ruling_stands_beside_the_origin() -> None:
    """regulator_lead + 1, county or above, with evidence, none of them a finder; the recorded origin stays."""
    found = given(d.inspected)
    outcome = found.when(ruled).then(events.OriginRuled, origin=Origin.SELF)
    assert outcome.hazard.origin is Origin.INSPECTION
    found.when(ruled.but(evidence=())).then_refused(RuleBroken, because="证据", code="incomplete")
    found.when(ruled.but(ruled_by=p.sign(p.director))).then_refused(RuleBroken, code="two_names")
    found.when(ruled.but(ruled_by=p.sign(p.director, p.officer))).then_refused(
        NotPermitted, because="已任发现人", code="separation"
    )
    town = p.town_lead.model_copy(update={"roles": (Role.REGULATOR_LEAD,)})
    low = ruled.but(actor=town, ruled_by=p.sign(town, p.second_checker))
    found.when(low).then_refused(NotPermitted, because="县级以上", code="area")


def test_an_objection_is_answered_by_the_body_but_not_by_its_officers() -> None:
    """Adopted or not, with reasons; neither the officers of the case nor the finders, nor who objected."""
    case = given(d.GENERAL_ORDERED, objected)
    case.when(answered).then(events.ObjectionAnswered, verdict=Verdict.NOT_ADOPTED)
    case.when(answered.but(actor=p.officer, answered_by=p.sign(p.officer))).then_refused(
        NotPermitted, because="本案执法人员", code="separation"
    )
    case.when(answered.but(answered_by=p.sign(p.director, p.officer))).then_refused(NotPermitted, code="separation")
    fire = answered.but(actor=p.fire_chief, answered_by=p.sign(p.fire_chief))
    case.when(fire).then_refused(NotPermitted, because="被申辩单位", code="other_body")
    case.when(answered.but(answered_by=p.sign(p.director, p.fire_chief))).then_refused(NotPermitted, code="other_body")
    posing = p.sign(p.director)[0].model_copy(update={"role": Role.OFFICER})
    case.when(answered.but(answered_by=(posing,))).then_refused(NotPermitted, code="role")
    entered = given(*d.GENERAL_ORDERED, objected.but(actor=p.for_(p.owner, p.regulator)))
    mine = answered.but(actor=p.regulator, answered_by=p.sign(p.regulator))
    entered.when(mine).then_refused(NotPermitted, because="申辩人", code="separation")
    case.and_then(answered).when(answered).then_refused(RuleBroken, code="none_pending")
    given(d.GENERAL_ORDERED, objected, objected).when(answered).then_refused(RuleBroken, code="ambiguous")
