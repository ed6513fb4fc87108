"""Put messages on the wire, and say what became of each attempt."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, MaxPayloadError

from services.journal import wire
from services.journal.replies import Replies

BACKLOG: Final = 2**20
"""Bytes that wait for a socket that does not take them: beyond, the client would block for longer than we may."""

PIECE: Final = 2**18
"""Bytes of a batch that may wait before its next message: the socket takes them first."""

Headers = dict[str, str]
Message = tuple[str, bytes, Headers]


class NoAnswerError(Exception):
    """The attempt went out and nothing came back: unknown."""


class NotNowError(Exception):
    """The attempt was surely not stored, and may be later."""


class Publisher:
    """One attempt at a time; whether to try again is the caller's business."""

    def __init__(self, nc: Client, stream: str) -> None:
        self._nc = nc
        self._stream = stream
        self._replies = Replies(nc)

    async def one(self, message: Message, patience: float) -> int:
        """The sequence that the server acknowledged within `patience` seconds.

        Raises NoAnswerError, NotNowError, or what the server's refusal means.
        """
        return self._sequence(await self._request(message, patience))

    async def batch(self, messages: Sequence[Message], patience: float) -> int:
        """The sequence of the last message of an atomic batch; errors as `one`."""
        try:
            async with asyncio.timeout(patience):
                return await self._batch(messages, patience)
        except TimeoutError:
            raise NoAnswerError from None

    async def _batch(self, messages: Sequence[Message], patience: float) -> int:
        """The first opens it, the last commits it; a message between that is refused is told by itself."""
        batch = uuid4().hex
        (subject, body, headers), *middle, (last_subject, last_body, last_headers) = messages
        marks = {wire.BATCH_ID: batch, wire.BATCH_SEQUENCE: "1"}
        opened = await self._request((subject, body, {**headers, **marks}), patience)
        if opened.data or opened.headers:
            self._sequence(opened)
        refusals: list[Msg] = []
        reply = await self._replies.expect(lambda msg: refusals.append(msg) if msg.data else None)
        try:
            for number, (subject, body, headers) in enumerate(middle, 2):
                marks = {wire.BATCH_ID: batch, wire.BATCH_SEQUENCE: str(number)}
                await self._piece((subject, body, {**headers, **marks}), reply)
            marks = {wire.BATCH_ID: batch, wire.BATCH_SEQUENCE: str(len(messages)), wire.BATCH_COMMIT: "1"}
            await self._room()
            return await self.one((last_subject, last_body, {**last_headers, **marks}), patience)
        except NotNowError:
            if refusals:
                self._sequence(refusals[0])
            raise
        finally:
            self._replies.forget(reply)

    async def _piece(self, message: Message, reply: str) -> None:
        """A message between the first and the last; without the last nothing of the batch is stored."""
        subject, body, headers = message
        await self._room()
        try:
            await self._nc.publish(subject, body, reply, headers)
        except MaxPayloadError as error:
            raise _too_large(body) from error
        except Error as error:
            raise NotNowError from error

    async def _room(self) -> None:
        """Nobody else's backlog, and not the batch's own, grows past what the socket takes."""
        while self._nc.is_connected and self._nc.pending_data_size > PIECE:
            try:
                await self._nc.flush()
            except Error as error:
                raise NotNowError from error

    async def _request(self, message: Message, patience: float) -> Msg:
        if not self._nc.is_connected or self._nc.pending_data_size > BACKLOG:
            raise NotNowError
        subject, body, headers = message
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Msg] = loop.create_future()
        reply = await self._replies.expect(lambda msg: None if answer.done() else answer.set_result(msg))
        give_up = loop.call_later(patience, _expire, answer)
        try:
            await self._nc.publish(subject, body, reply, headers)
            return await answer
        except MaxPayloadError as error:
            raise _too_large(body) from error
        except Error as error:
            raise NoAnswerError from error
        finally:
            give_up.cancel()
            self._replies.forget(reply)

    def _sequence(self, msg: Msg) -> int:
        if not msg.data:  # 503: nobody took it
            raise NotNowError
        answer: dict[str, Any] = json.loads(msg.data)
        if (error := answer.get("error")) is not None:
            raise failure(error)
        if answer.get("stream") != self._stream or not answer.get("seq"):
            raise wire.Refused(f"{self._stream} did not take the event, the answer was {answer}")
        return int(answer["seq"])


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


def _too_large(body: bytes) -> wire.TooLarge:
    return wire.TooLarge(f"{len(body)} bytes are more than the server takes at once")


def _expire(answer: asyncio.Future[Msg]) -> None:
    if not answer.done():
        answer.set_exception(NoAnswerError())
