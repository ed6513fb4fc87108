"""What the library's recorders ask for, as async calls: insert, select, notify.

An application's events stand on `<root>.<originator>`. Where it also follows others, its positions stand in the same
stream on `<root>.tracking.<application>`: one atomic batch moves both, and the notification ids have holes there.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from uuid import UUID

from nats.aio.client import Client

from services.journal.events import EventStore
from services.journal.library import IntegrityError, Notification, StoredEvent, Tracking
from services.journal.recording.pages import Pages
from services.journal.recording.tracks import TIMEOUT, TRACKING, Tracks, token

IdOf = Callable[[str], UUID | str]


def uuid_or_text(text: str) -> UUID | str:
    """A UUID where the text is one as the library writes it, the text otherwise."""
    try:
        return UUID(text) if str(UUID(text)) == text else text
    except ValueError:
        return text


class Log:
    """The events of one application in one stream.

    Versions begin at 0 or 1 and leave no gap, unless `sparse`, as snapshots are. Reads are as fresh as the leader.
    """

    def __init__(self, nc: Client, stream: str, root: str, *, sparse: bool = False, id_of: IdOf = uuid_or_text) -> None:
        self._store = EventStore(nc, stream, timeout=TIMEOUT)
        self._pages = Pages(nc, stream, str, TIMEOUT)
        self._root = root
        self._sparse = sparse
        self._id_of = id_of
        self.tracks = Tracks(nc, stream, f"{root}.{TRACKING}")

    async def insert(self, events: Sequence[StoredEvent], tracking: Tracking | None = None) -> list[int]:
        """Store all, and the position where there is one, or nothing; gives the events' notification ids."""
        literal = [replace(event, originator_id=self._subject(event.originator_id)) for event in events]
        after = dict(await asyncio.gather(*(self._fitting(*each) for each in _grouped(literal))))
        if tracking is not None:
            mark, last = await self.tracks.step(tracking)
            after[mark.originator_id] = last
            literal.append(mark)
        return (await self._store.append_all(literal, after=after))[: len(events)]

    async def select(
        self, originator: UUID | str, *, gt: int | None, lte: int | None, desc: bool, limit: int | None
    ) -> list[StoredEvent]:
        """The originator's events by version, within these bounds."""
        newest = desc and limit == 1 and gt is None and lte is None and not self._sparse
        subject = self._subject(originator)
        known = await (self._last(subject) if newest else self._history(subject))
        chosen = [each for each in known if _within(each.originator_version, gt, lte)]
        chosen.sort(key=attrgetter("originator_version"), reverse=desc)
        return [StoredEvent(originator, e.originator_version, e.topic, e.state) for e in chosen[:limit]]

    async def notifications(
        self, after: int, limit: int, stop: int | None, topics: Sequence[str]
    ) -> list[Notification]:
        """At most `limit` past `after` and up to `stop`."""
        wildcard = f"{self._root}.*"
        found = await self._pages.stretch(wildcard, after=after, limit=limit, stop=stop, topics=topics or None)
        return [self._named(each) for each in found]

    async def last_id(self) -> int | None:
        """The notification id of the last event; None where there is none."""
        found = await self._pages.last(f"{self._root}.*")
        return found.id if found else None

    async def follow(self, after: int) -> AsyncGenerator[list[Notification], None]:
        """Lists of notifications past `after` as they come, without an end."""
        async for batch in self._store.follow(after=after, subjects=[f"{self._root}.*"]):
            yield [self._named(each) for each in batch]

    async def _fitting(self, subject: str, events: Sequence[StoredEvent]) -> tuple[UUID | str, int]:
        """The sequence after which the events belong; raises IntegrityError where their versions do not fit."""
        known = await (self._history(subject) if self._sparse else self._last(subject))
        fits = _unused if self._sparse else _contiguous
        if not fits([each.originator_version for each in known], [each.originator_version for each in events]):
            stored = known[-1].originator_version if known else "none"
            raise IntegrityError(f"{subject}: these versions do not follow the last stored, {stored}")
        return subject, known[-1].id if known else 0

    async def _last(self, subject: str) -> list[Notification]:
        found = await self._store.last(subject)
        return [found] if found else []

    async def _history(self, subject: str) -> list[Notification]:
        """All of one originator, up to what the leader has: a replica that answers may be behind."""
        last = await self._store.last(subject)
        found: list[Notification] = []
        while last is not None and (not found or found[-1].id < last.id):
            found += await self._store.load(subject, after=found[-1].id if found else 0)
        return found

    def _subject(self, originator: UUID | str) -> str:
        return f"{self._root}.{token(originator)}"

    def _named(self, notification: Notification) -> Notification:
        text = str(notification.originator_id).removeprefix(f"{self._root}.")
        return replace(notification, originator_id=self._id_of(text))


def _grouped(events: Sequence[StoredEvent]) -> list[tuple[str, list[StoredEvent]]]:
    groups: dict[str, list[StoredEvent]] = {}
    for event in events:
        groups.setdefault(str(event.originator_id), []).append(event)
    return list(groups.items())


def _within(version: int, gt: int | None, lte: int | None) -> bool:
    return (gt is None or version > gt) and (lte is None or version <= lte)


def _contiguous(known: Sequence[int], new: Sequence[int]) -> bool:
    start = known[-1] + 1 if known else min(new[0], 1)
    return start >= 0 and list(new) == list(range(start, start + len(new)))


def _unused(known: Sequence[int], new: Sequence[int]) -> bool:
    return len({*known, *new}) == len(known) + len(new)
