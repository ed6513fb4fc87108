"""Whether a ledger says what the events say: made anew up to its own sequence, beside it, and compared row by row."""

import asyncio
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from services.journal.events import EventStore
from services.projection.asking import QuestionError
from services.projection.asof import AsOf, as_of
from services.projection.comparing import Differences, compare
from services.projection.database import Database
from services.projection.lanes import Moved
from services.projection.ledger import Ledger
from services.projection.queries import View, opened
from services.projection.soundness import AlteredLedger


async def verify(
    store: EventStore, database: Database, ledger: Ledger, zone: ZoneInfo, *, moved: Moved | None = None
) -> Differences:
    """Nothing is written to the ledger; it may go on meanwhile, one view of it is looked at.

    Raises QuestionError where an older version of its rules made it: rebuild it then. AlteredLedger, and errors as
    `as_of`.
    """
    with opened(database, ledger) as view:
        if view.position.version != ledger.version:
            raise QuestionError(
                f"{ledger.title}由旧版规则（第 {view.position.version} 版）建立，现为第 {ledger.version} 版："
                f"请用 bihuan ledger rebuild {ledger.name}。It was built by older rules; rebuild it."
            )
        return await against(store, view, ledger, zone, moved=moved)


async def against(
    store: EventStore, view: View, ledger: Ledger, zone: ZoneInfo, *, moved: Moved | None = None
) -> Differences:
    """What that view says otherwise than the ledger's present rules make of the same events."""
    if view.sequence > (last := await store.last_of_stream()):
        raise AlteredLedger(ledger, f"它说记到第 {view.sequence} 号事件，事件流的末号却是 {last}")
    async with as_of(store, [ledger], AsOf(None, view.sequence), zone, moved=moved) as made:
        return await asyncio.to_thread(_compare, view, made, ledger)


def _compare(view: View, made: Database, ledger: Ledger) -> Differences:
    with opened(made, ledger) as expected:
        try:
            return compare(view, expected)
        except SQLAlchemyError as wrong:
            raise AlteredLedger(ledger, str(wrong).partition("\n")[0][:200]) from wrong
