"""An application's notifications as they come, for a thread that waits for them."""

from collections import deque
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from threading import Lock

from services.journal.library import ApplicationRecorder, Notification, Subscription
from services.journal.recording.portal import Closed, Portal


class JetStreamSubscription(Subscription[ApplicationRecorder]):
    """Waits for notifications until it is stopped, from whichever thread."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        portal: Portal,
        batches: AsyncGenerator[list[Notification], None],
        gt: int | None,
        topics: Sequence[str],
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._portal = portal
        self._batches = batches
        self._lock = Lock()
        self._ready: deque[Notification] = deque()
        self._asked: Future[list[Notification]] | None = None

    def __next__(self) -> Notification:
        while not self._ready and not self._has_been_stopped:
            self._ready += [each for each in self._more() if not self._topics or each.topic in self._topics]
        if self._has_been_stopped:
            raise StopIteration
        return self._ready.popleft()

    def stop(self) -> None:
        """End it, quietly, also while another thread waits in it."""
        with self._lock:
            super().stop()
            if self._asked is not None:
                self._asked.cancel()
        with suppress(Closed):
            self._portal.start(self._end)

    def _more(self) -> list[Notification]:
        with self._lock:
            if self._has_been_stopped:
                return []
            self._asked = self._portal.start(self._next)
        try:
            return self._asked.result()
        except CancelledError:
            return []  # stopped, or closed: then the next question is refused

    async def _next(self) -> list[Notification]:
        return await anext(self._batches)

    async def _end(self) -> None:
        await self._batches.aclose()
