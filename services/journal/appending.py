"""Append by compare-and-set, and find out what became of an event that got no answer.

A write without an answer is unknown, not failed: its packet may still arrive. So the same event with the same
expectation is published again until the server acknowledges or refuses. A refusal after an unanswered attempt may be
our own first attempt speaking: the leader is asked for the message that follows the expectation.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from nats.aio.client import Client

from services.journal import wire
from services.journal.library import StoredEvent
from services.journal.publishing import Headers, NoAnswerError, NotNowError, Publisher
from services.journal.reading import Reader

PAUSE: Final = 0.02
"""Seconds before an attempt that follows an answer of "not now"."""

Addressed = tuple[str, StoredEvent]
Expectations = Mapping[str, int]
"""The last sequence of each subject."""


class Appender:
    """Writes events and batches of them; one for each connection and stream."""

    def __init__(self, nc: Client, stream: str, reader: Reader, timeout: float) -> None:
        self._nc = nc
        self._publisher = Publisher(nc, stream)
        self._reader = reader
        self._timeout = timeout
        self._patience = timeout / 5

    async def one(self, subject: str, event: StoredEvent, after: int) -> int:
        """The sequence that the event got."""
        message = (subject, event.state, {**described(event), wire.EXPECTED_LAST: str(after)})
        return await self._settle(
            lambda patience: self._publisher.one(message, patience), [(subject, event)], {subject: after}
        )

    async def batch(self, messages: Sequence[Addressed], after: Expectations) -> int:
        """The sequence of the last message; all of them are stored, one after another, or none."""
        pending = dict(after)
        parts = [
            (subject, event.state, {**described(event), **_expectation(pending.pop(subject, None))})
            for subject, event in messages
        ]
        return await self._settle(lambda patience: self._publisher.batch(parts, patience), messages, after)

    async def _settle(
        self, attempt: Callable[[float], Awaitable[int]], messages: Sequence[Addressed], after: Expectations
    ) -> int:
        """Attempt until the outcome is certain; none is begun too late to be answered."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        unknown = False
        while (left := deadline - loop.time()) > self._patience / 2 and not self._nc.is_closed:
            try:
                return await attempt(min(self._patience, left))
            except NoAnswerError:
                unknown = True
            except NotNowError:
                await asyncio.sleep(min(PAUSE, left))
            except (wire.Conflict, wire.TooLarge, wire.Refused):
                if not unknown:
                    raise
                if (last := await self._recognise(messages, after, deadline)) is not None:
                    return last
        if unknown:
            raise wire.UnknownOutcome
        raise wire.Unavailable(f"the event store did not take the event within {self._timeout:g} s")

    async def _recognise(self, messages: Sequence[Addressed], after: Expectations, deadline: float) -> int | None:
        """Sequence of the last message where all are there; None where that cannot be said yet.

        Raises Conflict where another's message follows an expectation: then ours can never be stored.
        """
        try:
            async with asyncio.timeout_at(deadline):
                for subject, event in dict(reversed(messages)).items():
                    found = await self._reader.following(subject, after[subject])
                    if found is None:
                        await asyncio.sleep(PAUSE)
                        return None
                    if not same(found, event):
                        raise wire.Conflict
                return await self._last_of(messages, after)
        except (wire.Unavailable, TimeoutError):
            return None

    async def _last_of(self, messages: Sequence[Addressed], after: Expectations) -> int | None:
        """A batch stands together: the same first messages alone may be another's."""
        first = await self._reader.following(messages[0][0], after[messages[0][0]])
        sequence = first.id - 1 if first else 0
        for subject, event in messages:
            found = await self._reader.following(subject, sequence)
            if found is None or found.id != sequence + 1 or not same(found, event):
                raise wire.Conflict
            sequence = found.id
        return sequence


def described(event: StoredEvent) -> Headers:
    """The headers that, beside the body, make a message an event."""
    return {wire.VERSION: str(event.originator_version), wire.TOPIC: event.topic}


def same(stored: StoredEvent, event: StoredEvent) -> bool:
    """Whether what is stored is what we sent."""
    return stored.state == event.state and described(stored) == described(event)


def _expectation(after: int | None) -> Headers:
    return {} if after is None else {wire.EXPECTED_LAST: str(after)}
