"""What comes due on a hazard to which nothing happens meanwhile: reckoned once, where the timers reckon at a moment.

For whoever walks a hundred thousand histories. It says what the timers would say at each moment, and a test holds it
to that.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from contracts.policy import SIGNED_FROM, Fact, Rule
from contracts.terms import Ladder
from services.notifier.case import Fired, Pause
from services.notifier.clocks import Clock, Due, Marks, by_fact, clocks, due_by
from services.notifier.conditions import Instant, Standing, failing
from services.notifier.firing import Firing
from services.notifier.rules import Chase, Rules
from services.notifier.timers import firing_of, is_too_late

SHAPE: Final = frozenset(
    {
        *("stage", "grade", "graded", "suspected", "origin", "assigned_as", "listed", "suspended", "employer", "turn"),
        *("sector", "failed_at_least", "missing"),
    }
)
"""The conditions that hang on a hazard's shape alone: hazards of one shape have the same steps before them."""

Facts = frozenset[Fact]
Dues = dict[tuple[int, int, date | None, tuple[Pause, ...]], Due | None]
"""When steps of one hazard are due, by step and clock: the clock's day may move, and pauses move all."""


class Item(NamedTuple):
    """A step on a clock that runs."""

    at: datetime
    """When it is due, but not before its clock's start was recorded."""
    chase: Chase
    clock: Clock
    when: Due


class Steps(NamedTuple):
    """For hazards of one shape."""

    chases: tuple[Chase, ...]
    """In the order of the families: a rule that follows another stands after it."""
    differ: bool
    """The policy beside has others for them."""


class Chosen:
    """The steps of a policy for each shape of a hazard, each shape judged once; `beside` is one to compare with."""

    def __init__(self, rules: Rules, beside: Rules | None = None) -> None:
        self.rules = rules
        self.follows = any(rule.follows for rule in rules.policy.rules)
        self._beside = beside
        self._raises = frozenset(rule.id for rule in rules.policy.rules if rule.raises)
        self._proposals_matter = any(Fact.PROPOSED in _facts(rule) for rule in rules.policy.rules)
        self._known: dict[object, Steps] = {}

    def stirs(self, firing: Firing) -> bool:
        """Whether the hazard must be reckoned anew once that is proposed."""
        proposed = firing.level >= SIGNED_FROM and firing.ladder is Ladder.ENTERPRISE
        return firing.rule in self._raises or (proposed and self._proposals_matter)

    def steps(self, here: Standing, begun: Facts) -> Steps:
        """What speaks of such a hazard, whatever it is called and whenever it was found."""
        case = here.case
        shape = (
            *(case.stage, case.grade, here.grades, case.origin, case.assigned_as, bool(case.listings)),
            *(bool(case.suspensions), here.employer, here.turn, case.sector, case.failures, here.happened, begun),
        )
        found = self._known.get(shape)
        if found is None:
            chases = tuple(_judged(self.rules, here, begun))
            found = self._known[shape] = Steps(chases, self._differ(chases, here, begun))
        return found

    def _differ(self, chases: tuple[Chase, ...], here: Standing, begun: Facts) -> bool:
        if self._beside is None:
            return False
        if self._beside.policy.ladders != self.rules.policy.ladders:
            return True
        others = _judged(self._beside, here, begun)
        return [(one.rule, one.step) for one in chases] != [(one.rule, one.step) for one in others]


def _judged(rules: Rules, here: Standing, begun: Facts) -> Iterator[Chase]:
    for family in rules.families:
        if not begun.isdisjoint(family.starts) and failing(family.tests, here) is None:
            for chase in family.chases:
                if not begun.isdisjoint(chase.starts) and failing(chase.tests, here) is None:
                    yield chase


def _facts(rule: Rule) -> frozenset[Fact]:
    """All that a rule looks at."""
    steps = (fact for step in rule.steps for fact in (*(step.starts or ()), *(step.stops or ())))
    conditions = (rule.applies, *(step.applies for step in rule.steps))
    missing = (fact for condition in conditions if condition is not None for fact in condition.missing)
    return frozenset((*rule.starts, *rule.stops, *steps, *missing))


class Agenda:
    """Of one hazard as it stands, up to a moment that is not included."""

    def __init__(self, here: Standing, chosen: Chosen, until: datetime, known: Dues) -> None:
        self._case = here.case
        self._rules = chosen.rules
        self._reached = {(one.rule, one.version) for one in here.case.fired} if chosen.follows else set()
        marks = by_fact(here.case)
        begun = frozenset((*marks, Fact.DEADLINE)) if here.case.deadlines else frozenset(marks)
        steps = chosen.steps(here, begun)
        self.differs = steps.differ
        self._items = list(_coming(here, marks, steps.chases, until, known))

    def due(self, now: datetime) -> list[Firing]:
        """What is due at that moment, in order; each is given once."""
        found: list[tuple[int, Firing]] = []
        for item in tuple(self._items):
            if item.at > now or not self._is_open(item):
                continue
            self._items.remove(item)
            if item.when.lapses_at is None or now < item.when.lapses_at:
                found.append((item.chase.order, firing_of(self._case, self._rules, item.chase, item.clock, item.when)))
                self._reached.add((item.chase.rule.id, item.clock.version))
        found.sort(key=lambda one: (one[1].occurred_at, one[1].due_at, one[0]))
        return [firing for _, firing in found]

    def next(self, now: datetime) -> datetime | None:
        """When something is due after that moment."""
        return min((item.at for item in self._items if item.at > now and self._is_open(item)), default=None)

    def _is_open(self, item: Item) -> bool:
        before = item.chase.rule.follows
        return before is None or (before, item.clock.version) in self._reached


def _coming(here: Standing, marks: Marks, chases: tuple[Chase, ...], until: datetime, known: Dues) -> Iterator[Item]:
    """What applies, on clocks that run, and was neither proposed nor missed."""
    case = here.case
    running: dict[tuple[object, object], list[Clock]] = {}
    for chase in chases:
        key = (chase.starts, chase.stops)
        if key not in running:
            running[key] = [one for one in clocks(case, marks, *key, here.calendar) if one.stopped is None]
        for clock in running[key]:
            place = (chase.order, clock.version, clock.day, case.pauses)
            if place not in known:
                known[place] = _timely(chase, clock, here)
            when = known[place]
            if when is None or (at := max(when.at, clock.heard_at)) >= until:
                continue
            fired = Fired(chase.rule.id, chase.step.step, clock.version)
            if fired not in case.fired and failing(chase.timed, here, Instant(clock, when.at)) is None:
                yield Item(at, chase, clock, when)


def _timely(chase: Chase, clock: Clock, here: Standing) -> Due | None:
    when = due_by(clock, chase.step, here.calendar, here.case.pauses)
    return None if when is None or is_too_late(clock, when) else when
