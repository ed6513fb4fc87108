"""The notifier put together: the only file that knows every part of it. It makes no clock: time is the event store's.

`python -m services.notifier.app` runs it alone, as many of it side by side as one likes; `build` gives it to a process
that runs more than that.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from nats.aio.client import Client

from contracts import subjects
from services import logs
from services.directories import UnreadableFileError, Watched
from services.environment import public
from services.journal import connection, wire
from services.journal.bucket import Bucket
from services.journal.clock import ServerClock
from services.journal.events import EventStore
from services.journal.wakeups import WakeUps
from services.notifier.asking import Asker
from services.notifier.channels.base import Channel
from services.notifier.channels.opening import close_channels, open_channels
from services.notifier.chase import Around, Chaser
from services.notifier.counts.counters import Counters
from services.notifier.delivering.acknowledging import Seen, serve
from services.notifier.delivering.claiming import Claiming
from services.notifier.delivering.dead import DeadLetters
from services.notifier.delivering.delivery import Delivery
from services.notifier.delivering.digests import Digests
from services.notifier.delivering.lanes import Lanes
from services.notifier.delivering.limits import Limits
from services.notifier.delivering.links import Links
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.outdated import Outdated
from services.notifier.delivering.posting import Means
from services.notifier.delivering.sending import Sending
from services.notifier.delivering.untold import Untold
from services.notifier.policies import Policies
from services.notifier.reading import Histories
from services.notifier.running import keeping
from services.notifier.running.almanac import Almanac
from services.notifier.running.heartbeat import Heartbeat, Tally, own_name
from services.notifier.running.keeper import Keeper, LostError, RecordGoneError
from services.notifier.running.keeping import PACE, Pace
from services.notifier.running.news import Due, News
from services.notifier.running.pump import Pump
from services.notifier.running.turns import Turns
from services.notifier.settings import Settings
from services.notifier.telling import Teller
from services.notifier.timing.calendars import UnusableCalendarError
from services.tuning import collect_seldom, loop_factory

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Said:
    """What the files and the environment say, read and found usable."""

    settings: Settings
    directory: Watched
    almanac: Almanac
    links: Links | None


@dataclass(frozen=True)
class Running:
    """A notifier at work."""

    task: "asyncio.Task[None]"
    """Ends only by a fault, which rises at the end of the block."""
    page: str | None
    """Where its page of acknowledgements is served, if it is."""


def read(settings: Settings) -> Said:
    """Raises UnreadableFileError, UnusableCalendarError, OSError or ValueError, each with what to do."""
    return Said(
        settings,
        Watched(settings.bihuan_directory),
        Almanac(settings.bihuan_calendar, settings.bihuan_zone),
        settings.links,
    )


@asynccontextmanager
async def build(
    nc: Client, settings: Settings, *, channels: Mapping[str, Channel] | None = None, pace: Pace = PACE
) -> AsyncIterator[Running]:
    """Chases and tells while the block lasts; at its end, what is in hand is finished or given back.

    EVENTS exists. Refuses to start with UnsafeStream, or as `read` and `open_channels` do. `channels` stand for those
    of the settings, and are closed by who gave them.
    """
    said = read(settings)
    await keeping.prepare(nc, replicas=settings.nats_replicas)
    clock = ServerClock(nc)
    async with AsyncExitStack() as stack:
        await clock.start()
        stack.push_async_callback(clock.stop)
        if channels is None:
            channels = open_channels(settings.bihuan_channels, clock)
            stack.push_async_callback(close_channels, channels.values())
        means = Means(
            Notices(EventStore(nc, subjects.NOTICES)),
            channels,
            lambda: said.directory.current,
            clock,
            own_name(),
            said.links,
            timedelta(seconds=pace.lease),
            timedelta(seconds=pace.patience),
        )
        keeper = Keeper(nc, clock, pace, replicas=settings.nats_replicas)
        await keeper.begin()
        page = await _page(stack, said, means)
        task = asyncio.create_task(_run(nc, said, means, keeper, pace))
        try:
            yield Running(task, page)
        finally:
            task.cancel()
            [ended] = await asyncio.gather(task, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended


async def _page(stack: AsyncExitStack, said: Said, means: Means) -> str | None:
    if said.links is None or said.settings.listen is None:
        return None
    seen = Seen(means.notices, said.links, means.clock)
    return await stack.enter_async_context(serve(seen, said.settings.zone, *said.settings.listen))


async def _run(nc: Client, said: Said, means: Means, keeper: Keeper, pace: Pace) -> None:
    """One that fails ends all; where something was lost that can be made again, all begin anew with it."""
    while True:
        try:
            await _together(*_work(nc, said, means, pace), keeper.watch())
        except LostError:
            log.warning("notifier.begins_anew", reason="定时提醒或计数被清除：wake-ups or counts were purged")
        except wire.ApiError as error:
            if error.code != wire.NO_STREAM:
                raise
            log.warning("notifier.begins_anew", reason=str(error))
        await keeper.restore()


def _work(nc: Client, said: Said, means: Means, pace: Pace) -> list[Coroutine[Any, Any, None]]:
    """Three pumps, the directory, the heartbeat."""
    bucket, letters = Bucket(nc, subjects.NOTIFIER), Tally("notices", means.clock)
    store, hours = EventStore(nc), said.settings.hours
    wakeups, policies, counters = WakeUps(nc, clock=means.clock), Policies(store), Counters(bucket)
    histories = Histories(store)
    claiming = Claiming(means.notices, means.clock, hours)
    teller = Teller(policies, means.directory, claiming, means.notices, means.clock, said.settings.zone)
    outdated, dead = Outdated(histories, policies), DeadLetters(EventStore(nc, subjects.DEAD))
    sending = Sending(means, Limits(bucket), dead, hours, Lanes(), outdated.reasons, Untold(teller, store, means))
    digests = Digests(means.notices, wakeups, means.clock, hours, outdated.reasons)
    delivery = Delivery(means, sending, digests, keeping.send_queue(nc, pace, letters.moved), wakeups)
    around = Around(policies, counters, said.almanac, means.clock)
    chaser = Chaser(histories, Asker(nc), wakeups, around)
    turns = Turns()
    news = News(store, chaser, counters, teller, turns)
    pumps = (
        Pump("events", keeping.chase_queue(nc, pace), news, means.clock, keep=pace.work / 3),
        Pump("wake-ups", keeping.wake_queue(nc, pace), Due(chaser, delivery, turns), means.clock, keep=pace.work / 3),
    )
    beating = Heartbeat(bucket, means.name, (*pumps, letters), means.clock)
    return [*(pump.run() for pump in pumps), delivery.run(), said.directory.run(), beating.run()]


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """Until one of them fails: its error is that of all."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed


async def run(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C, or until the connection is closed for good."""
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    nc = await connection.connect(settings.nats_url, name="notifier", credentials=settings.nats_credentials)
    try:
        async with build(nc, settings) as running:
            log.info("service.started", nats=public(settings.nats_url), page=running.page)
            ending = asyncio.create_task(over.wait())
            await asyncio.wait([ending, running.task], return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
    finally:
        await nc.close()
        log.info("service.ended")


def main() -> int:
    """0 ended as asked, 2 wrong settings or files, 3 no server, or not what it kept."""
    logs.configure()
    collect_seldom()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(run(Settings()))
    except RecordGoneError as gone:
        log.error("service.ended", reason=str(gone))  # noqa: TRY400
        return 3
    except (ValueError, UnreadableFileError, UnusableCalendarError, wire.Unsafe, OSError) as wrong:
        log.error("service.refused_to_start", reason=str(wrong))  # noqa: TRY400 (the sentence says it all)
        return 2
    except wire.JournalError as outage:
        log.error("service.lost_its_server", reason=str(outage))  # noqa: TRY400
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
