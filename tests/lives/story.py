"""The thread of one life: a clock that goes on, and accounts of acts that lag behind it by minutes, or by weeks."""

from collections.abc import Callable
from random import Random
from typing import Concatenate, Final, ParamSpec, TypeVar

from tests.lives.life import Life
from tests.lives.moments import DAY, HOUR, MINUTE, first_of_day

P = ParamSpec("P")
R = TypeVar("R")

LATE: Final = 0.05
"""The share of acts that are entered days or weeks after they happened, often behind what was entered before."""
LATEST: Final = 40
"""Days."""
ON_THE_EDGE: Final = 0.02
"""The share of acts that happened at the first or the last instant of a day: where a cut-off cuts."""
OLD: Final = 0.05
"""The share of lives that were led on paper before they were entered."""


class Story:
    """Acts of one life, one after another, as chance has it."""

    def __init__(self, life: Life, rng: Random, begins: int, before: str | None) -> None:
        self.life = life
        self.before = before
        """Another hazard of the same township, found earlier."""
        self._rng = rng
        self._now = begins
        self._behind = rng.randint(3, 60) * DAY if rng.random() < OLD else 0
        self._floor = begins - 400 * DAY

    @property
    def old(self) -> bool:
        """Led on paper so far."""
        return self._behind > 0

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self._rng.random() < share

    def draw(self, count: int) -> int:
        """Any of 0 … count - 1."""
        return self._rng.randrange(count)

    def wait(self, days: float) -> None:
        """So many days on average until the next act."""
        self._now += int(self._rng.random() * 2 * days * DAY) + MINUTE
        self._behind //= 2

    def do(self, act: Callable[Concatenate[Life, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The act, entered now; it happened as long ago as its account says."""
        first = not self.life.steps
        occurred = max(self._floor, self._occurred(may_be_late=not first))
        if first:
            self._floor = occurred
        self.life.at(self._now, occurred)
        done = act(self.life, *args, **kwargs)
        self._now += int(self._rng.random() * 10 * MINUTE) + MINUTE
        return done

    def no_earlier(self) -> None:
        """Nothing that follows happened before this moment."""
        self._floor = self._now

    def _occurred(self, *, may_be_late: bool) -> int:
        rng, occurred = self._rng, self._now - self._behind
        roll = rng.random()
        if roll < ON_THE_EDGE:
            midnight = first_of_day(occurred)
            return midnight - 1 if roll < ON_THE_EDGE / 2 else midnight
        if may_be_late and roll > 1 - LATE:
            return occurred - int(rng.random() * LATEST * DAY)
        return occurred - int(rng.random() ** 3 * 3 * HOUR) - MINUTE
