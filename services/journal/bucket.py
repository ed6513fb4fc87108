"""A small key-value bucket, written by compare-and-set and read from the leader.

For what can be lost and counted again: counters, limits, heartbeats. A key's revision is the sequence of its value; a
key that is missing, deleted or expired has none and is put with `after=0`.
"""

import asyncio
import re
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from nats.aio.client import Client

from services.journal import wire
from services.journal.api import call
from services.journal.publishing import Headers, NoAnswerError, NotNowError, Publisher
from services.journal.reading import parse_headers

TTL: Final = "Nats-TTL"
ATTEMPT: Final = "Bihuan-Attempt"
"""Names a put, so that it is recognised where its acknowledgement got lost."""
MARKERS: Final = ("KV-Operation", "Nats-Marker-Reason")
"""What other clients, or the server, leave in the place of a value that is gone."""
PAUSE: Final = 0.02
KEY: Final = re.compile(r"[-/_=a-zA-Z0-9]+(?:\.[-/_=a-zA-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands under a key."""

    value: bytes
    revision: int


class Bucket:
    """One bucket; no call takes longer than `timeout` seconds."""

    def __init__(self, nc: Client, name: str, *, timeout: float = 5.0) -> None:
        self._nc = nc
        self._name = name
        self._stream = f"KV_{name}"
        self._timeout = timeout
        self._publisher = Publisher(nc, self._stream)

    async def get(self, key: str) -> Value | None:
        """The value as the leader has it, None where there is none. Raises Unavailable."""
        found = await self._last(key, self._timeout)
        if found is None or any(marker in found[1] for marker in MARKERS):
            return None
        return found[0]

    async def put(self, key: str, value: bytes, *, after: int, ttl: float | None = None) -> int:
        """Store it if the key's revision is still `after`; gives the new one. With `ttl`, gone after so many seconds.

        The server counts no less than a second. Raises Conflict, TooLarge, Refused; UnknownOutcome and Unavailable
        after the time-out.
        """
        attempt = uuid4().hex
        headers = {ATTEMPT: attempt, wire.EXPECTED_LAST: str(after)}
        if ttl is not None:
            headers[TTL] = f"{round(ttl * 1000)}ms"
        return await self._settle(key, value, headers)

    async def delete(self, key: str) -> None:
        """Nothing stands there any more; a value that somebody puts at the same moment may stay."""
        if (found := await self._last(key, self._timeout)) is None:
            return
        upto = {"filter": self._subject(key), "seq": found[0].revision + 1}
        await call(self._nc, f"STREAM.PURGE.{self._stream}", upto, timeout=self._timeout)

    async def keys(self, prefix: str = "") -> list[str]:
        """Every key under a prefix of whole tokens, in order: `robot` finds `robot.a` and `robot.a.b`."""
        root = f"$KV.{self._name}."
        request = {"subjects_filter": f"{self._subject(prefix)}.>" if prefix else f"{root}>"}
        found: dict[str, int] = {}
        while True:
            asked = {**request, "offset": len(found)}
            answer = await call(self._nc, f"STREAM.INFO.{self._stream}", asked, timeout=self._timeout)
            found |= answer["state"].get("subjects") or {}
            if len(found) >= answer.get("total", 0):
                return sorted(subject.removeprefix(root) for subject in found)

    async def _last(self, key: str, timeout: float) -> tuple[Value, Headers] | None:  # noqa: ASYNC109
        query = {"last_by_subj": self._subject(key)}
        try:
            answer = await call(self._nc, f"STREAM.MSG.GET.{self._stream}", query, timeout=timeout)
        except wire.ApiError as error:
            if error.code == wire.NO_MESSAGE:
                return None
            raise
        message = answer["message"]
        headers = parse_headers(b64decode(message.get("hdrs", "")))
        return Value(b64decode(message.get("data", "")), int(message["seq"])), headers

    async def _settle(self, key: str, value: bytes, headers: Headers) -> int:
        """Publish until it is certain; a conflict after an unanswered attempt may be that attempt itself."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        unknown = False
        while (left := deadline - loop.time()) > 0 and not self._nc.is_closed:
            try:
                return await self._publisher.one((self._subject(key), value, headers), min(left, self._timeout / 5))
            except NoAnswerError:
                unknown = True
            except NotNowError:
                await asyncio.sleep(min(PAUSE, left))
            except wire.Conflict:
                if not unknown:
                    raise
                with suppress(wire.Unavailable):
                    return await self._recognised(key, headers[ATTEMPT], left)
        if unknown:
            raise wire.UnknownOutcome
        raise wire.Unavailable(f"the event store did not take {key} within {self._timeout:g} s")

    async def _recognised(self, key: str, attempt: str, timeout: float) -> int:  # noqa: ASYNC109
        """The revision of our own attempt, which was stored although nobody said so."""
        found = await self._last(key, timeout)
        if found is None or found[1].get(ATTEMPT) != attempt:
            raise wire.Conflict
        return found[0].revision

    def _subject(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key: letters, digits and -/_= are, with single dots between them")
        return f"$KV.{self._name}.{key}"
