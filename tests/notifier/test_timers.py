"""Clocks: what starts, stops, moves and ends them, on small policies of one rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts import events
from contracts.policy import KEYED, Counting, Fact
from contracts.terms import Grade, PublicationKind
from services.notifier.timers import due, next_due, wanted
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counted
from services.notifier.timing.firing import Firing
from services.notifier.timing.marking import PLAIN
from services.notifier.timing.outlook import outlook
from tests.notifier.casebook import (
    CALENDAR,
    MONDAY,
    OWNER,
    case,
    day,
    event,
    found,
    graded,
    listed,
    names,
    on,
    ordered,
    proposed,
    rule,
    rules,
    shipped,
    start_of,
)

LATE = rules(rule("deadline", {"after": "1 nd"}))
REMIND = rules(rule("deadline", {"before": "3 nd"}, {"before": "12 h"}))


def at(history: Case, steps: dict[str, Any], starts: str = "found", **said: Any) -> Firing | None:  # noqa: ANN401
    """The one step of a rule, whenever it is due."""
    (prospect,) = outlook(history, rules(rule(starts, steps, **said)), CALENDAR)
    return prospect.firing


@pytest.mark.parametrize(
    ("delay", "moment"),
    [
        ({"after": "0 h"}, MONDAY),
        ({"after": "36 h"}, on(1, 12)),
        ({"after": "0 nd"}, start_of(1)),
        ({"after": "1 nd"}, start_of(2)),
        ({"after": "1 wd"}, start_of(2)),
        ({"after": "5 wd"}, start_of(8)),
        ({"after": "5 wd", "at": "09:00"}, on(8)),
    ],
)
def test_days_after_a_fact_are_over_when_their_last_is(delay: dict[str, str], moment: datetime) -> None:
    """民法典: the day of the fact does not count, the last day ends at midnight; hours run from the very moment."""
    firing = at(case(found()), delay)
    assert firing is not None
    assert firing.due_at == moment


@pytest.mark.parametrize(
    ("delay", "moment"),
    [
        ({"after": "0 nd"}, start_of(14)),
        ({"after": "1 nd"}, start_of(15)),
        ({"after": "1 wd"}, start_of(15)),
        ({"after": "5 wd"}, start_of(21)),
        ({"before": "0 nd", "at": "09:00"}, on(14)),
        ({"before": "3 nd"}, start_of(11)),
        ({"before": "1 wd"}, start_of(11)),
        ({"before": "12 h"}, start_of(15) - timedelta(hours=12)),
        ({"after": "2 h"}, start_of(15) + timedelta(hours=2)),
    ],
)
def test_days_from_a_deadline_begin_when_people_look(delay: dict[str, str], moment: datetime) -> None:
    """The deadline is itself a last day; hours count from its end."""
    firing = at(case(found(), ordered(day(14))), delay, "deadline")
    assert firing is not None
    assert firing.due_at == moment


def test_a_deadline_on_a_day_of_exchange_and_on_the_last_day_that_is_known() -> None:
    """Saturday 10 October 2026 works and is a working day before Monday; what follows 31 December is a guess."""
    exchanged = at(case(found(), ordered(date(2026, 10, 12))), {"before": "1 wd"}, "deadline")
    assert exchanged is not None
    assert exchanged.due_at == CALENDAR.moment(date(2026, 10, 10))
    last = case(found(), ordered(date(2026, 12, 31)))
    after = at(last, {"after": "1 wd"}, "deadline")
    assert after is not None
    assert (after.due_at, after.provisional) == (CALENDAR.moment(date(2027, 1, 1)), True)


def test_what_rests_on_a_calendar_to_come_is_asked_again_within_a_week() -> None:
    """And found elsewhere, once the year is published."""
    last, ruled = case(found(), ordered(date(2026, 12, 31))), rules(rule("deadline", {"after": "1 wd"}))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert next_due(last, ruled, CALENDAR, now) == now + timedelta(days=7)
    known = replace(CALENDAR, years=CALENDAR.years | {2027}, off=CALENDAR.off | {date(2027, 1, 1)})
    assert next_due(last, ruled, known, now) == CALENDAR.moment(date(2027, 1, 4))


@pytest.mark.parametrize("due_day", [date(1970, 1, 1), date(1949, 10, 1)])
def test_a_deadline_of_long_ago_fires_at_once_and_reminds_of_nothing(due_day: date) -> None:
    """As soon as it was recorded; what would have been due before that never was."""
    history = case(found(), ordered(due_day))
    (firing,) = due(history, LATE, CALENDAR, MONDAY)
    assert (firing.due_at, firing.occurred_at) == (CALENDAR.moment(due_day + timedelta(days=1)), MONDAY)
    assert not due(history, REMIND, CALENDAR, MONDAY)
    assert next_due(history, REMIND, CALENDAR, MONDAY) is None


def test_a_deadline_in_2199_reminds_and_never_falls_due_beyond_the_calendar() -> None:
    """The last day has an end; no day follows it."""
    history = case(found(), ordered(date(2199, 12, 31)))
    assert next_due(history, LATE, CALENDAR, MONDAY) is None
    assert next_due(history, REMIND, CALENDAR, MONDAY) == CALENDAR.moment(date(2199, 12, 28))
    beyond = rules(rule("found", {"after": "9999 wd"}))
    assert next_due(case(found(at=datetime(2199, 1, 1, tzinfo=UTC))), beyond, CALENDAR, MONDAY) is None


def test_without_a_deadline_nothing_counts_from_it() -> None:
    """An order may name no day."""
    assert not due(case(found(), ordered(None)), LATE, CALENDAR, on(400))
    assert next_due(case(found(), ordered(None)), LATE, CALENDAR, MONDAY) is None


def test_the_deadline_in_force_is_the_earliest_and_names_the_event_that_set_it() -> None:
    """A later order for an earlier day starts another clock; when it is revoked, the first runs on as it was."""
    two = case(found(), ordered(day(14)), listed(on(1), deadline=day(7)))
    (early,) = due(two, LATE, CALENDAR, on(9))
    assert (early.clock_started_by, early.due_at) == (3, start_of(8))
    one = case(
        event(events.HazardDelisted, on(9), listing="listing-1", ground="superseded"), start=proposed(two, [early])
    )
    assert not due(one, LATE, CALENDAR, on(9))
    (late,) = due(one, LATE, CALENDAR, on(15))
    assert (late.clock_started_by, late.due_at) == (2, start_of(15))


def test_an_extension_starts_the_clock_anew() -> None:
    """What was proposed for the old day may be proposed for the new one."""
    history = case(found(), ordered(day(14)))
    first = due(history, LATE, CALENDAR, on(20))
    granted = case(
        event(events.ExtensionGranted, on(20), until=day(30), of=("order:em",)), start=proposed(history, first)
    )
    assert not due(granted, LATE, CALENDAR, on(30))
    (again,) = due(granted, LATE, CALENDAR, on(31))
    assert again.clock_started_by == granted.version != first[0].clock_started_by


def test_a_reopened_hazard_counts_a_past_deadline_from_the_day_of_its_reopening() -> None:
    """Nothing falls due at that moment that could not have been kept; a deadline still to come stays."""
    reopening = event(events.HazardReopened, on(40), kind="look_back", reasons="复发")
    past = case(found(), ordered(day(14)), event(events.HazardClosed, on(10), kind="rectified"), reopening)
    assert not due(past, LATE, CALENDAR, on(40))
    (firing,) = due(past, LATE, CALENDAR, on(41))
    assert (firing.due_at, firing.clock_started_by) == (start_of(41), 4)
    future = case(found(), ordered(day(60)), event(events.HazardClosed, on(10), kind="rectified"), reopening)
    assert next_due(future, LATE, CALENDAR, on(40)) == start_of(61)


def test_a_reminder_lapses_with_the_day_and_is_never_given_for_a_day_set_later() -> None:
    """Two days before is no time to say "three days left"; after the deadline's day it is no use."""
    history = case(found(), ordered(day(14)))
    assert names(due(history, REMIND, CALENDAR, on(11))) == ["X01.s1"]
    assert names(due(history, REMIND, CALENDAR, on(14, 14))) == ["X01.s1", "X01.s2"]
    assert not due(history, REMIND, CALENDAR, start_of(15))
    assert not due(case(found(), ordered(day(2))), REMIND, CALENDAR, on(1))


def test_a_fact_that_both_starts_and_stops_counts_from_the_last() -> None:
    """旬报: ten days from the listing, and from each report of progress."""
    ruled = rules(
        rule("listed", {"after": "10 nd"}, stops=["progress_reported", "delisted"])
        | {"starts": ["listed", "progress_reported"]}
    )
    history = case(found(), listed(MONDAY), event(events.ProgressReported, on(8), done="一半"))
    assert not due(history, ruled, CALENDAR, on(18))
    (firing,) = due(history, ruled, CALENDAR, on(19))
    assert firing.clock_started_by == 3


PROGRESS = rules(
    rule("listed", {"after": "10 nd"}, stops=["progress_reported", "delisted"])
    | {"starts": ["listed", "progress_reported"]}
)


def test_what_is_of_the_hazard_as_a_whole_begins_no_clock_of_a_listing() -> None:
    """Progress before the listing counts nothing, and none after its end begins it again."""
    early = case(found(), event(events.ProgressReported, on(1), done="一半"), listed(on(30)))
    assert [(one.clock_started_by, one.due_at) for one in due(early, PROGRESS, CALENDAR, on(90))] == [(3, start_of(41))]
    ended = event(events.HazardDelisted, on(31), listing="listing-1", ground="rectified")
    over = case(ended, event(events.ProgressReported, on(32), done="全部"), start=early)
    assert not due(over, PROGRESS, CALENDAR, on(90))
    assert not due(case(found(), event(events.ProgressReported, on(1), done="一半")), PROGRESS, CALENDAR, on(90))


def test_progress_starts_each_listings_clock_anew_and_the_end_of_one_leaves_the_other() -> None:
    """Both count from the same report then: one proposal for both, and still one when either has ended."""
    two = case(found(), listed(on(2)), listed(on(3), "listing-2"), event(events.ProgressReported, on(5), done="一半"))
    ends = [event(events.HazardDelisted, on(6), listing=one, ground="superseded") for one in ("listing-1", "listing-2")]
    for history in (two, case(ends[0], start=two), case(ends[1], start=two)):
        fired = due(history, PROGRESS, CALENDAR, on(90))
        assert [(one.clock_started_by, one.due_at) for one in fired] == [(4, start_of(16))]
    assert not due(case(*ends, start=two), PROGRESS, CALENDAR, on(90))


def test_only_what_always_says_of_what_it_is_has_clocks_of_its_own() -> None:
    """As the events say it: a fact of one thing is never said of the hazard as a whole."""
    said = {fact for fact, field in PLAIN.values() if field} | {Fact.REPORTED_TO_REGULATOR, Fact.BYPASS_REPORTED}
    said |= {Fact.LISTING_PUBLISHED, Fact.DELISTING_PUBLISHED, Fact.SUSPENSION_COMPLIED, Fact.SUSPENSION_DEFIED}
    assert said - {Fact.DOCUMENT_SIGNED, Fact.ORDER_REVOKED} == KEYED


def test_what_ends_one_listing_does_not_end_the_other() -> None:
    """Each has its own clock; what is of the hazard as a whole ends both."""
    ruled = rules(rule("listed", {"after": "5 wd"}, stops=["listing_published", "closed"]))

    def publish(listing: str) -> events.ListingPublished:
        return event(
            events.ListingPublished, on(2), listing=listing, publication="p", kind=PublicationKind.LISTED, medium="网站"
        )

    two = case(found(), listed(MONDAY), listed(on(1), "listing-2"))
    assert [one.clock_started_by for one in due(two, ruled, CALENDAR, on(20))] == [2, 3]
    one = case(publish("listing-1"), start=two)
    assert [one.clock_started_by for one in due(one, ruled, CALENDAR, on(20))] == [3]
    closed = case(event(events.HazardClosed, on(3), kind="ceased"), start=two)
    assert not due(closed, ruled, CALENDAR, on(20))


def test_a_listing_ends_the_clock_of_the_proposal_that_it_answers() -> None:
    """The proposal has one name, the listing another."""
    ruled = rules(rule("listing_proposed", {"after": "5 wd"}, stops=["listed", "listing_declined"]))
    proposal = event(events.ListingProposed, MONDAY, proposal="p-1", reasons="难治理")
    assert due(case(found(), proposal, listed(on(1), proposal="p-9")), ruled, CALENDAR, on(20))
    assert not due(case(found(), proposal, listed(on(1), proposal="p-1")), ruled, CALENDAR, on(20))


def test_what_is_entered_late_fires_when_it_is_known() -> None:
    """`occurred_at` of the proposal is never before its clock's start was recorded; `due_at` says when it was due."""
    ruled = rules(rule("found", {"after": "12 h"}))
    (firing,) = due(case(found(recorded_at=on(0, 12))), ruled, CALENDAR, on(3))
    assert (firing.due_at, firing.occurred_at) == (on(0, 12), on(0, 12))
    (firing,) = due(case(found(recorded_at=on(3))), ruled, CALENDAR, on(4))
    assert (firing.due_at, firing.occurred_at) == (on(0, 12), on(3, 0.5))


def test_what_is_entered_half_a_day_late_has_half_an_hour_for_the_rest() -> None:
    """A clerk enters yesterday's find and its grade one after another; imminent danger never waits."""
    ruled = rules(
        rule("found", {"after": "12 h"}, stops=["graded"]), rule("imminent_danger", {"after": "0 h"}, id="X02")
    )
    late = case(found(recorded_at=on(1), imminent_danger=True))
    assert names(due(late, ruled, CALENDAR, on(1))) == ["X02.s1"]
    assert next_due(late, ruled, CALENDAR, on(1)) == on(1, 0.5)
    assert names(due(late, ruled, CALENDAR, on(1, 0.5))) == ["X02.s1", "X01.s1"]
    entered = case(event(events.HazardGraded, on(0, 2), grade="general", recorded_at=on(1, 0.2)), start=late)
    assert names(due(entered, ruled, CALENDAR, on(2))) == ["X02.s1"]
    assert names(due(case(found(recorded_at=on(0, 12))), ruled, CALENDAR, on(0, 12))) == ["X01.s1"]


def test_a_reminder_that_falls_due_while_the_rest_is_entered_is_given_after_it() -> None:
    """The deadline was set before the reminder was due, and is still to come."""
    history = case(found(), ordered(day(14), recorded_at=start_of(11) - timedelta(minutes=10)))
    assert not due(history, REMIND, CALENDAR, start_of(11))
    assert names(due(history, REMIND, CALENDAR, start_of(11) + timedelta(minutes=20))) == ["X01.s1"]


def test_other_rules_propose_nothing_before_the_hazard_was_moved_to_them() -> None:
    """What they would have proposed long ago is proposed when they apply, and says when it was due."""
    ruled = rules(rule("found", {"after": "12 h"}))
    moved = event(events.PolicyMoved, on(3), policy="1" * 64, reasons="试点")
    (firing,) = due(case(found(), moved), ruled, CALENDAR, on(4))
    assert (firing.due_at, firing.occurred_at) == (on(0, 12), on(3))
    assert next_due(case(found(), moved), ruled, CALENDAR, on(2)) == on(3)


def test_an_old_history_has_an_hour_to_be_entered() -> None:
    """历史补录: what is late by the first of its events may have been done by the next."""
    ruled = rules(rule("found", {"after": "12 h"}, stops=["graded"]))
    old = case(found(recorded_at=on(900), historical="2023 年台账"))
    assert not due(old, ruled, CALENDAR, on(900, 0.9))
    assert next_due(old, ruled, CALENDAR, on(900)) == on(900, 1)
    (firing,) = due(old, ruled, CALENDAR, on(900, 1))
    assert firing.occurred_at == on(900, 1)
    entered = case(event(events.HazardGraded, on(0, 2), grade="general", recorded_at=on(900, 0.1)), start=old)
    assert not due(entered, ruled, CALENDAR, on(901))


def paused(history: Case, since: int, until: int, ended: float | None = None) -> Case:
    """不可抗力, from nine o'clock of one day to the end of another, or to a moment."""
    stopped = case(event(events.ClockPaused, on(since), until=day(until), reasons="台风"), start=history)
    if ended is None:
        return stopped
    return case(event(events.ClockResumed, on(0, 24 * ended), reasons="台风已过"), start=stopped)


@pytest.mark.parametrize(
    ("steps", "since", "until", "ended", "moment"),
    [
        ({"after": "120 h"}, 1, 2, None, on(5) + timedelta(hours=39)),
        ({"after": "120 h"}, 1, 3, 2.0, on(6)),
        ({"after": "120 h"}, 6, 9, None, on(5)),
        ({"after": "5 nd"}, 1, 2, None, start_of(8)),
        ({"after": "5 nd"}, 1, 9, 1.25, start_of(7)),
        ({"after": "1 wd"}, 0, 2, None, start_of(5)),
        ({"after": "1 wd"}, 0, 4, None, start_of(8)),
    ],
)
def test_a_pause_moves_what_was_not_due_by_as_long_as_it_lasted(
    steps: dict[str, str], since: int, until: int, ended: float | None, moment: datetime
) -> None:
    """By whole days where days are counted, to a working day where those are; what was due before it is not moved."""
    firing = at(paused(case(found()), since, until, ended), steps)
    assert firing is not None
    assert firing.due_at == moment


def test_a_pause_moves_the_deadline_and_its_reminders() -> None:
    """Those that were not due yet when it began; the reminder lapses with the moved day."""
    history = paused(case(found(), ordered(day(14))), 12, 13)
    late = at(history, {"after": "1 nd"}, "deadline")
    remind = at(history, {"before": "1 nd"}, "deadline")
    before = at(history, {"before": "3 nd"}, "deadline")
    assert late is not None and remind is not None and before is not None  # noqa: PT018
    assert (before.due_at, remind.due_at, late.due_at) == (start_of(11), start_of(15), start_of(17))
    ruled = rules(rule("deadline", {"before": "1 nd"}))
    assert due(history, ruled, CALENDAR, start_of(17) - timedelta(seconds=1))
    assert not due(history, ruled, CALENDAR, start_of(17))


def test_two_pauses_that_overlap_are_one() -> None:
    """Nobody gains time by being stopped twice."""
    twice = paused(paused(case(found()), 1, 2), 1, 2)
    assert at(twice, {"after": "120 h"}) == at(paused(case(found()), 1, 2), {"after": "120 h"})


def test_a_pause_to_the_end_of_all_days_stops_everything() -> None:
    """What was not due never is, nothing is overdue, and nobody stumbles over the end of the calendar."""
    ruled = rules(
        rule("progress_reported", {"after": "0 h", "applies": {"overdue": True}}, id="X01"),
        rule("deadline", {"after": "1 nd"}, id="X02"),
    )
    pause = event(events.ClockPaused, on(1), until=date(2199, 12, 31), reasons="战事")
    history = case(found(), ordered(day(14)), pause, event(events.ProgressReported, on(20), done="一半"))
    assert not due(history, ruled, CALENDAR, on(400))
    assert next_due(history, ruled, CALENDAR, on(400)) is None


def test_a_rule_that_follows_another_waits_for_it() -> None:
    """On the same clock: proposed for an earlier deadline is not enough. Due in one reckoning, both fire, in order."""
    ruled = rules(
        rule("deadline", {"after": "5 nd"}, id="X02", follows="X01"), rule("deadline", {"after": "1 nd"}, id="X01")
    )
    history = case(found(), ordered(day(14)))
    assert next_due(history, ruled, CALENDAR, MONDAY) == start_of(15)
    assert names(due(history, ruled, CALENDAR, on(20))) == ["X01.s1", "X02.s1"]
    never = rules(
        rule("deadline", {"after": "5 nd"}, id="X02", follows="X01"),
        rule("deadline", {"after": "1 nd"}, id="X01", applies={"listed": True}),
    )
    assert not due(history, never, CALENDAR, on(20))


def test_what_was_missed_fires_in_the_order_in_which_it_was_due() -> None:
    """After an outage, whatever the order of the file."""
    ruled = rules(
        rule("deadline", {"after": "3 nd"}, id="X01"),
        rule("found", {"after": "2 h"}, {"after": "40 nd"}, id="X02"),
        rule("deadline", {"before": "0 nd"}, id="X03"),
    )
    fired = due(case(found(), ordered(day(14))), ruled, CALENDAR, start_of(15) - timedelta(hours=1))
    assert names(fired) == ["X02.s1", "X03.s1"]
    fired = due(case(found(), ordered(day(14))), ruled, CALENDAR, on(50))
    assert names(fired) == ["X02.s1", "X01.s1", "X02.s2"]


def test_who_signs_is_as_the_step_says_or_else_its_rung() -> None:
    """Who is asked for a decision does not sign the letter that asks him."""
    rung = at(case(found()), {"after": "0 h", "level": 3})
    step = at(case(found()), {"after": "0 h", "level": 3, "signs": ["sender", "safety_committee"]})
    told = at(case(found()), {"after": "0 h", "level": 1})
    assert [one.signs for one in (rung, step, told) if one] == [("regulator_lead",), ("sender", "safety_committee"), ()]


def test_only_imminent_danger_is_urgent_and_only_hours_go_at_once() -> None:
    """The rest goes in the morning's digest, and sleeps at night."""
    danger = at(case(found(imminent_danger=True)), {"after": "0 h"}, "imminent_danger")
    calm = at(case(found(imminent_danger=True)), {"after": "1 nd"})
    assert danger is not None and calm is not None  # noqa: PT018
    assert (danger.urgent, danger.hourly) == (True, True)
    assert (calm.urgent, calm.hourly) == (False, False)


def test_a_firing_is_kept_from_the_enterprise_where_the_rule_or_the_case_says_so() -> None:
    """A bypass report; a report to the state that was not put to the enterprise."""
    plain = at(case(found()), {"after": "0 h"})
    ruled = at(case(found()), {"after": "0 h"}, confidential=True)
    reported = at(case(found(origin="report")), {"after": "0 h"})
    assert [one.confidential for one in (plain, ruled, reported) if one] == [False, True, True]


def test_only_what_a_rule_could_ask_for_is_counted_across_hazards() -> None:
    """Nothing for a hazard of another grade, or whose clock never started."""
    count = {"count": {"of": "late_again", "days": 30, "at_least": 1}}
    ruled = rules(
        rule("graded", {"after": "0 h", "applies": count}, applies={"grade": ["general"]}),
        rule(
            "closed", {"after": "0 h", "applies": {"count": {"of": "penalties", "days": 30, "at_least": 1}}}, id="X02"
        ),
    )
    assert wanted(case(found(), graded()), ruled) == {Counting.LATE_AGAIN}
    assert wanted(case(found()), ruled) == set()
    assert wanted(case(found(), graded(Grade.MAJOR)), ruled) == set()


def test_what_a_deadlines_clock_counts_is_asked_for_once_a_deadline_is_set() -> None:
    """A deadline is no mark of the case, yet it starts clocks."""
    count = {"count": {"of": "late_again", "days": 365, "at_least": 1}}
    ruled = rules(rule("deadline", {"after": "3 wd", "applies": count}))
    assert wanted(case(found(), ordered(day(14))), ruled) == {Counting.LATE_AGAIN}
    assert wanted(case(found(), ordered(None)), ruled) == set()


@pytest.mark.parametrize(
    ("of", "entries", "number"),
    [
        ("late_again", [("H1", "p"), ("H1", "p"), ("320623104201-5f0c1d2e-0000-5000-8000-000000000001", "p")], 1),
        ("same_clause_same_party", [("H1", "p"), ("H1", "p"), ("H2", "p")], 2),
        ("same_clause_in_sector", [("H1", "p"), ("H2", "p"), ("H3", "q"), ("H4", None)], 2),
        ("penalties", [("H1", "p"), ("H1", "p"), ("H2", "p")], 3),
    ],
)
def test_what_is_counted_is_hazards_parties_or_each(
    of: str, entries: list[tuple[str, str | None]], number: int
) -> None:
    """Others' lateness without its own; distinct parties of a sector; each penalty, several of one hazard too."""
    counts = {Counting(of): tuple(Counted(MONDAY, hazard, party) for hazard, party in entries)}

    def fires(**bounds: int) -> bool:
        ruled = rules(rule("found", {"after": "0 h", "applies": {"count": {"of": of, "days": 1, **bounds}}}))
        return bool(due(case(found()), ruled, CALENDAR, on(1), counts))

    assert fires(at_least=number)
    assert not fires(at_least=number + 1)
    assert not fires(fewer_than=number)


def test_an_extension_asked_for_late_is_seen_by_the_deadline_that_is_to_move() -> None:
    """Ten days before is in time; nine are late. Once it is decided nothing is late about it."""
    ruled = rules(rule("extension_requested", {"after": "0 h", "applies": {"asked_within": "10 nd"}}))
    asked = {"actor": OWNER, "until": day(60), "reasons": "缺件", "interim_controls": "停用", "of": ("order:em",)}

    def history(days: int) -> Case:
        return case(found(), ordered(day(30)), event(events.ExtensionRequested, on(days), **asked))

    assert not due(history(20), ruled, CALENDAR, on(21))
    assert due(history(21), ruled, CALENDAR, on(21))
    granted = case(event(events.ExtensionGranted, on(22), until=day(60), of=("order:em",)), start=history(21))
    assert not due(granted, ruled, CALENDAR, on(22))


def test_overdue_is_judged_at_the_moment_at_which_the_step_is_due() -> None:
    """A failed verification on the last day is no failure after it."""
    ruled = rules(rule("verification_failed", {"after": "0 h", "applies": {"overdue": True}}))
    failed = {"trigger": "expiry", "remaining": "未清", "verification_class": "O"}
    ordered_one = case(found(), ordered(day(14)))
    assert not due(case(event(events.VerificationFailed, on(14), **failed), start=ordered_one), ruled, CALENDAR, on(30))
    assert due(case(event(events.VerificationFailed, on(15), **failed), start=ordered_one), ruled, CALENDAR, on(30))


@pytest.mark.parametrize("spoilt", ["late", "self_accepted", "uncontrolled", "other", "false", "unreported", "nothing"])
def test_true_rectification_lacks_nothing(spoilt: str) -> None:
    """真改: found by itself, both reports, controlled, verified in time, and not by its owner alone."""
    origin = "inspection" if spoilt == "other" else "self"
    grade = Grade.MAJOR if spoilt == "unreported" else Grade.GENERAL
    passed = {"trigger": "submission", "verification_class": "S"}
    if spoilt == "self_accepted":
        passed["flags"] = ("self_accepted",)  # type: ignore[assignment]
    history = [
        found(origin=origin, actor=OWNER),
        graded(grade),
        ordered(day(5)),
        *([] if spoilt == "uncontrolled" else [event(events.InterimControlRecorded, MONDAY, measures="停用")]),
        event(events.VerificationPassed, on(6 if spoilt == "late" else 5), **passed),
        event(events.HazardClosed, on(7), kind="rectified"),
    ]
    if spoilt == "false":
        again = event(events.HazardReopened, on(8), kind="false_rectification", reasons="假改")
        history += [again, *history[-2:]]
    noted = [one for one in due(case(*history), shipped(), CALENDAR, on(9)) if one.rule == "F02"]
    assert bool(noted) is (spoilt == "nothing")


def test_the_sites_day_is_not_the_notifiers() -> None:
    """Ürümqi's legal day is Shanghai's, but a site in another zone has its own midnight."""
    history = case(found(), ordered(day(14)))
    assert next_due(history, LATE, Calendar(zone="Asia/Tokyo"), MONDAY) == start_of(15) - timedelta(hours=1)
