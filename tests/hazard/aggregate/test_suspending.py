"""停产停业 · 复产 · 撤销决定."""

from dataclasses import replace

import pytest

from contracts import commands as do
from contracts import events
from contracts.base import DocumentRef
from contracts.directory import Directory
from contracts.parties import BodyRef, Signatory
from contracts.terms import Flag, Power, RevocationAct, Role, Stage, SuspensionKind
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import complied, resumption_refused, revoked
from tests.scenario import Deed, by, given

STOPPED = (*d.MAJOR_ORDERED, d.stopped)
SUBMITTED = (*STOPPED, d.planned_major, d.submitted_major)
VERIFIED = (*SUBMITTED, d.passed)
trial = d.resumed.but(trial=True, trial_until=p.day(20))
penalty = d.stopped.but(kind=SuspensionKind.PENALTY, legal_review_by=p.sign(p.lawyer)[0])
lifted = revoked.but(order="suspension")
annulled = lifted.but(actor=p.officer, act=RevocationAct.ANNULLED_BY_COURT, deciding_body=BodyRef(name="县人民法院"))


@pytest.mark.parametrize("history", [(d.inspected,), d.GENERAL_ORDERED, d.GENERAL_SUBMITTED, d.GENERAL_VERIFIED])
def test_a_stop_waits_for_nothing(history: tuple[Deed, ...]) -> None:
    """No grade, plan or submission: F to V, the gap is flagged, the stage stays."""
    outcome = given(history).when(d.stopped).then(events.SuspensionOrdered)
    outcome.then_flagged(*([Flag.UNGRADED] if len(history) == 1 else []))
    assert outcome.hazard.stage is given(history).hazard.stage


@pytest.mark.parametrize(
    ("change", "because", "code"),
    [
        ({"officers": p.sign(p.officer)}, "两名不同人员", "two_names"),
        ({"officers": ()}, "执法人员", "incomplete"),
        ({"officers": p.sign(p.officer, p.director)}, "执法证号", "certificate"),
        ({"approved_by": None}, "批准人", "incomplete"),
        ({"approved_by": p.sign(p.regulator)[0]}, "负责人批准", "incomplete"),
        ({"basis": None}, "依据", "incomplete"),
        ({"document": None}, "文书编号", "incomplete"),
    ],
)
def test_a_stop_carries(change: dict[str, object], because: str, code: str) -> None:
    """Kind, scope, basis, two officers, the lead's approval, a number (or that it follows)."""
    given(d.inspected).when(d.stopped.but(**change)).then_refused(RuleBroken, because=because, code=code)


def test_who_approves_a_stop() -> None:
    """Approver ≠ officers; the lead of that body or of one above."""
    posing = p.sign(p.officer)[0].model_copy(update={"role": Role.REGULATOR_LEAD, "id": "x"})
    given(d.inspected).when(d.stopped.but(approved_by=posing)).then_refused(NotPermitted, code="separation")
    fire = p.sign(p.fire_chief)[0]
    given(d.inspected).when(d.stopped.but(approved_by=fire)).then_refused(NotPermitted, code="other_body")
    city = p.sign(p.city_director)[0]
    given(d.inspected).when(d.stopped.but(approved_by=city)).then(events.SuspensionOrdered)


def test_a_township_without_the_power_does_not_stop_work() -> None:
    """甲镇 may order correction and nothing else; under whatever name."""
    town = d.stopped.but(actor=p.town_officer, officers=p.sign(p.town_officer, p.second_town_officer))
    given(d.inspected).when(town).then_refused(NotPermitted, because="请移送县应急管理局", code="power")
    for officers in (p.sign(p.town_officer, p.second_town_officer), p.sign(p.checker, p.cadre)):
        posing = town.but(kind=SuspensionKind.OTHER_BODY, officers=officers)
        given(d.inspected).when(posing).then_refused(RuleBroken, because="另一机关", code="other_body")


def test_a_penalty_passes_a_legal_reviewer() -> None:
    """Who is none of the officers; and the body has the power to penalise."""
    given(STOPPED).when(penalty).then(events.SuspensionOrdered)
    given(STOPPED).when(penalty.but(legal_review_by=None)).then_refused(RuleBroken, because="法制审核")
    given(STOPPED).when(penalty.but(legal_review_by=p.sign(p.officer)[0])).then_refused(
        NotPermitted, because="法制审核人员", code="separation"
    )


def test_a_penalty_needs_its_own_power() -> None:
    """A body that may stop work on site does not thereby punish."""
    powers = tuple(one for one in p.EM.powers if one.power is not Power.PENALISE)
    unable = p.EM.model_copy(update={"powers": powers})
    bodies = tuple(unable if body is p.EM else body for body in p.DIRECTORY.bodies)
    world = replace(p.WORLD, directory=Directory(bodies=bodies))
    given(STOPPED, world=world).when(d.stopped).then(events.SuspensionOrdered)
    given(STOPPED, world=world).when(penalty).then_refused(NotPermitted, code="power")


def test_a_stop_is_its_bodys_own() -> None:
    """Its officers are of that body, and it has one."""
    mixed = d.stopped.but(officers=p.sign(p.officer, p.fireman))
    given(d.inspected).when(mixed).then_refused(NotPermitted, because="不是本单位人员", code="other_body")
    bodiless = p.officer.model_copy(update={"body": None})
    given(d.inspected).when(d.stopped.but(actor=bodiless)).then_refused(RuleBroken, because="所在单位")


def test_one_application_at_a_time() -> None:
    """For each order; a refusal opens the way for the next."""
    asked = given(*SUBMITTED, d.asked_to_resume)
    asked.when(d.asked_to_resume).then_refused(RuleBroken, code="pending")
    asked.and_then(resumption_refused).when(d.asked_to_resume).then(events.ResumptionApplied)
    asked.when(resumption_refused.but(actor=p.fire_chief)).then_refused(NotPermitted, code="other_body")


def test_full_resumption_wants_a_verified_hazard() -> None:
    """V; a trial before that, with an end, and it leaves the suspension open."""
    given(SUBMITTED).when(d.resumed).then_refused(WrongStage, because="只能试生产", code="stage")
    given(VERIFIED).when(d.resumed).then(events.OperationsResumed)
    tried = given(SUBMITTED).when(trial).then(events.OperationsResumed, trial=True)
    assert tried.hazard.open_suspensions
    given(SUBMITTED).when(trial.but(trial_until=None)).then_refused(RuleBroken, because="试生产截止日")
    given(SUBMITTED).when(trial.but(trial_until=p.day(-1))).then_refused(RuleBroken, code="due_in_past")
    given(VERIFIED).when(trial).then_refused(WrongStage, code="stage")


def test_two_reviewers_and_the_leads_consent() -> None:
    """Lead ∉ reviewers; all of the ordering body or above; a person with two ids is one."""
    verified = given(VERIFIED)
    alone = d.resumed.but(reviewers=p.sign(p.third_officer))
    verified.when(alone).then_refused(RuleBroken, because="两名审查人员", code="incomplete")
    twin = p.sign(p.third_officer)[0].model_copy(update={"id": "third-2", "certificate": None})
    verified.when(d.resumed.but(reviewers=(*p.sign(p.third_officer), twin))).then_refused(RuleBroken)
    self_reviewed = d.resumed.but(reviewers=p.sign(p.third_officer, p.director))
    verified.when(self_reviewed).then_refused(NotPermitted, because="审查人员", code="separation")
    mixed = d.resumed.but(reviewers=p.sign(p.third_officer, p.town_officer))
    verified.when(mixed).then_refused(NotPermitted, code="other_body")
    unsigned = d.resumed.but(actor=p.officer)
    verified.when(unsigned).then_refused(NotPermitted, because="签名人之一", code="not_named")
    unled = d.resumed.but(consented_by=p.sign(p.officer)[0])
    verified.when(unled).then_refused(RuleBroken, because="负责人同意", code="incomplete")


def test_verifiers_do_not_consent_to_resumption() -> None:
    """Nor do those who applied for it review it."""
    lead = p.sign(p.director)[0]
    checked = d.passed.but(
        actor=p.officer, verifiers=(*p.sign(p.officer), lead.model_copy(update={"certificate": "应急-01"}))
    )
    verified = given(*SUBMITTED, checked)
    verified.when(d.resumed).then_refused(NotPermitted, because="复查人员", code="separation")
    verified.when(d.resumed.but(consented_by=p.sign(p.deputy)[0])).then(events.OperationsResumed)
    recorder = p.for_(p.owner, p.third_officer)
    asked = given(*VERIFIED, d.asked_to_resume.but(actor=recorder))
    asked.when(d.resumed).then_refused(NotPermitted, because="复产申请人", code="separation")
    asked.when(resumption_refused.but(actor=p.third_officer)).then_refused(NotPermitted, code="separation")


def test_each_suspension_ends_by_its_own_body() -> None:
    """Or one above: the fire brigade does not resume what emergency management stopped."""
    fire = d.resumed.but(
        actor=p.fireman,
        reviewers=p.sign(p.fireman, p.second_fireman),
        consented_by=p.sign(p.fire_chief)[0],
    )
    given(VERIFIED).when(fire).then_refused(NotPermitted, because="县应急管理局", code="other_body")
    city = d.resumed.but(
        actor=p.city_director,
        reviewers=p.sign(p.inspector, p.second_inspector),
        consented_by=p.sign(p.city_director)[0],
    )
    given(VERIFIED).when(city).then(events.OperationsResumed)


def test_a_foreign_stop_is_ended_by_that_body() -> None:
    """Entered by us, decided by the fire brigade: we do not resume it."""
    foreign = d.stopped.but(
        kind=SuspensionKind.OTHER_BODY,
        officers=p.sign(p.fireman, p.second_fireman),
        approved_by=p.sign(p.fire_chief)[0],
    )
    verified = given(*d.MAJOR_SUBMITTED, foreign, d.passed)
    verified.when(d.resumed).then_refused(NotPermitted, because="县消防救援大队", code="other_body")
    one = foreign.but(officers=p.sign(p.fireman))
    given(d.MAJOR_SUBMITTED).when(one).then_refused(RuleBroken, code="two_names")
    roads = foreign.but(officers=p.sign(p.road_officer, p.second_road_officer))
    given(d.MAJOR_SUBMITTED).when(roads).then_refused(NotPermitted, code="power")


def test_revoked_by_the_lead_of_its_body_on_paper() -> None:
    """An officer alone does not revoke what needs two reviewers and a lead to resume."""
    stopped = given(STOPPED)
    assert not stopped.when(lifted).then(events.OrderRevoked).hazard.open_suspensions
    stopped.when(lifted.but(actor=p.officer)).then_refused(NotPermitted, code="role")
    stopped.when(lifted.but(actor=p.fire_chief)).then_refused(NotPermitted, code="other_body")
    for paper in (None, DocumentRef(title="撤销决定")):
        stopped.when(lifted.but(document=paper)).then_refused(RuleBroken, because="文书编号", code="incomplete")
    stopped.when(lifted.but(actor=p.city_director)).then(events.OrderRevoked)
    general = given(*d.GENERAL_ORDERED, revoked)
    assert not general.hazard.orders
    general.when(revoked).then_refused(RuleBroken, code="none_pending")


@pytest.mark.parametrize("act", [RevocationAct.ANNULLED_BY_COURT, RevocationAct.ANNULLED_ON_REVIEW])
def test_annulled_by_a_court_on_its_own_paper(act: RevocationAct) -> None:
    """Entered by whoever has the court's or review body's scanned, numbered document."""
    stopped = given(STOPPED)
    stopped.when(annulled.but(act=act)).then(events.OrderRevoked)
    for paper in (None, DocumentRef(), DocumentRef(number="（2026）行初3号")):
        stopped.when(annulled.but(act=act, document=paper)).then_refused(RuleBroken, code="incomplete")
    ourselves = annulled.but(act=act, deciding_body=p.ref(p.EM))
    stopped.when(ourselves).then_refused(NotPermitted, because="法院、复议机关", code="other_body")


def test_whether_it_really_stopped() -> None:
    """As found on site, by officer or party; a finding, no rule waits for it."""
    given(STOPPED).when(complied.but(complied=False)).then(events.SuspensionComplied, complied=False)
    given(d.MAJOR_ORDERED).when(complied).then_refused(RuleBroken, code="none_pending")


def test_a_number_follows_once_from_the_same_body() -> None:
    """The enterprise does not number an order, nor does another body; a number once given stays."""
    oral = given(d.inspected, d.stopped.but(document=None, document_pending=True))
    number = by(
        p.director,
        do.SignDocument,
        kind="现场处理措施决定书",
        number="应急现决〔2026〕8号",
        signed_by=p.sign(p.director)[0],
        suspension="suspension-2",
    )
    forged = number.but(actor=p.owner, signed_by=Signatory(id="owner", name="厂长牛"))
    oral.when(forged).then_refused(NotPermitted, code="other_body")
    oral.and_then(number).when(number).then_refused(RuleBroken, because="已有文书编号", code="none_pending")
    assert oral.hazard.stage is Stage.FOUND
