"""The hazards of a tenant, as one object: commands in, replies out, in one process or behind NATS."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog

from contracts import subjects
from contracts.commands import AdoptPolicy, Command, FindHazard, HazardCommand
from contracts.directory import Directory
from contracts.envelope import Envelope, decode
from contracts.replies import Reply
from services.hazard import answers
from services.hazard.aggregate.clauses import ClauseLibrary
from services.hazard.decider import Decider
from services.hazard.known import Address, address, unread
from services.hazard.memory import Memory
from services.hazard.opening import Opener
from services.hazard.settling import Settler
from services.hazard.surroundings import Surroundings
from services.journal import wire
from services.journal.events import EventStore
from services.journal.library import Notification

log = structlog.get_logger(__name__)

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
        surroundings = Surroundings(self._memory, directory, clauses, clock, policy, zone)
        self._settler = Settler(store, self._memory, surroundings)
        self._opener = Opener(store, self._memory, self._settler.decide_alone)

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
                return await self._settler.settle(known, command)
        except wire.Unavailable as outage:
            return answers.unavailable(command.command_id, str(outage))
        except Exception:
            log.exception("command.failed", command=command.imperative, command_id=command.command_id)
            return answers.fault(command.command_id)
