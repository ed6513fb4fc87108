"""The stream NOTICES: a notice is claimed once, whoever claims it, and every next record follows the last one.

A reminder that goes with a digest is claimed with its hazard like any other, so that nobody claims it twice when the
day changes meanwhile; a copy of it then stands among the digest's items, which one wildcard gathers.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import structlog
from pydantic import ValidationError

from contracts import subjects
from contracts.base import MAX_EVENT
from contracts.notices import NOTICE_RECORD, Notice, NoticeRecord, Queued
from contracts.parties import Person
from services.journal import wire
from services.journal.events import EventStore
from services.journal.library import Notification, StoredEvent
from services.notifier.delivering.life import Life, follow
from services.notifier.delivering.scheduling import item_subject, subject_of

log = structlog.get_logger(__name__)

TOPIC: Final = "notice."
CUT: Final = "…（下略，全文见系统）"
ROOM: Final = 1024
"""Bytes of a record beside its notice."""


class Notices:
    """Reads and writes NOTICES, given as its event store."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def claim(self, notice: Notice, *, at: datetime, not_before: datetime | None = None) -> bool:
        """Queue it where its life is told; False if it was queued already, by us or by another notifier."""
        return await self._claim(subject_of(notice), Queued(at=at, notice=fitted(notice), not_before=not_before))

    async def add(self, item: Notice, day: date, *, at: datetime) -> bool:
        """Put it among the items of its person's digest of that day; False if it stands there already."""
        copy = item.model_copy(update={"digest": day})
        return await self._claim(item_subject(copy, day), Queued(at=at, notice=fitted(copy)))

    async def _claim(self, subject: str, queued: Queued) -> bool:
        try:
            await self.append(Life(subject), queued)
        except wire.Conflict:
            return False
        return True

    async def append(self, life: Life, record: NoticeRecord) -> Life:
        """The life with one record more; raises Conflict where another one followed meanwhile."""
        event = StoredEvent(life.subject, life.version + 1, TOPIC + record.state, encode(record))
        return follow(life, await self._store.append(event, after=life.sequence), record)

    async def again(self, life: Life, by: Person, *, at: datetime) -> Life:
        """Queue it again by hand, under its old id and by itself; raises Conflict where it moved on meanwhile."""
        if life.notice is None:
            raise ValueError(f"no notice is recorded under {life.subject}")
        alone = life.notice.model_copy(update={"digest": None})
        return await self.append(life, Queued(at=at, notice=alone, again_by=by))

    async def life(self, subject: str) -> Life:
        """As far as it is told; `notice` is None where nothing is."""
        return life_of(subject, await self._store.load(subject))

    async def read(self, *wildcards: str) -> list[Life]:
        """Every life under these wildcards (none given: under all), in the order in which they were claimed."""
        lives: dict[str, Life] = {}
        until = await self._store.last_of_stream()
        async for batch in self._store.follow(subjects=wildcards, until=until):
            for stored in batch:
                subject = str(stored.originator_id)
                lives[subject] = _next(lives.get(subject, Life(subject)), stored)
        return [life for life in lives.values() if life.notice is not None]

    async def of_hazard(self, hazard: str) -> list[Life]:
        """Every notice about one hazard."""
        return await self.read(subjects.hazard_notices(hazard))


def encode(record: NoticeRecord) -> bytes:
    """As it is stored."""
    return record.model_dump_json(exclude_none=True).encode()


def decode(body: bytes, subject: str) -> NoticeRecord | None:
    """None for what a newer program wrote: readers go on without it."""
    try:
        return NOTICE_RECORD.validate_json(body)
    except ValidationError:
        log.warning("notice.unreadable", subject=subject)
        return None


def life_of(subject: str, stored: Iterable[Notification]) -> Life:
    """The life that these messages of one subject tell."""
    life = Life(subject)
    for one in stored:
        life = _next(life, one)
    return life


def _next(life: Life, stored: Notification) -> Life:
    record = decode(stored.state, life.subject)
    if record is None:
        return life.skipped(stored.id)
    return follow(life, stored.id, record)


def fitted(notice: Notice) -> Notice:
    """Cut to what the stream takes; first the draft, then the text."""
    for part in ("draft", "text"):
        over = len(notice.model_dump_json(exclude_none=True).encode()) + ROOM - MAX_EVENT
        words: str | None = getattr(notice, part)
        if over > 0 and words:
            kept = words.encode()[: max(0, len(words.encode()) - over - len(CUT.encode()))].decode(errors="ignore")
            notice = notice.model_copy(update={part: kept + CUT})
    return notice
