"""How the notifiers stand, read from the event store alone: who is alive, what waits, failed, or lies unanswered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nats.aio.client import Client

from contracts import subjects
from services.journal import wire
from services.journal.bucket import Bucket
from services.journal.events import EventStore
from services.journal.wakeups import WakeUps
from services.journal.work import WorkQueue
from services.notifier import keeping
from services.notifier.heartbeat import Beat, alive
from services.notifier.life import Life
from services.notifier.notices import Notices
from services.notifier.reading import Histories

STUCK: Final = timedelta(minutes=1)
"""A queue in which something waits and nothing was worked off for so long."""
QUEUES: Final = {"events": keeping.chase_queue, "wake-ups": keeping.wake_queue, "notices": keeping.send_queue}


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable of the notifiers."""

    name: str
    pending: int
    """Given to nobody yet."""
    under_way: int
    stuck: bool = False
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """That waits for its answer."""

    hazard: str
    proposal: str
    title: str
    person: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """Of one channel."""

    trying: int
    final: int


@dataclass(frozen=True, slots=True)
class Status:
    """All of it."""

    notifiers: Sequence[Beat]
    queues: Sequence[Queue]
    wake_ups: int
    """That wait for their time."""
    draft: Draft | None
    """The one unanswered longest."""
    failures: Mapping[str, Failures]
    dead: int
    """Notices that stand failed for good."""

    @property
    def is_well(self) -> bool:
        """Somebody is alive, and everything moves."""
        return bool(self.notifiers) and not any(queue.stuck or not queue.declared for queue in self.queues)


async def status(nc: Client, now: datetime) -> Status:
    """As it is at that moment of the event store's clock; raises Refused where no notifier ever ran there."""
    beats = await alive(Bucket(nc, subjects.NOTIFIER))
    lives = await Notices(EventStore(nc, subjects.NOTICES)).read()
    failed = [life for life in lives if life.state == "failed"]
    return Status(
        notifiers=beats,
        queues=[await _queue(name, make(nc), beats, now) for name, make in QUEUES.items()],
        wake_ups=await WakeUps(nc).pending(),
        draft=await _oldest(lives, Histories(EventStore(nc))),
        failures=_failures(failed),
        dead=sum(life.final for life in failed),
    )


async def _queue(name: str, queue: WorkQueue, beats: Sequence[Beat], now: datetime) -> Queue:
    try:
        pending, under_way = await queue.left()
    except wire.Refused:
        return Queue(name, 0, 0, declared=False)
    return Queue(name, pending, under_way, stuck=is_stuck(name, pending + under_way, beats, now))


def is_stuck(name: str, waiting: int, beats: Sequence[Beat], now: datetime) -> bool:
    """Of the queues of which the notifiers say when they last worked something off; letters have reasons to wait."""
    moved = [
        progress.at or beat.since for beat in beats for progress in beat.pumps if progress.pump == name and waiting
    ]
    return bool(moved) and now - max(moved) > STUCK


def _failures(failed: Sequence[Life]) -> dict[str, Failures]:
    count = Counter((life.channel or "", life.final) for life in failed)
    return {
        channel: Failures(count[channel, False], count[channel, True]) for channel in sorted({one for one, _ in count})
    }


async def _oldest(lives: Sequence[Life], histories: Histories) -> Draft | None:
    """Whether it was answered, its hazard's history shows."""
    drafts = {life.notice.proposal: life for life in reversed(lives) if life.notice and life.notice.kind == "draft"}
    for life in sorted(drafts.values(), key=_since):
        notice = life.notice
        if notice is None or notice.hazard_id is None or notice.proposal is None:
            continue
        if notice.proposal in (await histories.read(notice.hazard_id)).case.proposals:
            return Draft(notice.hazard_id, notice.proposal, notice.title, notice.person.name, _since(life))
    return None


def _since(life: Life) -> datetime:
    if life.queued_at is None:
        raise ValueError("a notice was queued at some time")
    return life.queued_at
