# ruff: noqa: ARG001  (laws share one signature, whether or not they look at everything)
"""What must hold when an event is accepted, each law by itself; read from the raw history, never from the rules."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from contracts import events
from contracts.events import Event
from contracts.parties import Signatory
from contracts.terms import (
    AssignmentKind,
    ClosureKind,
    DelistingGround,
    Grade,
    Origin,
    PartyKind,
    Power,
    ReopeningKind,
    RevocationAct,
    Role,
    Stage,
    SuspensionKind,
)
from tests.hazard.aggregate.cast import DIRECTORY
from tests.hazard.aggregate.history import MOVES, Record, asked_by, read

E = TypeVar("E", bound=Event)
Law = Callable[[Record, Event, Record], None]
LAWS: list[tuple[tuple[type[Event], ...], Law]] = []
SITE_ZONE = timezone(timedelta(hours=8))
SELF = {Origin.SELF, Origin.SELF_AFTER_NOTICE}
ENTERPRISE = {
    Role.ENTERPRISE_HEAD,
    Role.SAFETY_MANAGER,
    Role.WORKER,
    Role.WORKER_REPRESENTATIVE,
    Role.PARTY_OFFICER,
}
MOVERS = (
    events.HazardAssigned,
    events.HazardListed,
    events.ExtensionGranted,
    events.OrderRevoked,
    events.HazardDelisted,
)


def law(*kinds: type[E]) -> Callable[[Callable[[Record, E, Record], None]], None]:
    """Register a law of (what was, the event, what is) for events of those kinds."""

    def keep(rule: Callable[[Record, E, Record], None]) -> None:
        LAWS.append((kinds, rule))  # type: ignore[arg-type]

    return keep


def check(before: Record, event: Event) -> Record:
    """Every law on one more event; AssertionError where one is broken. The record with it."""
    after = read((*before.history, event))
    for kinds, rule in LAWS:
        if isinstance(event, kinds):
            rule(before, event, after)
    return after


def _ids(names: tuple[Signatory, ...]) -> set[str]:
    return {name.id for name in names}


def _own(body: str | None, overlay: str | None) -> bool:
    return overlay is not None and (body == overlay or DIRECTORY.is_above(body, overlay))


def may(before: Record, body_id: str | None, power: Power, when: datetime) -> bool:
    """The body has the power on that day and the hazard: its own, or one below's, or of its sector and area.

    Whose it is keeps out no body of the sector over a wider area, unless it was assigned from above.
    """
    body = DIRECTORY.body(body_id)
    if body is None or not body.has(power, when.astimezone(SITE_ZONE).date()):
        return False
    if _own(body.id, before.competent):
        return True
    holder = DIRECTORY.body(before.competent)
    if before.competent and (before.of(events.CompetenceAssigned) or not holder or len(holder.area) <= len(body.area)):
        return False
    sector = before.found.sector
    return before.found.area.startswith(body.area) and (sector is None or sector in body.competences)


def _may(before: Record, event: Event, power: Power) -> bool:
    return may(before, event.actor.body, power, event.occurred_at)


@law(Event)
def auditors_read(before: Record, event: Event, after: Record) -> None:
    """An auditor never gets anything accepted; the notifier escalates and nothing else."""
    assert set(event.actor.roles) != {Role.AUDITOR}
    if set(event.actor.roles) == {Role.NOTIFIER}:
        assert isinstance(event, events.HazardEscalated)
    if isinstance(event, events.HazardEscalated):
        assert Role.NOTIFIER in event.actor.roles


@law(Event)
def stage_moves_by_the_table(before: Record, event: Event, after: Record) -> None:
    """An event that moves the stage is accepted only where the table has a move, but for those that may stay."""
    stays = {events.HazardGraded, events.HazardAssigned, events.VerificationFailed}
    if type(event) in MOVES and type(event) not in stays:
        assert before.stage in MOVES[type(event)]


@law(Event)
def an_ended_record_is_quiet(before: Record, event: Event, after: Record) -> None:
    """Withdrawn and merged hazards are neither graded, assigned, submitted, verified, listed, stopped nor closed."""
    if before.stage in {Stage.WITHDRAWN, Stage.MERGED}:
        assert type(event) not in set(MOVES) - {events.HazardReopened}
        assert not isinstance(event, events.HazardListed | events.SuspensionOrdered | events.ExtensionGranted)


@law(Event)
def deadline_has_few_movers(before: Record, event: Event, after: Record) -> None:
    """Only an assignment, a listing and its end, a granted extension and a revocation move the deadline in force."""
    if before.deadline != after.deadline:
        assert isinstance(event, MOVERS)


@law(events.HazardAssigned)
def only_an_order_moves_an_order(before: Record, event: events.HazardAssigned, after: Record) -> None:
    """While an order or a listing stands, no notice, handover or internal word moves the deadline in force."""
    if event.kind is not AssignmentKind.ORDER and (before.orders or before.listings) and before.deadline:
        assert before.deadline == after.deadline
    if event.kind is AssignmentKind.INTERNAL and event.due and before.deadline:
        assert event.due <= before.deadline


@law(events.HazardAssigned)
def orders_need_power(before: Record, event: events.HazardAssigned, after: Record) -> None:
    """责令限期整改: two certificates, a number, a body with that power that day; it alone may precede the grade."""
    if before.stage is Stage.FOUND:
        assert event.kind is AssignmentKind.ORDER
    if event.kind is AssignmentKind.ORDER and not event.historical:
        assert _may(before, event, Power.ORDER_CORRECTION)
        assert len(_ids(event.officers)) >= 2
        assert all(name.certificate for name in event.officers)
        assert event.document
        assert event.document.number


@law(events.RectificationSubmitted)
def a_claim_needs_a_plan(before: Record, event: events.RectificationSubmitted, after: Record) -> None:
    """五定, or 七项 for a major hazard; but within 24 hours of the finding on the spot."""
    if event.on_the_spot:
        assert event.occurred_at - before.found.occurred_at <= timedelta(hours=24)
    else:
        assert before.stage in {Stage.ASSIGNED, Stage.RECTIFYING}
        assert event.historical or _is_planned(before)
    if not event.historical:
        assert event.after
        assert event.signed_by
        assert event.acceptance_report or not before.is_major


@law(events.RectificationStarted)
def a_start_needs_a_plan(before: Record, event: events.RectificationStarted, after: Record) -> None:
    """Plan in hand."""
    assert event.historical or _is_planned(before)


def _is_planned(before: Record) -> bool:
    plan = before.plan
    if plan is None or not before.is_major:
        return plan is not None
    funded = plan.funds is not None and (plan.funds > 0 or plan.funds_reason is not None)
    return bool(funded and plan.contingency and plan.attachments and plan.signed_by)


@law(events.RectificationPlanned)
def acceptor_is_not_completer(before: Record, event: events.RectificationPlanned, after: Record) -> None:
    """完成人 ≠ 验收人, but for class S."""
    assert event.completer.id != event.acceptor.id or _is_smallest(before)


def _is_smallest(before: Record) -> bool:
    """Class S: general, minor origin, no order, sole trader or at most two people."""
    party = before.party
    minor = before.found.origin in {*SELF, Origin.ASSISTANCE}
    small = party is not None and (
        party.kind is PartyKind.SOLE_TRADER or (party.staff is not None and party.staff <= 2)
    )
    public = party is not None and party.kind in {PartyKind.PUBLIC_BODY, PartyKind.VILLAGE}
    return minor and small and not public and not before.is_major and not before.orders


@law(events.VerificationPassed)
def verification_is_anothers(before: Record, event: events.VerificationPassed, after: Record) -> None:
    """Verifier ≠ 完成人 but for S; ≠ 责任人 for major, found by others, staff from 10; no public party its own."""
    plan, claim, names = before.plan, before.claim, _ids(event.verifiers)
    completers = {one.id for one in (plan and plan.completer, claim and claim.completer) if one}
    responsible = {one.id for one in (plan and plan.responsible, claim and claim.signed_by) if one}
    staff = before.party.staff if before.party else None
    if event.verification_class == "S":
        assert _is_smallest(before)
    else:
        assert not names & completers
    if before.is_major or before.found.origin not in SELF or (staff or 0) >= 10:
        assert not names & responsible
    assert not {name.body for name in event.verifiers} & before.public_ids
    assert not {event.actor.body, event.actor.enterprise} & (before.public_ids - {None})
    assert names or event.historical


@law(events.VerificationPassed)
def verification_class_fits(before: Record, event: events.VerificationPassed, after: Record) -> None:
    """Two certified names of an authority for O, M and X; a major hazard is never accepted by its enterprise."""
    if event.verification_class in {"O", "M", "X"} and not event.historical:
        assert len(_ids(event.verifiers)) >= 2
        assert all(name.certificate and name.body for name in event.verifiers)
        assert not set(event.actor.roles) <= ENTERPRISE
    public = before.party and before.party.kind in {PartyKind.PUBLIC_BODY, PartyKind.VILLAGE}
    if before.is_major:
        assert event.verification_class == ("X" if public else "M")
    if before.orders:
        assert event.verification_class in {"O", "M", "X"}


@law(events.VerificationFailed)
def failing_moves_no_deadline(before: Record, event: events.VerificationFailed, after: Record) -> None:
    """The deadline stays, and so does every overlay."""
    assert before.standing == after.standing
    assert (before.listings, before.suspensions) == (after.listings, after.suspensions)


@law(events.HazardClosed)
def nothing_is_left_open(before: Record, event: events.HazardClosed, after: Record) -> None:
    """整改销号: verified, both reports, every listing and suspension ended, the superior answered."""
    if event.kind is ClosureKind.CEASED:
        return
    assert before.stage is Stage.VERIFIED
    assert not before.listings
    assert not before.suspensions
    assert not before.handed_down_by
    employers = {PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER}
    employing = {party.id for party in before.parties if party.kind in employers}
    if before.is_major and employing:
        assert before.reported
        assert employing <= before.told


@law(events.HazardClosed)
def a_major_hazard_was_verified_as_one(before: Record, event: events.HazardClosed, after: Record) -> None:
    """What closes as a rectified major hazard passed as one; its signer is none of verifiers, 责任人, 完成人."""
    if event.kind is ClosureKind.CEASED or not before.is_major:
        return
    assert before.passed
    assert before.passed.verification_class in {"M", "X"}
    people = [*before.passed.verifiers]
    people += [before.plan.responsible, before.plan.completer] if before.plan else []
    people += [one for one in (before.claim.signed_by, before.claim.completer) if one] if before.claim else []
    signers = {event.actor.id} | ({event.signed_by.id} if event.signed_by else set())
    assert not signers & {one.id for one in people}
    assert set(event.actor.roles) & {Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD}


@law(events.HazardClosed)
def what_is_gone_was_seen(before: Record, event: events.HazardClosed, after: Record) -> None:
    """灭失销号: two distinct names of bodies found it on site."""
    if event.kind is ClosureKind.CEASED and not event.historical:
        assert len({name.id for name in event.seen_by if name.body}) >= 2
        assert event.grounds


@law(events.HazardReopened)
def false_rectification_is_ruled(before: Record, event: events.HazardReopened, after: Record) -> None:
    """假改: two officers, one of them not among those who passed it, the statement heard, never by the party."""
    if event.kind is not ReopeningKind.FALSE_RECTIFICATION:
        return
    assert not set(event.actor.roles) <= ENTERPRISE
    if not event.historical:
        assert len(_ids(event.officers)) >= 2
        assert event.statement_heard
        assert before.passed is None or _ids(event.officers) - _ids(before.passed.verifiers)


@law(events.ExtensionRequested)
def one_extension_at_a_time(before: Record, event: events.ExtensionRequested, after: Record) -> None:
    """And past the deadline in force, whose deadlines it names."""
    assert before.extension is None
    assert before.deadline
    assert event.until > before.deadline
    assert set(event.of) == {key for key, day in before.standing.items() if day == before.deadline}


@law(events.ExtensionGranted)
def an_extension_extends(before: Record, event: events.ExtensionGranted, after: Record) -> None:
    """Later than the deadline in force and than each it moves, not later than asked."""
    asked = before.extension
    assert asked
    assert event.of == asked.of
    assert event.until <= asked.until
    assert before.deadline is None or event.until > before.deadline
    everything = before.orders | {key: day for key, (_, day) in (before.listings | _swapped(before)).items()}
    moved = {key: everything[key] for key in event.of if key in everything}
    assert moved
    assert all(day is None or event.until > day for day in moved.values())


def _swapped(before: Record) -> dict[str, tuple[str | None, object]]:
    return {key: (body, day) for key, (day, body) in before.assignments.items()}  # type: ignore[misc]


@law(events.ExtensionGranted, events.ExtensionRefused)
def nobody_decides_his_own_extension(
    before: Record, event: events.ExtensionGranted | events.ExtensionRefused, after: Record
) -> None:
    """Nor does another body than the one whose deadline it is."""
    asked = before.extension
    assert asked
    assert not {event.decided_by.id, event.actor.id} & asked_by(asked)
    listed = [before.listings[key][0] for key in asked.of if key in before.listings]
    assert all(_own(event.actor.body, body) for body in listed)
    for key in () if listed else asked.of:  # where it is listed, the listing authority decides on the supervisor's word
        if key in before.orders:
            assert _own(event.actor.body, before.ordered_by[key])
            assert not set(event.actor.roles) <= ENTERPRISE
        elif key == "assignment":
            assert _own(event.actor.body, before.assignments[key][1])


@law(events.HazardListed)
def the_proposer_does_not_list(before: Record, event: events.HazardListed, after: Record) -> None:
    """Only a major hazard is listed, once by a body, by one who proposed nothing."""
    assert before.is_major
    assert event.actor.body not in {body for body, _ in before.listings.values()}
    assert not any(event.actor.id in asked_by(proposal) for proposal in before.proposals.values())


@law(events.ListingDeclined)
def the_proposer_does_not_decline(before: Record, event: events.ListingDeclined, after: Record) -> None:
    """Nobody both asks and decides."""
    assert event.actor.id not in asked_by(before.proposals[event.proposal])


@law(events.HazardDelisted)
def a_listing_ends_by_its_own_body(before: Record, event: events.HazardDelisted, after: Record) -> None:
    """Or one above; as rectified only once verified; who applied or verified does not sign."""
    assert _own(event.actor.body, before.listings[event.listing][0])
    if event.ground is DelistingGround.RECTIFIED:
        assert before.stage is Stage.VERIFIED
    if before.passed:
        assert event.signed_by.id not in _ids(before.passed.verifiers)
    if asked := before.delisting_asked.get(event.listing):
        assert not {event.signed_by.id, event.actor.id} & asked_by(asked)


@law(events.DelistingRefused)
def a_delisting_is_refused_by_its_body(before: Record, event: events.DelistingRefused, after: Record) -> None:
    """And not by who applied."""
    assert _own(event.actor.body, before.listings[event.listing][0])
    assert event.actor.id not in asked_by(before.delisting_asked[event.listing])


@law(events.SuspensionOrdered)
def a_suspension_needs_power(before: Record, event: events.SuspensionOrdered, after: Record) -> None:
    """Two officers, approved by a lead who is none of them; needs no grade, plan or submission."""
    if event.historical:
        return
    if event.kind is not SuspensionKind.OTHER_BODY:
        assert _may(before, event, Power.ORDER_SUSPENSION)
    if event.kind is SuspensionKind.PENALTY:
        assert _may(before, event, Power.PENALISE)
        assert event.legal_review_by
    assert len(_ids(event.officers)) >= 2
    assert event.approved_by
    assert event.approved_by.id not in _ids(event.officers)


@law(events.OperationsResumed)
def a_suspension_ends_by_its_own_body(before: Record, event: events.OperationsResumed, after: Record) -> None:
    """Or one above; in full only once verified; who applied, reviewed or verified does not consent."""
    assert _own(event.actor.body, before.suspensions[event.suspension])
    assert event.trial or before.stage is Stage.VERIFIED
    assert (event.suspension in after.suspensions) is event.trial
    assert event.consented_by.id not in _ids(event.reviewers)
    if before.passed:
        assert event.consented_by.id not in _ids(before.passed.verifiers)
    if not event.historical:
        assert len(_ids(event.reviewers)) >= 2
    if asked := before.resumption_asked.get(event.suspension):
        assert not ({event.consented_by.id, event.actor.id} | _ids(event.reviewers)) & asked_by(asked)


@law(events.ResumptionRefused)
def a_resumption_is_refused_by_its_body(before: Record, event: events.ResumptionRefused, after: Record) -> None:
    """And not by who applied."""
    assert _own(event.actor.body, before.suspensions[event.suspension])
    assert event.actor.id not in asked_by(before.resumption_asked[event.suspension])


@law(events.OrderRevoked)
def a_revocation_is_its_bodys_or_a_courts(before: Record, event: events.OrderRevoked, after: Record) -> None:
    """Own body, one above, or a court's or review's document; what it names stood, and ends."""
    target = event.target or ""
    bodies = before.suspensions | {key: body for key, (body, _) in before.listings.items()}
    bodies |= {key: before.ordered_by[key] for key in before.orders}
    assert target in bodies
    assert target not in after.suspensions | after.listings | after.orders
    if event.act in {RevocationAct.ANNULLED_BY_COURT, RevocationAct.ANNULLED_ON_REVIEW}:
        assert event.document or event.historical
    else:
        assert _own(event.actor.body, bodies[target])


@law(events.TransferAccepted)
def the_sender_does_not_accept(before: Record, event: events.TransferAccepted, after: Record) -> None:
    """The receiving body does."""
    assert before.transfer
    assert event.actor.body == before.transfer.to_body.id == event.by_body
    assert event.by_body != before.transfer.from_body
    assert event.actor.id not in asked_by(before.transfer)


@law(events.HazardRegraded)
def a_downgrade_mends_a_mistake(before: Record, event: events.HazardRegraded, after: Record) -> None:
    """By two names, never the party alone, never while listed or suspended."""
    order = (Grade.GENERAL, Grade.SUSPECTED_MAJOR, Grade.MAJOR)
    assert before.grade
    if order.index(event.grade) < order.index(before.grade):
        assert not before.listings
        assert not before.suspensions
        assert not set(event.actor.roles) <= ENTERPRISE
        assert event.historical or len(_ids(event.determined_by)) >= 2


@law(events.HazardGraded)
def grading_lowers_nothing(before: Record, event: events.HazardGraded, after: Record) -> None:
    """It grades what has no grade; a grade once given goes down by RegradeHazard alone; nothing turns major unseen."""
    assert before.grade is None or event.grade == before.grade or before.grade is Grade.GENERAL or after.is_major
    if before.stage is Stage.VERIFIED:
        assert before.is_major or not after.is_major


@law(events.HazardWithdrawn)
def enterprises_withdraw_only_their_own(before: Record, event: events.HazardWithdrawn, after: Record) -> None:
    """Never what others found, nor what is major, listed or suspended."""
    assert not before.listings
    assert not before.suspensions
    if set(event.actor.roles) <= ENTERPRISE:
        assert before.found.origin in SELF
        assert not before.is_major
    roles, finders = set(event.actor.roles), {one.id for one in before.found.found_by if one.id}
    if before.is_major:
        assert len(_ids(event.names)) >= 2
        assert roles & {Role.REGULATOR, Role.OFFICER}
    elif before.found.origin in SELF:
        assert roles & {Role.SAFETY_MANAGER, Role.ENTERPRISE_HEAD}
    elif finders:
        assert any(_own(event.actor.body, body) for body in finders)


@law(events.HazardMerged)
def enterprises_merge_only_their_own(before: Record, event: events.HazardMerged, after: Record) -> None:
    """Two self-found general ones."""
    if set(event.actor.roles) <= ENTERPRISE:
        assert before.found.origin in SELF
        assert not before.is_major


@law(events.OriginRuled)
def a_ruling_stands_beside(before: Record, event: events.OriginRuled, after: Record) -> None:
    """Two names on evidence, none a finder, by the county or above; the recorded origin stays."""
    assert after.found.origin is before.found.origin
    assert len(_ids(event.ruled_by)) >= 2
    assert event.evidence
    assert not _ids(event.ruled_by) & {finder.id for finder in before.found.finders}
    body = DIRECTORY.body(event.actor.body)
    assert body or event.actor.area
    assert len(body.area if body else event.actor.area or "x" * 12) <= 6


@law(events.ResponsiblePartyChanged)
def the_party_tells_its_own_name(before: Record, event: events.ResponsiblePartyChanged, after: Record) -> None:
    """An enterprise changes nothing of itself but name and code: not its size, its head or what it is."""
    if not set(event.actor.roles) <= ENTERPRISE:
        return
    was = {party.id: party for party in before.parties}[event.party.id]
    now = {party.id: party for party in after.parties}[event.party.id]
    assert (was.staff, was.head, was.body) == (now.staff, now.head, now.body)


@law(events.ReportedToWorkers)
def workers_are_told_by_a_meeting(before: Record, event: events.ReportedToWorkers, after: Record) -> None:
    """Countersigned by one who is not the head; or nobody is employed, says an officer."""
    if event.historical:
        return
    if event.body == "not_applicable":
        assert event.confirmed_by
        assert not (before.party and before.party.staff)
    else:
        assert event.countersigned_by
        heads = {party.head.id for party in before.parties if party.head}
        assert event.countersigned_by.id not in heads
