"""What holds of every history, whatever happened in it, under the shipped policy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from contracts import events
from services.notifier.timers import due, next_due, reckon
from services.notifier.timing.case import Case
from services.notifier.timing.clocks import SETTLING
from services.notifier.timing.firing import Firing
from services.notifier.timing.outlook import outlook
from tests.hazard.aggregate.test_evolve_total import history
from tests.notifier.casebook import CALENDAR, OFFICER, case, proposed, shipped

KNOWN = replace(CALENDAR, years=frozenset(range(1940, 2201)))
"""No guess among the moments."""
INSTANT = timedelta(microseconds=1)
moments = st.integers(-300, 3000).map(lambda hours: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any history that can be read, most often begun by a finding."""
    rng = draw(st.randoms(use_true_random=False))
    return case(*history(rng)).but(unreadable=False)


Name = tuple[str, str, int]


def name(one: Firing) -> Name:
    """One step on one clock."""
    return one.rule, one.step, one.clock_started_by


@given(cases(), moments, st.integers(0, 2000))
def test_what_is_due_stays_due_until_it_is_proposed_or_lapses(one: Case, now: datetime, hours: int) -> None:
    """Time alone takes back nothing but reminders whose deadline has passed."""
    later = now + timedelta(hours=hours)
    lapsed = {name(row.firing) for row in outlook(one, shipped(), KNOWN) if row.firing and row.lapses_at is not None}
    before, after = ({name(firing) for firing in due(one, shipped(), KNOWN, at)} for at in (now, later))
    assert before - after <= lapsed


@given(cases(), moments)
def test_the_next_moment_is_the_first_at_which_something_new_is_due(one: Case, now: datetime) -> None:
    """Just before it nothing new is; at it something is; and where there is none, nothing ever is."""
    known = {name(firing) for firing in due(one, shipped(), KNOWN, now)}
    coming = next_due(one, shipped(), KNOWN, now)
    if coming is None:
        assert {name(firing) for firing in due(one, shipped(), KNOWN, datetime(2199, 12, 31, tzinfo=UTC))} <= known
        return
    assert coming > now
    assert {name(firing) for firing in due(one, shipped(), KNOWN, coming - INSTANT)} <= known
    assert {name(firing) for firing in due(one, shipped(), KNOWN, coming)} - known


@given(cases(), moments)
def test_a_step_is_proposed_once_for_each_clock_and_the_proposing_ends(one: Case, now: datetime) -> None:
    """Proposals bring proposals (of drafts that wait), but of one moment only so many, and none twice."""
    seen: set[Name] = set()
    for _ in range(6):
        firings = due(one, shipped(), KNOWN, now)
        assert seen.isdisjoint(map(name, firings))
        seen.update(map(name, firings))
        one = proposed(one, firings)
        if not firings:
            return
    assert not due(one, shipped(), KNOWN, now)


@given(cases(), moments)
def test_what_fires_depends_on_the_history_alone(one: Case, now: datetime) -> None:
    """Whoever looks, and whenever, asks for the same: at the moment of the history's own, never before it was known."""
    recorded = {mark.version: mark for mark in one.marks}
    first = {name(firing): firing for firing in due(one, shipped(), KNOWN, now)}
    later = {name(firing): firing for firing in due(one, shipped(), KNOWN, now + timedelta(days=3))}
    for key in first.keys() & later.keys():
        assert first[key] == later[key]
    for firing in first.values():
        assert firing.due_at <= firing.occurred_at <= now
        if mark := recorded.get(firing.clock_started_by):
            assert firing.occurred_at >= mark.recorded_at + (SETTLING if mark.historical else timedelta())


@given(cases(), moments, st.integers(1, 40))
def test_a_pause_brings_nothing_forward(one: Case, since: datetime, days: int) -> None:
    """Every step is due when it was, or later."""
    pause = events.ClockPaused(
        actor=OFFICER, occurred_at=since, recorded_at=since, reasons="台风", until=(since + timedelta(days=days)).date()
    )
    held = case(pause, start=one)
    after = {name(row.firing): row.firing for row in outlook(held, shipped(), KNOWN) if row.firing}
    for row in outlook(one, shipped(), KNOWN):
        if row.firing and name(row.firing) in after:
            assert after[name(row.firing)].due_at >= row.firing.due_at


@given(cases(), moments)
def test_what_is_due_comes_in_its_order(one: Case, now: datetime) -> None:
    """By the moment of the firing."""
    found = [firing.occurred_at for firing in reckon(one, shipped(), KNOWN, now).due]
    assert found == sorted(found)


def test_far_and_wide_something_is_due() -> None:
    """The histories above are not all silent: hundreds of them bring steps of most rules."""
    fired: set[str] = set()
    for seed in range(400):
        one = case(*history(Random(seed))).but(unreadable=False)  # noqa: S311 (a walk, no secret)
        fired |= {firing.rule for firing in due(one, shipped(), KNOWN, datetime(2026, 6, 1, tzinfo=UTC))}
    assert len(fired) > len(shipped().policy.rules) / 2
