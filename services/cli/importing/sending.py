"""Many commands through `commands.hazard.batch`, several batches at a time; asked again while an answer is open.

Command ids make that safe: the same command has one effect, however often it is sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from contracts.replies import Accepted, Refused, Reply, Unknown
from services.cli.importing.sources import Item, Rejected, Source
from services.journal.wire import JournalError

BATCH: Final = 500
BATCH_BYTES: Final = 900_000
"""A message of another server's default limit holds it."""
AT_ONCE: Final = 2
"""One is handled while the next is read; more would only wait at the service."""
PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds before asking again; then the row's outcome stays open."""
OPEN: Final = frozenset({"busy", "conflict", "unavailable"})
"""Refusals that say nothing about the row."""

Ask = Callable[[Sequence[Item]], Awaitable[Sequence[Reply]]]
"""The replies in order; raises Lost where there were none."""
Judge = Callable[[Item, Refused], Awaitable[str | None]]
"""Why a refused row goes back; None where it is in the store already."""


class Lost(Exception):
    """Nobody answered the batch."""


@dataclass
class Tally:
    """What became of the rows."""

    rows: int = 0
    accepted: int = 0
    already: int = 0
    none_found: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    open: list[Item] = field(default_factory=list)
    """Not settled: perhaps stored, perhaps not."""
    stopped: bool = False
    """The rest of the file was not sent."""


@dataclass
class Sending:
    """Sends what a source holds; `start` is the stream's last sequence before it, so what is older was there."""

    ask: Ask
    judge: Judge
    start: int
    moved: Callable[[int], None]
    tally: Tally = field(default_factory=Tally)

    async def run(self, source: Source) -> Tally:
        """To the end of the file, or until nobody answers."""
        gate = asyncio.Semaphore(1 if source.ordered else AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for batch in _batches(self._to_send(source.rows)):
                await gate.acquire()
                if self.tally.stopped:
                    break
                group.create_task(self._settle(batch)).add_done_callback(lambda _: gate.release())
        self.tally.rejected.sort()
        return self.tally

    def _to_send(self, rows: Iterable[Item | Rejected]) -> Iterator[Item]:
        for row in rows:
            self.tally.rows += 1
            if isinstance(row, Item):
                yield row
            else:
                self.moved(1)
                self.tally.rejected.append(row)

    async def _settle(self, batch: Sequence[Item]) -> None:
        left: Sequence[Item] = batch
        for pause in (*PAUSES, None):
            left, further = await self._once(left)
            while further:
                unsettled, further = await self._once(further)
                left += unsettled
            if not left or pause is None:
                break
            await asyncio.sleep(pause)
        self.tally.open += left
        self.tally.stopped = self.tally.stopped or len(left) == len(batch)
        self.moved(len(left))

    async def _once(self, batch: Sequence[Item]) -> tuple[list[Item], list[Item]]:
        """What is still open, also where the store could not be asked about a row; and what has a next step now."""
        try:
            replies = await self.ask(batch)
        except Lost:
            return list(batch), []
        left = [item for item, reply in zip(batch, replies, strict=True) if _is_open(reply)]
        settled = [(item, reply) for item, reply in zip(batch, replies, strict=True) if not _is_open(reply)]
        further: list[Item] = []
        for item, reply in settled:
            try:
                if await self._stands(item, reply):
                    further.append(item._replace(steps=item.steps[1:]))
            except JournalError:
                left.append(item)
        self.moved(len(batch) - len(left) - len(further))
        return left, further

    async def _stands(self, item: Item, reply: Reply) -> bool:
        """Whether the step is stored and another follows; the last one is counted."""
        new = isinstance(reply, Accepted) and reply.sequence > self.start
        if isinstance(reply, Refused) and (reason := await self.judge(item, reply)) is not None:
            self.tally.rejected.append(Rejected(item.order, item.where, item.cells, reason))
            return False
        if len(item.steps) > 1:
            return True
        self.tally.none_found += item.none_found
        self.tally.accepted += new and not item.none_found
        self.tally.already += not new and not item.none_found
        return False


def _is_open(reply: Reply) -> bool:
    return isinstance(reply, Unknown) or (isinstance(reply, Refused) and reply.code in OPEN)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        longest = max(len(step.body) for step in item.steps)
        if batch and (len(batch) == BATCH or size + longest > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += longest + 64
    if batch:
        yield batch
