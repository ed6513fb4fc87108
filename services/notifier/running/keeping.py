"""The notifier's streams and durables; a durable that is forgotten starts from the beginning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from nats.aio.client import Client

from contracts import subjects
from services.journal import streams, wire
from services.journal.api import call
from services.journal.work import WorkQueue

log = structlog.get_logger(__name__)

OURS: Final = (subjects.TIMERS, subjects.NOTICES, subjects.DEAD, subjects.NOTIFIER)
NEWS: Final = (
    subjects.events_of(subjects.HAZARD),
    subjects.events_of(subjects.POLICY),
    subjects.events_of(subjects.INSPECTION),
)
DUE: Final = "due.>"
QUEUED: Final = "notices.>"
NO_CONSUMER: Final = 10014
STARTS_ANEW: Final = ((subjects.EVENTS, subjects.CHASE), (subjects.NOTICES, subjects.SEND))
COUNTS_ANEW: Final = STARTS_ANEW[:1]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds after which what a notifier had in hand goes to another, should it have died."""

    work: float = 15.0
    """Events and wake-ups; it says all the while that it is working on them."""
    letters: float = 30.0
    """Jobs of letters."""
    lease: float = 60.0
    """A letter that was given to a channel."""
    patience: float = 20.0
    """For a channel's answer; well within the lease, and half of it within `letters`."""
    look: float = 60.0
    """Between two looks whether somebody deleted what is kept."""


PACE: Final = Pace()


def chase_queue(nc: Client, pace: Pace = PACE) -> WorkQueue:
    """What happened."""
    return WorkQueue(nc, subjects.EVENTS, subjects.CHASE, NEWS, ack_wait=pace.work)


def wake_queue(nc: Client, pace: Pace = PACE) -> WorkQueue:
    """What became due."""
    return WorkQueue(nc, subjects.TIMERS, subjects.WAKE, (DUE,), ack_wait=pace.work)


def send_queue(nc: Client, pace: Pace = PACE, moved: Callable[[int], None] = lambda _: None) -> WorkQueue:
    """What is to be sent."""
    return WorkQueue(nc, subjects.NOTICES, subjects.SEND, (QUEUED,), ack_wait=pace.letters, moved=moved)


async def prepare(nc: Client, *, replicas: int = 1) -> None:
    """The streams; raises UnsafeStream. What was lost meanwhile, `Keeper.begin` sees."""
    for drift in await streams.declare(nc, OURS, replicas=replicas):
        log.warning("stream.drifted", drift=str(drift))


async def declare(nc: Client, pace: Pace = PACE) -> None:
    """The durables; raises UnusableDurable where one that exists would leave something out."""
    for queue in (chase_queue(nc, pace), wake_queue(nc, pace), send_queue(nc, pace)):
        await queue.declare()


async def start_anew(nc: Client, why: str, queues: Sequence[tuple[str, str]] = STARTS_ANEW) -> None:
    """The durables are forgotten; whoever declares them next reads from the beginning."""
    for stream, durable in queues:
        try:
            await call(nc, f"CONSUMER.DELETE.{stream}.{durable}")
        except wire.ApiError as error:
            if error.code not in {NO_CONSUMER, wire.NO_STREAM}:
                raise
        else:
            log.warning("queue.starts_anew", stream=stream, durable=durable, why=why)
