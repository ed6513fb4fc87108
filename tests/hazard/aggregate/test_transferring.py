"""移送 · 接收 · 退回 · 指定监管 · 反馈; and how far an office reaches."""

import pytest

from contracts import commands as do
from contracts import events
from contracts.parties import Actor, BodyRef
from contracts.terms import Role, Stage
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import progress, refused_back
from tests.scenario import by, given

FIRE_FOUND = (d.inspected.but(actor=p.fireman),)
OFFERED = (*FIRE_FOUND, d.transferred)
assigned = by(p.secretary, do.AssignCompetence, to_body=p.ref(p.EM), reasons="两次退回")


@pytest.mark.parametrize(
    ("change", "because", "code"),
    [
        ({"to_body": BodyRef(name="某局")}, "机构目录", "unknown_body"),
        ({"to_body": BodyRef(id="nowhere", name="某局")}, "机构目录", "unknown_body"),
        ({"to_body": p.ref(p.FIRE)}, "本单位", "own_body"),
        ({"party_told_on": None}, "告知责任单位", "incomplete"),
        ({"document": None}, "证据", "incomplete"),
    ],
)
def test_a_transfer_carries(change: dict[str, object], because: str, code: str) -> None:
    """To whom, why not ours, evidence; the enterprise is told."""
    given(FIRE_FOUND).when(d.transferred.but(**change)).then_refused(RuleBroken, because=because, code=code)


def test_the_sender_keeps_it_until_it_is_accepted() -> None:
    """The stage and everybody's work go on; one transfer at a time; the receiver takes it over as it stands."""
    offered = given(OFFERED)
    offered.when(d.transferred).then_refused(RuleBroken, code="pending")
    offered.when(d.officer_graded_general.but(actor=p.fireman)).then_stage(Stage.GRADED)
    taken = offered.and_then(d.officer_graded_general, d.told_inside).when(d.taken_over)
    taken.then(events.TransferAccepted, by_body="em").then_stage(Stage.ASSIGNED)
    assert taken.hazard.competent == "em"
    taken.after.when(d.transferred.but(to_body=p.ref(p.ROADS))).then_refused(
        NotPermitted, because="现监管单位", code="other_body"
    )


def test_only_the_receiver_answers() -> None:
    """Not the sender; nor a person who asked for it under another office."""
    given(OFFERED).when(d.taken_over.but(actor=p.fireman)).then_refused(NotPermitted, code="other_body")
    moved = p.fire_chief.model_copy(update={"body": "em"})
    given(OFFERED).when(d.taken_over.but(actor=moved)).then_refused(NotPermitted, code="separation")
    given(FIRE_FOUND).when(d.taken_over).then_refused(RuleBroken, code="none_pending")


def test_a_refusal_names_the_competent_body() -> None:
    """And it is not the refusing one."""
    given(OFFERED).when(refused_back).then(events.TransferRefused, competent_body=p.ref(p.ROADS))
    given(OFFERED).when(refused_back.but(competent_body=p.ref(p.EM))).then_refused(RuleBroken, code="own_body")
    given(OFFERED).when(refused_back.but(actor=p.fireman)).then_refused(NotPermitted, code="other_body")


def test_after_the_second_refusal_the_committee_assigns() -> None:
    """Binding: neither transferred again, nor assigned again from below."""
    twice = given(*OFFERED, refused_back, d.transferred, refused_back)
    twice.when(d.transferred).then_refused(RuleBroken, because="安委办", code="assign_competence")
    bound = twice.when(assigned).then(events.CompetenceAssigned)
    assert bound.hazard.competent == "em"
    back = d.transferred.but(actor=p.director, to_body=p.ref(p.FIRE))
    bound.after.when(back).then_refused(RuleBroken, because="上级指定", code="binding")


def test_an_assignment_names_a_body_of_the_directory() -> None:
    """Or nobody would have it."""
    for nobody in (BodyRef(name="某局"), BodyRef(id="nowhere", name="某局")):
        given(d.inspected).when(assigned.but(to_body=nobody)).then_refused(RuleBroken, code="unknown_body")


def test_an_assignment_ends_a_pending_transfer() -> None:
    """What waits for an answer waits no more."""
    assert given(*OFFERED, assigned).hazard.transfer is None


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (p.town_lead.model_copy(update={"roles": (Role.LISTING_AUTHORITY,)}), "area"),
        (p.town_lead.model_copy(update={"roles": (Role.SAFETY_COMMITTEE,)}), "area"),
    ],
)
def test_competence_is_assigned_by_the_county_or_above(actor: Actor, code: str) -> None:
    """A township's committee assigns nothing, least of all to itself."""
    given(d.inspected).when(assigned.but(actor=actor, to_body=p.ref(p.TOWN))).then_refused(NotPermitted, code=code)


def test_what_the_city_assigned_the_county_does_not_take_away() -> None:
    """Only the city or above assigns it again."""
    bound = given(d.inspected, d.assigned_from_above.but(actor=p.inspector, to_body=p.ref(p.CITY_EM)))
    bound.when(assigned.but(actor=p.secretary, to_body=p.ref(p.FIRE))).then(events.CompetenceAssigned)
    own = given(d.inspected, assigned.but(actor=p.city_mayor, to_body=p.ref(p.COUNTY_GOV)))
    own.when(assigned.but(actor=p.secretary)).then_refused(NotPermitted, because="上级指定", code="binding")
    own.when(assigned.but(actor=p.city_mayor)).then(events.CompetenceAssigned)


def test_no_party_supervises_itself() -> None:
    """Neither assigned nor transferred to."""
    own = given(d.road_sank)
    own.when(assigned.but(to_body=p.ref(p.ROAD_STATION))).then_refused(RuleBroken, code="other_party")
    sent = d.transferred.but(actor=p.town_lead, to_body=p.ref(p.ROAD_STATION))
    own.when(sent).then_refused(RuleBroken, code="other_party")


def test_every_superior_gets_its_result() -> None:
    """Handed down twice, answered twice; nobody else's name stands in the place of a superior."""
    county = assigned.but(from_superior=True)
    verified = given(d.inspected, d.assigned_from_above, county, *d.GENERAL_VERIFIED[1:])
    assert verified.hazard.handed_down_by == ("city-em", "committee")
    verified.when(d.told_above.but(to_body=p.ref(p.FIRE))).then_refused(RuleBroken, code="other_superior")
    once = verified.and_then(d.told_above)
    once.when(d.closed.but(actor=p.officer)).then_refused(RuleBroken, because="结果反馈", code="incomplete")
    both = once.and_then(d.told_above.but(to_body=p.ref(p.COMMITTEE)))
    both.when(d.closed.but(actor=p.officer)).then_stage(Stage.CLOSED)


def test_the_accepting_body_tells_the_result() -> None:
    """Not another; and to a reporter by his receipt number."""
    verified = given(d.inspected, d.assigned_from_above, *d.GENERAL_VERIFIED[1:])
    verified.when(d.told_above.but(actor=p.fireman)).then_refused(NotPermitted, code="other_body")
    reported = given(d.reported, d.ordered, d.planned, d.submitted.but(before=(p.PHOTO,)), d.passed)
    to_reporter = by(p.intake, do.ReportResult, to_body=BodyRef(name="举报人"), content="已整改", receipt="12350-0420")
    reported.when(to_reporter).then(events.ResultReported)


def test_a_receiver_outside_the_birth_area_acts() -> None:
    """The hazard's id keeps its birth area; who takes it over reaches it from anywhere."""
    across = d.transferred.but(actor=p.director, to_body=p.ref(p.NEIGHBOUR))
    offered = given(d.inspected, across)
    order = d.ordered.but(actor=p.neighbour_officer, officers=p.sign(p.neighbour_officer, p.second_neighbour))
    given(d.inspected).when(order).then_refused(NotPermitted, code="area")
    taken = offered.and_then(d.taken_over.but(actor=p.neighbour_officer))
    taken.when(order).then(events.HazardAssigned)
    taken.when(order.but(actor=p.other_checker)).then_refused(NotPermitted)


@pytest.mark.parametrize(
    ("actor", "reaches"),
    [
        (p.cadre, True),
        (p.checker, True),
        (p.officer, True),
        (p.inspector.model_copy(update={"roles": (Role.OFFICER,)}), True),
        (p.other_checker, False),
        (p.neighbour_officer, False),
        (p.cadre.model_copy(update={"body": "other-town", "area": "320623"}), False),
        (p.officer.model_copy(update={"area": "320623105"}), False),
        (p.officer.model_copy(update={"body": None, "area": None}), False),
        (p.officer.model_copy(update={"body": None, "area": "320623"}), True),
    ],
    ids=[
        "village",
        "town",
        "county",
        "city",
        "other town",
        "other county",
        "claims more",
        "posted",
        "none",
        "bodiless",
    ],
)
def test_an_area_covers_what_lies_below_it(actor: Actor, *, reaches: bool) -> None:
    """The directory's word on a body's area comes before the actor's; an official's own post may be narrower."""
    entered = progress.but(actor=p.for_(p.owner, actor))
    history = (d.town_inspected, d.officer_graded_general, d.noticed.but(actor=p.checker))
    outcome = given(history).when(entered)
    if reaches:
        outcome.then(events.ProgressReported)
    else:
        outcome.then_refused(NotPermitted, because="不在管辖范围", code="area")


def test_an_area_code_is_no_mere_prefix() -> None:
    """32062310 is no area: codes have 2, 4, 6, 9 or 12 digits, so that a prefix is a level."""
    for body in p.DIRECTORY.bodies:
        assert len(body.area) in {2, 4, 6, 9, 12}
