"""What comes due on a hazard to which nothing happens meanwhile: reckoned once, where the timers reckon at a moment.

For whoever walks a hundred thousand histories: what an event does not speak of is not reckoned anew. It says what the
timers would say at each moment, and a test holds it to that. What is counted across hazards must not change meanwhile.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from contracts.policy import Fact
from services.notifier.rules import Chase
from services.notifier.simulations.shapes import Chosen
from services.notifier.timers import fires_at, firing_of, is_too_late
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case, Deadline, Fired, Mark, Pause
from services.notifier.timing.clocks import Clock, Marks, by_fact, clocks
from services.notifier.timing.conditions import Instant, Standing, failing
from services.notifier.timing.duedates import Due, due_by
from services.notifier.timing.firing import Firing


class Item(NamedTuple):
    """A step on a clock that runs."""

    at: datetime
    """When it fires."""
    name: Fired
    chase: Chase
    clock: Clock
    when: Due


class Pending:
    """Of one hazard under one policy, from event to event."""

    def __init__(self) -> None:
        self.refused: set[Fired] = set()
        """Steps for which too little is counted."""
        self._counted: tuple[object, ...] = ()
        """Of what: a count is the same as long as it is the count of the same things."""
        self._beside: Pending | None = None
        self._items: dict[int, tuple[Item, ...]] = {}
        self._marks = 0
        self._deadline: Deadline | None = None
        self._reopened: Mark | None = None
        self._pauses: tuple[Pause, ...] = ()
        self._moved_at: datetime | None = None

    def items(self, here: Standing, chosen: Chosen, chases: Iterable[Chase]) -> Iterator[Item]:
        """All that are to come, in the order of the steps; only what events spoke of is reckoned anew."""
        case, known = here.case, self._items
        self._forget(case, chosen)
        marks: Marks | None = None
        for chase in chases:
            items = known.get(chase.order)
            if items is None:
                marks = marks or by_fact(case)
                items = known[chase.order] = tuple(_running(chase, marks, case, here.calendar))
            yield from items

    @property
    def beside(self) -> "Pending":
        """Under the policy beside."""
        self._beside = self._beside or Pending()
        return self._beside

    def applies(self, item: Item, here: Standing) -> bool:
        """What hangs on the moment."""
        fails = failing(item.chase.timed, here, Instant(item.clock, item.when.at))
        if fails is not None and fails.name == "count":
            self.refused.add(item.name)
        return fails is None

    def _forget(self, case: Case, chosen: Chosen) -> None:
        facts = {mark.fact for mark in case.marks[self._marks :]}
        deadline = case.deadline
        if deadline is not self._deadline or case.reopened is not self._reopened:
            facts.add(Fact.DEADLINE)
        if case.pauses is not self._pauses or case.moved_at != self._moved_at:
            self._items.clear()
        for order in chosen.moved_by(facts):
            self._items.pop(order, None)
        counted = (case.party, case.co_parties, case.clause, case.sector, case.place, case.checklist_item)
        if counted != self._counted:
            self.refused.clear()
        self._marks, self._deadline, self._reopened = len(case.marks), deadline, case.reopened
        self._pauses, self._counted, self._moved_at = case.pauses, counted, case.moved_at


def _running(chase: Chase, marks: Marks, case: Case, calendar: Calendar) -> Iterator[Item]:
    for clock in clocks(case, marks, chase.starts, chase.stops, calendar):
        if clock.stopped is None:
            when = due_by(clock, chase.step, calendar, case.pauses)
            if when is not None and not is_too_late(clock, when):
                name = Fired(chase.rule.id, chase.step.step, clock.version)
                yield Item(fires_at(case, clock, when), name, chase, clock, when)


class Agenda:
    """Of one hazard as it stands, up to a moment that is not included.

    `differs`: until then something is due under this policy or the one beside that the other does not say so.
    """

    def __init__(self, here: Standing, chosen: Chosen, until: datetime, pending: Pending) -> None:
        self._case = case = here.case
        self._rules = chosen.rules
        self._reached = {(one.rule, one.version) for one in case.fired} if chosen.follows else set()
        steps = chosen.steps(here)
        self._items = [
            item
            for item in pending.items(here, chosen, steps.chases)
            if item.at < until
            and item.name not in case.fired
            and item.name not in pending.refused
            and (not item.chase.timed or pending.applies(item, here))
        ]
        self.differs = chosen.differs or any(item.chase.order in steps.own for item in self._items)
        if steps.others and chosen.beside is not None and not self.differs:
            coming = pending.beside.items(here, chosen.beside, steps.others)
            self.differs = any(item.at < until for item in coming)

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
