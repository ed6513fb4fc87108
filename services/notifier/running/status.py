"""How the notifiers stand, read from the event store alone: who is alive, what waits, failed, or lies unanswered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nats.aio.client import Client

from contracts import subjects
from contracts.policy import SIGNED_FROM
from services.journal import streams, wire
from services.journal.bucket import Bucket
from services.journal.events import EventStore
from services.journal.wakeups import WakeUps
from services.journal.work import WorkQueue
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices
from services.notifier.reading import Histories
from services.notifier.running import keeping, marks
from services.notifier.running.heartbeat import Beat, alive

STUCK: Final = timedelta(minutes=1)
"""A queue in which something waits and nothing was worked off for so long."""
LETTERS_STUCK: Final = 5 * STUCK
"""A letter is tried twice, with patience, before it waits elsewhere."""
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
    untold: int
    """Proposals from L2 on that wait unanswered, and of which nobody at all could be told."""
    armed: bool
    """The wake-ups are as the notifiers set them; nobody purged them."""
    gone: Sequence[str]
    """Streams that a notifier needs and that are not there."""

    @property
    def is_well(self) -> bool:
        """Somebody is alive, and everything moves."""
        moves = not any(queue.stuck or not queue.declared for queue in self.queues)
        return bool(self.notifiers) and moves and self.armed and not self.gone and not self.untold


async def status(nc: Client, now: datetime) -> Status:
    """As it is at that moment of the event store's clock; raises Refused where no notifier ever ran there."""
    beats = await alive(Bucket(nc, subjects.NOTIFIER))
    gone = [name for name in keeping.OURS if await streams.stream_config(nc, name) is None]
    lives = [] if subjects.NOTICES in gone else await Notices(EventStore(nc, subjects.NOTICES)).read()
    histories = Histories(EventStore(nc))
    failed = [life for life in lives if life.state == "failed"]
    return Status(
        notifiers=beats,
        queues=[await _queue(name, make(nc), beats, now) for name, make in QUEUES.items()],
        wake_ups=0 if subjects.TIMERS in gone else await WakeUps(nc).pending(),
        draft=await _oldest(lives, histories),
        failures=_failures(failed),
        dead=sum(life.final for life in failed),
        untold=await _untold(lives, histories),
        armed=await marks.wake_ups(nc) is not None,
        gone=gone,
    )


async def _untold(lives: Sequence[Life], histories: Histories) -> int:
    told: dict[tuple[str, str], bool] = {}
    for life in lives:
        notice = life.notice
        if notice is not None and notice.hazard_id and notice.proposal and notice.level >= SIGNED_FROM:
            proposal = notice.hazard_id, notice.proposal
            failed = life.state == "failed" and life.final
            told[proposal] = told.get(proposal, False) or not failed
    lost = [proposal for proposal, reached in told.items() if not reached]
    return sum([proposal in (await histories.read(hazard)).case.proposals for hazard, proposal in lost])


async def _queue(name: str, queue: WorkQueue, beats: Sequence[Beat], now: datetime) -> Queue:
    try:
        pending, under_way = await queue.left()
    except wire.Refused:
        return Queue(name, 0, 0, declared=False)
    return Queue(name, pending, under_way, stuck=is_stuck(name, pending + under_way, beats, now))


def is_stuck(name: str, waiting: int, beats: Sequence[Beat], now: datetime) -> bool:
    """Of the queues of which the notifiers say when they last moved; letters have reasons to wait for longer."""
    moved = [
        progress.at or beat.since for beat in beats for progress in beat.pumps if progress.pump == name and waiting
    ]
    return bool(moved) and now - max(moved) > (LETTERS_STUCK if name == "notices" else STUCK)


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
