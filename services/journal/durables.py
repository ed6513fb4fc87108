"""Durable consumers that processes share: what is missing is made, what is harmless is changed, the rest is refused."""

from collections.abc import Sequence
from typing import Any, Final

from nats.aio.client import Client

from services.journal import wire
from services.journal.api import Answer, call

NO_CONSUMER: Final = 10014
EXISTS: Final = frozenset({10105, 10148})
"""Another made it first, with settings that differ."""
NANOSECONDS: Final = 10**9
DROPPED: Final = frozenset({"filter_subject", "backoff", "inactive_threshold"})
FROM_ONE_ON: Final = frozenset({"all", "by_start_sequence"})

Config = dict[str, Any]


class UnusableDurable(wire.Refused):
    """The durable consumer that exists would leave something out."""


class Durable:
    """One durable pull consumer: every message is acknowledged by itself, or delivered again without end."""

    def __init__(
        self, nc: Client, stream: str, name: str, filters: Sequence[str], *, ack_wait: float, at_once: int, after: int
    ) -> None:
        self._nc = nc
        self._stream = stream
        self._name = name
        self._after = after
        self._filters = list(filters)
        self._wanted: Config = {
            "ack_wait": int(ack_wait * NANOSECONDS),
            "max_ack_pending": at_once,
            "max_deliver": -1,
        }
        if filters:
            self._wanted["filter_subjects"] = self._filters

    async def declare(self, *, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Make it, or bring its settings up to ours; where it stands is never changed.

        Raises UnusableDurable where it would have left something out, Refused where there is no such stream.
        """
        found = await self._config(timeout)
        if found is None:
            try:
                await self._write("create", self._fresh(), timeout)
            except wire.ApiError as error:
                if error.code not in EXISTS:
                    raise
                found = await self._config(timeout)
        if found is None:
            return
        self._check(found)
        wanted = {**_settled(found), **self._wanted}
        if wanted != found:
            await self._write("update", wanted, timeout)

    async def left(self, *, timeout: float = 5.0) -> tuple[int, int]:  # noqa: ASYNC109
        """How many were never given to anybody, and how many were given and not yet acknowledged."""
        found = await self._info(timeout)
        return int(found["num_pending"]), int(found["num_ack_pending"])

    def _fresh(self) -> Config:
        start: Config = {"deliver_policy": "all"}
        if self._after:
            start = {"deliver_policy": "by_start_sequence", "opt_start_seq": self._after + 1}
        return {"durable_name": self._name, "name": self._name, "ack_policy": "explicit", **start, **self._wanted}

    def _check(self, found: Config) -> None:
        """A position says nothing about what was filtered out, or never asked for, before it."""
        added = sorted(set(self._filters or [">"]) - set(_filters(found) or self._filters or [">"]))
        faults = {
            "it does not ask for acknowledgements": found.get("ack_policy") != "explicit",
            "it pushes": bool(found.get("deliver_subject")),
            "it did not begin with the first message": found.get("deliver_policy", "all") not in FROM_ONE_ON,
            "it gives headers alone": bool(found.get("headers_only")),
            f"it has passed over {', '.join(added)}": bool(added),
        }
        if wrong := [sentence for sentence, holds in faults.items() if holds]:
            raise UnusableDurable(
                f"the consumer {self._name} of {self._stream} cannot be used: {'; '.join(wrong)}. "
                "Delete it, and it is made anew and begins from the start"
            )

    async def _config(self, timeout: float) -> Config | None:  # noqa: ASYNC109
        try:
            config: Config = (await self._info(timeout))["config"]
        except wire.ApiError as error:
            if error.code == NO_CONSUMER:
                return None
            raise
        return config

    async def _info(self, timeout: float) -> Answer:  # noqa: ASYNC109
        return await call(self._nc, f"CONSUMER.INFO.{self._stream}.{self._name}", timeout=timeout)

    async def _write(self, action: str, config: Config, timeout: float) -> None:  # noqa: ASYNC109
        verb = f"CONSUMER.CREATE.{self._stream}.{self._name}"
        await call(self._nc, verb, {"stream_name": self._stream, "config": config, "action": action}, timeout=timeout)


def _settled(config: Config) -> Config:
    """Without what would hold up a redelivery or end the consumer, and without the other way to name one filter."""
    return {name: value for name, value in config.items() if name not in DROPPED}


def _filters(config: Config) -> list[str]:
    one = config.get("filter_subject")
    return [one] if one else list(config.get("filter_subjects", []))
