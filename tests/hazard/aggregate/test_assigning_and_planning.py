"""交办 · 责令 · 管控 · 方案 · 开始 · 进展 · 责任单位."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts import commands as do
from contracts import events
from contracts.base import DocumentRef
from contracts.parties import Actor, Party, Principal
from contracts.terms import AssignmentKind, Flag, Grade, PartyChange, PartyKind, RegradeKind, Role, Stage
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import control, progress, renamed
from tests.scenario import Deed, by, days, given

KINDS = {
    AssignmentKind.INTERNAL: {"owner", "safety"},
    AssignmentKind.NOTICE: {"cadre", "checker", "regulator"},
    AssignmentKind.ORDER: {"officer"},
    AssignmentKind.HANDOVER: {"town-lead", "director", "secretary"},
}
PEOPLE = (p.owner, p.safety, p.cadre, p.checker, p.regulator, p.officer, p.town_lead, p.director, p.secretary)


@pytest.mark.parametrize("kind", list(AssignmentKind))
@pytest.mark.parametrize("actor", PEOPLE, ids=lambda actor: actor.id)
def test_each_kind_of_assignment_has_its_own_givers(kind: AssignmentKind, actor: Actor) -> None:
    """Internal by the enterprise, notice by who patrols or checks, order by officers, handover by leads."""
    outcome = given(d.self_found, d.graded_general).when(
        d.ordered.but(actor=actor, kind=kind, to_body=p.ref(p.ROAD_STATION))
    )
    if actor.id in KINDS[kind]:
        outcome.then(events.HazardAssigned, kind=kind).then_stage(Stage.ASSIGNED)
    else:
        outcome.then_refused(NotPermitted, because="无此权限", code="role")


@pytest.mark.parametrize("deed", [d.told_inside, d.noticed, d.handed_over], ids=["internal", "notice", "handover"])
def test_only_an_order_comes_before_the_grade(deed: Deed) -> None:
    """The others wait for it."""
    given(d.self_found).when(deed).then_refused(WrongStage, because="待判定", code="stage")


@pytest.mark.parametrize(
    ("change", "because", "code"),
    [
        ({"officers": p.sign(p.officer)}, "两名不同人员", "two_names"),
        ({"officers": p.sign(p.officer, p.officer)}, "两名不同人员", "two_names"),
        ({"officers": p.sign(p.officer, p.director)}, "执法证号", "certificate"),
        ({"document": None}, "文书", "incomplete"),
        ({"document": DocumentRef(title="责令限期整改指令书")}, "文书编号", "incomplete"),
        ({"basis": None}, "依据", "incomplete"),
        ({"due": None}, "整改时限", "incomplete"),
        ({"due": p.day(-1)}, "不能早于交办当天", "due_in_past"),
    ],
)
def test_an_order_carries(change: dict[str, object], because: str, code: str) -> None:
    """Kind, due, number, two certificates, basis."""
    given(d.inspected).when(d.ordered.but(**change)).then_refused(RuleBroken, because=because, code=code)


def test_an_order_bears_the_actors_own_name() -> None:
    """The actor is one of the two; the scan vouches for the other, who is of the same body."""
    given(d.inspected).when(d.ordered.but(officers=p.sign(p.second_officer, p.third_officer))).then_refused(
        NotPermitted, because="签名人之一", code="not_named"
    )
    given(d.inspected).when(d.ordered.but(officers=p.sign(p.officer, p.fireman))).then_refused(
        NotPermitted, because="不是本单位人员", code="other_body"
    )


def test_an_order_needs_the_power_on_that_day() -> None:
    """甲镇's delegation began in 2024: not for 2023, and 乙镇 has none; the refusal says whom to transfer to."""
    town = d.ordered.but(actor=p.town_officer, officers=p.sign(p.town_officer, p.second_town_officer))
    given(d.inspected).when(town).then(events.HazardAssigned)
    early = p.MORNING.replace(year=2023)
    found = Deed(p.officer, do.FindHazard, d.inspected.fields, early)
    given(found).when(town, at=early + timedelta(hours=1)).then_refused(
        NotPermitted, because="请移送县应急管理局", code="power"
    )
    other = p.other_checker.model_copy(update={"roles": (Role.OFFICER,)})
    given(d.inspected.but(area="320623105")).when(d.ordered.but(actor=other)).then_refused(NotPermitted, code="power")
    fire = d.ordered.but(actor=p.fireman, officers=p.sign(p.fireman, p.second_fireman))
    given(d.inspected).when(fire).then_refused(NotPermitted, because="请移送", code="power")


def test_the_due_day_itself_counts() -> None:
    """Due on the day of the order is a deadline; the day after it, the hazard is overdue."""
    today = given(d.inspected).when(d.ordered.but(due=p.SAME_DAY)).then(events.HazardAssigned)
    assert not today.hazard.is_overdue(p.SAME_DAY)
    assert today.hazard.is_overdue(p.day(1))


def test_an_unknown_party_must_be_named_first() -> None:
    """Nobody can be told to rectify who is not known; and another party is not slipped in with the order."""
    unknown = given(d.inspected.but(party=None))
    unknown.when(d.ordered).then_refused(RuleBroken, because="责任单位", code="incomplete")
    named = unknown.when(d.ordered.but(party=p.FACTORY)).then(events.HazardAssigned)
    assert named.hazard.party == p.FACTORY
    given(d.inspected).when(d.ordered.but(party=p.RIVAL)).then_refused(RuleBroken, code="other_party")


def test_a_handover_names_the_body_it_goes_to() -> None:
    """交办函."""
    road = given(d.road_sank, d.cadre_graded_general)
    road.when(d.handed_over.but(to_body=None)).then_refused(RuleBroken, because="接办单位", code="incomplete")


def test_interim_control_never_waits() -> None:
    """Not for a grade, a plan, a party's knowledge; own stop and officers' measures alike."""
    given(d.inspected).when(control).then(events.InterimControlRecorded).then_flagged(Flag.UNGRADED)
    given(d.inspected).when(control.but(actor=p.officer, self_suspension=False)).then(events.InterimControlRecorded)
    given(d.GENERAL_SUBMITTED).when(control.but(self_suspension=True)).then_stage(Stage.SUBMITTED).then_flagged()


def test_completer_and_acceptor_are_two() -> None:
    """完成人 ≠ 验收人, but for class S."""
    same = d.planned.but(acceptor=p.name(p.mechanic))
    given(d.SELF_ASSIGNED).when(same).then_refused(NotPermitted, because="须回避", code="separation")
    shop = (d.shop_found, d.graded_general.but(actor=p.shopkeeper), d.told_inside.but(actor=p.shopkeeper))
    me = p.name(p.shopkeeper)
    alone = same.but(actor=p.shopkeeper, responsible=me, completer=me, acceptor=me)
    given(shop).when(alone).then(events.RectificationPlanned)
    officers = p.sign(p.officer, p.second_officer)
    given(shop, d.ordered.but(officers=officers)).when(alone).then_refused(NotPermitted, code="separation")


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"funds": None}, "资金"),
        ({"funds": Decimal("0.00")}, "零资金的理由"),
        ({"contingency": None}, "预案"),
        ({"attachments": ()}, "治理方案"),
        ({"signed_by": None}, "主要负责人签名"),
    ],
)
def test_a_major_plan_has_seven_items(change: dict[str, object], because: str) -> None:
    """七项, 治理方案 attached, the head's signature; 0 yuan with a reason is an answer."""
    major = given(d.MAJOR_ORDERED)
    major.when(d.planned_major.but(**change)).then_refused(RuleBroken, because=because, code="incomplete")
    free = d.planned_major.but(funds=Decimal("0.00"), funds_reason="利用原有设备")
    major.when(free).then(events.RectificationPlanned)


def test_the_head_signs_the_plan_of_a_major_hazard() -> None:
    """Not the safety manager for him."""
    given(d.MAJOR_ORDERED).when(d.planned_major.but(signed_by=p.name(p.safety))).then_refused(
        NotPermitted, because="厂长牛", code="not_responsible"
    )


def test_a_plan_keeps_the_deadline() -> None:
    """While it runs; once it has passed, a plan to catch up is welcome."""
    late = d.planned.but(due=p.day(31))
    given(d.GENERAL_ORDERED).when(late).then_refused(RuleBroken, because="2026-04-01", code="after_deadline")
    given(d.GENERAL_ORDERED).when(late.but(due=p.day(40)), at=days(31)).then(events.RectificationPlanned)


def test_rectifying_starts_plan_in_hand() -> None:
    """五定 for general; a plan made while it was general does not do for a major one."""
    given(d.GENERAL_ORDERED).when(d.started).then_refused(RuleBroken, because="五定", code="incomplete")
    given(*d.GENERAL_ORDERED, d.planned).when(d.started).then_stage(Stage.RECTIFYING)
    raised = by(
        p.officer, do.RegradeHazard, grade=Grade.MAJOR, kind=RegradeKind.WORSENED, reasons="扩大", basis=d.clause
    )
    given(*d.GENERAL_ORDERED, d.planned, raised).when(d.started).then_refused(RuleBroken, because="七项")


def test_progress_is_welcome_overdue() -> None:
    """Flagged, never refused."""
    given(d.GENERAL_ORDERED).when(progress, at=days(40)).then(events.ProgressReported).then_flagged(Flag.OVERDUE)
    given(d.GENERAL_SUBMITTED).when(progress).then_stage(Stage.SUBMITTED).then_flagged()


def test_a_recorder_enters_for_the_party() -> None:
    """代录 for its own enterprise only, with the paper that it signed."""
    mine = d.planned.but(actor=p.for_(p.owner, p.cadre))
    given(d.GENERAL_ORDERED).when(mine).then(events.RectificationPlanned)
    given(d.GENERAL_ORDERED).when(mine.but(actor=p.for_(p.rival, p.cadre))).then_refused(NotPermitted, code="area")
    given(d.GENERAL_ORDERED).when(mine.but(actor=p.cadre)).then_refused(NotPermitted, code="role")
    bare = p.cadre.model_copy(update={"on_behalf_of": Principal(person=p.name(p.owner), enterprise="factory")})
    given(d.GENERAL_ORDERED).when(mine.but(actor=bare)).then_refused(RuleBroken, because="纸质件", code="incomplete")


def test_an_enterprise_tells_its_own_name_and_code() -> None:
    """Nothing else: not its co-parties, not its size, not what it is, and nobody else's name."""
    found = given(d.inspected)
    assert found.when(renamed).then(events.ResponsiblePartyChanged).hazard.party == p.FACTORY.model_copy(
        update={"name": "甲镇精密铸造厂"}
    )
    found.when(renamed.but(kind=PartyChange.CO_PARTY_ADDED, party=p.TENANT)).then_refused(NotPermitted, code="role")
    found.when(renamed.but(kind=PartyChange.IDENTIFIED)).then_refused(NotPermitted, because="只能变更", code="role")
    for change in ({"staff": 2}, {"kind": PartyKind.HOUSEHOLD}, {"kind": PartyKind.SOLE_TRADER}, {"body": "town"}):
        smaller = p.FACTORY.model_copy(update=change)
        found.when(renamed.but(party=smaller)).then_refused(NotPermitted, because="由监管部门变更", code="role")
    shared = found.and_then(by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.CO_PARTY_ADDED, party=p.TENANT))
    shared.when(renamed.but(party=p.TENANT.model_copy(update={"name": "别名"}))).then_refused(NotPermitted, code="role")


def test_what_a_new_name_does_not_say_stays_known() -> None:
    """A change without headcount or head leaves both as they were; the old names stay in the history."""
    silent = Party(id="factory", name="新名")
    changed = given(d.inspected).when(renamed.but(party=silent))
    party = changed.then(events.ResponsiblePartyChanged).hazard.party
    assert party
    assert (party.staff, party.head) == (30, p.FACTORY.head)


def test_the_authority_identifies_the_party() -> None:
    """By the competent body: a fire officer changes nobody of an industrial hazard."""
    tenant = by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.NEW_TENANT, party=p.RIVAL)
    assert given(d.inspected).when(tenant).hazard.party == p.RIVAL
    given(d.inspected).when(tenant.but(actor=p.fireman)).then_refused(NotPermitted, code="other_body")
    twice = tenant.but(kind=PartyChange.CO_PARTY_ADDED, party=p.FACTORY)
    given(d.inspected).when(twice).then_refused(RuleBroken, code="same_party")
    nameless = tenant.but(kind=PartyChange.CODE_CHANGED, party=p.FACTORY)
    given(d.inspected).when(nameless).then_refused(RuleBroken, because="统一社会信用代码", code="incomplete")
    moved = tenant.but(kind=PartyChange.RENAMED)
    given(d.inspected).when(moved).then_refused(RuleBroken, code="other_party")
