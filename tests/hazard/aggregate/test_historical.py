"""历史补录: what a record older than this system may lack, and what it may not."""

import pytest

from contracts import commands as do
from contracts import events
from contracts.base import DocumentRef
from contracts.parties import Actor, Finder, Signatory
from contracts.terms import AssignmentKind, Flag, Grade, Origin, Role, Stage, Trigger
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import SPECIMENS, STOPPED, downgraded, look_back
from tests.scenario import Deed, by, days, given

SOURCE = {"historical": "2008年1月某市新闻报道"}
clerk = Actor(id="clerk", name="案例录入员", roles=(Role.OFFICER,), area="320623")
old_found = by(
    clerk,
    do.FindHazard,
    area="320623",
    description="三合一厂房",
    origin=Origin.INSPECTION,
    party=p.FACTORY,
    found_by=(Finder(name="联合检查组", lead=True),),
    **SOURCE,
)


def old(deed: Deed, **changes: object) -> Deed:
    """As an old record has it."""
    return deed.but(**SOURCE, **changes)


OLD_MAJOR = (old(d.inspected), old(d.graded_major), old(d.ordered), old(d.planned_major))


def test_a_published_case_without_names_numbers_and_days() -> None:
    """Place, certificates, document number, due date, verifiers may be missing; everything is flagged 历史补录."""
    case = given(old_found)
    assert Flag.HISTORICAL in case.when(old(d.officer_graded_general)).after.history[-1].flags  # type: ignore[union-attr]
    bare = by(clerk, do.AssignHazard, kind=AssignmentKind.ORDER, document=DocumentRef(title="责令改正"), **SOURCE)
    ordered = case.when(bare).then_stage(Stage.ASSIGNED)
    ordered.then_flagged(Flag.HISTORICAL, Flag.UNGRADED)
    seen = by(clerk, do.PassVerification, trigger=Trigger.EXPIRY, date_inferred=True, **SOURCE)
    verified = ordered.after.when(seen).then_stage(Stage.VERIFIED)
    assert {Flag.HISTORICAL, Flag.DATE_INFERRED} <= set(verified.event.flags if verified.event else ())


@pytest.mark.parametrize(
    ("history", "deed", "because"),
    [
        ((old(d.inspected),), old(d.graded_major, basis=None), None),
        (OLD_MAJOR, old(d.submitted_major, acceptance_report=None), "企业验收或专家报告"),
        (OLD_MAJOR, old(d.submitted_major, after=()), "整改后"),
        (OLD_MAJOR, old(d.told_workers, signed_sheet=None), "签到表"),
        (OLD_MAJOR, old(d.told_workers, present=None), "实到人数"),
        (OLD_MAJOR, old(downgraded, opinion=None), "专家意见"),
        (OLD_MAJOR, old(d.ceased, grounds=None), "灭失情形"),
        (OLD_MAJOR[:3], old(d.submitted_major), "七项"),
        (OLD_MAJOR[:3], old(d.planned_major, contingency=None), "预案"),
    ],
)
def test_what_even_an_old_record_carries(history: tuple[Deed, ...], deed: Deed, because: str | None) -> None:
    """Names, certificates, numbers and days may lack; a report, evidence, a meeting, a plan's substance may not."""
    outcome = given(history).when(deed)
    if because is None:
        outcome.then(events.HazardGraded)
    else:
        outcome.then_refused(RuleBroken, because=because, code="incomplete")


def test_an_old_major_hazard_still_closes_with_both_reports_only() -> None:
    """Being old is no report."""
    verified = given(*OLD_MAJOR, old(d.submitted_major), old(d.passed, verifiers=(), document=None))
    verified.when(old(d.closed)).then_refused(RuleBroken, because="向监管部门的报告", code="incomplete")
    told = verified.and_then(old(d.told_regulator), old(d.told_workers, countersigned_by=None, held_on=None))
    told.when(old(d.closed)).then_stage(Stage.CLOSED)


def test_separation_applies_where_names_are_given() -> None:
    """An old record may be silent; what it says counts."""
    same = old(d.planned_major, acceptor=p.name(p.mechanic))
    given(OLD_MAJOR[:3]).when(same).then_refused(NotPermitted, code="separation")
    claimed = given(*OLD_MAJOR, old(d.submitted_major, completer=p.name(p.third_officer)))
    claimed.when(old(d.passed)).then_refused(NotPermitted, because="整改完成人", code="separation")
    stop = old(d.stopped, approved_by=p.sign(p.officer)[0].model_copy(update={"role": None}))
    given(OLD_MAJOR).when(stop).then_refused(NotPermitted, code="separation")
    head = old(d.told_workers, countersigned_by=p.name(p.owner))
    given(OLD_MAJOR).when(head).then_refused(NotPermitted, code="separation")


def test_power_and_competence_apply_where_the_body_is_given() -> None:
    """A township writes no old suspension that it had no power for; a body not named is not judged."""
    town = old(d.stopped, actor=p.town_officer, officers=(), approved_by=None)
    given(OLD_MAJOR).when(town).then_refused(NotPermitted, code="power")
    passed = given(*OLD_MAJOR, old(d.submitted_major), old(d.passed))
    stopped = given(*OLD_MAJOR, old(d.stopped), old(d.submitted_major), old(d.passed))
    somebody = Signatory(id="somebody", name="某局长")
    resumed = old(d.resumed, actor=p.fireman, reviewers=(), consented_by=somebody)
    stopped.when(resumed).then_refused(NotPermitted, because="县应急管理局", code="other_body")
    passed.when(old(look_back, actor=p.fireman)).then_refused(NotPermitted, code="other_body")
    passed.when(old(look_back, actor=clerk)).then_stage(Stage.RECTIFYING)


@pytest.mark.parametrize(
    ("history", "deed"),
    [
        (d.MAJOR_ORDERED, d.passed.but(verifiers=(), document=None, trigger=Trigger.SPOT_CHECK)),
        (d.MAJOR_ORDERED, d.ceased.but(seen_by=())),
        (STOPPED, d.stopped.but(approved_by=None)),
        (d.GENERAL_ORDERED, d.ordered.but(officers=(), document=None, due=p.day(90))),
        (d.SELF_SUBMITTED, d.accepted_inside.but(verifiers=())),
    ],
)
def test_no_live_hazard_is_told_as_history(history: tuple[Deed, ...], deed: Deed) -> None:
    """What happened while this system knew the hazard is entered whole: `historical` opens no side door."""
    given(history).when(old(deed)).then_refused(RuleBroken, because="不能按历史补录", code="not_historical")


def test_once_live_an_old_history_is_told_no_further() -> None:
    """An old record goes on being told until somebody acts here and now; what lies before that may be added."""
    live = given(old(d.inspected), old(d.officer_graded_general), d.ordered)
    live.when(old(d.passed, verifiers=(), trigger=Trigger.SPOT_CHECK)).then_refused(RuleBroken, code="not_historical")
    notified = given(old(d.inspected), by(p.notifier, do.EscalateHazard, rule="G1", level=0, policy_version="0" * 64))
    notified.when(old(d.officer_graded_general)).then(events.HazardGraded)


def test_what_lies_before_the_records_beginning_may_be_added() -> None:
    """Found a month ago, entered today: an order of last week is history, also beside live acts."""
    late = Deed(p.officer, do.FindHazard, d.inspected.fields, days(-30))
    entered = given().when(late, world=p.WORLD)
    assert entered.event is not None
    beside = entered.after.and_then(d.officer_graded_general)
    told = old(d.ordered, officers=(), due=p.day(9))
    beside.when(told, at=days(-7)).then(events.HazardAssigned)
    assert Grade.GENERAL is beside.hazard.grade


@pytest.mark.parametrize(
    ("history", "deed"),
    [
        (OLD_MAJOR[:3], old(d.planned_major, responsible=None, due=None, completer=None, acceptor=None)),
        (
            (old(d.inspected), old(d.officer_graded_general)),
            old(SPECIMENS[do.SignDocument][1], number=None, signed_by=None),
        ),
        (SPECIMENS[do.GrantExtension][0], old(SPECIMENS[do.GrantExtension][1], decided_by=None)),
        (SPECIMENS[do.RefuseExtension][0], old(SPECIMENS[do.RefuseExtension][1], decided_by=None)),
        (SPECIMENS[do.AcknowledgeReport][0], old(SPECIMENS[do.AcknowledgeReport][1], receipt=None)),
        (SPECIMENS[do.RuleOnOrigin][0], old(SPECIMENS[do.RuleOnOrigin][1], ruled_by=())),
        (SPECIMENS[do.AnswerObjection][0], old(SPECIMENS[do.AnswerObjection][1], answered_by=())),
        (SPECIMENS[do.DelistHazard][0], old(SPECIMENS[do.DelistHazard][1], signed_by=None)),
        (SPECIMENS[do.ResumeOperations][0], old(SPECIMENS[do.ResumeOperations][1], consented_by=None)),
    ],
    ids=lambda value: value.kind.imperative if isinstance(value, Deed) else "",
)
def test_an_old_record_may_lack_names_numbers_and_the_due_day(history: tuple[Deed, ...], deed: Deed) -> None:
    """Where the old paper does not say who signed, nobody is invented; the same today is refused as incomplete."""
    told = given(*_as_old(history))
    accepted = told.when(deed)
    assert accepted.refusal is None, accepted.refusal
    assert accepted.event is not None
    assert Flag.HISTORICAL in accepted.event.flags
    today = given(*history).when(deed.but(historical=None))
    today.then_refused(RuleBroken, code="incomplete")


def _as_old(history: object) -> list[Deed]:
    """Every step of it as an old record."""
    if isinstance(history, Deed):
        return [old(history)]
    assert isinstance(history, tuple)
    return [step for part in history for step in _as_old(part)]
