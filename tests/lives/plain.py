"""Lives as most are, for measuring: found, graded, assigned, planned, submitted, verified, closed."""

from collections.abc import Iterator
from typing import Final

from contracts.terms import Grade
from tests.lives import beginning, mending, overlays
from tests.lives.story import Story
from tests.lives.stream import generate
from tests.lives.told import Told
from tests.lives.totals import Totals

GOES_ON: Final = 0.95
"""The share of lives that take the next step, so that six are told of each on average."""


def benchmark_lives(hazards: int, *, seed: int = 1, totals: Totals | None = None) -> Iterator[Told]:
    """About six events a hazard; one hazard in a hundred has a listing and an extension beside its stages."""
    return generate(seed, hazards, totals=totals, plot=_plain)


def _plain(story: Story) -> None:
    story.do(beginning.found, words=story.draw(6))
    story.do(beginning.graded, Grade.MAJOR if story.chance(0.2) else Grade.GENERAL)
    if story.chance(0.01):
        story.do(overlays.listed)
        story.do(mending.asked_for_time)
        story.do(mending.given_time, granted=True)
    for act in (mending.assigned, mending.planned, mending.submitted, mending.passed, mending.closed):
        story.wait(5)
        if not story.chance(GOES_ON):
            return
        story.do(act)
