"""What comes due on a hazard to which nothing happens meanwhile: reckoned once, where the timers reckon at a moment.

For whoever walks a hundred thousand histories: what an event does not speak of is not reckoned anew. It says what the
timers would say at each moment, and a test holds it to that. What is counted across hazards must not change meanwhile.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from contracts.policy import Fact
from services.notifier.calendar import Calendar
from services.notifier.case import Case, Deadline, Fired, Mark, Pause
from services.notifier.clocks import Clock, Due, Marks, by_fact, clocks, due_by
from services.notifier.conditions import Instant, Standing, failing
from services.notifier.firing import Firing
from services.notifier.rules import Chase
from services.notifier.shapes import Chosen
from services.notifier.timers import firing_of, is_too_late


class Item(NamedTuple):
    """A step on a clock that runs."""

    at: datetime
    """When it is due, but not before its clock's start was recorded."""
    chase: Chase
    clock: Clock
    when: Due


class Pending:
    """Of one hazard under one policy, from event to event."""

    def __init__(self) -> None:
        self._items: dict[int, tuple[Item, ...]] = {}
        self._refused: dict[tuple[int, int], tuple[object, ...]] = {}
        """Steps for which too little was counted, and whose count that was."""
        self._marks = 0
        self._deadline: Deadline | None = None
        self._reopened: Mark | None = None
        self._pauses: tuple[Pause, ...] = ()

    def heed(self, case: Case, chosen: Chosen) -> None:
        """Forget what the events since the last time speak of."""
        facts = {mark.fact for mark in case.marks[self._marks :]}
        deadline = case.deadline
        if deadline is not self._deadline or case.reopened is not self._reopened:
            facts.add(Fact.DEADLINE)
        if case.pauses is not self._pauses:
            self._items.clear()
        for order in chosen.moved_by(facts):
            self._items.pop(order, None)
        self._marks, self._deadline, self._reopened = len(case.marks), deadline, case.reopened
        self._pauses = case.pauses

    def items(self, chase: Chase, marks: Marks, case: Case, calendar: Calendar) -> tuple[Item, ...]:
        """Of one step."""
        found = self._items.get(chase.order)
        if found is None:
            found = self._items[chase.order] = tuple(_running(chase, marks, case, calendar))
        return found

    def applies(self, item: Item, here: Standing) -> bool:
        """What hangs on the moment; a count is the same as long as it is the count of the same things."""
        chase, case = item.chase, here.case
        if not chase.timed:
            return True
        place = (chase.order, item.clock.version)
        of = (case.party, case.co_parties, case.clause, case.sector, case.place, case.checklist_item)
        if self._refused.get(place) == of:
            return False
        fails = failing(chase.timed, here, Instant(item.clock, item.when.at))
        if fails is not None and fails.name == "count":
            self._refused[place] = of
        return fails is None


def _running(chase: Chase, marks: Marks, case: Case, calendar: Calendar) -> Iterator[Item]:
    for clock in clocks(case, marks, chase.starts, chase.stops, calendar):
        if clock.stopped is None:
            when = due_by(clock, chase.step, calendar, case.pauses)
            if when is not None and not is_too_late(clock, when):
                yield Item(max(when.at, clock.heard_at), chase, clock, when)


class Agenda:
    """Of one hazard as it stands, up to a moment that is not included."""

    def __init__(self, here: Standing, chosen: Chosen, until: datetime, pending: Pending) -> None:
        self._case = case = here.case
        self._rules = chosen.rules
        self._reached = {(one.rule, one.version) for one in case.fired} if chosen.follows else set()
        marks = by_fact(case)
        begun = frozenset((*marks, Fact.DEADLINE)) if case.deadlines else frozenset(marks)
        steps = chosen.steps(here, begun)
        pending.heed(case, chosen)
        self.differs = steps.differ
        self._items = [
            item
            for chase in steps.chases
            for item in pending.items(chase, marks, case, here.calendar)
            if item.at < until and _name(item) not in case.fired and pending.applies(item, here)
        ]

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


def _name(item: Item) -> Fired:
    return Fired(item.chase.rule.id, item.chase.step.step, item.clock.version)
