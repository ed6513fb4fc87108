"""Read single messages from the leader, and whole histories by batched Direct Get.

Direct Get may be answered by a replica that is behind, so its "nothing" is always confirmed with the leader; the
server's own count of what is still to come shows whether a page was complete.
"""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from services.journal import wire
from services.journal.api import call
from services.journal.library import Notification
from services.journal.replies import Replies

OriginatorOf = Callable[[str], UUID | str]
PAGE_OVER = "204"
NUMBER: Final = re.compile("[0-9]{1,18}")


class Reader:
    """Reads one stream; `originator_of` turns a subject into the originator's id."""

    def __init__(self, nc: Client, stream: str, originator_of: OriginatorOf, timeout: float) -> None:
        self._nc = nc
        self._stream = stream
        self._originator_of = originator_of
        self._timeout = timeout
        self._replies = Replies(nc)

    async def history(self, subject: str, after: int) -> list[Notification]:
        """Every message of one literal subject past `after`, page by page."""
        found: list[Notification] = []
        while True:
            page, pending = await self._page(subject, found[-1].id if found else after)
            found += page
            if page and not pending:
                return found
            if not page:
                return found + await self._confirmed_end(subject, found[-1].id if found else after)

    async def last(self, subject: str) -> Notification | None:
        """The last message of a subject, or of a wildcard, as the leader knows it."""
        return await self._get({"last_by_subj": subject})

    async def following(self, subject: str, after: int) -> Notification | None:
        """The first message of a subject past `after`, as the leader knows it."""
        return await self._get({"seq": after + 1, "next_by_subj": subject})

    async def at(self, sequence: int) -> Notification | None:
        """The message with that sequence, as the leader knows it."""
        return await self._get({"seq": sequence}) if sequence > 0 else None

    async def last_sequence(self) -> int:
        """The stream's last sequence; 0 for an empty one."""
        info = await call(self._nc, f"STREAM.INFO.{self._stream}", timeout=self._timeout)
        return int(info["state"]["last_seq"])

    async def _get(self, query: dict[str, Any]) -> Notification | None:
        try:
            answer = await call(self._nc, f"STREAM.MSG.GET.{self._stream}", query, timeout=self._timeout)
        except wire.ApiError as error:
            if error.code == wire.NO_MESSAGE:
                return None
            raise
        message = answer["message"]
        headers = parse_headers(b64decode(message.get("hdrs", "")))
        body = b64decode(message.get("data", ""))
        return self.notification(message["subject"], int(message["seq"]), headers, body)

    def notification(self, subject: str, sequence: int, headers: dict[str, str], body: bytes) -> Notification:
        """A stored message as the library's type; without a version that is a number it has version 0."""
        version = headers.get(wire.VERSION, "")
        return Notification(
            originator_id=self._originator_of(subject),
            originator_version=int(version) if NUMBER.fullmatch(version) else 0,
            topic=headers.get(wire.TOPIC, ""),
            state=body,
            id=sequence,
        )

    async def _confirmed_end(self, subject: str, after: int) -> list[Notification]:
        """What the leader has past an empty page: mostly nothing, or what a lagging replica did not show."""
        found: list[Notification] = []
        while (message := await self.following(subject, found[-1].id if found else after)) is not None:
            found.append(message)
        return found

    async def _page(self, subject: str, after: int) -> tuple[list[Notification], int]:
        """Up to 1,000 messages past `after`, and how many more the server has."""
        query = json.dumps({"seq": after + 1, "next_by_subj": subject, "batch": wire.MAX_BATCH}).encode()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        while loop.time() < deadline and not self._nc.is_closed:
            messages = await self._ask(query, min(deadline - loop.time(), self._timeout / 4))
            if messages is not None:
                return self._contiguous(messages)
            await asyncio.sleep(0.02)
        raise wire.Unavailable(f"the event store did not show {subject} within {self._timeout:g} s")

    async def _ask(self, query: bytes, patience: float) -> list[Msg] | None:
        """The answers to a Direct Get up to its end mark, or None where the end did not come."""
        if not self._nc.is_connected:
            return None
        messages: list[Msg] = []
        over = asyncio.get_running_loop().create_future()

        def take(msg: Msg) -> None:
            messages.append(msg)
            if not msg.data and msg.headers and wire.STATUS in msg.headers and not over.done():
                over.set_result(msg.headers[wire.STATUS])

        reply = await self._replies.expect(take)
        try:
            await self._nc.publish(f"{wire.API}.DIRECT.GET.{self._stream}", query, reply)
            async with asyncio.timeout(patience):
                status = await over
        except (Error, TimeoutError):
            return None
        finally:
            self._replies.forget(reply)
        return messages if status in {PAGE_OVER, "404"} else None

    def _contiguous(self, messages: list[Msg]) -> tuple[list[Notification], int]:
        """Each answer names its predecessor, so that a lost one is noticed."""
        page: list[Notification] = []
        for msg in messages[:-1]:
            headers = msg.headers or {}
            before, sequence = int(headers[wire.LAST_SEQUENCE]), int(headers[wire.SEQUENCE])
            if before != (page[-1].id if page else 0):
                raise wire.Gap(f"{self._stream}: the answer lost the message before {sequence}")
            page.append(self.notification(headers[wire.SUBJECT], sequence, headers, msg.data))
        return page, int((messages[-1].headers or {}).get(wire.NUM_PENDING, 0))


def parse_headers(raw: bytes) -> dict[str, str]:
    """The header block as STREAM.MSG.GET gives it: `NATS/1.0`, then a line each."""
    lines = raw.decode(errors="replace").split("\r\n")[1:]
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
