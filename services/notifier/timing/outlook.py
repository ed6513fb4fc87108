"""Every step of every rule for one hazard, whether or not it applies: what an explanation is made of."""

from dataclasses import dataclass
from datetime import datetime

from services.notifier.rules import Chase, Family, Rules
from services.notifier.timers import firing_of, is_too_late
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case, Fired
from services.notifier.timing.clocks import Clock, Marks, by_fact, clocks
from services.notifier.timing.conditions import Instant, Standing, Test, failing, standing
from services.notifier.timing.counted import NONE, Counts
from services.notifier.timing.duedates import due_by
from services.notifier.timing.firing import Firing


@dataclass(frozen=True, slots=True)
class Prospect:
    """One step on one of its clocks, or on none."""

    chase: Chase
    clock: Clock | None
    """The newest that was started."""
    fails: Test | None
    """The part of the condition that does not hold."""
    firing: Firing | None
    """When it is due, or would be; none where no clock was started, or past every calendar."""
    lapses_at: datetime | None = None
    fired: bool = False
    lapsed: bool = False
    """The deadline was set later than the reminder would have been due."""

    @property
    def applies(self) -> bool:
        """The condition holds, and a clock runs."""
        return self.fails is None and self.clock is not None and self.clock.stopped is None


def outlook(case: Case, rules: Rules, calendar: Calendar, counts: Counts = NONE) -> list[Prospect]:
    """Every step of every rule on its newest clock, in the file's order, whether or not it applies."""
    here, marks = standing(case, calendar, counts), by_fact(case)
    chases = ((family, chase) for family in rules.families for chase in family.chases)
    found = [_prospect(family, chase, here, marks, rules) for family, chase in chases]
    return sorted(found, key=lambda one: one.chase.order)


def _prospect(family: Family, chase: Chase, here: Standing, marks: Marks, rules: Rules) -> Prospect:
    case = here.case
    fails = failing(family.tests, here) or failing(chase.tests, here)
    found = clocks(case, marks, chase.starts, chase.stops, here.calendar)
    clock = max(found, key=lambda one: (one.stopped is None, one.version), default=None)
    when = due_by(clock, chase.step, here.calendar, case.pauses) if clock else None
    if clock is None or when is None:
        return Prospect(chase, clock, fails, None)
    return Prospect(
        chase,
        clock,
        fails or failing(chase.timed, here, Instant(clock, when.at)),
        firing_of(case, rules, chase, clock, when),
        lapses_at=when.lapses_at,
        fired=Fired(chase.rule.id, chase.step.step, clock.version) in case.fired,
        lapsed=is_too_late(clock, when),
    )
