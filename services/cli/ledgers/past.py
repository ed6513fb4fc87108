"""Which state of the ledgers a question means: the present one, or one made for it alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.cli.ledgers.desk import Desk
from services.cli.ledgers.late import Changes
from services.cli.ledgers.naming import Names
from services.cli.ledgers.options import Past
from services.cli.ledgers.progress import progress
from services.cli.site import minute
from services.hazard import app
from services.projection.agreeing import advice
from services.projection.asof import AsOf, as_of
from services.projection.database import Database
from services.projection.knowing import sequence_at
from services.projection.ledger import Ledger
from services.projection.moments import moment, moment_or_sequence
from services.projection.positions import Position


@dataclass(frozen=True)
class State:
    """A database to read, and which past it shows; None: the present."""

    database: Database
    zone: ZoneInfo
    names: Names
    asked: AsOf | None = None
    remark: str | None = None
    """Why it is not what it should be."""
    late: Changes | None = None
    """追溯变更, where there is a cut-off."""

    @property
    def cutoff(self) -> datetime | None:
        """The last instant that counts."""
        return self.asked.cutoff if self.asked else None

    @property
    def said(self) -> list[tuple[str, str]]:
        """For people."""
        if self.asked is None:
            return []
        cutoff = f"{minute(self.asked.cutoff)}（发生时间不晚于此）" if self.asked.cutoff else "不限"
        return [("截止时间", cutoff), ("知悉截至", f"第 {self.asked.sequence} 号事件")]


@asynccontextmanager
async def state(desk: Desk, ledger: Ledger, past: Past) -> AsyncIterator[State]:
    """Without a question about the past, the ledger brought up to date."""
    zone = desk.settings.zone
    if past.as_of is None and past.known_at is None:
        await desk.bring_up_to_date()
        seen = await desk.position(ledger)
        said = advice(seen) if seen and desk.is_astray(seen) else remark(seen, desk.last)
        yield State(desk.database, zone, desk.names, remark=said)
        return
    asked = await _asked(desk, past)
    with progress(desk.session, "回算 Folding", asked.sequence) as moved:
        async with as_of(desk.store, [ledger], asked, zone, moved=moved) as made:
            yield State(made, zone, desk.names, asked)


def remark(seen: Position | None, last: int) -> str | None:
    """A stopped or lagging ledger says so."""
    if seen is None:
        return None
    if seen.stopped_at is not None:
        return (
            f"台账已停止，记到第 {seen.sequence} 号事件：第 {seen.stopped_at} 号事件无法入账（{seen.stopped_why}）。"
            "查明后用 bihuan ledger resume 继续。The ledger has stopped."
        )
    if seen.sequence < last:
        return f"台账还差 {last - seen.sequence} 条事件，稍后再看会更全。The ledger lags behind."
    return None


async def _asked(desk: Desk, past: Past) -> AsOf:
    zone, now = desk.settings.zone, app.clock()
    cutoff = moment(past.as_of, zone, now) if past.as_of is not None else None
    known = moment_or_sequence(past.known_at, zone, now, desk.last) if past.known_at is not None else desk.last
    return AsOf(cutoff, known if isinstance(known, int) else await sequence_at(desk.store, known))
