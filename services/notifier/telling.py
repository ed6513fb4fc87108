"""What was proposed is told: composed with the directory as it is now, and claimed once for each person."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog

from contracts import subjects
from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import HazardEscalated
from contracts.notices import Notice
from services.notifier.case import Case
from services.notifier.composing import Composed, compose
from services.notifier.life import Life
from services.notifier.notices import Notices
from services.notifier.rules import Rules
from services.notifier.scheduling import subject_of

log = structlog.get_logger(__name__)

FRESH: Final = timedelta(minutes=10)
"""What was stored within that time was told by nobody else, but perhaps in this very moment."""


class Policies(Protocol):
    """The rules by their version."""

    async def by_version(self, version: str, area: str) -> Rules | None:
        """None where this program cannot use them."""


class Deliver(Protocol):
    """Sees to it that a notice arrives."""

    async def tell(self, composed: Composed) -> None:
        """Claims it, as often as one likes."""


class Teller:
    """Tells of escalations."""

    def __init__(
        self,
        policies: Policies,
        directory: Callable[[], Directory],
        delivery: Deliver,
        notices: Notices,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        fallback: Rules | None = None,
    ) -> None:
        self._policies = policies
        self._directory = directory
        self._delivery = delivery
        self._notices = notices
        self._clock = clock
        self._zone = zone
        self._fallback = fallback

    async def tell(self, escalated: Envelope, case: Case, *, stored_at: datetime) -> None:
        """Everybody whom it concerns, each once.

        What was told long ago is not told anew to whoever came since, as when the events are read from the start.
        """
        event = escalated.event
        if not isinstance(event, HazardEscalated):
            return
        area = subjects.birth_area(escalated.aggregate_id)
        rules = await self._policies.by_version(event.policy_version, area)
        told = compose(escalated, case, rules, self._directory(), self._clock(), self._zone, fallback=self._fallback)
        if not told:
            log.error("notice.nobody_to_tell", hazard=case.id, rule=event.rule, step=event.step, level=event.level)
        claims = [one.notice.model_copy(update={"among": len(told)}) for one in told]
        if self._clock() - stored_at > FRESH and await self._was_told(escalated, claims):
            return
        for one, claim in zip(told, claims, strict=True):
            await self._delivery.tell(replace(one, notice=claim))

    async def _was_told(self, escalated: Envelope, claims: Sequence[Notice]) -> bool:
        """To all of them, as each claim says how many there are: mostly to the same people."""
        lives = await asyncio.gather(*(self._notices.life(subject_of(claim)) for claim in claims))
        if _is_whole(escalated, lives):
            return True
        return _is_whole(escalated, await self._notices.of_hazard(escalated.aggregate_id))


def _is_whole(escalated: Envelope, lives: Iterable[Life]) -> bool:
    made = [life.notice for life in lives if life.notice and life.notice.event_id == escalated.id]
    return bool(made) and len(made) >= max(notice.among for notice in made)
