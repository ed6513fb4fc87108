"""Many lives at once, told in the order in which their events are recorded."""

from collections.abc import Callable, Iterator
from datetime import date
from heapq import heappop, heappush
from random import Random
from typing import Final
from uuid import UUID

from contracts import subjects
from contracts.terms import Origin
from tests.lives.cast import draw_company, office
from tests.lives.life import Life
from tests.lives.moments import DAY, at
from tests.lives.places import Places
from tests.lives.plots import plot
from tests.lives.story import Story
from tests.lives.told import Told
from tests.lives.totals import Totals

FIRST_DAY: Final = date(2024, 1, 1)
DAYS: Final = 730
ORIGINS: Final = {
    Origin.SELF: 30,
    Origin.SELF_AFTER_NOTICE: 8,
    Origin.ASSISTANCE: 8,
    Origin.PATROL: 18,
    Origin.INSPECTION: 25,
    Origin.REPORT: 7,
    Origin.TRANSFERRED_IN: 4,
}
"""Of a hundred hazards."""

Plot = Callable[[Story], None]


def generate(
    seed: int,
    hazards: int,
    *,
    counties: int = 30,
    first_day: date = FIRST_DAY,
    days: int = DAYS,
    totals: Totals | None = None,
    plot: Plot = plot,
) -> Iterator[Told]:
    """So many hazards, all found within those days, and what is recorded of them within those days, in order.

    The same arguments give the same events. `totals` is told of each event before it is yielded; what it counts of a
    prefix of the stream is true of that prefix. The n-th event has position n.
    """
    rng = Random(seed)  # noqa: S311 (made-up lives, no secrets)
    births = _births(rng, hazards, Places(rng, counties), at(first_day), days, plot)
    return tell(births, totals or Totals(), until=at(first_day) + days * DAY)


def tell(lives: Iterator[Life], totals: Totals, *, until: int | None = None) -> Iterator[Told]:
    """The events of lives that come in the order of their first steps; nothing that would be recorded at `until`.

    No two events are recorded at the same instant: one that would be comes a microsecond later.
    """
    waiting: list[tuple[int, int, int, Life]] = []
    last, coming = 0, next(lives, None)
    while waiting or coming:
        if coming and (not waiting or coming.steps[0].recorded < waiting[0][0]):
            heappush(waiting, (coming.steps[0].recorded, totals.born(coming.area), 1, coming))
            coming = next(lives, None)
            continue
        recorded, number, version, life = heappop(waiting)
        last = max(recorded, last + 1)
        if until is not None and last >= until:
            continue
        step = life.steps[version - 1]
        totals.enter(number, last, step.holds_from, step.word)
        yield life.told(version, subjects.HAZARD, last)
        if version < life.version:
            heappush(waiting, (life.steps[version].recorded, number, version + 1, life))


def _births(rng: Random, hazards: int, places: Places, begin: int, days: int, plot: Plot) -> Iterator[Life]:
    """Evenly over the days, each planned to its end when its turn comes."""
    origins, weights = list(ORIGINS), list(ORIGINS.values())
    before: dict[str, str] = {}
    for number in range(hazards):
        area = places.draw(rng)
        [origin] = rng.choices(origins, weights)
        life = Life(
            subjects.aggregate_id(area, UUID(int=rng.getrandbits(128), version=4)),
            origin,
            office(area[:9]),
            draw_company(rng, area, origin),
        )
        begins = begin + int((number + rng.random()) * days * DAY / hazards)
        story = Story(life, rng, begins, before.get(area[:9]))
        plot(story)
        before[area[:9]] = life.id
        yield life
