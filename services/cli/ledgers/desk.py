"""What every command of `bihuan ledger` stands on: the store, the database, and ledgers that are up to date."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from nats.aio.client import Client

from services.cli.connection import client, ledger_settings
from services.cli.ledgers.naming import Names
from services.cli.ledgers.progress import progress
from services.cli.outcome import Status, Stop
from services.cli.session import Session
from services.hazard.library import load_directory
from services.hazard.settings import Settings as Hazard
from services.journal import wire
from services.journal.events import EventStore
from services.projection import app, generations, positions
from services.projection.ahead import FarReader
from services.projection.asking import QuestionError
from services.projection.database import Database, ReadOnly
from services.projection.entries import UnapplicableError
from services.projection.lanes import Writer
from services.projection.ledger import Ledger
from services.projection.ledgers import BY_NAME, LEDGERS
from services.projection.positions import Position
from services.projection.rebuilding import StoppedError
from services.projection.runner import Runner
from services.projection.settings import Settings

ROUNDS: Final = 20
ROUND: Final = 0.1
"""Seconds: a runner elsewhere is waited for two seconds in all, as long as it moves."""
IDLE: Final = 5
"""Rounds without a move, after which nobody is at work."""

MANY: Final = 5_000
"""Events behind, from which a person wants to see that it goes on."""


@dataclass(frozen=True)
class Desk:
    """Open for one command."""

    session: Session
    settings: Settings
    store: EventStore
    runner: Runner
    writer: Writer
    last: int
    """The stream's last sequence when it was opened."""
    alone: bool
    """Nobody else serves there."""
    nc: Client

    @property
    def database(self) -> Database:
        """Where the ledgers are."""
        return self.writer.database

    @cached_property
    def names(self) -> Names:
        """Of bodies; raises UnreadableFileError."""
        return Names.of(load_directory(Hazard().bihuan_directory))

    def is_astray(self, position: Position | None) -> bool:
        """Whether it says of the stream what is not so."""
        return position is not None and (position.name, position.generation) in self.runner.astray

    async def position(self, ledger: Ledger) -> Position | None:
        """Of what readers see."""
        there = await asyncio.to_thread(generations.all_positions, self.database)
        return positions.current(there, ledger.name)

    async def bring_up_to_date(self) -> None:
        """By whoever is at work elsewhere, or here. A stopped ledger stays stopped."""
        behind = self.last - await self._reached()
        if not behind or (not self.alone and await self._by_another()):
            return
        with (
            suppress(ReadOnly),  # what is there can be read, and says how far it is
            progress(self.session, "更新台账 Updating", self.last, hidden=behind < MANY) as moved,
        ):
            await self.runner.catch_up(moved)

    async def _by_another(self) -> bool:
        before, idle = -1, 0
        for _ in range(ROUNDS):
            reached = await self._reached()
            if reached >= self.last:
                return True
            idle = idle + 1 if reached == before else 0
            if idle >= IDLE:
                return False
            before = reached
            await asyncio.sleep(ROUND)
        return False

    async def _reached(self) -> int:
        there = await asyncio.to_thread(generations.all_positions, self.database)
        left = generations.newer(there, BY_NAME) | {name for name, _ in self.runner.astray}
        seen = [(positions.current(there, ledger.name), ledger) for ledger in LEDGERS if ledger.name not in left]
        return min((_sequence(position, ledger, self.last) for position, ledger in seen), default=self.last)


def _sequence(seen: Position | None, ledger: Ledger, last: int) -> int:
    if seen is None or seen.version != ledger.version:
        return 0
    return last if seen.stopped_at is not None else min(last, seen.sequence)


@asynccontextmanager
async def desk(session: Session) -> AsyncIterator[Desk]:
    """Every trouble becomes a sentence."""
    with explained():
        settings = ledger_settings()
        async with (
            client(session, existing=True) as (server, nc),
            app.opened(nc, settings, session.data) as (runner, writer),
        ):
            store = FarReader(nc)
            last = await store.last_of_stream()
            await runner.prepare(retry=False)
            yield Desk(session, settings, store, runner, writer, last, server.own, nc)


def find(said: str) -> Ledger:
    """By name or title; raises QuestionError with what there is."""
    wanted = said.strip()
    found = BY_NAME.get(wanted) or next((ledger for ledger in LEDGERS if ledger.title == wanted), None)
    if found is None:
        there = "、".join(f"{ledger.name} {ledger.title}" for ledger in LEDGERS)
        raise QuestionError(f"没有“{wanted[:60]}”这本台账，有的是：{there}。There is no such ledger.")
    return found


@contextmanager
def explained() -> Iterator[None]:
    """What goes wrong with a ledger, in a sentence."""
    try:
        yield
    except QuestionError as wrong:
        raise Stop(Status.USAGE, str(wrong)) from wrong
    except StoppedError as stopped:
        raise Stop(Status.REFUSED, str(stopped)) from stopped
    except UnapplicableError as wrong:
        reason = f"第 {wrong.sequence} 号事件无法入账：{wrong.reason}。That event cannot be entered."
        raise Stop(Status.REFUSED, reason) from wrong
    except wire.Gap as gap:
        raise Stop(Status.REFUSED, f"事件流有缺口，不能跳过：{gap}。用 bihuan doctor 查看。There is a gap.") from gap
    except wire.ApiError as error:
        if error.code != wire.NO_STREAM:
            raise
        reason = "这个服务器上还没有记录：请核对 --nats，或先运行 bihuan up。There are no records on that server."
        raise Stop(Status.NO_SERVER, reason) from error
