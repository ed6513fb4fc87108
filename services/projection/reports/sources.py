"""溯源: which question was put to which events, in words that somebody can ask again."""

from collections.abc import Sequence
from datetime import datetime

from services.journal.events import EventStore
from services.projection.effective import recorded
from services.projection.forms import periods
from services.projection.forms.model import Trace
from services.projection.ledger import Ledger
from services.projection.reports.asked import Asked
from services.projection.reports.question import FORMS


async def trace(store: EventStore, asked: Asked, ledgers: Sequence[Ledger], counts: dict[str, int], last: int) -> Trace:
    """Without the late entries."""
    question = asked.question
    return Trace(
        query=_query(asked),
        scope=_scope(asked),
        period=periods.spoken(question.form, question.month, asked.template),
        cutoff=asked.end,
        known_sequence=asked.known,
        known_at=await _known_at(store, asked),
        last_sequence=max(last, asked.known),
        ledgers={ledger.name: ledger.version for ledger in ledgers},
        produced_at=asked.now.replace(microsecond=0),
        produced_by=asked.by,
        counts=counts,
    )


def _query(asked: Asked) -> str:
    """As somebody would ask it again."""
    question = asked.question
    parts = [f"bihuan report {question.form}"]
    parts.append(f"--area {question.area}" if question.area else f"--enterprise {question.enterprise}")
    parts.append(f"--month {question.month:%Y-%m}")
    if question.campaign_start:
        parts.append(f"--campaign-start {question.campaign_start}")
    parts.append(f"--known-at {asked.known}")
    return f"{FORMS[question.form]}：{' '.join(parts)}"


def _scope(asked: Asked) -> str:
    question = asked.question
    if question.enterprise:
        return f"企业 {question.enterprise}"
    name = asked.names.get(question.area)
    return f"区划 {question.area} {name}" if name else f"区划 {question.area}"


async def _known_at(store: EventStore, asked: Asked) -> datetime:
    """When that event was recorded; of a store without one, now."""
    stored = await store.at(asked.known) if asked.known else None
    moment = recorded(stored.state) if stored is not None else None
    return (moment or asked.now).astimezone(asked.zone).replace(microsecond=0)
