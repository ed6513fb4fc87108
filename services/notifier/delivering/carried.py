"""What became of a reminder that went with a digest: what became of the digest."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from contracts import subjects
from services.notifier.delivering.digests import Gathered, sorted_out
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.scheduling import digest_of, province, subject_of


class Carriers:
    """Finds the digest that carries a reminder; reads what it does not know yet."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._known: dict[str, Gathered] = {}

    def learn(self, lives: Iterable[Life]) -> None:
        """All of NOTICES, or at least all that stands under the digests among these."""
        standing: defaultdict[str, list[Life]] = defaultdict(list)
        for life in lives:
            kind, about, _ = life.subject.rsplit(".", 3)[1:]
            if kind == "digest":
                standing[about].append(life)
        self._known |= {digest: sorted_out(digest, under) for digest, under in standing.items()}

    async def of(self, item: Life) -> Life | None:
        """The digest's life; None while it is not gathered. What came too late for one is in the next day's.

        Its own where it was left out.
        """
        if item.standing == "dropped":
            return item
        notice = item.notice
        day = notice.digest if notice else None
        while notice is not None and day is not None:
            found = await self._gathered(province(notice), digest_of(notice.person.id, day, province(notice)))
            if not any(late.notice and late.notice.id == notice.id for late in found.late):
                return found.digest
            day += timedelta(days=1)
        return None

    async def _gathered(self, area: str, digest: str) -> Gathered:
        if digest not in self._known:
            under = await self._notices.read(subjects.notice_subject(area, "digest", digest, "*"))
            self._known[digest] = sorted_out(digest, under)
        return self._known[digest]


def is_copy(life: Life) -> bool:
    """An item of a digest: told of with its hazard already."""
    notice = life.notice
    return notice is not None and notice.digest is not None and life.subject != subject_of(notice)
