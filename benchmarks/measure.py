"""What every benchmark needs: many at once, one after another, medians over rounds, a table at the end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter
from uuid import uuid4

from contracts import commands
from contracts.parties import Actor, Finder
from contracts.terms import Origin, Role

Act = Callable[[int], Awaitable[object]]
AREA = "320623104"
CHECKER = Actor(id="li-an", name="李安", roles=(Role.TOWNSHIP_CHECKER,), body="town", area=AREA)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 (a benchmark runs now)


def finding() -> commands.FindHazard:
    """A township's finding as it is on most days: an event of about a thousand bytes."""
    return commands.FindHazard(
        command_id=f"bench-{uuid4()}",
        actor=CHECKER,
        occurred_at=YESTERDAY,
        area=AREA,
        description="一层东侧安全出口堆放纸箱，宽度不足1.1米，配电箱前有可燃物",
        place="镇东路12号1号车间",
        origin=Origin.PATROL,
        found_by=(Finder(id="town", name="镇应急办", lead=True),),
    )


async def rate(count: int, act: Act, *, at_once: int = 64) -> float:
    """Acts a second, so many under way at any time."""
    waiting = iter(range(count))

    async def work() -> None:
        for number in waiting:
            await act(number)

    began = perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return count / (perf_counter() - began)


async def delays(count: int, act: Act) -> list[float]:
    """Milliseconds of each, one after another."""
    taken = []
    for number in range(count):
        began = perf_counter()
        await act(number)
        taken.append((perf_counter() - began) * 1000)
    return taken


@dataclass
class Rounds:
    """Figures of several rounds, each with its peers beside it: what disturbs one disturbs all of that round."""

    figures: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, figure: float) -> None:
        """One round's."""
        self.figures.setdefault(name, []).append(figure)

    def middle(self, name: str) -> float:
        """The median round."""
        return median(self.figures[name])

    def ratio(self, name: str, to: str) -> float:
        """The median of the ratios within a round."""
        return median(one / other for one, other in zip(self.figures[name], self.figures[to], strict=True))


@dataclass
class Table:
    """What is measured, beside what is wanted."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def tell(self, what: str, figure: str, wanted: str = "", *, met: bool | None = None) -> None:
        """One row, printed at once, for a run takes minutes."""
        self.rows.append((what, figure, wanted, {True: "yes", False: "NO", None: ""}[met]))
        print(f"  {what:<74} {figure:>18}  {wanted:<22} {self.rows[-1][3]}", flush=True)

    def head(self, title: str) -> None:
        """A new group."""
        print(f"\n{title}", flush=True)


def sure(truth: bool, otherwise: object) -> None:  # noqa: FBT001 (an assertion that is never switched off)
    """A figure is worth nothing where the work was not done."""
    if not truth:
        raise RuntimeError(str(otherwise))


def percentiles(taken: Sequence[float]) -> str:
    """Median and the 99th of a hundred."""
    return f"{median(taken):.2f} ms (p99 {quantiles(taken, n=100)[98]:.2f})"
