"""A finding and an order may rest on a visit; only 行政检查 leads to an order (policy.md section 7)."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from contracts import commands as do
from contracts.acts.checklists import ChecklistItem
from contracts.commands import RecordInspection
from contracts.events import HazardAssigned, HazardFound
from contracts.terms import Answer, Flag, Origin, PartyChange, VisitKind, VisitMode
from services.hazard.aggregate.refusals import RuleBroken
from services.hazard.aggregate.visit import Visit
from services.hazard.aggregate.world import World
from tests import deeds as d
from tests import props as p
from tests.hazard.inspection.props import (
    VISIT_ID,
    WORLD,
    decided,
    fold,
    helped,
    inspected,
    patrolled,
    self_checked,
    spot_check,
    supervised,
    then,
)
from tests.scenario import Outcome, given

EARLY = p.MORNING - timedelta(hours=1)
OTHER_ID = VISIT_ID[:-1] + "b"
MADE: Final = {
    VisitKind.INSPECTION: inspected,
    VisitKind.PATROL: patrolled,
    VisitKind.ASSISTANCE: helped,
    VisitKind.SELF_CHECK: self_checked,
    VisitKind.SUPERVISION: supervised,
}
FINDS: Final = {
    VisitKind.INSPECTION: d.inspected,
    VisitKind.PATROL: d.patrolled.but(party=p.FACTORY),
    VisitKind.ASSISTANCE: d.inspected.but(origin=Origin.ASSISTANCE),
    VisitKind.SELF_CHECK: d.self_found,
    VisitKind.SUPERVISION: d.inspected.but(actor=p.inspector),
}


def seen(command: RecordInspection) -> Visit:
    """As a hazard's rules see that visit."""
    visit = fold([decided(command)]).visit
    assert visit is not None
    return visit


def world(*visits: RecordInspection | Visit) -> World:
    """With these visits recorded, under VISIT_ID and OTHER_ID."""
    known = [one if isinstance(one, Visit) else seen(one) for one in visits]
    return replace(WORLD, now=p.MORNING, visits=dict(zip((VISIT_ID, OTHER_ID), known, strict=False)))


def found(command: RecordInspection | Visit, **fields: object) -> Outcome:
    """An officer finds something on it."""
    return given(world=world(command)).when(d.inspected.but(visit=VISIT_ID, **fields))


@pytest.mark.parametrize("kind", VisitKind)
def test_a_finding_takes_the_kind_of_its_visit(kind: VisitKind) -> None:
    """The record says it; stating the same is welcome, stating another is refused."""
    here = given(world=world(MADE[kind](occurred_at=EARLY)))
    finding = FINDS[kind].but(visit=VISIT_ID)
    here.when(finding).then(HazardFound, visit=VISIT_ID, visit_kind=kind)
    here.when(finding.but(visit_kind=kind)).then(HazardFound, visit_kind=kind)
    other = next(one for one in VisitKind if one is not kind)
    here.when(finding.but(visit_kind=other)).then_refused(RuleBroken, code="other_visit_kind")


def test_a_visit_that_is_not_there_is_named() -> None:
    """Never recorded, or taken back. Any other number of a visit is only noted, as before."""
    given().when(d.inspected.but(visit=VISIT_ID)).then_refused(RuleBroken, because=VISIT_ID, code="unknown_visit")
    gone = replace(seen(inspected(occurred_at=EARLY)), withdrawn=True)
    found(gone).then_refused(RuleBroken, code="visit_withdrawn")
    given().when(d.inspected.but(visit="v-7")).then(HazardFound, visit="v-7", visit_kind=None)


def test_the_visit_was_to_that_place_and_party() -> None:
    """One area within the other; the same party where both name one; not before it began."""
    found(inspected(occurred_at=EARLY, area="320623")).then(HazardFound)
    found(replace(seen(inspected()), area="320623105")).then_refused(RuleBroken, code="other_visit")
    found(inspected(party=p.SHOP)).then_refused(RuleBroken, because="另一单位", code="other_visit")
    found(inspected(party=None)).then(HazardFound)
    found(inspected(), party=None).then(HazardFound)
    found(replace(seen(inspected()), began_at=p.MORNING + timedelta(minutes=1))).then_refused(
        RuleBroken, code="before_visit"
    )


@pytest.mark.parametrize("kind", VisitKind)
def test_the_origin_fits_the_kind(kind: VisitKind) -> None:
    """Who found it follows from the visit; a report or a transfer is looked into by any. So too for a kind stated."""
    fitting = FINDS[kind].fields["origin"]
    here = given(world=world(MADE[kind](occurred_at=EARLY)))
    for other in {find.fields["origin"] for find in FINDS.values()} - {fitting}:
        finding = next(find for find in FINDS.values() if find.fields["origin"] is other)
        here.when(finding.but(visit=VISIT_ID)).then_refused(RuleBroken, because="来源", code="other_origin")
        given().when(finding.but(visit_kind=kind)).then_refused(RuleBroken, code="other_origin")
    here.when(d.reported.but(visit=VISIT_ID)).then(HazardFound)


def test_a_finding_answers_an_item_that_offers_it() -> None:
    """Of that visit, whose checklist was filled in."""
    ticked = inspected(occurred_at=EARLY, checklists=(spot_check(_6=Answer.YES, _7=Answer.NO),))
    six, seven = (ChecklistItem(checklist="spot-check", item=item) for item in (6, 7))
    found(ticked, offer=six).then(HazardFound, offer=six)
    found(ticked, offer=seven).then_refused(RuleBroken, because="spot-check 第6项", code="no_offer")
    given().when(d.inspected.but(offer=six)).then_refused(RuleBroken, code="no_offer")


def test_what_was_declined_is_not_opened_by_its_item() -> None:
    """The hazard may still be found: without the item, whose answer stands."""
    six, seven = (ChecklistItem(checklist="spot-check", item=item) for item in (6, 7))
    ticked = inspected(occurred_at=EARLY, checklists=(spot_check(_6=Answer.YES, _7=Answer.YES),))
    no = then(do.DeclineOffer, p.officer, checklist="spot-check", item=6, reasons="已核对")
    visit = fold([decided(ticked), decided(no, ticked)]).visit
    assert visit is not None
    found(visit, offer=six).then_refused(RuleBroken, because="不写明检查项", code="declined_already")
    found(visit, offer=seven).then(HazardFound, offer=seven)
    found(visit).then(HazardFound)


def test_a_finding_of_a_visit_that_stated_none_is_flagged() -> None:
    """What officers saw is never refused; that the record said 无 stands beside it. What the party finds does not."""
    found(inspected(occurred_at=EARLY, none_found=True)).then_flagged(Flag.NONE_WAS_STATED)
    found(inspected(occurred_at=EARLY)).then_flagged()
    after = d.self_found.but(origin=Origin.SELF_AFTER_NOTICE, visit=VISIT_ID)
    given(world=world(inspected(occurred_at=EARLY, none_found=True))).when(after).then_flagged()


def test_after_an_announced_visit_a_self_check_is_one_after_notice() -> None:
    """检查通知后自查 rests on the announcement, or on the visit's beginning, in place of a notice's number."""
    tomorrow = p.MORNING + timedelta(days=1)
    after = d.self_found.but(origin=Origin.SELF_AFTER_NOTICE, visit=VISIT_ID)
    visit = seen(inspected())

    def told(**changes: object) -> Outcome:
        return given(world=world(replace(visit, **changes))).when(after)  # type: ignore[arg-type]

    told(began_at=tomorrow, announced_at=EARLY).then(HazardFound)
    told(began_at=EARLY).then(HazardFound)
    told(began_at=tomorrow).then_refused(RuleBroken, because="检查通知", code="incomplete")
    told(began_at=EARLY, kind=VisitKind.SELF_CHECK).then_refused(RuleBroken, code="incomplete")
    given().when(after.but(visit="v-7")).then(HazardFound)


@pytest.mark.parametrize("kind", VisitKind)
def test_only_an_inspection_leads_to_an_order(kind: VisitKind) -> None:
    """Found on any other visit, the order names the 行政检查 on which it rests; where none is known, as before."""
    here = given(FINDS[kind].but(visit=VISIT_ID), world=world(MADE[kind](occurred_at=EARLY), inspected()))
    plain, named = d.ordered, d.ordered.but(visit=OTHER_ID)
    if kind is VisitKind.INSPECTION:
        here.when(plain).then(HazardAssigned, visit=None)
    else:
        here.when(plain).then_refused(RuleBroken, because="行政检查", code="no_inspection")
    here.when(named).then(HazardAssigned, visit=OTHER_ID)
    given(FINDS[kind]).when(plain).then(HazardAssigned)


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (inspected(historical="五月.xlsx 第4行", inspectors=()), "no_inspection"),
        (inspected(historical="五月.xlsx 第4行"), "no_inspection"),
        (replace(seen(inspected()), withdrawn=True), "visit_withdrawn"),
    ],
)
def test_an_order_that_names_no_visit_rests_on_the_one_that_found_it(
    visit: RecordInspection | Visit, code: str
) -> None:
    """An old table certifies nothing, nor does a visit taken back: another is named. An old order is as it was."""
    was = replace(visit, withdrawn=False) if isinstance(visit, Visit) else seen(visit)
    found_then = given(d.inspected.but(visit=VISIT_ID), world=world(was))
    now = world(visit, inspected())
    found_then.when(d.ordered, world=now).then_refused(RuleBroken, code=code)
    found_then.when(d.ordered.but(visit=OTHER_ID), world=now).then(HazardAssigned)
    old = given(d.inspected.but(visit=VISIT_ID, historical="五月.xlsx"), world=world(was))
    old.when(d.ordered.but(historical="五月.xlsx"), world=now).then(HazardAssigned)


def test_a_new_party_is_ordered_on_the_visit_that_found_it() -> None:
    """Whoever is responsible since; a visit that is named was to the party that is ordered."""
    moved = d.shared_with_tenant.but(kind=PartyChange.NEW_TENANT)
    here = given(d.inspected.but(visit=VISIT_ID), d.officer_graded_general, moved, world=world(inspected()))
    here.when(d.ordered).then(HazardAssigned)
    here.when(d.ordered.but(visit=VISIT_ID)).then_refused(RuleBroken, code="other_visit")


def test_a_notice_rests_on_any_visit() -> None:
    """Only an order needs 行政检查."""
    here = given(d.patrolled.but(visit=VISIT_ID, party=p.FACTORY), world=world(patrolled(occurred_at=EARLY)))
    here.and_then(d.cadre_graded_general).when(d.noticed).then(HazardAssigned)


@pytest.mark.parametrize("kind", sorted(set(VisitKind) - {VisitKind.INSPECTION}))
def test_an_order_rests_on_no_other_visit(kind: VisitKind) -> None:
    """Nor on an old table without certificates, another party's visit, one taken back, or one still to come."""
    here = given(d.patrolled.but(party=p.FACTORY, visit=VISIT_ID), world=world(patrolled(), MADE[kind]()))
    here.when(d.ordered.but(visit=OTHER_ID)).then_refused(RuleBroken, code="no_inspection")


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (inspected(historical="五月.xlsx 第4行", inspectors=()), "no_inspection"),
        (inspected(party=p.SHOP), "other_visit"),
        (replace(seen(inspected()), area="320623105"), "other_visit"),
        (replace(seen(inspected()), withdrawn=True), "visit_withdrawn"),
        (replace(seen(inspected()), began_at=p.MORNING + timedelta(days=1)), "before_visit"),
    ],
)
def test_an_order_rests_on_a_good_inspection(visit: RecordInspection | Visit, code: str) -> None:
    """Certified, of that party and place, standing, begun."""
    here = given(d.patrolled.but(party=p.FACTORY, visit=VISIT_ID), world=world(patrolled(), visit))
    here.when(d.ordered.but(visit=OTHER_ID)).then_refused(RuleBroken, code=code)


def test_a_head_led_round_finds_for_itself() -> None:
    """The enterprise's own round, led by its head, and what it found: origin self, on that visit."""
    round_ = self_checked(modes=(VisitMode.HEAD_LED, VisitMode.WEEKLY), occurred_at=EARLY)
    here = given(world=world(round_))
    here.when(d.self_found.but(visit=VISIT_ID)).then(HazardFound, visit_kind=VisitKind.SELF_CHECK)
