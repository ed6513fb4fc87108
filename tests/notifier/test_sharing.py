import asyncio

import pytest

from services.notifier.counts.sharing import Shared


class Slow:
    """Each read tells its number once it is let go."""

    def __init__(self) -> None:
        self.begun: list[asyncio.Event] = []

    async def __call__(self, _: str) -> int:
        """Waits for its event."""
        self.begun.append(asyncio.Event())
        number = len(self.begun)
        await self.begun[-1].wait()
        if number == 3:
            raise OSError("the third fails")
        return number


async def settled() -> None:
    """What can run has run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_nobody_is_given_what_was_read_before_he_asked() -> None:
    """Who asks during a read waits for the next, which all who asked meanwhile share."""
    slow = Slow()
    shared = Shared(slow)
    first = [asyncio.create_task(shared("a")) for _ in range(3)]
    await settled()
    second = [asyncio.create_task(shared("a")) for _ in range(3)]
    await settled()
    assert len(slow.begun) == 1
    slow.begun[0].set()
    assert await asyncio.gather(*first) == [1, 1, 1]
    await settled()
    third = asyncio.create_task(shared("a"))
    slow.begun[1].set()
    assert await asyncio.gather(*second) == [2, 2, 2]
    await settled()
    slow.begun[2].set()
    with pytest.raises(OSError, match="third"):
        await third


async def test_a_read_that_failed_or_was_left_stands_in_nobodys_way() -> None:
    """The next one reads anew; who goes away takes nothing with him."""
    slow = Slow()
    shared = Shared(slow)
    left, stays = asyncio.create_task(shared("a")), asyncio.create_task(shared("a"))
    await settled()
    left.cancel()
    slow.begun[0].set()
    assert await stays == 1
    other = asyncio.create_task(shared("b"))
    await settled()
    slow.begun[1].set()
    assert await other == 2
    for failing in (True, False):
        asked = asyncio.create_task(shared("a"))
        await settled()
        slow.begun[-1].set()
        assert isinstance((await asyncio.gather(asked, return_exceptions=True))[0], OSError) is failing
