"""The hazards of a tenant, as one object: commands in, replies out, in one process or behind NATS."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from contracts import subjects
from contracts.commands import AdoptPolicy, Command, FindHazard, HazardCommand, InspectionCommand, RecordInspection
from contracts.directory import Directory
from contracts.envelope import Envelope, decode
from contracts.replies import Reply
from services.hazard import answers
from services.hazard.decider import Deciders
from services.hazard.known import Address, address, unread
from services.hazard.library import Library
from services.hazard.memory import Memory
from services.hazard.opening import FEWEST, Opener
from services.hazard.settling import Settler
from services.hazard.surroundings import Surroundings
from services.journal import wire
from services.journal.events import EventStore
from services.journal.library import Notification

log = structlog.get_logger(__name__)

LANES: Final = 256
"""Histories of one batch that are handled at the same time."""
BEGINS: Final = (FindHazard, RecordInspection)
"""Commands whose aggregate's id follows from their own."""


class Lane(NamedTuple):
    """One history's commands of a batch, by position."""

    at: Address
    positions: list[int]


class Hazards:
    """Commands in, replies out; each command has one effect or none, whatever the network does.

    `cache_size` bounds the events held folded in memory.
    """

    def __init__(
        self,
        store: EventStore,
        directory: Directory,
        library: Library,
        clock: Callable[[], datetime],
        *,
        rules: Deciders,
        zone: str = "Asia/Shanghai",
        cache_size: int = 10_000,
    ) -> None:
        self._store = store
        self._rules = rules
        self._memory = Memory(store, cache_size)
        surroundings = Surroundings(self._memory, directory, library, clock, rules, zone)
        self._settler = Settler(store, self._memory, surroundings)
        self._opener = Opener(store, self._memory, self._settler.decide_alone)

    async def handle(self, command: Command) -> Reply:
        """One command; a fault before anything went to the store is `fault`, any doubt after it is `unknown`."""
        return await self._handle(self._address(command), command)

    async def batch(self, commands: Sequence[Command]) -> list[Reply]:
        """Replies in the order of the commands; one history's are handled in order, different ones at the same time.

        Visits come first: findings of the same batch may name them.
        """
        lanes: dict[str, Lane] = {}
        for position, command in enumerate(commands):
            at = self._address(command)
            lanes.setdefault(at.subject, Lane(at, []))[1].append(position)
        visits = [lane for lane in lanes.values() if lane.at.decider is self._rules.inspection]
        others = [lane for lane in lanes.values() if lane.at.decider is not self._rules.inspection]
        replies = {**await self._lanes(commands, visits), **await self._lanes(commands, others)}
        return [replies[position] for position in range(len(commands))]

    async def _lanes(self, commands: Sequence[Command], lanes: Sequence[Lane]) -> dict[int, Reply]:
        replies, doubtful = await self._begin(commands, lanes)
        waiting = iter(lanes)

        async def work() -> None:
            for at, lane in waiting:
                for position in lane:
                    if position not in replies:
                        replies[position] = await self._handle(at, commands[position], read=position in doubtful)

        await asyncio.gather(*(work() for _ in range(min(LANES, len(lanes)))))
        return replies

    async def _begin(self, commands: Sequence[Command], lanes: Iterable[Lane]) -> tuple[dict[int, Reply], set[int]]:
        """What begins histories that are not known here, stored together where that goes; by position.

        Those that were tried and not stored, perhaps because they are there already, are read before they are decided.
        """
        first = {
            lane[0]: at for at, lane in lanes if isinstance(commands[lane[0]], BEGINS) and not self._memory.has(at)
        }
        opened = await self._opener.open([(unread(at), commands[position]) for position, at in first.items()])
        replies: dict[int, Reply] = {
            position: opened[at.subject] for position, at in first.items() if at.subject in opened
        }
        return replies, first.keys() - replies.keys() if len(first) >= FEWEST else set()

    async def history(self, hazard_id: str, kind: str = subjects.HAZARD) -> list[tuple[Notification, Envelope]]:
        """All that is stored of one hazard, in order, as stored and as read; empty where there is none."""
        stored = await self._store.load(subjects.events_subject(kind, hazard_id))
        return [(notification, decode(notification.state)) for notification in stored]

    def _address(self, command: Command) -> Address:
        match command:
            case HazardCommand():
                return address(self._rules.hazard, command.hazard_id)
            case FindHazard():
                return address(self._rules.hazard, subjects.hazard_id(command.area, command.command_id))
            case InspectionCommand():
                return address(self._rules.inspection, command.inspection_id)
            case RecordInspection():
                return address(self._rules.inspection, subjects.inspection_id(command.area, command.command_id))
            case AdoptPolicy():
                return address(self._rules.policy, subjects.policy_id(command.area))
        raise TypeError(f"{command.imperative} belongs to no aggregate")

    async def _handle(self, at: Address, command: Command, *, read: bool = False) -> Reply:
        try:
            async with self._memory.lock(at):
                # What mostly begins a history is decided unread, and the append says if that was wrong.
                known = await self._memory.known(at, read=read or not isinstance(command, BEGINS))
                return await self._settler.settle(known, command)
        except wire.Unavailable as outage:
            return answers.unavailable(command.command_id, str(outage))
        except Exception:
            log.exception("command.failed", command=command.imperative, command_id=command.command_id)
            return answers.fault(command.command_id)
