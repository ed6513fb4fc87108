"""policy.md section 5, row by row: each everyday case walks its whole path."""

from datetime import timedelta

from contracts import commands as do
from contracts import events, words
from contracts.acts.intake import Determination
from contracts.terms import (
    AssignmentKind,
    BasisKind,
    ClosureKind,
    DelistingGround,
    FailureResult,
    Flag,
    Grade,
    Origin,
    PartyChange,
    PartyKind,
    ReopeningKind,
    RevocationAct,
    Stage,
    SuspensionKind,
    Trigger,
    VerificationMode,
    WorkersBody,
)
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.scenario import by, days, given


def test_five_staff_without_a_congress_meet_as_an_assembly() -> None:
    """5 staff, no 职代会: 职工大会 5 of 5, signed sheet, one employee who is not the head countersigns."""
    small = (d.inspected.but(party=p.WORKSHOP), d.graded_major, d.ordered, d.planned_major, d.submitted_major, d.passed)
    meeting = d.told_workers.but(body=WorkersBody.ASSEMBLY, present=5, total=5)
    given(small, d.told_regulator).when(meeting.but(countersigned_by=p.name(p.owner))).then_refused(
        NotPermitted, because="企业主要负责人", code="separation"
    )
    given(small, d.told_regulator, meeting).when(d.closed).then(events.HazardClosed).then_stage(Stage.CLOSED)


def test_one_person_shop_accepts_its_own_work() -> None:
    """灭火器过期: find → grade → submit on the spot → pass (class S) → close; flag 自验."""
    me = p.name(p.shopkeeper)
    fixed = d.on_the_spot.but(actor=p.shopkeeper, signed_by=me, completer=me, acceptor=me)
    seen = d.accepted_inside.but(actor=p.shopkeeper, verifiers=p.sign(p.shopkeeper), evidence=(p.PHOTO,))
    shop = given(d.shop_found, d.graded_general.but(actor=p.shopkeeper))
    submitted = shop.when(fixed, at=days(0.2)).then_stage(Stage.SUBMITTED).then_flagged(Flag.ON_THE_SPOT)
    passed = submitted.after.when(seen).then(events.VerificationPassed, verification_class="S")
    passed.then_flagged(Flag.SELF_ACCEPTED).then_stage(Stage.VERIFIED)
    assert (words.flag(Flag.SELF_ACCEPTED), words.verification_class("S")) == ("自验", "自验")
    closed = passed.after.when(d.closed.but(actor=p.shopkeeper)).then_stage(Stage.CLOSED)
    assert words.stage(Stage.CLOSED, closed.hazard.closure) == "整改销号"


def test_village_finds_a_blocked_exit() -> None:
    """Find (patrol) → grade → notice → plan (代录) → submit → pass (P) → close, by the village officer alone."""
    recorder = p.for_(p.shopkeeper, p.cadre)
    plan = d.planned.but(actor=recorder, responsible=p.name(p.shopkeeper), completer=p.name(p.worker))
    claim = d.submitted.but(actor=recorder, signed_by=p.name(p.shopkeeper))
    seen = d.accepted_inside.but(actor=p.cadre, verifiers=p.sign(p.cadre), evidence=(p.PHOTO,))
    told = given(d.patrolled, d.cadre_graded_general, d.noticed, plan, claim)
    told.when(seen.but(evidence=())).then_refused(RuleBroken, because="证据", code="incomplete")
    passed = told.when(seen).then(events.VerificationPassed, verification_class="P")
    passed.then_flagged(Flag.RECORDER_VERIFIED)
    passed.after.when(d.closed.but(actor=p.cadre)).then_stage(Stage.CLOSED)


def test_village_hands_an_unresolved_exit_up() -> None:
    """Unresolved: the township takes over, then orders if it has the power, else transfers to who has it."""
    notice = (d.patrolled, d.cadre_graded_general, d.noticed)
    order = d.ordered.but(actor=p.town_officer, officers=p.sign(p.town_officer, p.second_town_officer))
    given(notice).when(order.but(due=p.day(9))).then(events.HazardAssigned, kind=AssignmentKind.ORDER)
    sink = d.patrolled.but(sector="fire")
    given(sink, d.cadre_graded_general, d.noticed).when(order).then_refused(
        NotPermitted, because="请移送县消防救援大队", code="power"
    )
    moved = d.transferred.but(actor=p.town_lead, to_body=p.ref(p.FIRE))
    given(sink, d.cadre_graded_general, d.noticed).when(moved).then_stage(Stage.ASSIGNED)


def test_self_check_with_its_own_acceptor_needs_no_regulator() -> None:
    """Class E: found, graded, assigned, planned, submitted, accepted and closed inside the enterprise."""
    accepted = given(d.SELF_SUBMITTED).when(d.accepted_inside)
    accepted.then(events.VerificationPassed, verification_class="E").then_flagged()
    accepted.after.when(d.closed.but(actor=p.owner)).then_stage(Stage.CLOSED)
    given(d.SELF_SUBMITTED).when(d.accepted_inside.but(verifiers=p.sign(p.mechanic))).then_refused(NotPermitted)


def test_joint_inspection_is_one_hazard() -> None:
    """Five bodies find together, the lead orders; two names may come from two of them, one from the ordering body."""
    found = d.inspected.but(found_by=p.finder(p.EM, p.FIRE, p.ROADS, p.TOWN, p.COMMITTEE))
    assert len(given(found).hazard.found_by) == 5
    both = p.sign(p.officer, p.fireman)
    ordered = given(found, d.officer_graded_general).when(d.ordered.but(officers=both))
    ordered.then(events.HazardAssigned, officers=both)
    checked = d.passed.but(verifiers=p.sign(p.third_officer, p.second_fireman))
    done = ordered.after.and_then(d.planned, d.submitted)
    done.when(checked).then(events.VerificationPassed, verification_class="O")
    firemen = d.passed.but(actor=p.fireman, verifiers=p.sign(p.fireman, p.second_fireman))
    done.when(firemen).then_refused(NotPermitted, code="other_body")


def test_county_road_sinks() -> None:
    """A public body rectifies on a handover letter: no 双报告, class X, verified by the competent department."""
    road = given(d.road_sank, d.cadre_graded_general, d.handed_over)
    plan = d.planned.but(actor=p.station_clerk, responsible=p.name(p.station_clerk))
    fixed = road.and_then(plan, d.submitted.but(actor=p.station_clerk, signed_by=p.name(p.station_clerk)))
    own = d.passed.but(actor=p.station_officer, verifiers=p.sign(p.station_officer, p.road_officer))
    fixed.when(own).then_refused(NotPermitted, code="separation")
    other = d.passed.but(actor=p.road_officer, verifiers=p.sign(p.road_officer, p.second_road_officer))
    verified = fixed.when(other).then(events.VerificationPassed, verification_class="X")
    assert not verified.hazard.needs_dual_report
    verified.after.when(d.closed.but(actor=p.second_road_officer)).then_stage(Stage.CLOSED)


def test_county_road_sinks_as_a_major_hazard() -> None:
    """Major too: still no 双报告, since no enterprise is responsible; two of the level above, on site."""
    major = d.graded_major.but(
        actor=p.road_officer,
        basis=Determination(kind=BasisKind.GENERAL_DEFINITION, reasons="须封路整治", decided_by=p.name(p.road_officer)),
    )
    plan = d.planned_major.but(actor=p.station_clerk, responsible=p.name(p.station_clerk))
    claim = d.submitted_major.but(actor=p.station_clerk, signed_by=p.name(p.station_clerk))
    checked = d.passed.but(actor=p.road_officer, verifiers=p.sign(p.road_officer, p.second_road_officer))
    verified = given(d.road_sank, major, d.handed_over, plan, claim, checked)
    lead = p.director.model_copy(update={"id": "road-chief", "name": "交通局长", "body": "roads"})
    verified.when(d.closed.but(actor=lead)).then_stage(Stage.CLOSED)


def test_city_spot_check_wants_its_result() -> None:
    """City inspection → AssignCompetence (from superior) → county order → verification → ReportResult → close."""
    found = d.inspected.but(actor=p.inspector)
    handed = given(found, d.assigned_from_above, d.ordered, d.officer_graded_general, d.planned, d.submitted, d.passed)
    assert handed.hazard.origin is Origin.INSPECTION
    handed.when(d.closed.but(actor=p.officer)).then_refused(RuleBroken, because="结果反馈", code="incomplete")
    handed.and_then(d.told_above).when(d.closed.but(actor=p.officer)).then_stage(Stage.CLOSED)


def test_a_body_without_competence_finds_it() -> None:
    """Interim control recorded, transfer pending, the enterprise rectifies already; accepted, the stage stays."""
    found = d.inspected.but(actor=p.fireman)
    control = by(p.fireman, do.RecordInterimControl, measures="断电", by=p.name(p.owner))
    offered = given(found, control, d.officer_graded_general, d.transferred)
    offered.when(d.told_inside).then_stage(Stage.ASSIGNED)
    offered.and_then(d.told_inside, d.planned, d.started).when(d.taken_over).then_stage(Stage.RECTIFYING)
    taken = offered.when(d.taken_over).then_stage(Stage.GRADED)
    assert taken.hazard.competent == "em"


def test_oral_stop_at_night() -> None:
    """23:00: OrderSuspension (document pending) → the number next day → revoked by the lead."""
    night = d.stopped.but(document=None, document_pending=True)
    at = days(0.6)
    stopped = given(d.inspected).when(night, at=at)
    stopped.then(events.SuspensionOrdered, document_pending=True)
    stopped.then_flagged(Flag.UNGRADED, Flag.DOCUMENT_PENDING).then_stage(Stage.FOUND)
    numbered = by(
        p.director,
        do.SignDocument,
        kind="现场处理措施决定书",
        number="应急现决〔2026〕8号",
        signed_by=p.sign(p.director)[0],
        suspension="suspension-2",
    )
    stopped.after.when(numbered, at=at + timedelta(hours=10)).then(events.DocumentSigned).then_flagged()
    late = stopped.after.when(numbered, at=at + timedelta(hours=25)).then_flagged(Flag.DOCUMENT_LATE)
    assert not late.hazard.suspensions["suspension-2"].number_pending
    revoked = by(
        p.director,
        do.RevokeOrder,
        order="suspension",
        act=RevocationAct.REVOKED,
        deciding_body=p.ref(p.EM),
        document=p.number("应急撤〔2026〕1号"),
        reasons="行车已拆除",
    )
    late.after.when(revoked.but(actor=p.officer)).then_refused(NotPermitted, code="role")
    assert not late.after.when(revoked).then(events.OrderRevoked).hazard.open_suspensions


def test_half_done_at_the_deadline() -> None:
    """FailVerification (partial) leaves the deadline; overdue; extension, new order or penalty: a person decides."""
    late = given(d.GENERAL_SUBMITTED)
    failed = late.when(d.failed.but(trigger=Trigger.EXPIRY, result=FailureResult.PARTIAL), at=days(31)).then_stage(
        Stage.RECTIFYING
    )
    failed.then_flagged(Flag.OVERDUE)
    assert failed.hazard.deadline == p.day(30)
    assert failed.hazard.is_overdue(p.day(31))
    failed.after.when(d.asked_for_time).then(events.ExtensionRequested, of=("order:em",))
    renewed = d.ordered.but(due=p.day(40), document=p.number("应急责改〔2026〕9号"))
    assert failed.after.when(renewed).then(events.HazardAssigned).hazard.deadline == p.day(40)
    fine = by(
        p.officer, do.RecordMeasure, kind="罚款", basis="安全生产法第一百零二条", document=p.number("应急罚〔2026〕1号")
    )
    failed.after.when(fine).then(events.MeasureRecorded)
    failed.after.when(fine.but(actor=p.notifier)).then_refused(NotPermitted, code="role")


def test_shut_with_the_power_still_on() -> None:
    """停业待查: stays open; power cut off and emptied, two names on site: Close (ceased), 灭失销号."""
    shut = given(d.MAJOR_ORDERED, d.county_listed)
    alone = d.ceased.but(seen_by=p.sign(p.officer))
    shut.when(alone).then_refused(RuleBroken, because="两名现场核实人员", code="incomplete")
    shut.when(d.closed).then_refused(WrongStage, because="待整改")
    gone = shut.when(d.ceased).then_stage(Stage.CLOSED)
    assert words.stage(Stage.CLOSED, gone.hazard.closure) == "灭失销号（关停、拆除）"
    gone.after.when(d.delisted.but(ground=DelistingGround.CEASED)).then(events.HazardDelisted)


def test_sole_trader_becomes_an_enterprise() -> None:
    """个转企: ChangeResponsibleParty (code changed); the same party, its history and headcount go on."""
    shop = given(d.patrolled)
    company = p.SHOP.model_copy(
        update={
            "name": "方圆网吧有限公司",
            "kind": PartyKind.ENTERPRISE,
            "credit_code": "91350100M000100Y43",
            "staff": None,
        }
    )
    changed = shop.when(by(p.shopkeeper, do.ChangeResponsibleParty, kind=PartyChange.CODE_CHANGED, party=company)).then(
        events.ResponsiblePartyChanged
    )
    party = changed.hazard.party
    assert party
    assert (party.id, party.kind, party.staff) == ("shop", PartyKind.ENTERPRISE, 1)


def test_factory_within_a_factory() -> None:
    """厂中厂: one hazard, lead = lessor, co-party = tenant; each reports to its own workers."""
    shared = given(
        d.inspected,
        d.graded_major,
        by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.CO_PARTY_ADDED, party=p.TENANT),
        d.ordered,
        d.planned_major,
        d.submitted_major,
        d.passed,
        d.told_regulator,
        d.told_workers,
    )
    shared.when(d.closed).then_refused(RuleBroken, because="向职工的报告（典记五金）", code="incomplete")
    tenants = d.told_workers.but(actor=p.tenant_head, present=3, total=3)
    shared.and_then(tenants).when(d.closed).then_stage(Stage.CLOSED)


def test_county_lists_then_city_lists() -> None:
    """Two listings: the earliest deadline counts; the county's is superseded, or ended by the county."""
    twice = given(d.MAJOR_ORDERED, d.county_listed, d.city_listed)
    assert twice.hazard.deadline == p.day(30)
    county, city = twice.hazard.open_listings
    superseded = d.delisted.but(listing=county, ground=DelistingGround.SUPERSEDED)
    assert list(twice.when(superseded).hazard.open_listings) == [city]
    twice.when(d.delisted.but(listing=county)).then_refused(WrongStage, because="复查合格后")
    upside_down = d.delisted.but(
        actor=p.city_mayor, signed_by=p.sign(p.city_mayor)[0], listing=city, ground=DelistingGround.SUPERSEDED
    )
    twice.when(upside_down).then_refused(RuleBroken, code="not_superseded")
    both = twice.and_then(d.planned_major, d.submitted_major, d.passed)
    both.when(d.delisted.but(listing=county)).then(events.HazardDelisted)
    both.when(d.delisted.but(listing=city)).then_refused(NotPermitted, because="市人民政府", code="other_body")


def test_the_enterprise_finds_it_back_itself() -> None:
    """Own 回头看: ReopenHazard (self-reported), no 假改 flag."""
    closed = given(d.SELF_VERIFIED, d.closed.but(actor=p.owner))
    again = by(p.owner, do.ReopenHazard, kind=ReopeningKind.SELF_REPORTED, reasons="防护罩又被拆下")
    closed.when(again, at=days(40)).then_stage(Stage.RECTIFYING).then_flagged()


def test_a_night_shift_is_still_on_the_spot() -> None:
    """23:50 → 00:20 is another calendar day and within 24 hours: still 即查即改; 24 hours and a minute are not."""
    night = p.MORNING.replace(hour=23, minute=50)
    found = (
        by(p.safety, do.FindHazard, at=night, **d.self_found.fields),
        by(p.safety, do.GradeHazard, at=night, grade=Grade.GENERAL),
    )
    fixed = given(found).when(d.on_the_spot, at=night + timedelta(minutes=30))
    fixed.then_stage(Stage.SUBMITTED).then_flagged(Flag.ON_THE_SPOT)
    fixed.after.when(d.accepted_inside).then_stage(Stage.VERIFIED).then_flagged()
    given(found).when(d.on_the_spot, at=night + timedelta(hours=24)).then_stage(Stage.SUBMITTED)
    given(found).when(d.on_the_spot, at=night + timedelta(hours=24, minutes=1)).then_refused(
        RuleBroken, because="24小时", code="too_late"
    )


def test_the_enterprise_refuses_the_workers_meeting() -> None:
    """Stays 复查合格待双报告 and counts as rectified; the penalty lead by RecordMeasure."""
    waiting = given(d.MAJOR_VERIFIED, d.told_regulator)
    waiting.when(d.closed).then_refused(RuleBroken, because="向职工的报告", code="incomplete")
    assert words.stage(Stage.VERIFIED) == "复查合格·待销号"
    lead = by(p.officer, do.RecordMeasure, kind="约谈", remarks="拒不召开职工大会")
    waiting.when(lead).then(events.MeasureRecorded).then_stage(Stage.VERIFIED)


def test_another_body_stops_work() -> None:
    """A stop that another body ordered is entered here, and ends by that body only."""
    foreign = d.stopped.but(
        kind=SuspensionKind.OTHER_BODY,
        officers=p.sign(p.fireman, p.second_fireman),
        approved_by=p.sign(p.fire_chief)[0],
    )
    stopped = given(d.inspected, d.graded_major).when(foreign)
    [suspension] = stopped.then(events.SuspensionOrdered).hazard.open_suspensions.values()
    assert suspension.body == "fire"


def test_verification_by_video() -> None:
    """非现场: a general hazard by photo or video, if the lead allows; it is flagged."""
    remote = d.passed.but(mode=VerificationMode.REMOTE, evidence=(p.PHOTO,))
    given(d.GENERAL_SUBMITTED).when(remote).then_refused(RuleBroken, because="负责人同意", code="incomplete")
    allowed = remote.but(remote_approved_by=p.sign(p.director)[0])
    given(d.GENERAL_SUBMITTED).when(allowed).then_stage(Stage.VERIFIED).then_flagged(Flag.REMOTE)


def test_ceased_is_its_own_column() -> None:
    """`ceased` on two names' finding is no rectification, and the verification is not said to have been."""
    gone = given(d.GENERAL_ORDERED).when(d.ceased).then(events.HazardClosed, kind=ClosureKind.CEASED)
    assert gone.hazard.verified_class is None
