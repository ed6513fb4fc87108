"""What is counted across hazards, as a rule looks at it, and what counts as a penalty."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from contracts.acts.proceedings import Measure
from contracts.policy import Counting

PENALTY: Final = re.compile(
    r"警告(?!标|牌|提示)|通报批评|(?:[单并]?处以?)?罚款|没收|暂扣(?=$|.*[证照])|降低资质|吊销|限制开展生产经营|责令停产停业|停产停业整顿"
    r"|(?:依法|决定|责令|予以)*关闭(?=$|决定|企业|单位|生产|经营|场所|.?矿|[、，；（(])|限制从业|行政拘留|.*(?:行政处罚|处罚决定)"
)
"""行政处罚法 art. 9, as the kind of a measure begins. 关闭 is one of an enterprise, not of a valve."""
NO_PENALTY: Final = re.compile(
    "不予|免予|免于|不罚|撤销|撤回|建议|催告|催缴|告知|拟|听证|立案|移送|强制执行|加处|滞纳|延期|分期|解除|返还"
)
"""What speaks of a penalty that is none: not yet, no more, or only its collection."""


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
    """Its kind is one of the penalties; or it names an amount, and its kind does not say that it is none.

    No event revokes a penalty: one that was revoked counts until its days are over. The hazard service asks for power
    and basis by words of its own: more measures than these need them.
    """
    kind = "".join(measure.kind.split())
    if NO_PENALTY.search(kind):
        return False
    return measure.amount is not None or PENALTY.match(kind) is not None
