"""Decide and append; decide again on a conflict; recognise a command that was answered before.

What is accepted is protected by compare-and-set, however old the state was that it was decided on. What is refused is
confirmed against the leader's last sequence first.
"""

from typing import Final

import structlog

from contracts.commands import Command, HazardCommand, InspectionCommand
from contracts.replies import Reply, Unknown
from services.hazard import answers
from services.hazard.aggregate.refusals import Refusal
from services.hazard.aggregate.world import World
from services.hazard.known import Known
from services.hazard.memory import Memory
from services.hazard.recording import Recording, command_hash, recordings
from services.hazard.surroundings import Surroundings
from services.journal import wire
from services.journal.events import EventStore

log = structlog.get_logger(__name__)

ATTEMPTS: Final = 4
"""The first, and three more after a conflict."""


class Settler:
    """One command on one aggregate at a time."""

    def __init__(self, store: EventStore, memory: Memory, surroundings: Surroundings) -> None:
        self._store = store
        self._memory = memory
        self._surroundings = surroundings

    async def settle(self, known: Known, command: Command) -> Reply:
        """Whoever holds the aggregate's lock asks; raises Unavailable where nothing was stored."""
        digest = command_hash(command)
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
        if known.sequence == 0 and isinstance(command, InspectionCommand):
            raise answers.unknown_inspection(known.at.id)
        if command.expected_version is not None and command.expected_version != known.version:
            raise answers.stale_version(command.expected_version, known.version)
        return recordings(known, command, digest, known.at.decider.decide(command, known.state, world))

    def decide_alone(self, known: Known, command: Command) -> list[Recording]:
        """What follows from a command that begins a history, on what is in memory; raises Refusal."""
        return self._decide(known, command, command_hash(command), self._surroundings.alone(known, command))

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
