"""What the rules look at, against the hazard service's own fold and against the contracts."""

from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import events
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event, HazardEvent
from contracts.parties import Party, Person
from contracts.policy import Fact
from contracts.terms import Grade, Ladder, PublicationKind, RegradeKind, ReopeningKind, WorkersBody
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import Hazard
from services.notifier.timing.case import UNFOUND, Case, Mark
from services.notifier.timing.folding import FOLDS, fold, folded
from services.notifier.timing.judging import happened
from services.notifier.timing.marking import DERIVED, PLAIN
from tests.hazard.aggregate import arbitrary
from tests.hazard.aggregate.test_evolve_total import history
from tests.lives import generate
from tests.notifier.casebook import (
    FACTORY,
    HAZARD,
    OWNER,
    case,
    event,
    found,
    graded,
    listed,
    on,
    ordered,
    report,
    self_found,
)

dice = st.randoms(use_true_random=False)
WANG = Person(id="wang", name="王五")
KEYS = {"order", "assignment", "internal"}


def shared(ours: Case, theirs: Hazard) -> None:
    """What both keep is the same."""
    assert ours.version == theirs.version
    assert ours.unreadable == (theirs.unreadable is not None)
    assert ours.stage == theirs.stage
    assert (ours.deadline.day if ours.deadline else None) == theirs.deadline
    assert ours.listings == {key: one.supervisor or one.body for key, one in theirs.open_listings.items()}
    assert ours.suspensions == set(theirs.open_suspensions)
    assert ours.is_ordered == bool(theirs.orders)
    assert ours.is_major == theirs.is_major
    assert [nameless(one) for one in ours.parties] == [nameless(one) for one in theirs.parties]
    assert ours.competent == theirs.competent
    assert ours.told_workers == theirs.workers_told
    assert ours.extension_by == (theirs.extension.of if theirs.extension else ())
    assert ours.transfer_to == (theirs.transfer.to_body if theirs.transfer else None)
    assert [one.id for one in ours.finders] == [one.id for one in theirs.finders]


def nameless(party: Party) -> Party:
    """Whatever its head is called: a corrected name concerns nobody but whoever writes to him."""
    return party.model_copy(update={"head": party.head and party.head.id})


def test_made_up_lives_fold_as_the_hazard_service_folds_them() -> None:
    """At every event of hundreds of lives, what both folds keep is the same."""
    ours: dict[str, Case] = {}
    theirs: dict[str, Hazard] = {}
    for told in generate(23, 250, counties=3, days=120):
        hazard = told.aggregate_id
        ours[hazard] = fold(ours.get(hazard, UNFOUND), told.event, told.version, 1)
        theirs[hazard] = evolve(theirs.get(hazard, Hazard()), told.event)
        shared(ours[hazard], theirs[hazard])
    assert any(one.listings for one in ours.values())


@given(dice)
def test_any_history_folds_as_the_hazard_service_folds_it(rng: Random) -> None:
    """Also one that no command could bring about; but for a listing under the name of an order, which none gets."""
    ours, theirs = UNFOUND, Hazard()
    for one in history(rng):
        if isinstance(one, events.HazardListed) and (one.listing in KEYS or one.listing.startswith("order:")):
            continue
        ours, theirs = fold(ours, one, ours.version + 1, 1), evolve(theirs, one)
        shared(ours, theirs)


@pytest.mark.parametrize("kind", get_args(HazardEvent), ids=lambda kind: kind.type)
def test_every_event_of_a_hazard_is_known(kind: type[Event]) -> None:
    """An event that the fold does not know would leave its hazard without rules."""
    assert kind in FOLDS
    folded_once = case(arbitrary.contract(kind, Random(3)))  # noqa: S311 (a walk, no secret)
    assert not folded_once.unreadable


def test_every_fact_that_a_rule_may_name_is_said_by_an_event() -> None:
    """Each is an event's own, or was seen to follow from one in these histories; the deadline is no mark."""
    own = {fact for fact, _ in PLAIN.values()}
    seen: set[Fact] = set()
    for seed in range(60):
        rng = Random(seed)  # noqa: S311 (a walk, no secret)
        for kind in DERIVED:
            one = case(found(), arbitrary.contract(kind, rng), arbitrary.contract(kind, rng))
            seen |= {mark.fact for mark in one.marks}
    told = case(found(), graded(Grade.MAJOR), event(events.ReportedToWorkers, on(1), body=WorkersBody.ASSEMBLY))
    seen |= {mark.fact for mark in told.marks}
    late = event(events.HazardEscalated, on(2), rule="G08", level=2, policy_version="0" * 64, proposal="p")
    answered = case(found(), late, event(events.MeasureDeclined, on(3), proposal="p", reasons="已整改"))
    seen |= {mark.fact for mark in answered.marks}
    assert own | seen | {Fact.DEADLINE} == set(Fact)


@pytest.mark.parametrize("why", ["newer_schema", "damaged"])
def test_what_cannot_be_read_marks_the_case_for_good(why: str) -> None:
    """What comes after may be readable; the whole is still not understood."""
    folded_on = case(found(), Unreadable(why, "hazard.unheard_of 9"), graded())  # type: ignore[arg-type]
    assert folded_on.unreadable
    assert folded_on.version == 3


def test_an_event_of_another_aggregate_changes_nothing() -> None:
    """Only the version goes on counting."""
    before = case(found())
    after = case(arbitrary.contract(events.PolicyAdopted, Random(1)), start=before)  # noqa: S311 (a walk)
    assert after.but(version=1) == before


def test_a_history_knows_its_hazard_and_where_it_was_found_in_the_stream() -> None:
    """The sequence of the finding says which policies came before it."""
    envelopes = [
        (700 + number, Envelope(f"e{number}", one.type, 1, HAZARD, number, "c", "h", "p", one))
        for number, one in enumerate((found(), graded()), start=1)
    ]
    whole = folded(envelopes)
    assert (whole.id, whole.found_sequence, whole.version) == (HAZARD, 701, 2)


def facts(one: Case) -> list[Fact]:
    """In their order."""
    return [mark.fact for mark in one.marks]


def test_it_becomes_major_once_suspected_or_graded() -> None:
    """Confirming a suspicion makes it graded major, not major anew; a lower grade and a higher one again does."""
    suspected = case(found(suspected_major=True), graded(Grade.MAJOR, on(1)))
    assert facts(suspected) == [Fact.FOUND, Fact.BECAME_MAJOR, Fact.GRADED, Fact.GRADED_MAJOR]
    regrade = {"kind": RegradeKind.MISJUDGED, "reasons": "误判"}
    again = case(
        event(events.HazardRegraded, on(2), grade=Grade.GENERAL, **regrade),
        event(events.HazardRegraded, on(3), grade=Grade.MAJOR, imminent_danger=True, **regrade),
        start=suspected,
    )
    assert facts(again)[4:] == [
        *(Fact.REGRADED, Fact.REGRADED),
        *(Fact.IMMINENT_DANGER, Fact.BECAME_MAJOR, Fact.GRADED_MAJOR),
    ]


def test_a_correction_is_read_instead_of_the_slip() -> None:
    """The place, the words, and by id the names of all whom the hazard knows; what it does not say stays."""
    head, wrong = Person(id="owner", name="厂长午"), WANG
    one = case(
        found(
            place="打磨间", description="粉尘堆积", finders=(wrong,), party=FACTORY.model_copy(update={"head": head})
        ),
        ordered(None, responsible=(head,)),
        event(events.RectificationSubmitted, on(1), actor=OWNER, statement="已清理", acceptor=wrong),
    )
    placed = case(event(events.HazardCorrected, on(2), corrects=1, reasons="笔误", place="喷漆房"), start=one)
    assert (placed.place, placed.description, placed.responsible) == ("喷漆房", "粉尘堆积", (head,))
    names = [{"id": "owner", "name": "厂长牛"}, {"id": "wang", "name": "王武"}]
    named = case(
        event(events.HazardCorrected, on(2), corrects=1, reasons="笔误", description="积尘", names=names), start=one
    )
    assert (named.place, named.description) == ("打磨间", "积尘")
    assert named.party
    assert named.acceptor
    people = (*named.finders, *named.responsible, named.acceptor, named.party.head)
    assert [one.name for one in people if one] == ["王武", "厂长牛", "王武", "厂长牛"]


def test_it_is_graded_once_somebody_decides() -> None:
    """Calling it suspected decides nothing; whoever then says which decides it, and another grade regrades only."""
    suspected = case(found(), graded(Grade.SUSPECTED_MAJOR))
    assert facts(suspected) == [Fact.FOUND, Fact.BECAME_MAJOR]
    assert not suspected.is_graded
    regrade = {"kind": RegradeKind.MISJUDGED, "reasons": "误判"}
    for grade in (Grade.GENERAL, Grade.MAJOR):
        decided = case(event(events.HazardRegraded, on(1), grade=grade, **regrade), start=suspected)
        assert facts(decided)[2:4] == [Fact.REGRADED, Fact.GRADED]
        assert decided.is_graded
        again = case(event(events.HazardRegraded, on(2), grade=Grade.GENERAL, **regrade), start=decided)
        assert facts(again).count(Fact.GRADED) == 1
        assert facts(case(graded(), start=suspected))[2:] == [Fact.GRADED]


def test_a_report_past_the_head_is_not_the_heads() -> None:
    """越级报告: he still owes his own, and without it 真改 is not complete."""
    past = case(found(), report(on(0), bypass=True))
    assert facts(past) == [Fact.FOUND, Fact.BYPASS_REPORTED]
    assert not past.reported
    assert case(report(on(1)), start=past).reported


def test_the_workers_are_told_when_each_enterprise_told_its_own() -> None:
    """厂中厂: the lessor's meeting is not the tenant's."""
    tenant = Party(id="tenant", name="租户")
    together = case(
        found(), event(events.ResponsiblePartyChanged, on(1), kind="co_party_added", party=tenant), graded(Grade.MAJOR)
    )
    one = case(event(events.ReportedToWorkers, on(2), actor=OWNER, body=WorkersBody.ASSEMBLY), start=together)
    assert Fact.WORKERS_ALL_TOLD not in facts(one)
    tenants = OWNER.model_copy(update={"enterprise": "tenant"})
    both = case(event(events.ReportedToWorkers, on(3), actor=tenants, body=WorkersBody.ASSEMBLY), start=one)
    assert facts(both)[-1] is Fact.WORKERS_ALL_TOLD


def test_a_new_tenant_starts_anew() -> None:
    """Of a major hazard he reports, tells and plans himself; the place stays under control. A new name is no tenant."""
    old = case(
        found(),
        graded(Grade.MAJOR),
        event(events.InterimControlRecorded, on(1), actor=OWNER, measures="停用"),
        report(on(1)),
        event(events.ReportedToWorkers, on(1), actor=OWNER, body=WorkersBody.ASSEMBLY),
        event(events.RectificationPlanned, on(1), actor=OWNER, measures="清理", responsible=WANG),
    )
    tenant = {"id": "tenant", "name": "租户"}
    new = case(event(events.ResponsiblePartyChanged, on(90), kind="new_tenant", party=tenant), start=old)
    assert facts(new)[len(old.marks) :] == [Fact.BECAME_MAJOR, Fact.GRADED_MAJOR]
    assert (new.reported, new.controlled, new.responsible) == (False, True, ())
    done = {Fact.REPORTED_TO_REGULATOR, Fact.WORKERS_ALL_TOLD, Fact.RECTIFICATION_PLANNED}
    assert happened(old) >= done | {Fact.INTERIM_CONTROL_RECORDED}
    assert happened(new).isdisjoint(done)
    assert Fact.INTERIM_CONTROL_RECORDED in happened(new)
    assert Fact.REPORTED_TO_REGULATOR in happened(case(report(on(91)), start=new))
    renamed = case(event(events.ResponsiblePartyChanged, on(90), kind="renamed", party=FACTORY), start=old)
    assert (renamed.marks, happened(renamed)) == (old.marks, happened(old))


def test_a_mark_names_its_listing_suspension_report_objection_or_proposal() -> None:
    """So that what ends one of them does not end the other."""
    one = case(
        found(),
        report(on(0), bypass=True),
        listed(on(1), proposal="proposal-9"),
        event(
            events.ListingPublished,
            on(2),
            listing="listing-1",
            publication="p",
            kind=PublicationKind.DELISTED,
            medium="网站",
        ),
        event(events.SuspensionComplied, on(2), suspension="suspension-1", scope_found="仍在生产", complied=False),
    )
    named = {mark.fact: (mark.key, mark.answers) for mark in one.marks}
    assert named == {
        Fact.FOUND: (None, None),
        Fact.BYPASS_REPORTED: ("report-1", None),
        Fact.LISTED: ("listing-1", "proposal-9"),
        Fact.DELISTING_PUBLISHED: ("listing-1", None),
        Fact.SUSPENSION_DEFIED: ("suspension-1", None),
    }


def escalated(level: int, ladder: Ladder, proposal: str, clock: int = 1) -> Event:
    """Proposed by the machine, on the clock that this version started."""
    told = {"rule": "X01", "step": proposal, "policy_version": "0" * 64, "clock_started_by": clock}
    return event(events.HazardEscalated, on(1), level=level, ladder=ladder, proposal=proposal, **told)


def declined(proposal: str) -> Event:
    """Answered with no."""
    return event(events.MeasureDeclined, on(2), proposal=proposal, reasons="已整改")


def waiting(one: Case) -> list[tuple[Fact, int, str | None]]:
    """What was said of drafts that wait."""
    return [(mark.fact, mark.version, mark.key) for mark in one.marks if mark.fact in {Fact.PROPOSED, Fact.ANSWERED}]


def test_a_proposal_of_either_ladder_waits_until_all_are_answered() -> None:
    """From L2 up; a reminder needs no answer. The newest restarts the one clock, and the last answer ends it."""
    asked = case(
        found(),
        escalated(1, Ladder.ENTERPRISE, "a"),
        escalated(2, Ladder.ENTERPRISE, "b"),
        escalated(2, Ladder.AUTHORITY, "c"),
    )
    assert set(asked.proposals) == {"b", "c"}
    assert waiting(asked) == [(Fact.PROPOSED, 3, None), (Fact.PROPOSED, 4, None)]
    measure = event(events.MeasureRecorded, on(2), kind="约谈", answers="b")
    one_left = case(measure, start=asked)
    assert waiting(one_left) == waiting(asked)
    none_left = case(declined("c"), start=one_left)
    assert not none_left.proposals
    assert waiting(none_left)[-1] == (Fact.ANSWERED, 6, None)
    assert waiting(case(declined("c"), measure, start=asked))[-1] == (Fact.ANSWERED, 6, None)


def test_what_chases_a_proposal_is_not_chased() -> None:
    """Started by a proposal, it neither restarts its own clock nor keeps it running."""
    chased = case(found(), escalated(2, Ladder.AUTHORITY, "draft"), escalated(4, Ladder.AUTHORITY, "chases", clock=2))
    assert waiting(chased) == [(Fact.PROPOSED, 2, None)]
    answered = case(declined("draft"), start=chased)
    assert set(answered.proposals) == {"chases"}
    assert waiting(answered) == [(Fact.PROPOSED, 2, None), (Fact.ANSWERED, 4, None)]


@pytest.mark.parametrize(
    ("kinds", "amount", "penalty"),
    [
        ("罚款 警告 通报批评 没收违法所得 暂扣安全生产许可证 降低资质等级 吊销许可证 限制开展生产经营活动", None, True),
        ("责令停产停业 停产停业整顿 责令关闭 关闭 限制从业 行政拘留 当场行政处罚 并处罚款 警告、罚款", None, True),
        ("不予行政处罚 免予行政处罚 撤销处罚决定 处罚建议 行政处罚告知 拟罚款 罚款催告", None, False),
        ("关闭煤气阀 约谈警告 约谈 查封 责令暂时停产停业 警告标志 暂扣气瓶", None, False),
        ("处置", 5000, True),
        ("罚款催告 撤销罚款 拟罚款", 5000, False),
    ],
)
def test_a_penalty_is_a_measure_by_its_name_or_amount(kinds: str, amount: int | None, penalty: bool) -> None:  # noqa: FBT001
    """As 行政处罚法 art. 9 names them; what speaks of a penalty, but imposes none, is none."""
    for kind in kinds.split():
        measure = event(events.MeasureRecorded, on(0), kind=kind, amount=amount)
        assert (Fact.PENALISED in facts(case(found(), measure))) is penalty, kind


def test_a_reopened_hazard_starts_anew() -> None:
    """Its failures are those since; what verified it no longer does."""
    reopened = case(
        found(),
        ordered(None),
        event(events.VerificationPassed, on(1), trigger="expiry", verification_class="O"),
        event(events.HazardReopened, on(2), kind=ReopeningKind.FALSE_RECTIFICATION, reasons="假改"),
    )
    assert reopened.verified_on is None
    assert reopened.failures == 0
    assert reopened.reopened == Mark(Fact.REOPENED, 4, on(2), on(2))
    assert facts(reopened)[-2:] == [Fact.REOPENED, Fact.REOPENED_AS_FALSE]


def test_what_was_reported_to_the_state_is_kept_from_the_enterprise_until_it_is_put_to_it() -> None:
    """举报: an officer's own order, the party's own act or a listing tells it; handing it on does not."""
    reported = case(found(origin="report"))
    assert reported.confidential
    assert case(ordered(None, kind="handover"), start=reported).confidential
    assert not case(ordered(None), start=reported).confidential
    assert not case(listed(on(1)), start=reported).confidential
    assert not case(self_found()).confidential
    assert FACTORY in reported.parties
