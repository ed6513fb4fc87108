"""What a decision looks at besides its own hazard, gathered: the hour, other hazards, adopted policies."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts import subjects
from contracts.commands import Command, MovePolicy
from contracts.directory import Directory
from services.hazard.aggregate.clauses import ClauseLibrary
from services.hazard.aggregate.world import World
from services.hazard.decider import Decider
from services.hazard.known import Known, address
from services.hazard.memory import Memory


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Other histories are read as the leader has them; they may move on while the decision is being stored."""

    memory: Memory
    directory: Directory
    clauses: ClauseLibrary
    clock: Callable[[], datetime]
    policy: Decider[Any]
    zone: str

    async def world(self, known: Known, command: Command) -> World:
        """Asks the store only where the command names other hazards, or a policy."""
        others = {}
        for other_id in known.at.decider.named(command):
            other = await self._fresh(known.at.decider, other_id)
            if other.sequence:
                others[other_id] = other.state
        policies = await self._policies(known.at.id) if isinstance(command, MovePolicy) else frozenset()
        return World(self.clock(), self.directory, self.clauses, others, policies, self.zone)

    def alone(self) -> World:
        """For a finding, which names nothing else."""
        return World(self.clock(), self.directory, self.clauses, zone=self.zone)

    async def _policies(self, hazard_id: str) -> frozenset[str]:
        """Adopted where the hazard was born, or above."""
        area, adopted = "", set[str]()
        for level in subjects.area_levels(subjects.birth_area(hazard_id)):
            area += level
            history = await self._fresh(self.policy, subjects.policy_id(area))
            adopted.update(history.state.adopted)
        return frozenset(adopted)

    async def _fresh(self, decider: Decider[Any], aggregate_id: str) -> Known:
        known = await self.memory.known(address(decider, aggregate_id))
        await self.memory.catch_up(known)
        return known
