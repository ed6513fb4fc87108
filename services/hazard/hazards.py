"""Load, fold, decide, append; decide again on a conflict; recognise a command that was answered before.

What is accepted is protected by compare-and-set, however old the state was that it was decided on. What is refused is
confirmed against the leader's last sequence first.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from eventsourcing.persistence import Notification

from contracts import subjects
from contracts.commands import AdoptPolicy, Command, FindHazard, HazardCommand
from contracts.directory import Directory
from contracts.envelope import Envelope, decode
from contracts.replies import Reply, Unknown
from services.hazard import answers
from services.hazard.aggregate.clauses import ClauseLibrary
from services.hazard.aggregate.refusals import Refusal
from services.hazard.aggregate.world import World
from services.hazard.decider import Decider
from services.hazard.known import Address, Known, address, unread
from services.hazard.memory import Memory
from services.hazard.opening import Opener
from services.hazard.recording import Recording, command_hash, recordings
from services.hazard.surroundings import Surroundings
from services.journal import wire
from services.journal.events import EventStore

log = structlog.get_logger(__name__)

ATTEMPTS: Final = 4
"""The first, and three more after a conflict."""
LANES: Final = 256
"""Hazards of one batch that are handled at the same time."""


class Hazards:
    """Commands in, replies out; each command has one effect or none, whatever the network does.

    `cache_size` bounds the events held folded in memory.
    """

    def __init__(
        self,
        store: EventStore,
        directory: Directory,
        clauses: ClauseLibrary,
        clock: Callable[[], datetime],
        *,
        hazard: Decider[Any],
        policy: Decider[Any],
        zone: str = "Asia/Shanghai",
        cache_size: int = 10_000,
    ) -> None:
        self._store = store
        self._hazard = hazard
        self._policy = policy
        self._memory = Memory(store, cache_size)
        self._surroundings = Surroundings(self._memory, directory, clauses, clock, policy, zone)
        self._opener = Opener(store, self._memory, self._decide_alone)

    async def handle(self, command: Command) -> Reply:
        """One command; a fault before anything went to the store is `fault`, any doubt after it is `unknown`."""
        return await self._handle(self._address(command), command)

    async def batch(self, commands: Sequence[Command]) -> list[Reply]:
        """Replies in the order of the commands; one hazard's are handled in order, different ones at the same time."""
        lanes: dict[str, tuple[Address, list[int]]] = {}
        for position, command in enumerate(commands):
            at = self._address(command)
            lanes.setdefault(at.subject, (at, []))[1].append(position)
        replies = await self._begin(commands, lanes.values())
        waiting = iter(lanes.values())

        async def work() -> None:
            for at, lane in waiting:
                for position in lane:
                    if position not in replies:
                        replies[position] = await self._handle(at, commands[position])

        await asyncio.gather(*(work() for _ in range(min(LANES, len(lanes)))))
        return [replies[position] for position in range(len(commands))]

    async def _begin(self, commands: Sequence[Command], lanes: Iterable[tuple[Address, list[int]]]) -> dict[int, Reply]:
        """Findings of histories that are not known here, stored together where that goes; by position."""
        first = {
            lane[0]: at for at, lane in lanes if isinstance(commands[lane[0]], FindHazard) and not self._memory.has(at)
        }
        opened = await self._opener.open([(unread(at), commands[position]) for position, at in first.items()])
        return {position: opened[at.subject] for position, at in first.items() if at.subject in opened}

    async def history(self, hazard_id: str, kind: str = subjects.HAZARD) -> list[tuple[Notification, Envelope]]:
        """All that is stored of one hazard, in order, as stored and as read; empty where there is none."""
        stored = await self._store.load(subjects.events_subject(kind, hazard_id))
        return [(notification, decode(notification.state)) for notification in stored]

    def _address(self, command: Command) -> Address:
        match command:
            case HazardCommand():
                return address(self._hazard, command.hazard_id)
            case FindHazard():
                return address(self._hazard, subjects.hazard_id(command.area, command.command_id))
            case AdoptPolicy():
                return address(self._policy, subjects.policy_id(command.area))
        raise TypeError(f"{command.imperative} belongs to no aggregate")

    async def _handle(self, at: Address, command: Command) -> Reply:
        try:
            async with self._memory.lock(at):
                # A finding mostly begins a history: it is decided unread, and the append says if that was wrong.
                known = await self._memory.known(at, read=not isinstance(command, FindHazard))
                return await self._settle(known, command, command_hash(command))
        except wire.Unavailable as outage:
            return answers.unavailable(command.command_id, str(outage))
        except Exception:
            log.exception("command.failed", command=command.imperative, command_id=command.command_id)
            return answers.fault(command.command_id)

    async def _settle(self, known: Known, command: Command, digest: str) -> Reply:
        for _ in range(ATTEMPTS):
            try:
                world = await self._surroundings.world(known, command)
                if (answer := known.answer(command.command_id, digest)) is not None:
                    return answer
                return await self._append(known, self._decide(known, command, digest, world))
            except Refusal as refusal:
                if not await self._memory.catch_up(known):
                    return answers.refused(refusal, command.command_id)
            except wire.Conflict:
                await self._memory.catch_up(known)
        return answers.conflict(command.command_id)

    def _decide(self, known: Known, command: Command, digest: str, world: World) -> list[Recording]:
        if known.sequence == 0 and isinstance(command, HazardCommand):
            raise answers.unknown_hazard(known.at.id)
        if command.expected_version is not None and command.expected_version != known.version:
            raise answers.stale_version(command.expected_version, known.version)
        return recordings(known, command, digest, known.at.decider.decide(command, known.state, world))

    def _decide_alone(self, known: Known, command: Command, digest: str) -> list[Recording]:
        return self._decide(known, command, digest, self._surroundings.alone())

    async def _append(self, known: Known, made: list[Recording]) -> Reply:
        """Raises Conflict, Unavailable or Refusal where nothing was stored; any other error leaves that unknown."""
        command_id, digest = made[0].envelope.command_id, made[0].envelope.command_hash
        try:
            # One event is a plain message: an atomic batch costs forty times as much.
            first, after = made[0].stored, known.sequence
            sequences = (
                [await self._store.append(first, after=after)]
                if len(made) == 1
                else await self._store.append_all([recording.stored for recording in made], after=after)
            )
            for recording, sequence in zip(made, sequences, strict=True):
                known.wrote(recording.envelope, sequence, recording.tip)
            self._memory.keep(known)
            return known.answer(command_id, digest) or Unknown(command_id=command_id)
        except (wire.Conflict, wire.Unavailable):
            raise
        except wire.TooLarge as size:
            raise answers.too_large_for_store(str(size)) from size
        except wire.Refused as no:
            return answers.store_refused(command_id, str(no))
        except Exception as doubt:
            self._memory.drop(known)
            if not isinstance(doubt, wire.UnknownOutcome):
                log.exception("command.failed", command_id=command_id)
            return Unknown(command_id=command_id)
