"""What nobody could be told of 无人可通知: told by the directory as it is now, as soon as somebody is there."""

from datetime import datetime
from typing import Final, Protocol

from contracts import subjects
from contracts.envelope import Envelope, decode
from contracts.notices import Notice, Sent
from services.journal.events import EventStore
from services.notifier.delivering.life import Life
from services.notifier.delivering.posting import Means, Posting
from services.notifier.reading import Histories
from services.notifier.timing.case import Case

WAY: Final = "directory"
"""In place of a channel: what has to be mended."""
REASON: Final = "目录里没有可通知的人：请补充机构目录，再用 bihuan notices replay 重发。Nobody there to tell"


class Tells(Protocol):
    """As telling.py does."""

    async def tell_anew(self, escalated: Envelope, case: Case) -> bool:
        """Whether somebody is told now, or was before."""


class Untold:
    """Goes on with the notice of nobody."""

    def __init__(self, teller: Tells, store: EventStore, means: Means) -> None:
        self._teller = teller
        self._store = store
        self._histories = Histories(store)
        self._means = means
        self._posting = Posting(means)

    async def go_on(self, subject: str) -> Life:
        """Dealt with where somebody is told; else it failed for good. Raises Conflict.

        Read anew: of what was queued long ago the queue speaks again when it starts from the beginning.
        """
        life = await self._means.notices.life(subject)
        if life.notice is None or life.is_over:
            return life
        if not await self._tell(life.notice):
            return await self._posting.fail(life, WAY, REASON, final=True)
        attempt = life.attempts.get(WAY, 0) + 1
        return await self._means.notices.append(life, Sent(at=self._now(), channel=WAY, attempt=attempt))

    async def _tell(self, notice: Notice) -> bool:
        stored = await self._store.load(subjects.events_subject(subjects.HAZARD, notice.hazard_id or ""))
        proposed = [one.id for one in stored if decode(one.state).id == notice.event_id]
        if not proposed:
            return False
        read = await self._histories.read(notice.hazard_id or "", events=frozenset(proposed))
        escalated, _ = read.then[proposed[0]]
        return await self._teller.tell_anew(escalated, read.case)

    def _now(self) -> datetime:
        return self._means.clock()
