"""Follow a stream: complete, ordered, bounded, and over every accident of the server.

A pull consumer of our own, asked directly: the next request goes out when the reader comes back for more, so a slow
reader is never drowned. The consumer is worth nothing: where it is deleted, or its server dies, the next one starts
behind what was given last. A hole in the delivery is read again, a hole in the stream is a Gap.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from nats.aio.client import Client
from nats.errors import Error

from services.journal import wire
from services.journal.delivery import Delivery, Lost
from services.journal.library import Notification
from services.journal.reading import Reader


class Follower:
    """Makes followers of one stream."""

    def __init__(self, nc: Client, stream: str, reader: Reader, timeout: float) -> None:
        self._nc = nc
        self._stream = stream
        self._reader = reader
        self._timeout = timeout

    async def follow(
        self, after: int, subjects: Sequence[str], until: int | None
    ) -> AsyncGenerator[list[Notification], None]:
        """Batches past `after`, for ever or up to `until`. Raises Gap where the stream has a hole."""
        given, doubts = after, 0
        until = await self._reachable(subjects, until)
        while until is None or given < until:
            delivery = Delivery(self._nc, self._stream, self._reader, subjects, given)
            try:
                await delivery.open(self._timeout)
                while until is None or given < until:
                    batch = await delivery.next()
                    if batch:
                        given, doubts = batch[-1].id, 0
                        if wanted := [event for event in batch if until is None or event.id <= until]:
                            yield wanted
                    elif await self._last_match(subjects) > given:
                        await self._doubt(subjects, given, doubts)
                        doubts += 1
                        break
            except (Lost, Error, wire.Unavailable):
                if self._nc.is_closed:
                    raise wire.Unavailable("the connection to the event store is closed") from None
                await asyncio.sleep(0.1)
            finally:
                await delivery.close()

    async def _doubt(self, subjects: Sequence[str], given: int, doubts: int) -> None:
        """Nothing came although there is more: a replica that is behind, or a hole where the leader has none either."""
        if not doubts:
            return
        found = [await self._reader.following(subject, given) for subject in subjects or (">",)]
        nearest = min((message.id for message in found if message), default=None)
        if nearest is None or not (subjects or nearest == given + 1):
            raise wire.Gap(f"{self._stream}: the server shows nothing past {given}, and its last is later")

    async def _reachable(self, subjects: Sequence[str], until: int | None) -> int | None:
        """With a filter, the last match there is may lie before `until`."""
        return until if until is None or not subjects else min(until, await self._last_match(subjects))

    async def _last_match(self, subjects: Sequence[str]) -> int:
        if not subjects:
            return await self._reader.last_sequence()
        found = [await self._reader.last(subject) for subject in subjects]
        return max(message.id if message else 0 for message in found)
