"""What is due and what is next: pure, from a hazard's history, the rules, the calendar and a moment.

A step fires once for each clock, as soon as it is due and its clock's start was recorded; a reminder before a deadline
only while the deadline's day lasts, and only where the deadline was set before the reminder would have been due.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from contracts.policy import GONE, SIGNED_FROM, Counting, Fact
from services.notifier.rules import Chase, Rules
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case, Fired
from services.notifier.timing.clocks import Clock, Marks, by_fact, clocks
from services.notifier.timing.conditions import Instant, Standing, failing, standing
from services.notifier.timing.counted import NONE, Counts
from services.notifier.timing.duedates import Due, due_by
from services.notifier.timing.firing import Firing

HEARD_OF: Final = timedelta(days=7)
"""After so long a calendar that was not published yet is asked for again."""


class Reckoning(NamedTuple):
    """What is due, in order, and when that changes."""

    due: list[Firing]
    next: datetime | None


def due(case: Case, rules: Rules, calendar: Calendar, now: datetime, counts: Counts = NONE) -> list[Firing]:
    """Everything that is due and was not proposed yet, in order."""
    return reckon(case, rules, calendar, now, counts).due


def next_due(case: Case, rules: Rules, calendar: Calendar, now: datetime, counts: Counts = NONE) -> datetime | None:
    """The next moment at which something falls due; where that rests on a calendar to come, within a week."""
    return reckon(case, rules, calendar, now, counts).next


def reckon(case: Case, rules: Rules, calendar: Calendar, now: datetime, counts: Counts = NONE) -> Reckoning:
    """Both at once."""
    found: list[tuple[int, Firing]] = []
    coming: list[datetime] = []
    reached = {(one.rule, one.version) for one in case.fired}
    for chase, clock, when in _running(case, rules, standing(case, calendar, counts)):
        before = chase.rule.follows
        if before is not None and (before, clock.version) not in reached:
            continue
        at = fires_at(case, clock, when)
        if at > now:
            coming.append(min(at, now + HEARD_OF) if when.provisional else at)
        elif when.lapses_at is None or now < when.lapses_at:
            found.append((chase.order, firing_of(case, rules, chase, clock, when)))
            reached.add((chase.rule.id, clock.version))
    found.sort(key=lambda one: (one[1].occurred_at, one[1].due_at, one[0]))
    return Reckoning([firing for _, firing in found], min(coming, default=None))


def wanted(case: Case, rules: Rules) -> frozenset[Counting]:
    """What has to be counted across hazards before the rules can be asked about this one."""
    if not rules.counts or not _is_ruled(case):
        return frozenset()
    here, begun = standing(case, Calendar(), NONE), _begun(case, by_fact(case))
    return frozenset(
        counting
        for family in rules.families
        if family.counts and failing(family.tests, here) is None
        for chase in family.chases
        for counting in chase.counts
        if not begun.isdisjoint(chase.starts) and failing(chase.tests, here) is None
    )


def fires_at(case: Case, clock: Clock, when: Due) -> datetime:
    """When it is due, but not before its clock's start was heard of or the hazard was moved to these rules."""
    return max(when.at, clock.heard_at, case.moved_at or when.at)


def firing_of(case: Case, rules: Rules, chase: Chase, clock: Clock, when: Due) -> Firing:
    """All that is said of a step on a clock; where the party is late, its ladder may start higher for this hazard."""
    rule, step = chase.rule, chase.step
    level, rung = step.level, rules.rung(rule.ladder, step.level)
    if case.fired and chase.is_late and (raised := rules.raised_by(case.fired)):
        rung = rules.rung_up_to(rule.ladder, level + raised)
        level = rung.level if rung else level
    return Firing(
        hazard_id=case.id,
        rule=rule.id,
        step=step.step,
        clock_started_by=clock.version,
        due_at=when.at,
        occurred_at=fires_at(case, clock, when),
        level=level,
        ladder=rule.ladder,
        tell=step.tell or (rung.tell if rung else ()),
        title=rule.title,
        signs=(step.signs or (rung.signs if rung else ())) if level >= SIGNED_FROM else (),
        document=step.document or (rung.document if rung else None),
        action=step.action,
        hourly=chase.hourly,
        urgent=clock.fact is Fact.IMMINENT_DANGER,
        confidential=rule.confidential or case.confidential,
        label=rule.label,
        provisional=when.provisional,
    )


def _is_ruled(case: Case) -> bool:
    """Found, not gone, and wholly understood."""
    return case.stage is not None and case.stage not in GONE and not case.unreadable


def _begun(case: Case, marks: Marks) -> set[Fact]:
    """What may have started a clock."""
    return marks.keys() | ({Fact.DEADLINE} if case.deadlines else set())


def _running(case: Case, rules: Rules, here: Standing) -> Iterator[tuple[Chase, Clock, Due]]:
    """What applies, on clocks that run, and was neither proposed nor missed."""
    if not _is_ruled(case):
        return
    marks = by_fact(case)
    begun = _begun(case, marks)
    known: dict[tuple[object, object], list[Clock]] = {}
    for family in rules.families:
        if begun.isdisjoint(family.starts) or failing(family.tests, here):
            continue
        for chase in family.chases:
            if begun.isdisjoint(chase.starts) or failing(chase.tests, here):
                continue
            key = (chase.starts, chase.stops)
            if key not in known:
                known[key] = [one for one in clocks(case, marks, *key, here.calendar) if one.stopped is None]
            yield from _timely(chase, known[key], here)


def _timely(chase: Chase, running: list[Clock], here: Standing) -> Iterator[tuple[Chase, Clock, Due]]:
    case = here.case
    for clock in running:
        if Fired(chase.rule.id, chase.step.step, clock.version) in case.fired:
            continue
        when = due_by(clock, chase.step, here.calendar, case.pauses)
        if when is None or is_too_late(clock, when) or failing(chase.timed, here, Instant(clock, when.at)):
            continue
        yield chase, clock, when


def is_too_late(clock: Clock, when: Due) -> bool:
    """A reminder before a deadline that was set after the reminder would have been due."""
    return when.lapses_at is not None and clock.recorded_at > when.at
