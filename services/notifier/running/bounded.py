"""Much at a time, but not all of it; and what goes wrong with one goes wrong with no other."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeVar

import structlog

from services.journal.wire import JournalError

log = structlog.get_logger(__name__)

AT_ONCE: Final = 32

T = TypeVar("T")


async def each(
    names: Collection[str], work: Callable[[str], Awaitable[T]], *, at_once: int = AT_ONCE
) -> tuple[dict[str, T], set[str]]:
    """What came of each, and the names of those that failed: one log line for each, and they are to be tried again."""
    done: dict[str, T] = {}
    failed: set[str] = set()
    waiting = iter(dict.fromkeys(names))

    async def hand() -> None:
        for name in waiting:
            try:
                done[name] = await work(name)
            except JournalError as outage:
                log.warning("work.put_off", about=name, reason=str(outage))
                failed.add(name)
            except Exception:
                log.exception("work.failed", about=name)
                failed.add(name)

    await asyncio.gather(*(hand() for _ in range(min(at_once, len(names)))))
    return done, failed
