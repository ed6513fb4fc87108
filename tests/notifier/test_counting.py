from collections.abc import Iterator
from datetime import timedelta
from itertools import count, permutations

from contracts import commands as do
from contracts import events
from contracts.acts.checklists import ChecklistAnswer, FilledChecklist, Offer
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event
from contracts.policy import Count, Counting
from contracts.terms import Answer, Grade, ReopeningKind, VisitKind, WithdrawalKind
from services.notifier.asking import MACHINE
from services.notifier.counts import counting
from services.notifier.counts.counting import Entry, Key, added, added_by_visit, counted, disturbed, keys
from services.notifier.timing import judging
from services.notifier.timing.case import UNFOUND, Case
from services.notifier.timing.counted import Counted
from services.notifier.timing.folding import fold
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate.specimens import fine
from tests.notifier import casebook
from tests.scenario import Step, by, given

CLAUSE = "工贸企业重大事故隐患判定标准/应急管理部令第10号/3/2"
FACTORY = p.FACTORY.id
TWO = p.sign(p.officer, p.second_officer)
_sequence = count(1)


def told(*steps: Step) -> tuple[list[tuple[Key, Entry]], Case]:
    """What a history adds, and how its hazard stands."""
    return replayed(given(*steps).history)


def replayed(history: tuple[Event | Unreadable, ...]) -> tuple[list[tuple[Key, Entry]], Case]:
    """The same of events."""
    found: list[tuple[Key, Entry]] = []
    case = UNFOUND
    for version, event in enumerate(history, 1):
        sequence = next(_sequence)
        case = fold(case.but(id=p.HAZARD_ID), event, version, sequence)
        envelope = Envelope("e", type(event).__name__, 1, p.HAZARD_ID, version, "c", "0" * 64, "0" * 64, event)
        found += added(envelope, case, sequence)
    return found, case


def of(found: list[tuple[Key, Entry]], what: Counting) -> Iterator[tuple[Key, Entry]]:
    """Of one count."""
    return ((key, entry) for key, entry in found if key.counting is what)


def test_a_clause_counts_for_the_party_and_for_the_sector_of_the_county() -> None:
    """一地重发 and 异地重发 are counted when the hazard is graded on a clause."""
    found, case = told(d.inspected, d.graded_major)
    [(party, entry)] = of(found, Counting.SAME_CLAUSE_SAME_PARTY)
    [(sector, _)] = of(found, Counting.SAME_CLAUSE_IN_SECTOR)
    assert (party.of, entry.hazard, entry.party) == ((FACTORY, CLAUSE), p.HAZARD_ID, FACTORY)
    assert sector.of == (CLAUSE, "industry_trade", "320623")
    assert [sector] == keys(Counting.SAME_CLAUSE_IN_SECTOR, case)


def test_a_party_that_is_named_after_the_grading_counts_from_then_on() -> None:
    """Once, under its clause; what is said of a known party adds nothing, and a co-party counts for itself alone."""
    history = (casebook.found(party=None, sector="industry_trade"), casebook.graded(), NAMED, NAMED_AGAIN, JOINED)
    found, case = replayed(history)
    [(party, entry), (tenants, tenant)] = of(found, Counting.SAME_CLAUSE_SAME_PARTY)
    [(sector, once)] = of(found, Counting.SAME_CLAUSE_IN_SECTOR)
    assert (party.of[0], entry.at, entry.party) == ("factory", casebook.on(3), "factory")
    assert (tenants.of[0], tenant.at, tenant.party) == ("tenant", casebook.on(5), "tenant")
    assert once == entry
    assert [sector] == keys(Counting.SAME_CLAUSE_IN_SECTOR, case)
    watching = [key.of for key, entry in of(found, Counting.SELF_CHECK_SAID_NONE) if entry.kind == "watches"]
    assert watching == [("factory",), ("tenant",)]


def test_a_party_that_was_named_late_makes_its_hazard_one_of_those_that_count() -> None:
    """Graded before anybody knew whose it was, it is the second of them nevertheless; of one hazard the last party."""
    _, case = replayed((casebook.found(party=None), casebook.graded(), NAMED))
    one_before = Counted(casebook.on(-9), "before", "factory")
    again = Count(of=Counting.SAME_CLAUSE_SAME_PARTY, days=365, at_least=2)
    assert judging.counted(case, {again.of: (one_before,)}, again, casebook.MONDAY) == 2
    sector = Count(of=Counting.SAME_CLAUSE_IN_SECTOR, days=30, at_least=3)
    moved = (Counted(casebook.on(-9), "before", "old"), Counted(casebook.on(-8), "before", "new"))
    assert judging.counted(case, {sector.of: moved}, sector, casebook.MONDAY) == 2


def test_who_withdrew_it_takes_it_out_of_the_count_and_who_reopens_it_puts_it_back() -> None:
    """撤销 leaves no 重发 behind; withdrawn in error, it counts again. In whatever order the entries are seen."""
    withdrawn = by(p.officer, do.WithdrawHazard, kind=WithdrawalKind.ERROR, reasons="误报", names=TWO)
    back = by(p.officer, do.ReopenHazard, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="确有隐患")
    for steps, expected in [((), 1), ((withdrawn,), 0), ((withdrawn, back), 1)]:
        found, case = told(d.inspected, d.graded_major, *steps)
        entries = [entry for _, entry in of(found, Counting.SAME_CLAUSE_SAME_PARTY)]
        assert {len(counted(case, order)) for order in permutations(entries)} == {expected}


def test_late_at_the_same_moment_is_not_late_again() -> None:
    """Two hazards of a party whose rule G09 falls due at the same moment are each late for the first time."""
    found, _ = told(d.GENERAL_ORDERED, by(MACHINE, do.EscalateHazard, rule="G09", level=3, policy_version="0" * 64))
    [(key, entry)] = of(found, Counting.LATE_AGAIN)
    assert key.of == (FACTORY,)
    assert entry.at == p.MORNING + timedelta(microseconds=1)
    other, _ = told(d.GENERAL_ORDERED, by(MACHINE, do.EscalateHazard, rule="G05", level=1, policy_version="0" * 64))
    assert not list(of(other, Counting.LATE_AGAIN))


def test_only_a_penalty_counts_as_one() -> None:
    """约谈 is a measure and no penalty; 罚款 is one."""
    found, _ = told(d.GENERAL_ORDERED, fine)
    assert [key.of for key, _ in of(found, Counting.PENALTIES)] == [(FACTORY,)]
    found, _ = told(d.GENERAL_ORDERED, fine.but(kind="约谈", amount=None))
    assert not list(of(found, Counting.PENALTIES))


def test_what_was_closed_as_rectified_counts_at_its_point() -> None:
    """At the same place, however it is spaced, and under the same clause; one of them alone, and 灭失, does not."""
    found, _ = told(d.MAJOR_CLOSED)
    entries = [entry for _, entry in of(found, Counting.CLOSED_AT_SAME_POINT)]
    assert [entry.kind for entry in entries] == ["watches", "watches", "counts"]
    _, again = told(d.inspected, d.graded_major)
    for place, expected in [(" 打磨 间", 1), ("喷漆房", 0), (None, 0)]:
        assert len(counted(again.but(place=place), entries)) == expected
    _, no_clause = told(d.self_found.but(place="打磨间"))
    assert not counted(no_clause, entries)
    first, *others = given(*d.MAJOR_CLOSED).history
    assert isinstance(first, Event)
    nowhere, _ = replayed((first.model_copy(update={"place": None}), *others))
    assert {entry.kind for _, entry in of(nowhere, Counting.CLOSED_AT_SAME_POINT)} == {"watches"}
    gone, _ = told(d.inspected, d.graded_major, d.ceased)
    assert {entry.kind for _, entry in of(gone, Counting.CLOSED_AT_SAME_POINT)} == {"watches"}


def test_a_self_check_counts_for_what_it_said_no_to() -> None:
    """无, or the same item answered without a finding; what it offered, and what does not apply, is not said."""
    ticked = FilledChecklist(
        checklist="basic",
        version="2026",
        answers=tuple(
            ChecklistAnswer(item=item, answer=answer)
            for item, answer in [(1, Answer.YES), (2, Answer.NO), (3, Answer.NOT_APPLICABLE), (300, Answer.YES)]
        ),
    )
    offer = Offer(checklist="basic", item=2, version="2026", text="t", grade=Grade.GENERAL)
    [(key, entry)] = added_by_visit(visit(checklists=(ticked,), offers=(offer,)), "visit-1", 9)
    assert key.of == (FACTORY,)
    for item, expected in [("1", 1), ("2", 0), ("3", 0), ("4", 0), ("300", 1)]:
        assert len(counted(UNFOUND.but(checklist_item=f"basic/2026/{item}"), [entry])) == expected
    assert not counted(UNFOUND.but(checklist_item="basic/2025/1"), [entry])
    assert not counted(UNFOUND, [entry])
    [(_, said_none)] = added_by_visit(visit(none_found=True), "visit-2", 10)
    assert len(counted(UNFOUND, [entry, said_none])) == 1
    [(_, void)] = added_by_visit(visit(none_found=True), "visit-2", 11, "void")
    assert not counted(UNFOUND, [said_none, void])


def test_only_the_partys_own_check_counts() -> None:
    """An inspection that found nothing accuses nobody; nor does a self-check that said nothing."""
    assert not list(added_by_visit(visit(kind=VisitKind.INSPECTION, none_found=True), "v", 1))
    assert not list(added_by_visit(visit(), "v", 1))


def test_a_late_entry_is_news_to_those_whose_moment_is_later() -> None:
    """Those that watch too; of what only watches, nobody hears."""
    entries = [Entry(n, p.MORNING + timedelta(days=n), f"hazard-{n}", kind=kind) for n, kind in KINDS]
    late = Entry(9, p.MORNING + timedelta(days=2), "hazard-9")
    assert disturbed([*entries, late], [late]) == {"hazard-2", "hazard-3", "hazard-9"}
    assert disturbed(entries, [entries[0]]) == set()


NAMED = casebook.ordered(None, at=casebook.on(3), party=casebook.FACTORY)
NAMED_AGAIN = casebook.ordered(None, at=casebook.on(4), party=casebook.FACTORY)
JOINED = casebook.event(
    events.ResponsiblePartyChanged, casebook.on(5), kind="co_party_added", party={"id": "tenant", "name": "租户"}
)
KINDS: list[tuple[int, counting.Kind]] = [(1, "watches"), (2, "counts"), (3, "watches")]


def visit(**changes: object) -> events.InspectionRecorded:
    """A self-check of the factory."""
    said = {
        "actor": p.safety,
        "occurred_at": p.MORNING,
        "recorded_at": p.MORNING,
        "area": p.VILLAGE_AREA,
        "kind": VisitKind.SELF_CHECK,
        "party": p.FACTORY,
    }
    return events.InspectionRecorded.model_validate(said | changes)
