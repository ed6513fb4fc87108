"""Dead letters: a copy of every notice that no channel took, where whoever watches over the system looks."""

from typing import Final

from pydantic_core import to_json

from contracts import subjects
from services.journal.events import EventStore
from services.journal.library import StoredEvent
from services.notifier.delivering.life import Life

TOPIC: Final = "notice.dead"


class DeadLetters:
    """Writes the stream DEAD, given as its event store."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def keep(self, life: Life) -> None:
        """A copy of a notice that failed for good, once for each time that it did; of any other nothing.

        Raises Conflict where another notifier keeps it at this moment.
        """
        if life.notice is None or life.standing != "failed" or not life.final:
            return
        letter = {
            "notice": life.notice.model_dump(mode="json", exclude_none=True, exclude={"text", "draft"}),
            "subject": life.subject,
            "sequence": life.sequence,
            "channel": life.channel,
            "reason": life.reason,
            "at": life.at,
        }
        subject, body = subjects.dead_subject(life.notice.id), to_json(letter)
        kept = await self._store.load(subject)
        if not kept or kept[-1].state != body:
            event = StoredEvent(subject, len(kept) + 1, TOPIC, body)
            await self._store.append(event, after=kept[-1].id if kept else 0)
