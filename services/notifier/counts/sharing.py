"""Reads that are shared: whoever asks while one is under way gets the next, together with all who ask until then.

So nobody is given what was read before he asked, and however many ask at once, two reads answer them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Of values by name."""

    def __init__(self, read: Callable[[str], Awaitable[T]]) -> None:
        self._read = read
        self._under_way: dict[str, asyncio.Task[T]] = {}
        self._next: dict[str, asyncio.Task[T]] = {}

    async def __call__(self, name: str) -> T:
        """As `read` gives or raises it, begun after this call."""
        task = self._next.get(name)
        if task is None:
            task = self._next[name] = asyncio.create_task(self._after(self._under_way.get(name), name))
        return await asyncio.shield(task)

    async def _after(self, before: "asyncio.Task[T] | None", name: str) -> T:
        if before is not None:
            await asyncio.wait([before])
        own = self._under_way[name] = self._next.pop(name)
        try:
            return await self._read(name)
        finally:
            if self._under_way[name] is own:
                del self._under_way[name]
