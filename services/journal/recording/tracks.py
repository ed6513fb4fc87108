"""How far an application has processed those that it follows: one subject for each, the version is the position."""

import re
from typing import Final
from uuid import UUID

from nats.aio.client import Client

from services.journal.events import EventStore
from services.journal.library import IntegrityError, ProgrammingError, StoredEvent, Tracking

TIMEOUT: Final = 5.0
"""Seconds that a read or a write may take; an insert is one of each."""
TRACKING: Final = "tracking"
_TOKEN = re.compile(r"[^\s.*>\x00-\x20\x7f]+")


def token(name: UUID | str) -> str:
    """A name as one token of a subject; raises ProgrammingError for one that cannot be."""
    text = str(name)
    if not _TOKEN.fullmatch(text):
        raise ProgrammingError(f"{text!r} cannot be part of a subject: it is empty or has a dot, a space, * or >")
    return text


class Tracks:
    """Positions in the stream of the events that came of them, or in a stream of their own."""

    def __init__(self, nc: Client, stream: str, root: str) -> None:
        self._store = EventStore(nc, stream, timeout=TIMEOUT)
        self._root = root

    async def last(self, application: str) -> int | None:
        """The largest notification id of that application that was processed, as the leader knows it."""
        found = await self._store.last(self._subject(application))
        return found.originator_version if found else None

    async def insert(self, tracking: Tracking) -> None:
        """Move on; raises IntegrityError unless the id is larger than the last."""
        mark, after = await self.step(tracking)
        await self._store.append(mark, after=after)

    async def step(self, tracking: Tracking) -> tuple[StoredEvent, int]:
        """The mark to store and the sequence after which it is expected, for a batch with events."""
        subject = self._subject(tracking.application_name)
        found = await self._store.last(subject)
        if found is not None and found.originator_version >= tracking.notification_id:
            raise IntegrityError(f"{tracking} is not past {found.originator_version}, which was processed before")
        return StoredEvent(subject, tracking.notification_id, TRACKING, b""), found.id if found else 0

    def _subject(self, application: str) -> str:
        return f"{self._root}.{token(application)}"
