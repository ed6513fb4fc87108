"""What is counted across hazards, as a rule looks at it, and what counts as a penalty."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from contracts.acts.proceedings import Measure
from contracts.policy import Counting

PENALTIES: Final = ("处罚", "警告", "暂扣", "罚款", "没收", "停产停业整顿", "吊销", "降低资质", "关闭", "限制从业")
"""行政处罚法 art. 9, as measures are named; the hazard service asks for power and basis by the same words."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One entry: when, of which hazard (or visit), of which party."""

    at: datetime
    hazard: str
    party: str | None


Counts = Mapping[Counting, tuple[Counted, ...]]
"""Of one hazard: entries that share its party, clause, sector or point, as the counting says."""


class InOrder(tuple[Counted, ...]):
    """Sorted by their moments: among thousands the days that count are found by halving."""

    __slots__ = ()


def between(entries: Sequence[Counted], since: datetime, until: datetime) -> Sequence[Counted]:
    """After the one moment, up to the other."""
    if isinstance(entries, InOrder):
        return entries[bisect_right(entries, since, key=_AT) : bisect_right(entries, until, key=_AT)]
    return [one for one in entries if since < one.at <= until]


_AT: Final = attrgetter("at")
NONE: Final[Counts] = MappingProxyType({})


def is_penalty(measure: Measure) -> bool:
    """It names an amount, or its kind is one of the penalties."""
    return measure.amount is not None or any(word in "".join(measure.kind.split()) for word in PENALTIES)
