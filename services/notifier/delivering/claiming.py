"""What is to be told becomes a claim in NOTICES: the queue there sees to everything else."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from contracts.notices import Notice
from services.notifier.delivering import scheduling
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.scheduling import Hours


class Worded(Protocol):
    """What is to be told, as composing.py gives it."""

    @property
    def notice(self) -> Notice:
        """The claim."""

    @property
    def digestible(self) -> bool:
        """A reminder of L0-L1 that is counted in days."""


class Claiming:
    """Settles when a notice goes."""

    def __init__(self, notices: Notices, clock: Callable[[], datetime], hours: Hours) -> None:
        self._notices = notices
        self._clock = clock
        self._hours = hours

    async def tell(self, composed: Worded) -> None:
        """Claim it, as often as one likes.

        Its digest's day, or the end of the quiet hours, is settled by whoever claims it, and then stands.
        """
        now, notice = self._clock(), composed.notice
        if composed.digestible and not notice.urgent:
            day = scheduling.digest_day(now, self._hours)
            await self._notices.claim(notice.model_copy(update={"digest": day}), at=now)
        else:
            wait = scheduling.not_before(notice, now, self._hours)
            await self._notices.claim(notice, at=now, not_before=wait)
