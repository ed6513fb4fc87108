"""Ledgers follow the stream: those that are up to date together, others in groups until they have caught up.

A ledger whose version changed, or that is new, is built beside the one that readers see, and takes its place when it
has caught up: contiguous to the stream's last sequence.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import structlog

from services.journal import wire
from services.journal.events import EventStore
from services.projection import generations, positions
from services.projection.agreeing import advice, astray
from services.projection.database import DatabaseTrouble
from services.projection.lanes import Moved, Writer, catch_up
from services.projection.ledger import Ledger
from services.projection.positions import Position
from services.projection.volume import Volume

log = structlog.get_logger(__name__)

NEAR: Final = 5_000
"""Events behind, below which a group of ledgers joins those that are up to date."""
PATIENCE: Final = 2.0
"""Seconds between looks at what other processes did, and after trouble."""
PAGES: Final = 10_000
"""Pages kept in memory, of all ledgers together."""
TROUBLE: Final = "trouble"
"""The fact that tells why the ledgers stand still."""


class Runner:
    """Exactly once, however many run side by side: rows and checkpoint are one transaction, and it checks the place."""

    def __init__(self, store: EventStore, writer: Writer, ledgers: Sequence[Ledger]) -> None:
        self._store = store
        self._writer = writer
        self._ledgers = {ledger.name: ledger for ledger in ledgers}
        self._live: dict[str, Volume] = {}
        self._ready: list[Volume] = []
        """Caught up, waiting for the next batch to join the live ones."""
        self._groups: dict[asyncio.Task[None], list[Volume]] = {}
        self._news = asyncio.Event()
        self._astray: dict[positions.Key, Position] | None = None
        """Generations that say of the stream what is not so: they are left as they are."""
        self._noted: str | None = ""
        """The trouble that was last told, and not yet that there is none."""

    async def prepare(self, *, retry: bool = True) -> None:
        """Look at what there is, and try stopped ledgers again; raises DatabaseTrouble, WrongStreamError.

        A ledger of a newer program, and one that went astray, are named and left as they are; the others go on.
        """
        await self._writer.call(self._writer.database.open)
        there = await self._there()
        self._astray = await astray(self._store, there)
        for position in self._astray.values():
            log.warning("ledger.astray", reason=advice(position))
        if newer := generations.newer(there, self._ledgers):
            log.warning("ledger.of_a_newer_program", reason=generations.belongs_to_newer(newer))
        if retry:
            await self._writer.call(lambda: generations.retry(self._writer.database, self._ledgers))

    @property
    def astray(self) -> Mapping[positions.Key, Position]:
        """Generations that say of the stream what is not so; known when it is prepared."""
        return self._astray or {}

    async def run(self) -> None:
        """Until cancelled. Trouble with the database, and a gap, are noted and tried again: nothing is skipped."""
        tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._follow_on())]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                await task
        finally:
            await _end([*tasks, *self._groups])

    async def catch_up(self, moved: Moved | None = None) -> int:
        """Everything stored so far, into every ledger, new generations in their place; the last sequence."""
        until = await self._store.last_of_stream()
        for group in _together(await self._missing()):
            await self._bring(group, until, moved)
        return until

    async def _follow_on(self) -> None:
        while True:
            try:
                await self._follow()
            except (DatabaseTrouble, wire.Gap) as trouble:
                await self._note(str(trouble))
                await asyncio.sleep(PATIENCE)

    async def _follow(self) -> None:
        """The live ledgers; the others join between two batches."""
        while not self._live:
            self._adopt()
            if not self._live:
                self._news.clear()
                await self._news.wait()
        after = min(volume.sequence for volume in self._live.values())
        if await self._nothing_past(after):
            await self._note(None)
        async for batch in self._store.follow(after=after):
            self._adopt()
            volumes = [volume for volume in self._live.values() if not volume.stopped]
            for group in _together(volume for volume in volumes if volume.sequence + 1 < batch[0].id):
                await catch_up(self._store, self._writer, group, batch[0].id - 1)
            await self._writer.write(volumes, batch)
            for volume in volumes:
                self._say_stopped(volume)
            await self._note(None)

    def _adopt(self) -> None:
        while self._ready:
            volume = self._ready.pop()
            self._live[volume.ledger.name] = volume
            self._say_stopped(volume)

    async def _nothing_past(self, after: int) -> bool:
        try:
            return await self._store.last_of_stream() <= after
        except wire.Unavailable:
            return False

    async def _watch(self) -> None:
        """Also what another process did: switched a generation, or asked to try a stopped ledger again."""
        while True:
            try:
                for group in _together(await self._missing()):
                    self._start(group)
                await self._keep_up()
            except (DatabaseTrouble, wire.Gap) as trouble:
                await self._note(str(trouble))
            except wire.Unavailable as silence:
                log.info("ledger.waiting", reason=str(silence))
            await asyncio.sleep(PATIENCE)

    async def _keep_up(self) -> None:
        """Those that wait for the next batch: it may be long in coming, and one may have passed them."""
        if self._ready:
            until = await self._store.last_of_stream()
            for group in _together(self._ready):
                await catch_up(self._store, self._writer, group, until)

    def _start(self, group: list[Volume]) -> None:
        task = asyncio.create_task(self._build(group))
        self._groups[task] = group
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._groups[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("ledger.failed", exc_info=error)

    async def _build(self, group: list[Volume]) -> None:
        """Until it has caught up; then among the live ones."""
        while True:
            try:
                until = await self._store.last_of_stream()
                near = until - min(volume.sequence for volume in group) <= NEAR
                await self._bring(group, until, None, switch=near)
                if near or all(volume.stopped for volume in group):
                    break
            except (DatabaseTrouble, wire.Gap) as trouble:
                await self._note(str(trouble))
                await asyncio.sleep(PATIENCE)
            except wire.Unavailable:
                await asyncio.sleep(PATIENCE)
        for volume in group:
            self._say_stopped(volume)
        self._ready += [volume for volume in group if not volume.stopped]
        self._news.set()

    async def _bring(self, group: list[Volume], until: int, moved: Moved | None, *, switch: bool = True) -> None:
        await catch_up(self._store, self._writer, group, until, moved=moved)
        for volume in group:
            if switch and volume.position.standing == positions.BUILDING and volume.sequence >= until:
                await self._writer.call(lambda volume=volume: generations.switch(self._writer.database, volume))  # type: ignore[misc]
                log.info("ledger.switched", ledger=volume.ledger.name, generation=volume.position.generation)

    async def _missing(self) -> list[Volume]:
        """Ledgers that nobody here advances yet."""
        busy = {
            (volume.ledger.name, volume.position.generation)
            for volume in (
                *self._live.values(),
                *self._ready,
                *(one for group in self._groups.values() for one in group),
            )
            if not volume.stopped
        }
        if self._astray is None:
            self._astray = await astray(self._store, await self._there())
        found: dict[str, Position] = {}
        await self._writer.call(lambda: found.update(generations.wanted(self._writer.database, self._ledgers)))
        return [
            Volume(self._writer.database, ledger, position, pages=PAGES // len(self._ledgers))
            for ledger in self._ledgers.values()
            if (position := found.get(ledger.name)) is not None
            and position.stopped_at is None
            and (ledger.name, position.generation) not in {*busy, *self._astray}
        ]

    async def _there(self) -> dict[positions.Key, Position]:
        found: dict[positions.Key, Position] = {}
        await self._writer.call(lambda: found.update(generations.all_positions(self._writer.database)))
        return found

    def _say_stopped(self, volume: Volume) -> None:
        if volume.stopped:
            self._live.pop(volume.ledger.name, None)
        if volume.gone:
            log.warning("ledger.left_to_another_program", ledger=volume.ledger.name)
        elif volume.stopped:
            at, why = volume.position.stopped_at, volume.position.stopped_why
            log.error("ledger.stopped", ledger=volume.ledger.name, sequence=at, reason=why)

    async def _note(self, said: str | None) -> None:
        """Where `bihuan ledger status` finds it; in the log besides."""
        if said == self._noted:
            return
        self._noted = said
        if said is not None:
            log.error("ledger.trouble", reason=said)
        try:
            await self._writer.call(lambda: generations.note(self._writer.database, TROUBLE, said))
        except DatabaseTrouble:
            self._noted = said or ""


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel them until they are: `wait_for` of Python 3.11 forgets that it was cancelled when its answer just came."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.5)


def _together(volumes: Iterable[Volume]) -> list[list[Volume]]:
    """Those that stand at the same place, and need the same events next."""
    groups: dict[int, list[Volume]] = {}
    for volume in volumes:
        groups.setdefault(volume.sequence, []).append(volume)
    return list(groups.values())
