"""Which rules a hazard has: those adopted last before it was found, for its area or one around it, or the shipped.

What was adopted and cannot be used here, perhaps because a newer program wrote it, never replaces what is in force.
"""

import asyncio
from typing import Final

import structlog

from contracts import subjects
from contracts.envelope import decode
from contracts.events import PolicyAdopted
from services.journal.events import EventStore
from services.journal.library import Notification
from services.notifier.rules import Rules, compiled
from services.notifier.timing.case import Case
from services.policies import UnusablePolicyError, policy_version, read_policy, shipped

log = structlog.get_logger(__name__)

ADOPTIONS: Final = subjects.events_of(subjects.POLICY)


class Policies:
    """All adoptions of the stream, read on and never behind what is asked; each text is made ready once."""

    def __init__(self, store: EventStore, *, adoptions: str = ADOPTIONS) -> None:
        self._store = store
        self._adoptions = adoptions
        self._reading = asyncio.Lock()
        self._read = 0
        self._complete = 0
        """Every adoption up to this sequence of the stream is known."""
        self._adopted: list[tuple[int, str, str]] = []
        text, policy = shipped()
        self._shipped = compiled(policy, policy_version(text))
        self._ready: dict[str, Rules | None] = {self._shipped.version: self._shipped}

    async def of(self, case: Case) -> Rules:
        """Asks the leader only where the hazard, or its move to another policy, is newer than what is known."""
        if case.policy is not None and (moved_to := await self.by_version(case.policy, case.area)) is not None:
            return moved_to
        await self._up_to(case.found_sequence)
        area = subjects.birth_area(case.id)
        for sequence, place, version in reversed(self._adopted):
            if sequence < case.found_sequence and area.startswith(place):
                return self._ready[version] or self._shipped
        return self._shipped

    async def by_version(self, version: str, area: str) -> Rules | None:
        """Of that text, whoever adopted it; None where nobody did, or where this program cannot use it."""
        if version not in self._ready:
            await self._up_to(None)
        if version not in self._ready:
            log.error("policy.unknown", policy=version, area=area)
            self._ready[version] = None
        return self._ready[version]

    async def _up_to(self, sequence: int | None) -> None:
        """Know every adoption up to there; None: up to now."""
        if sequence is not None and sequence <= self._complete:
            return
        async with self._reading:
            if sequence is not None and sequence <= self._complete:
                return
            last = await self._store.last_of_stream()
            async for stored in self._store.follow(after=self._read, subjects=[self._adoptions], until=last):
                for one in stored:
                    await self._enter(one)
            self._complete = last

    async def _enter(self, stored: Notification) -> None:
        if stored.id <= self._read:
            return
        envelope = decode(stored.state)
        if isinstance(envelope.event, PolicyAdopted):
            area = subjects.birth_area(envelope.aggregate_id)
            version = policy_version(envelope.event.content)
            if await self._make_ready(version, area, envelope.event):
                self._adopted.append((stored.id, area, version))
        else:
            log.error("policy.unreadable", sequence=stored.id, policy=envelope.aggregate_id)
        self._read = stored.id

    async def _make_ready(self, version: str, area: str, event: PolicyAdopted) -> bool:
        if self._ready.get(version) is None:
            try:
                policy = await asyncio.to_thread(read_policy, event.content, event.name)
                self._ready[version] = compiled(policy, version)
            except UnusablePolicyError as wrong:
                log.error("policy.unusable", policy=version, area=area, reason=str(wrong.problems[0]))  # noqa: TRY400
                self._ready[version] = None
        return self._ready[version] is not None
