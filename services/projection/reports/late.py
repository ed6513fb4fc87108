"""追溯变更: what was recorded only after the period had ended, and changes what is said of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from contracts import words
from contracts.base import short_number
from services.journal.events import EventStore
from services.projection import stages
from services.projection.forms.model import LateEntry
from services.projection.knowing import Late, difference, sequence_at
from services.projection.ledger import Ledger
from services.projection.reports import scope
from services.projection.reports.asked import Asked
from services.projection.reports.facts import unseen
from services.projection.reports.hidden import Hidden
from services.projection.reports.tables import Tables

NAMED: Final = 200
"""Of more the number is told."""
MORE: Final = f"追溯变更合计（其中前{NAMED}条列在下面）"


async def late(
    store: EventStore, asked: Asked, concerned: Callable[[Late], bool]
) -> tuple[list[LateEntry], dict[str, int]]:
    """Those between what was known at the cut-off and what is known in the report; the first of them, and how many.

    What is hidden from the head of an enterprise (hidden.py) is neither told nor counted.
    """
    if asked.running:
        return [], {}
    then = await sequence_at(store, asked.cutoff)
    hidden = Hidden(store, asked.zone, enterprise=bool(asked.question.enterprise))
    found, count = list[LateEntry](), 0
    async for one in difference(store, asked.cutoff, then, asked.known, asked.zone):
        if _matters(one, asked) and concerned(one) and not await hidden.covers(one):
            count += 1
            if count <= NAMED:
                found.append(_entry(one, asked))
    return found, {MORE: count} if count > NAMED else {}


def concerned(tables: Tables, asked: Asked, ledgers: Sequence[Ledger]) -> Callable[[Late], bool]:
    """What these ledgers read of the enterprise's hazards and visits, or of anybody's."""
    types = {event.type for event in stages.MOVES}.union(*(ledger.by_type for ledger in ledgers))
    if not asked.question.enterprise:
        return lambda one: one.type in types
    kept = [ledger for ledger in scope.LEDGERS if ledger in ledgers]
    seen = (row for ledger in kept for row in scope.rows(tables[ledger], asked.question) if not unseen(row))
    ids = {row.key for row in seen}
    return lambda one: one.type in types and one.aggregate in ids


def _matters(one: Late, asked: Asked) -> bool:
    in_time = asked.since is None or one.effective >= asked.since
    return in_time and scope.concerns(asked.question, one.aggregate)


def _entry(one: Late, asked: Asked) -> LateEntry:
    return LateEntry(
        short_number(one.aggregate),
        one.sequence,
        _local(one.occurred, asked),
        _local(one.recorded, asked),
        f"{words.act(one.type)}：{one.actor.name}",
    )


def _local(moment: datetime, asked: Asked) -> datetime:
    return moment.astimezone(asked.zone).replace(microsecond=0)
