"""One digest 每日汇总 for each person and day: all reminders of L0-L1 that are counted in days.

A digest holds the first `items` of those that stand under its id, in the order in which they were stored. Those that
came too late for it go with the next day's, so none is lost and none is told twice.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

import structlog
from pydantic_core import from_json, to_json

from contracts import subjects
from contracts.notices import Notice
from services.journal.wakeups import WakeUps
from services.notifier.life import Life
from services.notifier.notices import Notices
from services.notifier.scheduling import Hours, digest_moment, digest_of, province
from services.notifier.wording import digest as digest_words

log = structlog.get_logger(__name__)

REMEMBERED: Final = 10_000
"""Digests whose wake-up this process surely set."""
SURELY: Final = timedelta(seconds=5)
"""Before a digest goes; later its wake-up is set again, for it may be gathered at this moment."""


class Gathered(NamedTuple):
    """What stands under a digest's id."""

    digest: Life | None
    items: tuple[Life, ...]
    """In it, or to be."""
    late: tuple[Life, ...]


class Digests:
    """Collects reminders, and gathers them when their wake-up comes."""

    def __init__(self, notices: Notices, wakeups: WakeUps, clock: Callable[[], datetime], hours: Hours) -> None:
        self._notices = notices
        self._wakeups = wakeups
        self._clock = clock
        self._hours = hours
        self._set: OrderedDict[str, None] = OrderedDict()
        self._next: dict[str, asyncio.Task[None]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, item: Notice, day: date) -> None:
        """Into its person's digest of that day; as often as one likes."""
        await self._notices.add(item, day, at=self._clock())
        await self._wake(digest_of(item.person.id, day, province(item)), province(item), day)

    async def gather(self, digest: str, body: bytes) -> None:
        """Queue the digest, once; what came after that goes with the next day's."""
        asked = from_json(body)
        area, day = str(asked["area"]), date.fromisoformat(asked["day"])
        found = await self._found(area, digest)
        if found.digest is None and found.items:
            items = [life.notice for life in found.items if life.notice]
            await self._notices.claim(gathered(digest, day, items), at=self._clock())
            found = await self._found(area, digest)
        for life in found.late:
            if life.notice is not None:
                await self.take(life.notice, day + timedelta(days=1))
        log.info("digest.gathered", digest=digest, items=len(found.items), late=len(found.late))

    async def _found(self, area: str, digest: str) -> Gathered:
        return sorted_out(digest, await self._notices.read(subjects.notice_subject(area, "digest", digest, "*")))

    async def _wake(self, digest: str, area: str, day: date) -> None:
        """Set its wake-up, surely after this moment; those who ask meanwhile share one."""
        if digest in self._set and self._clock() < digest_moment(day, self._hours) - SURELY:
            return
        if (task := self._next.get(digest)) is None:
            task = self._next[digest] = asyncio.create_task(self._set_wake_up(digest, area, day))
        await asyncio.shield(task)

    async def _set_wake_up(self, digest: str, area: str, day: date) -> None:
        async with self._turns.setdefault(digest, asyncio.Lock()):
            del self._next[digest]
            body = to_json({"area": area, "day": day.isoformat()})
            await self._wakeups.set("digest", digest, digest_moment(day, self._hours), body)
        self._set[digest] = None
        if len(self._set) > REMEMBERED:
            self._set.popitem(last=False)


def sorted_out(digest: str, lives: Sequence[Life]) -> Gathered:
    """The digest, what is in it and what came too late, out of all that stands under its id."""
    made = next((life for life in lives if life.subject.endswith(f".{digest}.{digest}")), None)
    items = sorted((life for life in lives if life is not made), key=lambda life: life.stored)
    count = made.notice.items if made and made.notice and made.notice.items else len(items)
    return Gathered(made, tuple(items[:count]), tuple(items[count:]))


def gathered(digest: str, day: date, items: Sequence[Notice]) -> Notice:
    """The digest of these reminders, one at least; it goes the way of the newest, and by itself."""
    newest, highest = items[-1], max(items, key=lambda item: item.level)
    said = digest_words(items, day)
    return Notice(
        id=digest,
        kind="digest",
        area=province(newest),
        level=highest.level,
        ladder=highest.ladder,
        person=newest.person,
        channels=newest.channels,
        title=said.title,
        text=said.text,
        items=len(items),
        provisional=any(item.provisional for item in items),
    )
