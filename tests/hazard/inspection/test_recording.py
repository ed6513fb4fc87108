"""Who may say that a visit was made, who went, when and how (policy.md section 7)."""

from datetime import timedelta
from typing import Final

import pytest

from contracts.events import InspectionRecorded
from contracts.parties import Party, Signatory
from contracts.terms import Flag, PartyKind, Role, VisitKind, VisitMode
from tests import props as p
from tests.hazard.inspection.props import (
    code,
    decided,
    fold,
    helped,
    inspected,
    patrolled,
    record,
    refused,
    self_checked,
    supervised,
)

WHO: Final = {
    VisitKind.INSPECTION: {"regulator", "officer", "township_checker"},
    VisitKind.PATROL: {"village_officer", "township_checker"},
    VisitKind.ASSISTANCE: {"expert", "regulator", "officer", "township_checker"},
    VisitKind.SELF_CHECK: {
        "enterprise_head",
        "safety_manager",
        "worker",
        "worker_representative",
        "party_officer",
    },
    VisitKind.SUPERVISION: {"superior_inspector", "safety_committee", "listing_authority", "township_lead"},
}
"""Transcribed from the page, not from the rules."""


@pytest.mark.parametrize("command", [inspected(), patrolled(), helped(), self_checked(), supervised()])
def test_each_kind_is_recorded_by_whom_it_should(command: object) -> None:
    """The bodies that visited are told, but for a self-check; who went is told where the actor went alone."""
    event = decided(command)  # type: ignore[arg-type]
    assert isinstance(event, InspectionRecorded)
    assert event.inspectors
    assert bool(event.visited_by) == (event.kind not in {VisitKind.SELF_CHECK, VisitKind.ASSISTANCE})


@pytest.mark.parametrize("kind", VisitKind)
@pytest.mark.parametrize("role", Role)
def test_nobody_else_records_it(kind: VisitKind, role: Role) -> None:
    """The same visit by the same person in another office is refused for the office; in a right one, never for it."""
    actor = (p.owner if kind is VisitKind.SELF_CHECK else p.officer).model_copy(update={"roles": (role,)})
    assert (code(record(actor, kind)) == "role") is (str(role) not in WHO[kind])


@pytest.mark.parametrize(
    ("inspectors", "why"),
    [
        (p.sign(p.officer), "two_names"),
        (p.sign(p.officer, p.officer), "two_names"),
        (p.sign(p.officer, p.expert), "two_names"),
        (p.sign(p.officer, p.cadre), "two_names"),
        (p.sign(p.officer, p.neighbour_officer), "two_names"),
        (p.sign(p.officer, p.director), "certificate"),
        (p.sign(p.second_officer, p.third_officer), "not_named"),
        (p.sign(p.officer, p.second_officer, p.expert, p.cadre), None),
        (p.sign(p.officer, p.fireman), None),
    ],
)
def test_an_inspection_has_two_certified_names(inspectors: tuple[Signatory, ...], why: str | None) -> None:
    """Experts, grid workers and officers of elsewhere may come along; they are none of the two."""
    assert code(inspected(inspectors=inspectors)) == why


@pytest.mark.parametrize("role", [Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER, Role.LISTING_AUTHORITY, Role.AUDITOR])
def test_nobody_inspects_as_somebody_else(role: Role) -> None:
    """An enterprise's people, the government and those who only read are none of the two, whatever they carry."""
    posing = p.sign(p.second_officer)[0].model_copy(update={"role": role})
    assert code(inspected(inspectors=(*p.sign(p.officer), posing))) == "two_names"


def test_nobody_inspects_his_own() -> None:
    """The party's head, or anybody of a public body that is visited; they certify no old event either."""
    head = Signatory(id="owner", name="厂长牛", body="em", role=Role.OFFICER, certificate="应急-99")
    assert code(inspected(inspectors=(*p.sign(p.officer), head))) == "two_names"
    office = Party(id="em-office", name="县应急管理局机关", kind=PartyKind.PUBLIC_BODY, body="em")
    assert code(inspected(party=office)) == "two_names"
    event = decided(inspected())
    assert isinstance(event, InspectionRecorded)
    seen = [fold([event.model_copy(update={"party": party})]).visit for party in (p.FACTORY, office)]
    assert [visit.certified for visit in seen if visit] == [True, False]


def test_a_body_without_competence_or_power_does_not_inspect() -> None:
    """议事协调机构 and a township without either: the sentence names the other kinds of visit."""
    for who in (p.other_checker, p.secretary.model_copy(update={"roles": (Role.REGULATOR,)})):
        told = inspected(actor=who, inspectors=p.sign(who, p.second_checker), area=who.area)
        refusal = refused(told)
        assert refusal is not None
        assert (refusal.code, "督导" in refusal.reason) == ("not_qualified", True)


def test_an_inspection_without_approval_is_flagged() -> None:
    """国办发〔2024〕54号 asks for approval; the fact stands, the paper is chased."""
    assert decided(inspected(approval=None)).flags == (Flag.DOCUMENT_PENDING,)
    assert decided(inspected()).flags == ()
    assert decided(patrolled(party=None)).flags == (Flag.PARTY_UNKNOWN,)


def test_nobody_visits_elsewhere_or_in_another_bodys_name() -> None:
    """Own area, own body."""
    assert code(patrolled(area="320623105001")) == "area"
    assert code(patrolled(visited_by=p.finder(p.TOWN))) == "other_body"
    assert code(patrolled(visited_by=p.finder(p.TOWN, p.VILLAGE))) is None


def test_a_self_check_is_of_the_own_enterprise() -> None:
    """By its people, or entered for them with the signed paper; no body stands on it."""
    assert code(self_checked(actor=p.rival)) == "area"
    assert code(self_checked(party=None)) == "incomplete"
    assert code(self_checked(visited_by=p.finder(p.TOWN))) == "self_found"
    assert code(self_checked(party=p.FACTORY.model_copy(update={"kind": PartyKind.HOUSEHOLD}))) == "other_party"
    assert code(self_checked(actor=p.for_(p.owner, p.cadre))) is None
    unsigned = p.for_(p.owner, p.cadre)
    principal = unsigned.on_behalf_of.model_copy(update={"paper": None})  # type: ignore[union-attr]
    assert code(self_checked(actor=unsigned.model_copy(update={"on_behalf_of": principal}))) == "incomplete"


def test_assistance_brings_an_expert() -> None:
    """By the expert, or by an official with one."""
    assert code(record(p.regulator, VisitKind.ASSISTANCE)) == "incomplete"
    assert code(record(p.regulator, VisitKind.ASSISTANCE, inspectors=p.sign(p.regulator, p.expert))) is None


def test_times_do_not_contradict_each_other() -> None:
    """Announced, begun, ended, now."""
    hour = timedelta(hours=1)
    assert code(patrolled(ended_at=p.MORNING - hour)) == "times"
    assert code(patrolled(announced_at=p.MORNING + hour)) == "times"
    assert code(patrolled(ended_at=p.MORNING + 24 * hour)) == "future"
    assert code(patrolled(occurred_at=p.MORNING + 24 * hour)) == "future"
    assert code(patrolled(announced_at=p.MORNING, ended_at=p.MORNING)) is None


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (self_checked(modes=(VisitMode.WEEKLY,)), None),
        (patrolled(modes=(VisitMode.DAILY,)), "mode"),
        (inspected(modes=(VisitMode.MONTHLY,)), "mode"),
        (patrolled(modes=(VisitMode.HEAD_LED,)), "mode"),
        (inspected(modes=(VisitMode.HEAD_LED,)), None),
        (supervised(modes=(VisitMode.HEAD_LED,)), None),
        (inspected(modes=(VisitMode.UNANNOUNCED,), announced_at=p.MORNING), "mode"),
        (inspected(modes=(VisitMode.COVERT,), announced_at=p.MORNING), "mode"),
        (inspected(modes=(VisitMode.UNANNOUNCED, VisitMode.NIGHT)), None),
    ],
)
def test_each_kind_has_its_ways(command: object, why: str | None) -> None:
    """日/周/月 are the enterprise's own rounds; 四不两直 is not announced."""
    assert code(command) == why  # type: ignore[arg-type]


def test_a_head_who_led_is_named() -> None:
    """主要负责人带队: by his office or by his name; a safety manager alone did not go with the head."""
    led = {"modes": (VisitMode.HEAD_LED,)}
    assert code(self_checked(**led)) is None
    assert code(self_checked(actor=p.safety, **led)) == "incomplete"
    head = Signatory(id="owner", name="厂长牛")
    assert code(self_checked(actor=p.safety, inspectors=(*p.sign(p.safety), head), **led)) is None


def test_signed_or_refused() -> None:
    """One of them, or neither yet."""
    both = patrolled(signed_by=p.name(p.owner), refused_to_sign="拒签")
    assert code(both) == "two_minds"
    assert code(patrolled(refused_to_sign="拒签")) is None


def test_an_old_table_lacks_names_and_certificates() -> None:
    """Entered by a clerk, of any kind; it certifies nothing. What happens today is no old record."""
    clerk = p.checker.model_copy(update={"body": None})
    told = {"historical": "五月.xlsx 第4行", "inspectors": (), "place": None, "approval": None}
    for kind in VisitKind:
        if kind is not VisitKind.SELF_CHECK:
            event = decided(record(clerk, kind, **told))
            assert isinstance(event, InspectionRecorded)
            assert (event.inspectors, event.visited_by, event.flags) == ((), (), (Flag.HISTORICAL,))
    assert code(record(p.cadre, VisitKind.INSPECTION, **told)) == "role"


def test_a_visit_is_recorded_once() -> None:
    """The second record of the same id is refused."""
    assert code(patrolled(), patrolled()) == "exists"
