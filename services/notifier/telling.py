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
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.scheduling import subject_of
from services.notifier.letters.composing import Composed, compose
from services.notifier.letters.recipients import NOBODY
from services.notifier.rules import Rules
from services.notifier.timing.case import Case

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
        told = await self._composed(escalated, case)
        if self._clock() - stored_at > FRESH and await self._was_told(escalated, told):
            return
        if any(map(_is_nobody, told)):
            log.error("notice.nobody_to_tell", hazard=case.id, notice=told[0].notice.id, level=told[0].notice.level)
        await self._claim(told)

    async def tell_anew(self, escalated: Envelope, case: Case) -> bool:
        """What nobody could be told of, once somebody is there: whether he is told now, or somebody was before."""
        told = await self._composed(escalated, case)
        if await self._was_told(escalated, told, nobody_counts=False):
            return True
        if not told or any(map(_is_nobody, told)):
            return False
        await self._claim(told)
        return True

    async def _composed(self, escalated: Envelope, case: Case) -> list[Composed]:
        """Each claim says how many there are."""
        event = escalated.event
        if not isinstance(event, HazardEscalated):
            return []
        area = subjects.birth_area(escalated.aggregate_id)
        rules = await self._policies.by_version(event.policy_version, area)
        told = compose(escalated, case, rules, self._directory(), self._clock(), self._zone, fallback=self._fallback)
        return [replace(one, notice=one.notice.model_copy(update={"among": len(told)})) for one in told]

    async def _claim(self, told: Iterable[Composed]) -> None:
        for one in told:
            await self._delivery.tell(one)

    async def _was_told(self, escalated: Envelope, told: Sequence[Composed], *, nobody_counts: bool = True) -> bool:
        """To all of them, as each claim says how many there are: mostly to the same people."""
        lives = await asyncio.gather(*(self._notices.life(subject_of(one.notice)) for one in told))
        if _is_whole(escalated, lives, nobody_counts=nobody_counts):
            return True
        others = await self._notices.of_hazard(escalated.aggregate_id)
        return _is_whole(escalated, others, nobody_counts=nobody_counts)


def _is_nobody(composed: Composed) -> bool:
    return composed.notice.person == NOBODY


def _is_whole(escalated: Envelope, lives: Iterable[Life], *, nobody_counts: bool) -> bool:
    """Of nobody: it is recorded that there was none, which is no news to whoever came since."""
    made = [life.notice for life in lives if life.notice and life.notice.event_id == escalated.id]
    if people := [notice for notice in made if notice.person != NOBODY]:
        return len(people) >= max(notice.among for notice in people)
    return bool(made) and nobody_counts
