"""A county at work in a test: a server of its own, a hazard service, a policy of three quick steps, and notifiers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from contracts import commands, subjects
from contracts.directory import Directory
from contracts.envelope import Envelope, decode
from contracts.events import HazardEscalated
from contracts.replies import Accepted, Reply
from contracts.terms import Origin
from services.hazard import app as hazard
from services.hazard.hazards import Hazards
from services.hazard.settings import Settings
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.monitor import check_again
from services.notifier import app
from services.notifier.channels.base import Channel
from services.notifier.running import keeping
from services.notifier.running.keeping import Pace
from services.notifier.settings import Settings as NotifierSettings
from tests import props as p
from tests import servers as real
from tests.notifier.chased import PEOPLE
from tests.servers import Node

QUICK = Pace(work=2.0, letters=2.0, lease=2.0, patience=1.0)
POLICY = """
name: 三步
ladders:
  enterprise:
    - {level: 0, name: 提醒, tell: [finder]}
    - {level: 1, name: 催办, tell: [village_officer]}
rules:
  - id: G02
    title: 登记后无人处置
    starts: [found]
    steps:
      - {step: one, after: 1 h, level: 0}
      - {step: two, after: 2 h, level: 1}
      - {step: three, after: 30 h, level: 1}
    basis: [{text: 测试, tag: P}]
"""
HOUR = timedelta(hours=1)


def now() -> datetime:
    """By this machine's clock, which the server of the test has, too."""
    return datetime.now(UTC)  # noqa: TID251 (deadlines that fall due while the test runs)


@dataclass
class County:
    """What a test does and asks."""

    node: Node
    nc: Client
    folder: Path
    people: Directory = PEOPLE

    @property
    def store(self) -> EventStore:
        """EVENTS."""
        return EventStore(self.nc)

    @asynccontextmanager
    async def service(self, clock: Callable[[], datetime] = now) -> AsyncIterator[Hazards]:
        """A hazard service for as long as the block lasts."""
        settings = Settings(nats_url=self.node.url, nats_monitor_urls=self.node.monitor_url)
        async with hazard.build(self.nc, settings, directory=self.people, now=clock) as running:
            yield running.hazards

    @asynccontextmanager
    async def notifier(self, channel: Channel) -> AsyncIterator[app.Running]:
        """The whole of one, with one channel."""
        (self.folder / "people.json").write_text(self.people.model_dump_json(exclude_none=True))
        settings = NotifierSettings(
            nats_url=self.node.url, bihuan_directory=self.folder / "people.json", bihuan_quiet="off"
        )
        nc = await connect(self.node.url, name="notifier")
        try:
            async with app.build(nc, settings, channels={"log": channel}, pace=QUICK) as running:
                yield running
        finally:
            await nc.close()

    async def escalated(self, hazard_id: str) -> list[tuple[Envelope, HazardEscalated]]:
        """What was proposed, in order."""
        stored = await self.store.load(subjects.events_subject(subjects.HAZARD, hazard_id))
        found = [decode(one.state) for one in stored]
        return [(one, one.event) for one in found if isinstance(one.event, HazardEscalated)]

    async def until(self, truth: Callable[[], Any], timeout: float = 15.0) -> None:  # noqa: ASYNC109
        """An awaitable truth comes true."""
        async with asyncio.timeout(timeout):
            while not await truth():  # noqa: ASYNC110 (others write)
                await asyncio.sleep(0.05)

    async def idle(self) -> bool:
        """Nothing waits in any queue."""
        queues = (keeping.chase_queue(self.nc), keeping.wake_queue(self.nc), keeping.send_queue(self.nc))
        return [await queue.left() for queue in queues] == [(0, 0)] * len(queues)


@asynccontextmanager
async def county(folder: Path) -> AsyncIterator[County]:
    """With nothing stored yet."""
    [node] = real.single(folder).nodes
    node.start()
    await node.ready()
    await check_again(node.monitor_url, pause=0.05)
    nc = await connect(node.url, name="county")
    try:
        yield County(node, nc, folder)
    finally:
        await nc.close()
        node.kill()


def accepted(reply: Reply) -> Accepted:
    """It was."""
    assert isinstance(reply, Accepted), reply
    return reply


async def adopt(hazards: Hazards, text: str = POLICY) -> None:
    """Before anything is found."""
    accepted(
        await hazards.handle(
            commands.AdoptPolicy(
                command_id="adopt-1",
                actor=p.director,
                occurred_at=p.MORNING,
                area=p.EM.area,
                name="三步",
                content=text,
            )
        )
    )


async def find(hazards: Hazards, at: datetime, name: str = "find-1") -> str:
    """A hazard that the cadre found at that moment."""
    found = commands.FindHazard(
        command_id=name,
        actor=p.cadre,
        occurred_at=at,
        area=p.VILLAGE_AREA,
        description="安全出口堆物",
        place="柜台旁",
        origin=Origin.PATROL,
        party=p.SHOP,
        finders=(p.name(p.cadre),),
    )
    return accepted(await hazards.handle(found)).hazard_id
