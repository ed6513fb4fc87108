"""Read a stretch of a stream without a consumer, up to what the leader has."""

import json
from collections.abc import Container

from services.journal.library import Notification
from services.journal.reading import Reader
from services.journal.wire import MAX_BATCH


class Pages(Reader):
    """Reads the messages of a wildcard in order, by batched Direct Get."""

    async def stretch(
        self, subject: str, *, after: int, limit: int, stop: int | None, topics: Container[str] | None
    ) -> list[Notification]:
        """At most `limit` messages past `after` and up to `stop`, of these topics; complete when this is called."""
        last = await self.last(subject)
        end = last.id if last else 0
        end = end if stop is None else min(end, stop)
        size = limit if topics is None else MAX_BATCH
        found: list[Notification] = []
        while after < end and len(found) < limit:
            page = await self._some(subject, after, min(size, MAX_BATCH))
            found += [each for each in page if each.id <= end and (topics is None or each.topic in topics)]
            after = page[-1].id
        return found[:limit]

    async def _some(self, subject: str, after: int, size: int) -> list[Notification]:
        """The next ones, at least one: the leader has it where the replica that answered is behind."""
        query = {"seq": after + 1, "next_by_subj": subject, "batch": size}
        messages = await self._ask(json.dumps(query).encode(), self._timeout / 4)
        page, _ = self._contiguous(messages) if messages else ([], 0)
        if page:
            return page
        following = await self.following(subject, after)
        return [following] if following else []
