"""One run of the notifier's benchmarks: server, hazard service and notifier as processes of their own."""

import asyncio
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final
from uuid import uuid4

from nats.aio.client import Client

from benchmarks import children
from benchmarks.measure import Table, sure
from contracts import subjects
from contracts.envelope import decode
from contracts.events import HazardEscalated, HazardFound
from contracts.notices import NOTICE_RECORD
from contracts.parties import Finder, Party
from contracts.terms import Origin
from services.hazard.app import clock
from services.journal import embedded, streams
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from tests import props as p
from tests.lives import Told as Event
from tests.lives import store
from tests.notifier.chased import DAY, PEOPLE, RULE

DURABLES: Final = {subjects.CHASE: subjects.EVENTS, subjects.WAKE: subjects.TIMERS, subjects.SEND: subjects.NOTICES}
PARTY_HAS: Final = 20
"""Hazards of the same enterprise."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PATIENCE: Final = 3_600.0
"""Seconds after which a run is given up."""


@dataclass
class Bench:
    """One run."""

    table: Table
    folder: Path
    server: embedded.Embedded
    nc: Client
    quick: bool
    filled: int = field(default=0, init=False)
    """Open hazards with a wake-up each, once they were filled in."""

    @property
    def store(self) -> EventStore:
        """Of the events."""
        return EventStore(self.nc)

    @property
    def letters(self) -> Path:
        """What the channel was given."""
        return self.folder / "letters"

    def sized(self, full: int, quick: int) -> int:
        """How many."""
        return quick if self.quick else full

    def notifier(self) -> AbstractAsyncContextManager[Process]:
        """A process of its own, without quiet hours."""
        settings = {"BIHUAN_DIRECTORY": str(people(self.folder)), "BIHUAN_QUIET": "off"}
        return children.child(["-m", "benchmarks.notifying", str(self.letters)], self.server, self.folder, settings)


@asynccontextmanager
async def bench_of(folder: Path, *, quick: bool) -> AsyncIterator[Bench]:
    """With a server and a hazard service of its own."""
    async with embedded.server(folder / "data") as server:
        nc = await connect(server.url, name="bench")
        await streams.declare(nc, [subjects.EVENTS, *DURABLES.values()])
        settings = {"BIHUAN_DIRECTORY": str(people(folder))}
        async with children.child(["-m", "services.hazard.app"], server, folder, settings):
            yield Bench(Table(), folder, server, nc, quick)
        await nc.close()


def people(folder: Path) -> Path:
    """A directory file: one who finds, and is told."""
    path = folder / "people.json"
    if not path.exists():
        path.write_text(PEOPLE.model_dump_json(exclude_none=True), encoding="utf-8")
    return path


async def find(bench: Bench, when: Sequence[datetime]) -> dict[str, datetime]:
    """Hazards found a day before, so that rule G02, an hour rule, falls due at these moments: by id."""
    due = {subjects.aggregate_id(p.VILLAGE_AREA, uuid4()): moment for moment in when}
    events = (
        Event(subjects.HAZARD, one, 1, found(moment - DAY, number)) for number, (one, moment) in enumerate(due.items())
    )
    await store(bench.store, events)
    return due


def found(moment: datetime, number: int) -> HazardFound:
    """On a patrol, and recorded at once."""
    return HazardFound(
        actor=p.cadre,
        occurred_at=moment,
        recorded_at=moment,
        area=p.VILLAGE_AREA,
        description="一层东侧安全出口堆放纸箱，宽度不足1.1米，配电箱前有可燃物",
        place="镇东路12号1号车间",
        origin=Origin.PATROL,
        party=shop(number),
        found_by=(Finder(id=p.VILLAGE.id, name=p.VILLAGE.name, lead=True),),
        finders=(p.name(p.cadre),),
    )


def shop(number: int) -> Party:
    """Whose the n-th hazard is."""
    return p.SHOP.model_copy(update={"id": f"shop-{number // PARTY_HAS}"})


async def standing(bench: Bench) -> dict[str, Mapping[str, int]]:
    """What the server says of the three durables; none before they are made."""
    found = await asyncio.gather(*(_durable(bench, *one) for one in DURABLES.items()))
    return dict(zip(DURABLES, found, strict=True))


async def _durable(bench: Bench, durable: str, stream: str) -> Mapping[str, int]:
    return await call(bench.nc, f"CONSUMER.INFO.{stream}.{durable}", timeout=20)


async def idle(bench: Bench, *durables: str) -> float:
    """Wait until nothing is left to do for these; the moment of the monotonic clock."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await standing(bench)
            left = [found[one]["num_pending"] + found[one]["num_ack_pending"] for one in durables or DURABLES]
            if not any(left):
                return perf_counter()
            await asyncio.sleep(0.02 if sum(left) < 1_000 else 0.5)


@dataclass(frozen=True)
class Told:
    """What became of deadlines: seconds from each to what happened, in order of size."""

    recorded: list[float]
    claimed: list[float]
    called: list[float]


async def told(bench: Bench, due: Mapping[str, datetime], since: Mapping[str, int], *, within: float) -> Told:
    """Once each was sent; each recorded, claimed and called once, and none early, or the run is void."""
    async with asyncio.timeout(within):
        while len(calls := _calls(bench)) < since["called"] + len(due):  # noqa: ASYNC110 (others write)
            await asyncio.sleep(0.2)
    await idle(bench)
    recorded, claimed = await _recorded(bench, due, since["events"]), await _claimed(bench, due, since["notices"])
    sure(Counter(hazard for hazard, _ in recorded) == Counter(due.keys()), "a deadline was not recorded once")
    sure(Counter(hazard for hazard, _, _ in claimed) == Counter(due.keys()), "a deadline was not told once")
    sure(all(late >= 0 for _, late in recorded), "a deadline was recorded early")
    called = [(calls[notice] - due[hazard]).total_seconds() for hazard, notice, _ in claimed]
    return Told(sorted(late for _, late in recorded), sorted(late for *_, late in claimed), sorted(called))


async def mark(bench: Bench) -> dict[str, int]:
    """Where the streams and the letters are now, for `told`."""
    events, notices = bench.store, EventStore(bench.nc, subjects.NOTICES)
    return {
        "events": await events.last_of_stream(),
        "notices": await notices.last_of_stream(),
        "called": len(_calls(bench)),
    }


def _calls(bench: Bench) -> dict[str, datetime]:
    """The first of each notice."""
    found: dict[str, datetime] = {}
    for line in bench.letters.read_text(encoding="ascii").splitlines() if bench.letters.exists() else ():
        notice, nanoseconds = line.split()
        found.setdefault(notice, EPOCH + timedelta(microseconds=int(nanoseconds) / 1_000))
    return found


async def _recorded(bench: Bench, due: Mapping[str, datetime], after: int) -> list[tuple[str, float]]:
    found = []
    until = await bench.store.last_of_stream()
    async for batch in bench.store.follow(after=after, until=until):
        for envelope in (decode(one.state) for one in batch):
            event, hazard = envelope.event, envelope.aggregate_id
            if isinstance(event, HazardEscalated) and (event.rule, event.step) == RULE and hazard in due:
                found.append((hazard, (event.recorded_at - due[hazard]).total_seconds()))
    return found


async def _claimed(bench: Bench, due: Mapping[str, datetime], after: int) -> list[tuple[str, str, float]]:
    found = []
    notices = EventStore(bench.nc, subjects.NOTICES)
    async for batch in notices.follow(after=after, until=await notices.last_of_stream()):
        for record in (NOTICE_RECORD.validate_json(one.state) for one in batch):
            if record.state == "queued" and record.notice.hazard_id in due:
                hazard = record.notice.hazard_id
                found.append((hazard, record.notice.id, (record.at - due[hazard]).total_seconds()))
    return found


def ahead(seconds: float) -> datetime:
    """So many seconds from now."""
    return clock() + timedelta(seconds=seconds)


def moments(count: int, seconds: float, lead: float) -> list[datetime]:
    """At random, within so many seconds, which begin `lead` seconds from now."""
    random, begin = Random(7), ahead(lead)  # noqa: S311 (moments, no secrets)
    return sorted(begin + timedelta(seconds=random.random() * seconds) for _ in range(count))
