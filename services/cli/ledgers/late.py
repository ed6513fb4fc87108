"""追溯变更: the events that make a ledger say otherwise of a cut-off than what was known at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts import words
from contracts.base import short_number
from services.cli.site import minute
from services.journal.events import EventStore
from services.projection.knowing import Late, difference, sequence_at
from services.projection.ledger import Ledger
from services.projection.reports.hidden import Hidden

KEPT: Final = 1_000
"""Told to a program and on paper; all are counted."""
NAMED: Final = 20
"""Told on a screen."""


@dataclass(frozen=True)
class Changes:
    """The first of them, and how many there are."""

    first: Sequence[Late]
    count: int

    def people(self, most: int) -> list[str]:
        """How many, then so many of them."""
        if not self.count:
            return ["追溯变更：无。No event of that time came to be known later."]
        more = f"，列出前 {most} 条" if self.count > most else ""
        told = [_line(one) for one in self.first[:most]]
        return [f"追溯变更：截止时间以前的事件，当时还不知道的有 {self.count} 条{more}。Known only later.", *told]

    def machine(self) -> list[dict[str, Any]]:
        """As programs get them."""
        return [
            {
                "sequence": one.sequence,
                "event": one.type,
                "aggregate_id": one.aggregate,
                "occurred_at": one.occurred,
                "recorded_at": one.recorded,
                "actor": one.actor.model_dump(mode="json", exclude_none=True),
            }
            for one in self.first
        ]


async def changes(store: EventStore, ledger: Ledger, cutoff: datetime, known: int, zone: ZoneInfo) -> Changes:
    """Between what was known at the cut-off and what was at that sequence. Reports past the head are left out.

    Raises UnapplicableError.
    """
    hidden = Hidden(store, zone, enterprise=False)
    first, count = list[Late](), 0
    async for one in difference(store, cutoff, await sequence_at(store, cutoff), known, zone):
        if _reads(ledger, one) and not await hidden.covers(one):
            count += 1
            if count <= KEPT:
                first.append(one)
    return Changes(first, count)


def _reads(ledger: Ledger, one: Late) -> bool:
    return one.type in ledger.by_type or (ledger.every is not None and one.kind in ledger.kinds)


def _line(one: Late) -> str:
    return (
        f"  第 {one.sequence} 号事件 {words.act(one.type)}（{short_number(one.aggregate)}）：{one.actor.name}，"
        f"{minute(one.occurred)} 发生，{minute(one.recorded)} 登记"
    )
