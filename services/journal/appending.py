"""Append by compare-and-set, and find out what became of an event that got no answer.

A write without an answer is unknown, not failed: its packet may still arrive. So the same event with the same
expectation is published again until the server acknowledges or refuses. A refusal after an unanswered attempt may be
our own first attempt speaking: the leader is asked for the message that follows the expectation.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, MaxPayloadError

from services.journal import wire
from services.journal.reading import Reader
from services.journal.replies import Replies

PAUSE = 0.02
"""Seconds between two attempts that the server answered with "not now"."""

Attempt = Callable[[float], Awaitable[int]]
Headers = dict[str, str]


class NoAnswerError(Exception):
    """The attempt went out and nothing came back: unknown."""


class NotNowError(Exception):
    """The attempt was surely not stored, and may be later."""


class Appender:
    """Writes events and batches of them; one for each connection and stream."""

    def __init__(self, nc: Client, stream: str, reader: Reader, timeout: float) -> None:
        self._nc = nc
        self._stream = stream
        self._reader = reader
        self._timeout = timeout
        self._patience = timeout / 5
        self._replies = Replies(nc)

    async def one(self, subject: str, event: StoredEvent, after: int) -> int:
        """The sequence that the event got."""
        headers = {**described(event), wire.EXPECTED_LAST: str(after)}

        async def attempt(patience: float) -> int:
            return self._sequence(await self._request(subject, event.state, headers, patience))

        return await self._settle(attempt, [(subject, event)], after)

    async def batch(self, messages: Sequence[tuple[str, StoredEvent]], after: Mapping[str, int]) -> int:
        """The sequence of the last message; all of them are stored, one after another, or none."""
        expected = dict(after)
        parts = [
            (subject, event.state, {**described(event), **_expectation(expected.pop(subject, None))})
            for subject, event in messages
        ]

        async def attempt(patience: float) -> int:
            return await self._send_batch(parts, patience)

        return await self._settle(attempt, messages, after[messages[0][0]])

    async def _settle(self, attempt: Attempt, messages: Sequence[tuple[str, StoredEvent]], after: int) -> int:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        unknown = False
        while True:
            try:
                return await attempt(min(self._patience, max(0.0, deadline - loop.time())))
            except NoAnswerError:
                unknown = True
            except NotNowError:
                await asyncio.sleep(PAUSE)
            except (wire.Conflict, wire.TooLarge, wire.Refused):
                if not unknown:
                    raise
                if (last := await self._recognise(messages, after)) is not None:
                    return last
            if loop.time() >= deadline:
                raise self._outcome(unknown=unknown)

    async def _recognise(self, messages: Sequence[tuple[str, StoredEvent]], after: int) -> int | None:
        """Sequence of the last message where they are all there; None where nothing follows the expectation yet.

        Raises Conflict where another's message does: then ours can never be stored.
        """
        try:
            found = await self._reader.following(messages[0][0], after)
            if found is None:
                await asyncio.sleep(PAUSE)
                return None
            for sequence, (subject, event) in enumerate(messages, found.id):
                stored = await self._reader.following(subject, sequence - 1)
                if stored is None or stored.id != sequence or not same(stored, event):
                    raise wire.Conflict
        except wire.Unavailable:
            return None
        return found.id + len(messages) - 1

    async def _send_batch(self, parts: Sequence[tuple[str, bytes, Headers]], patience: float) -> int:
        """First and last by request, the middle by publish: only those two are answered."""
        batch = uuid4().hex
        for number, (subject, body, headers) in enumerate(parts, 1):
            marked = {**headers, wire.BATCH_ID: batch, wire.BATCH_SEQUENCE: str(number)}
            if number == len(parts):
                marked[wire.BATCH_COMMIT] = "1"
                return self._sequence(await self._request(subject, body, marked, patience))
            if number == 1:
                opened = await self._request(subject, body, marked, patience)
                if opened.data:
                    self._sequence(opened)
            else:
                await self._publish(subject, body, marked, "")
        raise ValueError("an atomic batch without messages")

    async def _request(self, subject: str, body: bytes, headers: Headers, patience: float) -> Msg:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Msg] = loop.create_future()
        reply = await self._replies.expect(lambda msg: None if answer.done() else answer.set_result(msg))
        give_up = loop.call_later(patience, _expire, answer)
        try:
            await self._publish(subject, body, headers, reply)
            return await answer
        finally:
            give_up.cancel()
            self._replies.forget(reply)

    async def _publish(self, subject: str, body: bytes, headers: Headers, reply: str) -> None:
        if not self._nc.is_connected:
            if self._nc.is_closed:
                raise wire.Unavailable("the connection to the event store is closed")
            raise NotNowError
        try:
            await self._nc.publish(subject, body, reply, headers)
        except MaxPayloadError as error:
            raise wire.TooLarge(f"{len(body)} bytes are more than the server takes at once") from error
        except Error as error:
            raise NoAnswerError from error

    def _sequence(self, msg: Msg) -> int:
        if not msg.data:  # 503: nobody took it
            raise NotNowError
        answer: dict[str, Any] = json.loads(msg.data)
        if (error := answer.get("error")) is not None:
            raise failure(error)
        if answer.get("stream") != self._stream or not answer.get("seq"):
            raise wire.Refused(f"{self._stream} did not take the event, the answer was {answer}")
        return int(answer["seq"])

    def _outcome(self, *, unknown: bool) -> wire.JournalError:
        if unknown:
            return wire.UnknownOutcome()
        return wire.Unavailable(f"the event store did not take the event within {self._timeout:g} s")


def described(event: StoredEvent) -> Headers:
    """The headers that, beside the body, make a message an event."""
    return {wire.VERSION: str(event.originator_version), wire.TOPIC: event.topic}


def same(stored: StoredEvent, event: StoredEvent) -> bool:
    """Whether what is stored is what we sent."""
    return stored.state == event.state and described(stored) == described(event)


def failure(error: dict[str, Any]) -> Exception:
    """What the server's error means for the event that it answers."""
    code, description = error.get("err_code", 0), error.get("description", "no reason given")
    match wire.verdict(error.get("code", 0), code, description):
        case "conflict":
            return wire.Conflict()
        case "too_large":
            return wire.TooLarge(f"the stream refused the event: {description}")
        case "refused":
            return wire.Refused(f"the stream refused the event: {description} ({code})")
        case "retry":
            return NotNowError()
        case "retry_unknown":
            return NoAnswerError()


def _expectation(after: int | None) -> Headers:
    return {} if after is None else {wire.EXPECTED_LAST: str(after)}


def _expire(answer: asyncio.Future[Msg]) -> None:
    if not answer.done():
        answer.set_exception(NoAnswerError())
