"""Follow a stream: complete, ordered, bounded, and over every accident of the server.

A pull consumer of our own, asked directly: at most two requests are open, and the next one goes out when the reader
comes back for more, so a slow reader is never drowned. The consumer is worth nothing: where it is deleted, or its
server dies, the next one starts behind what was given last. Every message is counted twice, by its place in the
stream and by its place in the delivery: a hole in the delivery is read again, a hole in the stream is a Gap.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from eventsourcing.persistence import Notification
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from services.journal import wire
from services.journal.api import call
from services.journal.reading import Reader

if TYPE_CHECKING:
    from nats.aio.subscription import Subscription

BATCH: Final = 2000
MAX_BYTES: Final = 8 * 2**20
EXPIRES: Final = 2.0
"""Seconds that the server holds a request with nothing to give."""
INACTIVE: Final = 60.0
"""Seconds after which the server forgets a consumer that nobody asks."""
NANOSECONDS: Final = 10**9


class Lost(Exception):
    """The consumer is gone or the delivery has a hole: begin again behind what was given."""


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
                        doubts += 1
                        break
            except (Lost, Error, wire.Unavailable):
                if self._nc.is_closed:
                    raise wire.Unavailable("the connection to the event store is closed") from None
                await asyncio.sleep(0.1)
            finally:
                await delivery.close()
            if doubts > 1:
                raise wire.Gap(f"{self._stream}: the server shows nothing past {given}, and its last is later")

    async def _reachable(self, subjects: Sequence[str], until: int | None) -> int | None:
        """With a filter, the last match there is may lie before `until`."""
        return until if until is None or not subjects else min(until, await self._last_match(subjects))

    async def _last_match(self, subjects: Sequence[str]) -> int:
        if not subjects:
            return await self._reader.last_sequence()
        found = [await self._reader.last(subject) for subject in subjects]
        return max(message.id if message else 0 for message in found)


class Delivery:
    """One consumer's life."""

    def __init__(self, nc: Client, stream: str, reader: Reader, subjects: Sequence[str], after: int) -> None:
        self._nc = nc
        self._stream = stream
        self._reader = reader
        self._subjects = subjects
        self._name = f"follow-{uuid4().hex}"
        self._inbox = nc.new_inbox()
        self._subscription: Subscription | None = None
        self._last = after
        self._delivered = 0
        self._asked = 0
        self._taken: list[Notification] = []
        self._trouble: Exception | None = None
        self._news = asyncio.Event()

    async def open(self, timeout: float) -> None:  # noqa: ASYNC109
        """Create the consumer behind what was given, and listen."""
        self._subscription = await self._nc.subscribe(
            self._inbox, cb=self._take, pending_msgs_limit=0, pending_bytes_limit=0
        )
        config: dict[str, Any] = {
            "name": self._name,
            "ack_policy": "none",
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self._last + 1,
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": int(INACTIVE * NANOSECONDS),
        }
        if self._subjects:
            config["filter_subjects"] = list(self._subjects)
        verb = f"CONSUMER.CREATE.{self._stream}.{self._name}"
        await call(self._nc, verb, {"stream_name": self._stream, "config": config}, timeout=timeout)

    async def next(self) -> list[Notification]:
        """What has come; empty when the server held a request to its end with nothing to give."""
        if not self._taken and self._trouble is None:
            await self._ask()
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), EXPIRES * 2)
            except TimeoutError:
                raise Lost from None
        batch, self._taken = self._taken, []
        if batch:
            return batch
        if self._trouble is not None:
            raise self._trouble
        return []

    async def close(self) -> None:
        """Forget the consumer; the server would, in a minute."""
        if self._subscription is not None:
            with suppress(Error):
                await self._subscription.unsubscribe()
        if self._nc.is_connected:
            with suppress(Error):
                await self._nc.publish(f"{wire.API}.CONSUMER.DELETE.{self._stream}.{self._name}")

    async def _ask(self) -> None:
        query = {"batch": BATCH, "max_bytes": MAX_BYTES, "expires": int(EXPIRES * NANOSECONDS)}
        while self._asked <= BATCH:
            self._asked += BATCH
            subject = f"{wire.API}.CONSUMER.MSG.NEXT.{self._stream}.{self._name}"
            await self._nc.publish(subject, json.dumps(query).encode(), self._inbox)

    async def _take(self, msg: Msg) -> None:
        if self._trouble is None:
            try:
                if msg.reply:
                    self._message(msg)
                else:
                    self._status(msg)
            except (Lost, wire.Gap) as trouble:
                self._trouble = trouble
        self._news.set()

    def _message(self, msg: Msg) -> None:
        sequence, place = _places(msg.reply)
        if place != self._delivered + 1:
            raise Lost
        if not self._subjects and sequence != self._last + 1:
            raise wire.Gap(f"{self._stream}: no message between {self._last} and {sequence}")
        self._last, self._delivered, self._asked = sequence, place, self._asked - 1
        self._taken.append(self._reader.notification(msg.subject, sequence, msg.headers or {}, msg.data))

    def _status(self, msg: Msg) -> None:
        """408 and "exceeds max bytes" end a request; every other status ends the consumer."""
        headers = msg.headers or {}
        if "Nats-Pending-Messages" not in headers or headers.get(wire.STATUS) not in {"408", "409"}:
            raise Lost
        self._asked -= int(headers["Nats-Pending-Messages"])


def _places(reply: str) -> tuple[int, int]:
    """Stream sequence and delivery sequence out of `$JS.ACK.…`; a domain adds two tokens in front and one behind."""
    tokens = reply.split(".")
    first = 5 if len(tokens) == 9 else 7  # noqa: PLR2004 (the short form has nine tokens)
    return int(tokens[first]), int(tokens[first + 1])
