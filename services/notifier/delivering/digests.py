"""One digest 每日汇总 for each person and day: all reminders of L0-L1 that are counted in days.

A digest holds the first `items` of those that stand under its id, in the order in which they were stored. Those that
came too late for it go with the next day's, so none is lost and none is told twice. What is no longer so by then is
left out, and its life says so.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

import structlog
from pydantic_core import from_json, to_json

from contracts import subjects
from contracts.notices import Dropped, Notice
from services.journal import wire
from services.journal.wakeups import WakeUps
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.outdated import Reasons, unasked
from services.notifier.delivering.scheduling import Hours, digest_moment, digest_of, province, subject_of
from services.notifier.letters.wording import digest as digest_words

log = structlog.get_logger(__name__)

REMEMBERED: Final = 10_000
"""Digests whose wake-up this process surely set."""
AT_ONCE: Final = 64
"""Reminders whose lives are ended."""
SURELY: Final = timedelta(seconds=5)
"""Before a digest goes; later its wake-up is set again, for it may be gathered at this moment."""


class Gathered(NamedTuple):
    """What stands under a digest's id."""

    digest: Life | None
    items: tuple[Life, ...]
    """In it, or to be."""
    stood: int
    """With those that were left out of it."""
    late: tuple[Life, ...]


class Digests:
    """Collects reminders, and gathers them when their wake-up comes."""

    def __init__(
        self,
        notices: Notices,
        wakeups: WakeUps,
        clock: Callable[[], datetime],
        hours: Hours,
        reasons: Reasons = unasked,
    ) -> None:
        self._notices = notices
        self._wakeups = wakeups
        self._clock = clock
        self._hours = hours
        self._reasons = reasons
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
            found = await self._true(area, digest, found)
        if found.digest is None and found.items:
            items = [life.notice for life in found.items if life.notice]
            await self._notices.claim(gathered(digest, day, items, found.stood), at=self._clock())
            found = await self._found(area, digest)
        for life in found.late:
            if life.notice is not None:
                await self.take(life.notice, day + timedelta(days=1))
        log.info("digest.gathered", digest=digest, items=len(found.items), late=len(found.late))

    async def _true(self, area: str, digest: str, found: Gathered) -> Gathered:
        """Without those that are no longer so; whose lives end with the reason."""
        items = [life.notice for life in found.items if life.notice]
        reasons = await self._reasons(items)
        over = [(item, reason) for item, reason in zip(items, reasons, strict=True) if reason is not None]
        for first in range(0, len(over), AT_ONCE):
            await asyncio.gather(*(self._drop(item, digest, why) for item, why in over[first : first + AT_ONCE]))
        return await self._found(area, digest) if over else found

    async def _drop(self, item: Notice, digest: str, reason: str) -> None:
        """First where its own life is told, so that whoever dies in between leaves it to the next."""
        copy = subjects.notice_subject(province(item), "digest", digest, item.id)
        for subject in (subject_of(item), copy):
            with suppress(wire.Conflict):
                life = await self._notices.life(subject)
                if life.notice is not None and life.notice.digest is not None and not life.is_over:
                    await self._notices.append(life, Dropped(at=self._clock(), reason=reason))

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
    said = made.notice if made else None
    count = (said.gathered or said.items or len(items)) if said else len(items)
    return Gathered(made, _standing(items[:count]), count, _standing(items[count:]))


def _standing(items: Sequence[Life]) -> tuple[Life, ...]:
    return tuple(life for life in items if life.standing != "dropped")


def gathered(digest: str, day: date, items: Sequence[Notice], count: int) -> Notice:
    """The digest of these reminders, one at least, out of so many; it goes the way of the newest, and by itself."""
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
        gathered=count,
        provisional=any(item.provisional for item in items),
    )
