"""The notifier's streams and durables, and what is done when wake-ups were lost: everything is looked at again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from nats.aio.client import Client

from contracts import subjects
from services.journal import streams, wire
from services.journal.api import call
from services.journal.wakeups import KEPT
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
ASLEEP: Final = KEPT / 2
"""Fired wake-ups are kept twice as long: after that nobody knows what was missed."""
NO_CONSUMER: Final = 10014
STARTS_ANEW: Final = ((subjects.EVENTS, subjects.CHASE), (subjects.NOTICES, subjects.SEND))


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


PACE: Final = Pace()


def chase_queue(nc: Client, pace: Pace = PACE) -> WorkQueue:
    """What happened."""
    return WorkQueue(nc, subjects.EVENTS, subjects.CHASE, NEWS, ack_wait=pace.work)


def wake_queue(nc: Client, pace: Pace = PACE) -> WorkQueue:
    """What became due."""
    return WorkQueue(nc, subjects.TIMERS, subjects.WAKE, (DUE,), ack_wait=pace.work)


def send_queue(nc: Client, pace: Pace = PACE) -> WorkQueue:
    """What is to be sent."""
    return WorkQueue(nc, subjects.NOTICES, subjects.SEND, (QUEUED,), ack_wait=pace.letters)


async def prepare(nc: Client, *, replicas: int = 1) -> None:
    """The streams; where TIMERS is lost, the queues start from the beginning, which sets every wake-up anew.

    Nothing is proposed and nothing is sent a second time by that. Raises UnsafeStream.
    """
    if await streams.stream_config(nc, subjects.TIMERS) is None:
        await start_anew(nc, "no wake-ups are kept there")
    for drift in await streams.declare(nc, OURS, replicas=replicas):
        log.warning("stream.drifted", drift=str(drift))


async def awaken(nc: Client, silence: timedelta) -> None:
    """After nobody was awake for so long: fired wake-ups may have been thrown away, so everything is looked at."""
    if silence > ASLEEP:
        await start_anew(nc, f"nobody was awake for {silence.days} days")


async def declare(nc: Client, pace: Pace = PACE) -> None:
    """The durables; raises UnusableDurable where one that exists would leave something out."""
    for queue in (chase_queue(nc, pace), wake_queue(nc, pace), send_queue(nc, pace)):
        await queue.declare()


async def start_anew(nc: Client, why: str) -> None:
    """The durables are forgotten; whoever declares them next reads from the beginning."""
    for stream, durable in STARTS_ANEW:
        try:
            await call(nc, f"CONSUMER.DELETE.{stream}.{durable}")
        except wire.ApiError as error:
            if error.code not in {NO_CONSUMER, wire.NO_STREAM}:
                raise
        else:
            log.warning("queue.starts_anew", stream=stream, durable=durable, why=why)
