"""What a decision looks at besides its own hazard, gathered: the hour, other hazards, adopted policies."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts import subjects
from contracts.commands import AdoptPolicy, Command, FindHazard, MovePolicy
from contracts.directory import Directory
from services.hazard.aggregate.visit import Visit
from services.hazard.aggregate.world import World
from services.hazard.decider import Decider, Deciders
from services.hazard.known import Known, address
from services.hazard.library import Library
from services.hazard.memory import Memory
from services.policies import UnusablePolicyError, read_policy


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Other histories are read as the leader has them; they may move on while the decision is being stored."""

    memory: Memory
    directory: Directory
    library: Library
    clock: Callable[[], datetime]
    rules: Deciders
    zone: str

    async def world(self, known: Known, command: Command) -> World:
        """Asks the store only where the command names other hazards, a policy, or a visit that is not in memory."""
        others = {}
        for other_id in known.at.decider.named(command):
            other = await self._fresh(known.at.decider, other_id)
            if other.sequence:
                others[other_id] = other.state
        policies = await self._policies(known.at.id) if isinstance(command, MovePolicy) else frozenset()
        found = [(one, await self._visit(one, command)) for one in known.at.decider.visits(command, known.state)]
        world = self._world({one: visit for one, visit in found if visit}, others, policies)
        return replace(world, unusable=await _unusable(command)) if isinstance(command, AdoptPolicy) else world

    def alone(self, known: Known, command: Command) -> World:
        """For what begins a history: nothing is read, so a visit is seen only where it is in memory.

        Not by a finding that answers an item of it: whether that was declined meanwhile, only the leader knows.
        """
        named = known.at.decider.visits(command, known.state)
        seen = named if _is_settled(command) else ()
        return self._world({one: visit for one in seen if (visit := self._remembered(one))}, {})

    def _world(
        self, visits: Mapping[str, Visit], others: Mapping[str, Any], policies: frozenset[str] = frozenset()
    ) -> World:
        clauses, checklists = self.library
        return World(self.clock(), self.directory, clauses, others, policies, self.zone, visits, checklists)

    def _remembered(self, inspection_id: str) -> Visit | None:
        held = self.memory.held(address(self.rules.inspection, inspection_id))
        visit: Visit | None = held.state.visit if held else None
        return visit

    async def _visit(self, inspection_id: str, command: Command) -> Visit | None:
        """A finding takes what is in memory: but for its withdrawal, nothing that it looks at ever changes.

        An order, and a finding that answers an item of its checklists, ask the leader.
        """
        remembered = self._remembered(inspection_id) if _is_settled(command) else None
        if remembered:
            return remembered
        visit: Visit | None = (await self._fresh(self.rules.inspection, inspection_id)).state.visit
        return visit

    async def _policies(self, hazard_id: str) -> frozenset[str]:
        """Adopted where the hazard was born, or above."""
        area, adopted = "", set[str]()
        for level in subjects.area_levels(subjects.birth_area(hazard_id)):
            area += level
            history = await self._fresh(self.rules.policy, subjects.policy_id(area))
            adopted.update(history.state.adopted)
        return frozenset(adopted)

    async def _fresh(self, decider: Decider[Any], aggregate_id: str) -> Known:
        known = await self.memory.known(address(decider, aggregate_id))
        await self.memory.catch_up(known)
        return known


def _is_settled(command: Command) -> bool:
    """Whether what it looks at in a visit was said for good when the visit was recorded."""
    return isinstance(command, FindHazard) and command.offer is None


async def _unusable(command: AdoptPolicy) -> str | None:
    """The first thing wrong with the policy; read beside the loop, since a long file takes a tenth of a second."""
    try:
        await asyncio.to_thread(read_policy, command.content, command.name)
    except UnusablePolicyError as wrong:
        return str(wrong.problems[0])
    return None
