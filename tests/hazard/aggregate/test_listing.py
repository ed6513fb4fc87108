"""挂牌督办: proposed, listed, published, applied for, ended; each by its own body."""

import pytest

from contracts import events
from contracts.base import DocumentRef
from contracts.terms import DelistingGround, PublicationKind, Role, Stage
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import declined, delisting_refused, filed, published, recalled
from tests.scenario import days, given

MAJOR = (d.inspected, d.graded_major)
TWICE = (*d.MAJOR_ORDERED, d.county_listed, d.city_listed, d.planned_major, d.submitted_major)
COUNTY, CITY = "listing-4", "listing-5"


def test_only_a_major_hazard_is_listed() -> None:
    """Or a suspected one; with document, deadline and supervising body."""
    given(d.inspected, d.officer_graded_general).when(d.county_listed).then_refused(RuleBroken, code="not_major")
    for field, because in (("document", "文书"), ("deadline", "督办时限"), ("supervisor", "督办单位")):
        given(MAJOR).when(d.county_listed.but(**{field: None})).then_refused(RuleBroken, because=because)
    given(MAJOR).when(d.county_listed.but(deadline=p.day(-1))).then_refused(RuleBroken, code="due_in_past")


def test_a_body_lists_once_at_a_time() -> None:
    """Several bodies at once; one body again only when its own listing has ended."""
    given(*MAJOR, d.county_listed).when(d.county_listed).then_refused(RuleBroken, code="already_listed")
    given(*MAJOR, d.county_listed).when(d.city_listed).then(events.HazardListed)


def test_a_listing_bears_its_bodys_name() -> None:
    """Or nobody could end it."""
    bodiless = p.mayor.model_copy(update={"body": None})
    given(MAJOR).when(d.county_listed.but(actor=bodiless)).then_refused(RuleBroken, because="所在单位")


def test_who_proposes_neither_lists_nor_declines() -> None:
    """Nobody both asks and decides; a second id does not make him another."""
    both = p.secretary.model_copy(update={"roles": (Role.SAFETY_COMMITTEE, Role.LISTING_AUTHORITY)})
    asked = given(*MAJOR, d.proposed.but(actor=both))
    asked.when(d.county_listed.but(actor=both)).then_refused(NotPermitted, because="提请人", code="separation")
    asked.when(declined.but(actor=both)).then_refused(NotPermitted, code="separation")
    again = both.model_copy(update={"id": "secretary-2"})
    asked.when(declined.but(actor=again)).then_refused(NotPermitted, code="separation")
    asked.when(declined.but(actor=p.second_secretary)).then(events.ListingDeclined)
    asked.when(d.county_listed.but(proposal="proposal-9")).then_refused(RuleBroken, code="no_such")
    answered = asked.when(d.county_listed.but(proposal="proposal-3")).then(events.HazardListed)
    answered.after.when(declined.but(actor=p.second_secretary)).then_refused(RuleBroken, code="none_pending")


def test_published_while_it_stands_and_when_it_has_ended() -> None:
    """In its own kind: the listing while listed, the end once delisted; by the listing's body or its office."""
    listed = given(*MAJOR, d.county_listed)
    listed.when(published.but(actor=p.mayor)).then(events.ListingPublished)
    ended = published.but(kind=PublicationKind.DELISTED)
    listed.when(ended).then_refused(RuleBroken, code="none_pending")
    gone = given(*TWICE, d.passed, d.delisted.but(listing=COUNTY))
    gone.when(ended).then(events.ListingPublished, listing=COUNTY)
    other = given(*MAJOR, d.city_listed)
    other.when(published.but(actor=p.mayor)).then_refused(NotPermitted, because="市人民政府", code="other_body")
    other.when(filed.but(actor=p.mayor)).then_refused(NotPermitted, code="other_body")


def test_taken_back_by_the_body_that_published() -> None:
    """And by no other, once."""
    out = given(*MAJOR, d.county_listed, published)
    out.when(recalled.but(actor=p.mayor)).then_refused(NotPermitted, because="原公告单位", code="other_body")
    out.and_then(recalled).when(recalled).then_refused(RuleBroken, code="none_pending")


def test_party_or_supervising_body_asks_for_its_end() -> None:
    """Once at a time for each listing."""
    waiting = given(TWICE)
    waiting.when(d.asked_to_delist).then_refused(RuleBroken, because="请指明", code="ambiguous")
    asked = waiting.when(d.asked_to_delist.but(listing=COUNTY)).then(events.DelistingApplied)
    asked.after.when(d.asked_to_delist.but(listing=COUNTY)).then_refused(RuleBroken, code="pending")
    waiting.when(d.asked_to_delist.but(listing=COUNTY, actor=p.director)).then(events.DelistingApplied)
    waiting.when(d.asked_to_delist.but(listing=COUNTY, actor=p.fire_chief)).then_refused(NotPermitted)
    waiting.when(d.asked_to_delist.but(listing=COUNTY, actor=p.for_(p.owner, p.cadre))).then(events.DelistingApplied)


def test_refused_by_that_listings_body() -> None:
    """Not by another's, and not by who asked."""
    asked = given(*TWICE, d.asked_to_delist.but(listing=CITY))
    asked.when(delisting_refused).then_refused(NotPermitted, because="市人民政府", code="other_body")
    asked.when(delisting_refused.but(actor=p.city_mayor)).then(events.DelistingRefused)
    asked.and_then(delisting_refused.but(actor=p.city_mayor)).when(delisting_refused).then_refused(
        RuleBroken, code="none_pending"
    )


@pytest.mark.parametrize("listing", [COUNTY, CITY])
def test_each_listing_ends_by_its_own_body_or_one_above(listing: str) -> None:
    """The county does not end the city's."""
    verified = given(*TWICE, d.passed)
    city = d.delisted.but(actor=p.city_mayor, signed_by=p.sign(p.city_mayor)[0], listing=listing)
    verified.when(city).then(events.HazardDelisted, listing=listing)
    county = d.delisted.but(listing=listing)
    if listing == COUNTY:
        verified.when(county).then(events.HazardDelisted)
    else:
        verified.when(county).then_refused(NotPermitted, because="市人民政府", code="other_body")


def test_delisted_as_rectified_once_verified() -> None:
    """V only; revoked with its document at any stage."""
    listed = given(*d.MAJOR_ORDERED, d.county_listed)
    listed.when(d.delisted).then_refused(WrongStage, because="复查合格后", code="stage")
    revoked = d.delisted.but(ground=DelistingGround.REVOKED)
    for paper in (None, DocumentRef(), DocumentRef(title="撤销决定")):
        listed.when(revoked.but(document=paper)).then_refused(RuleBroken, code="incomplete")
    listed.when(revoked).then(events.HazardDelisted).then_stage(Stage.ASSIGNED)
    listed.when(d.delisted.but(ground=DelistingGround.CEASED)).then_refused(WrongStage, because="灭失销号后")


def test_who_verified_or_asked_does_not_sign_the_delisting() -> None:
    """Verifiers of a delisting never sign the consent; nor does who applied."""
    verified = given(*d.MAJOR_ORDERED, d.county_listed, d.planned_major, d.submitted_major, d.passed)
    verifier = p.sign(p.third_officer)[0].model_copy(update={"body": None})
    verified.when(d.delisted.but(signed_by=verifier)).then_refused(NotPermitted, because="复查人员", code="separation")
    verified.when(d.delisted.but(signed_by=p.sign(p.director)[0])).then_refused(NotPermitted, code="other_body")
    supervisor = p.mayor.model_copy(update={"roles": (Role.SAFETY_COMMITTEE, Role.LISTING_AUTHORITY)})
    mine = d.county_listed.but(actor=supervisor, supervisor=p.ref(p.COUNTY_GOV))
    asked = given(*d.MAJOR_ORDERED, mine, d.planned_major, d.submitted_major, d.passed)
    asked = asked.and_then(d.asked_to_delist.but(actor=supervisor))
    asked.when(d.delisted.but(actor=supervisor)).then_refused(NotPermitted, because="申请人", code="separation")
    refusal = delisting_refused.but(actor=supervisor)
    asked_at_s = given(*d.MAJOR_ORDERED, mine, d.planned_major, d.submitted_major)
    asked_at_s = asked_at_s.and_then(d.asked_to_delist.but(actor=supervisor))
    asked_at_s.when(refusal).then_refused(NotPermitted, because="申请人", code="separation")


def test_who_signs_a_delisting_signs_for_its_body() -> None:
    """The actor's body is the listing's, whatever the signature leaves out; and nobody signs for a grander one."""
    verified = given(*TWICE, d.passed)
    bare = p.sign(p.mayor)[0].model_copy(update={"body": None})
    verified.when(d.delisted.but(listing=CITY, signed_by=bare)).then_refused(NotPermitted, because="市人民政府")
    grander = bare.model_copy(update={"body": "city-gov"})
    verified.when(d.delisted.but(listing=COUNTY, signed_by=grander)).then_refused(NotPermitted, because="本单位名义")


def test_superseded_by_a_body_above_only() -> None:
    """A listing of the same or a lower level replaces nothing."""
    town_hall = p.town_lead.model_copy(update={"roles": (Role.LISTING_AUTHORITY,)})
    town = d.county_listed.but(actor=town_hall, deadline=p.day(300))
    both = given(*d.MAJOR_ORDERED, d.county_listed, town)
    superseded = d.delisted.but(listing=COUNTY, ground=DelistingGround.SUPERSEDED)
    both.when(superseded).then_refused(RuleBroken, because="上级挂牌", code="not_superseded")
    both.and_then(d.city_listed).when(superseded).then(events.HazardDelisted)


def test_an_ended_listing_has_no_deadline() -> None:
    """The earliest of those that stand."""
    twice = given(*MAJOR, d.county_listed, d.city_listed)
    assert twice.hazard.deadline == p.day(40)
    revoked = d.delisted.but(
        actor=p.city_mayor,
        signed_by=p.sign(p.city_mayor)[0],
        listing="listing-4",
        ground=DelistingGround.REVOKED,
    )
    assert twice.when(revoked, at=days(1)).hazard.deadline == p.day(60)
