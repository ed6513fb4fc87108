"""Walking a history again: what would have been proposed had these rules been in force all along."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import events
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event
from contracts.terms import Grade, Ladder
from services.notifier.rules import Rules
from services.notifier.simulations.agenda import Agenda, Pending
from services.notifier.simulations.shapes import SHAPE, Chosen
from services.notifier.simulations.supposed import Said
from services.notifier.simulations.walking import Walker, walk
from services.notifier.timers import due, next_due, reckon
from services.notifier.timing.case import Fired
from services.notifier.timing.conditions import STANDING, standing
from services.notifier.timing.counted import NONE
from services.notifier.timing.firing import Firing
from services.notifier.timing.folding import begun, fold
from tests.hazard.aggregate.test_evolve_total import history as any_history
from tests.lives import generate
from tests.notifier.casebook import (
    CALENDAR,
    HAZARD,
    MONDAY,
    case,
    day,
    escalated,
    event,
    found,
    graded,
    names,
    on,
    ordered,
    proposed,
    rule,
    rules,
    shipped,
    start_of,
)

NIU = {"id": "niu", "name": "牛"}
PLAN = {"responsible": NIU, "measures": "清通道", "due": day(5), "completer": NIU}
UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
KNOWN = replace(CALENDAR, years=frozenset(range(1940, 2201)))
moments = st.integers(-300, 3000).map(lambda hours: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours))


def told(*history: Event | Unreadable) -> list[tuple[int, Envelope]]:
    """As they are stored."""
    return [
        (number, Envelope(f"e{number}", getattr(one, "type", "?"), 1, HAZARD, number, "", "", "", one))
        for number, one in enumerate(history, 1)
    ]


def walked(ruled: Rules, *history: Event | Unreadable, until: datetime, as_it_happened: bool = False) -> list[Said]:
    """All that would have been proposed."""
    return walk(told(*history), ruled, KNOWN, until, as_it_happened=as_it_happened)


def said(ruled: Rules, *history: Event | Unreadable, until: datetime) -> list[str]:
    """The same by name."""
    return names(one.firing for one in walked(ruled, *history, until=until))


@given(st.randoms(use_true_random=False), moments, st.integers(0, 4000))
def test_an_agenda_says_what_the_timers_say_at_each_moment(rng: object, now: datetime, hours: int) -> None:
    """Reckoned once for a stretch of time, it gives what is due at each of its moments, and the next one."""
    one = case(*any_history(rng)).but(unreadable=False)  # type: ignore[arg-type]
    until = now + timedelta(hours=hours)
    agenda = Agenda(standing(one, KNOWN, NONE), Chosen(shipped()), until, Pending()) if one.stage else None
    for _ in range(40):
        wanted = reckon(one, shipped(), KNOWN, now)
        if agenda is None or now >= until:
            assert agenda is not None or not wanted.due
            return
        firings = agenda.due(now)
        assert firings == [firing for firing in wanted.due if firing.occurred_at < until]
        if firings:
            one = proposed(one, firings)
            agenda = Agenda(standing(one, KNOWN, NONE), Chosen(shipped()), until, Pending())
            continue
        coming = agenda.next(now)
        assert coming == (wanted.next if wanted.next is not None and wanted.next < until else None)
        if coming is None:
            return
        now = coming


def test_a_walk_proposes_what_looking_at_each_moment_would() -> None:
    """As the notifier does: due, next, due, from one event to the next; here over whole lives."""
    lives: dict[str, list[tuple[int, Envelope]]] = {}
    for number, one in enumerate(generate(3, 60), 1):
        envelope = Envelope("", one.event.type, 1, one.aggregate_id, one.version, "", "", "", one.event)
        lives.setdefault(one.aggregate_id, []).append((number, envelope))
    for history in lives.values():
        wanted = list(looked_at(history, UNTIL))
        assert [told.firing for told in walk(history, shipped(), KNOWN, UNTIL) if told.firing.rule != "A01"] == wanted
        assert wanted


def looked_at(history: list[tuple[int, Envelope]], until: datetime) -> Iterator[Firing]:
    """By the timers alone; that drafts wait is the walk's own to count (their versions are)."""
    folded = begun(history[0][1].aggregate_id)
    for (sequence, envelope), following in zip(history, [*history[1:], None], strict=True):
        one = envelope.event
        assert isinstance(one, Event)
        folded = fold(folded, one, envelope.version, sequence)
        end = until + INSTANT if following is None else following[1].event.recorded_at  # type: ignore[union-attr]
        now: datetime | None = one.recorded_at
        while now is not None and now < end:
            firings = due(folded, shipped(), KNOWN, now)
            yield from (firing for firing in firings if firing.rule != "A01")
            fired = frozenset(Fired(firing.rule, firing.step, firing.clock_started_by) for firing in firings)
            folded = folded.but(fired=folded.fired | fired)
            now = now if firings else next_due(folded, shipped(), KNOWN, now)


def test_what_falls_due_between_two_events_is_proposed_on_the_case_of_then() -> None:
    """A reminder before a deadline that has lapsed long since was due in its time."""
    ruled = rules(rule("deadline", {"before": "3 nd"}, {"after": "1 nd"}))
    history = (found(), ordered(day(10)), event(events.HazardClosed, on(30), kind="rectified"))
    assert said(ruled, *history, until=on(40)) == ["X01.s1", "X01.s2"]
    assert said(ruled, *history, until=on(8)) == ["X01.s1"]


def test_what_is_recorded_at_the_very_moment_comes_first() -> None:
    """A plan entered as the day begins on which it would be late is in time."""
    ruled = rules(rule("assigned", {"after": "2 nd"}, stops=["rectification_planned"]))
    planned = event(
        events.RectificationPlanned,
        start_of(3),
        **PLAN,
    )
    assert said(ruled, found(), ordered(day(9)), planned, until=on(9)) == []
    later = planned.model_copy(update={"recorded_at": planned.recorded_at + timedelta(seconds=1)})
    assert said(ruled, found(), ordered(day(9)), later, until=on(9)) == ["X01.s1"]


def test_recorded_proposals_are_passed_over_and_made_anew() -> None:
    """Under other rules they would not have been made, or others would."""
    ruled = rules(rule("found", {"after": "24 h", "level": 3}))
    (firing,) = (one.firing for one in walked(ruled, found(), until=on(5)))
    recorded = escalated(replace(firing, rule="Z99"), 2)
    assert said(ruled, found(), recorded, until=on(5)) == ["X01.s1"]
    assert said(rules(rule("graded", {"after": "24 h"})), found(), recorded, until=on(5)) == []


def test_the_answer_to_a_recorded_proposal_answers_the_same_step_of_the_walk() -> None:
    """An answered draft is not chased; under rules that never made the draft, the answer answers nothing."""
    chased = rule("proposed", {"after": "2 nd", "level": 3}, id="A01", ladder="authority", stops=["answered"])
    ruled = rules(rule("found", {"after": "24 h", "level": 3}), chased)
    first, late = (one.firing for one in walked(ruled, found(), until=on(9)))
    assert (first.rule, late.rule, late.ladder) == ("X01", "A01", Ladder.AUTHORITY)
    recorded = escalated(first, 2)
    answer = event(events.MeasureDeclined, on(2), proposal=recorded.proposal, reasons="已处理")
    assert said(ruled, found(), recorded, answer, until=on(9)) == ["X01.s1"]
    other = rules(rule("found", {"after": "25 h", "level": 3}, id="X02"), chased)
    assert said(other, found(), recorded, answer, until=on(9)) == ["X02.s1", "A01.s1"]


def test_a_step_of_the_enterprises_ladder_may_raise_those_after_it_at_once() -> None:
    """What follows on the same day is reckoned on the raised ladder."""
    raising = rule("found", {"after": "1 h"}, raises=2, id="F04")
    ruled = rules(raising, rule("deadline", {"after": "1 nd"}))
    assert [(one.firing.rule, one.firing.level) for one in walked(ruled, found(), ordered(day(0)), until=on(2))] == [
        ("F04", 1),
        ("X01", 3),
    ]


def test_a_back_filled_history_is_walked_by_its_entry_or_as_it_happened() -> None:
    """Entered today, everything is late at once; had it been entered then, step after step."""
    old = datetime(2008, 1, 1, 9, tzinfo=UTC)
    entered = {"recorded_at": MONDAY, "historical": "旧台账"}
    history = (found(old, **entered), graded(at=old).model_copy(update=entered), ordered(old.date(), old, **entered))
    by_entry = walked(shipped(), *history, until=on(1))
    as_then = walked(shipped(), *history, until=old + timedelta(days=20), as_it_happened=True)
    assert {one.firing.occurred_at for one in by_entry} == {MONDAY + timedelta(hours=1)}
    steps = [one.firing for one in as_then if one.firing.rule != "A01"]
    assert steps[0].occurred_at < steps[-1].occurred_at
    assert steps[-1].level == 6
    assert all(one.firing.occurred_at.year == 2008 for one in as_then)


def test_nothing_is_proposed_on_what_cannot_be_read() -> None:
    """From the unreadable event on; what was due before stands."""
    ruled = rules(rule("found", {"after": "24 h"}, {"after": "72 h"}))
    broken = Unreadable("damaged", "?")
    assert said(ruled, found(), event(events.ProgressReported, on(2), done="一半"), broken, until=on(9)) == ["X01.s1"]


def test_every_condition_of_a_hazards_standing_is_part_of_its_shape() -> None:
    """Hazards of one shape share their steps: a new condition must be told to the agenda."""
    assert frozenset(STANDING) == SHAPE


@pytest.mark.parametrize(
    ("grade", "planned", "differs"), [(Grade.GENERAL, None, False), (Grade.MAJOR, None, True), (Grade.MAJOR, 1, False)]
)
def test_a_walk_notes_whether_the_policy_beside_would_say_otherwise(
    grade: Grade,
    planned: int | None,
    differs: bool,  # noqa: FBT001
) -> None:
    """Only where a rule that differs speaks of the hazard, and comes due: else the other walk is the same walk."""

    def beside(delay: str) -> Rules:
        told = {"applies": {"grade": ["major"]}, "stops": ["rectification_planned"]}
        return rules(rule("found", {"after": "24 h"}), rule("graded", {"after": delay}, id="X02", **told))

    history: list[Event] = [found(), graded(grade)]
    if planned:
        history.append(event(events.RectificationPlanned, on(0, planned), **PLAN))
    present, longer = Chosen(beside("5 h"), beside("9 h")), beside("9 h")
    walker = Walker(lambda _: present, KNOWN, lambda _: NONE)
    for sequence, envelope in told(*history):
        walker.hear(HAZARD, envelope.event, sequence, sequence)
    walker.reach(on(9))
    assert walker.differs is differs
    assert (names(one.firing for one in walker.said) == said(longer, *history, until=on(9))) or differs
