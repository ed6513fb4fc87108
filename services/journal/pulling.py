"""Ask a pull consumer directly: a request is always open, and never more is under way than the reader wants."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from services.journal import wire

if TYPE_CHECKING:
    from nats.aio.subscription import Subscription

T = TypeVar("T")

EXPIRES = 2.0
"""Seconds that the server holds a request with nothing to give."""
LOOK: Final = 0.5
"""Seconds after which a reader who waits looks whether the connection is another one than before."""
NANOSECONDS: Final = 10**9


class Interrupted(Exception):
    """Nobody answers the requests any more: look for the consumer and ask again."""


class Pull(Generic[T]):
    """Requests over one inbox; what was asked for before an interruption is given, then it is told."""

    def __init__(self, nc: Client, consumer: str, most: int, read: Callable[[Msg], T]) -> None:
        self._nc = nc
        self._subject = f"{wire.API}.CONSUMER.MSG.NEXT.{consumer}"
        self._most = most
        self._read = read
        self._inbox = nc.new_inbox()
        self._subscription: Subscription | None = None
        self._reconnects = nc.stats["reconnects"]
        self._asked = 0
        self._taken: list[T] = []
        self._interrupted = False
        self._news = asyncio.Event()

    async def open(self) -> None:
        """Listen, and ask for the first."""
        self._subscription = await self._nc.subscribe(
            self._inbox, cb=self._take, pending_msgs_limit=0, pending_bytes_limit=0
        )
        await self._ask()

    async def next(self) -> list[T]:
        """What has come, at most `most`; empty when a request ended with nothing. Raises Interrupted.

        While the reader works on it, as many again are under way.
        """
        await self._ask()  # a request may have ended while the reader worked
        if not self._taken and not self._interrupted:
            await self._wait()
        batch, self._taken = self._taken, []
        if not batch and self._interrupted:
            raise Interrupted
        await self._ask()
        return batch

    async def close(self) -> list[T]:
        """Stop listening, which ends the requests; gives what came and was not given to the reader."""
        if self._subscription is not None:
            with suppress(Error):
                await self._subscription.unsubscribe()
        rest, self._taken = self._taken, []
        return rest

    async def _ask(self) -> None:
        under_way = self._asked + len(self._taken)
        if self._interrupted or under_way > self._most // 2:
            return
        query = {"batch": self._most - under_way, "expires": int(EXPIRES * NANOSECONDS)}
        self._asked += self._most - under_way
        try:
            await self._nc.publish(self._subject, json.dumps(query).encode(), self._inbox)
        except Error:
            self._interrupted = True

    async def _wait(self) -> None:
        """Until something comes; a connection that was renewed has lost its requests."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 2 * EXPIRES
        self._news.clear()
        while not self._news.is_set() and not self._interrupted:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._news.wait()
            if self._nc.stats["reconnects"] != self._reconnects or self._nc.is_closed or loop.time() > deadline:
                self._interrupted = True

    async def _take(self, msg: Msg) -> None:
        if msg.reply:
            self._asked -= 1
            self._taken.append(self._read(msg))
        else:
            self._status(msg.headers or {})
        self._news.set()

    def _status(self, headers: dict[str, str]) -> None:
        """408 and 409 with a count end a request; everything else ends the consumer."""
        if "Nats-Pending-Messages" in headers and headers.get(wire.STATUS) in {"408", "409"}:
            self._asked -= int(headers["Nats-Pending-Messages"])
        else:
            self._interrupted = True
