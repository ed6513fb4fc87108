"""One consumer's life: asked directly, at most two requests open, every message counted twice."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from services.journal import wire
from services.journal.api import call
from services.journal.library import Notification
from services.journal.reading import Reader

if TYPE_CHECKING:
    from nats.aio.subscription import Subscription

BATCH: Final = 2000
MAX_BYTES: Final = 8 * 2**20
EXPIRES = 2.0
"""Seconds that the server holds a request with nothing to give."""
INACTIVE: Final = 60.0
"""Seconds after which the server forgets a consumer that nobody asks."""
NANOSECONDS: Final = 10**9


class Lost(Exception):
    """The consumer is gone or the delivery has a hole: begin again behind what was given."""


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
        if self._trouble is None:
            await self._ask()  # also while the asker still works on what has come: the server need not wait for him
        if not self._taken and self._trouble is None:
            self._news.clear()
            try:
                async with asyncio.timeout(EXPIRES * 2):
                    await self._news.wait()
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
