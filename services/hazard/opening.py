"""Many findings, or visits, in one write to the disk.

A batch mostly begins new histories, and what begins needs no reading. So those are tried together, as one atomic
batch. One that exists already makes the server refuse them all: then, and on any doubt, nothing is answered here, and
each is handled by itself as if this had not been tried. Compare-and-set and the command ids make that safe.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from contracts.commands import Command
from contracts.replies import Accepted
from services.hazard.known import Known
from services.hazard.memory import Memory
from services.hazard.recording import Recording
from services.journal import wire
from services.journal.events import EventStore

FEWEST: Final = 16
"""An atomic batch costs what forty plain messages cost."""
MOST: Final = 500
BYTES: Final = 400_000
AT_ONCE: Final = 2
"""In the whole process: the next is decided while one is on its way, and the socket's backlog stays short."""

Decide = Callable[[Known, Command], list[Recording]]


class Opening(NamedTuple):
    """A history about to begin."""

    known: Known
    recording: Recording


class Opener:
    """`decide` raises, or gives what follows from a command on what is known."""

    def __init__(self, store: EventStore, memory: Memory, decide: Decide) -> None:
        self._store = store
        self._memory = memory
        self._decide = decide
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def open(self, asked: Sequence[tuple[Known, Command]]) -> dict[str, Accepted]:
        """Answers by subject; of those that are not there nothing is known."""
        if len(asked) < FEWEST:
            return {}
        answers: dict[str, Accepted] = {}
        groups = _groups(self._decided(asked))

        async def work() -> None:
            for group in groups:
                async with self._turns:
                    answers.update(await self._store_together(group))

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return answers

    def _decided(self, asked: Iterable[tuple[Known, Command]]) -> Iterator[Opening]:
        for known, command in asked:
            try:
                made = self._decide(known, command)
            except Exception:  # noqa: BLE001, S112 (whatever it is, it is said when the command is handled by itself)
                continue
            if len(made) == 1:
                yield Opening(known, made[0])

    async def _store_together(self, group: Sequence[Opening]) -> dict[str, Accepted]:
        try:
            sequences = await self._store.append_all(
                [recording.stored for _, recording in group], after={known.at.subject: 0 for known, _ in group}
            )
        except wire.JournalError:
            return {}
        answers = {}
        for (known, (envelope, _, tip)), sequence in zip(group, sequences, strict=True):
            known.wrote(envelope, sequence, tip)
            self._memory.keep(known)
            answer = known.answer(envelope.command_id, envelope.command_hash)
            if answer is not None:
                answers[known.at.subject] = answer
        return answers


def _groups(openings: Iterator[Opening]) -> Iterator[list[Opening]]:
    """As many as one atomic batch takes; decided when it is their turn, so that the disk works meanwhile."""
    group: list[Opening] = []
    size = 0
    for opening in openings:
        length = len(opening.recording.stored.state)
        if group and (len(group) == MOST or size + length > BYTES):
            yield group
            group, size = [], 0
        group.append(opening)
        size += length
    if group:
        yield group
