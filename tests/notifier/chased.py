"""Hazards that fall due at known moments, notifiers that are killed over them, and what has to be true in the end."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from nats.aio.client import Client

from contracts import commands, subjects
from contracts.directory import Address, Directory, Member, Post
from contracts.envelope import decode
from contracts.events import HazardEscalated
from contracts.notices import NOTICE_RECORD
from contracts.replies import Accepted
from contracts.terms import Origin, Role
from services.hazard.hazards import Hazards
from services.journal.events import EventStore
from tests import props as p

ROOT: Final = Path(__file__).parents[2]
SHIFTS: Final = (-24, 0, 24)
DAY: Final = timedelta(hours=24)
"""Of rule G02: found, and nothing done about it since."""
RULE: Final = ("G02", "convert")
CADRE: Final = Member(
    id=p.cadre.id,
    name=p.cadre.name,
    posts=(Post(role=Role.VILLAGE_OFFICER, body=p.VILLAGE.id),),
    reach=(Address(channel="log"),),
)
PEOPLE: Final = Directory(bodies=p.DIRECTORY.bodies, people=(CADRE,))
"""One who finds, and is told."""


async def find(hazards: Hazards, moments: Sequence[datetime]) -> list[str]:
    """A hazard for each moment, at which rule G02 falls due; their ids."""
    found: list[str] = []
    for start in range(0, len(moments), 1000):
        asked = [
            commands.FindHazard(
                command_id=f"chased-{number}",
                actor=p.cadre,
                occurred_at=moment - DAY,
                area=p.VILLAGE_AREA,
                description="安全出口堆物",
                place="柜台旁",
                origin=Origin.PATROL,
                party=p.SHOP,
                finders=(p.name(p.cadre),),
            )
            for number, moment in enumerate(moments[start : start + 1000], start)
        ]
        replies = await hazards.batch(asked)
        assert all(isinstance(reply, Accepted) for reply in replies), replies[:1]
        found += [reply.hazard_id for reply in replies if isinstance(reply, Accepted)]
    return found


@dataclass
class Mortals:
    """Notifiers by the hours by which their clocks are wrong."""

    process: Process
    settings: dict[str, Any]
    written: Path
    pids: dict[int, int] = field(default_factory=dict)

    async def start(self, hours: int) -> None:
        """A fresh one."""
        assert self.process.stdin
        assert self.process.stdout
        order = {"settings": self.settings, "written": str(self.written), "hours": hours}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.pids[hours] = int(await asyncio.wait_for(self.process.stdout.readline(), 30))

    def kill(self, hours: int) -> None:
        """Without a chance to tidy up."""
        os.kill(self.pids.pop(hours), signal.SIGKILL)

    def letters(self) -> Counter[str]:
        """What the channel was given, by notice id."""
        lines = self.written.read_text().splitlines() if self.written.exists() else []
        return Counter(str(json.loads(line)[0]) for line in lines)


@asynccontextmanager
async def mortals(url: str, folder: Path) -> AsyncIterator[Mortals]:
    """None runs yet; all are gone at the end."""
    directory = folder / "people.json"
    directory.write_text(PEOPLE.model_dump_json(exclude_none=True))
    settings = {"nats_url": url, "bihuan_directory": str(directory), "bihuan_quiet": "off"}
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.notifier.killed", stdin=PIPE, stdout=PIPE, cwd=ROOT, env=environment
    )
    found = Mortals(process, settings, folder / "letters.jsonl")
    try:
        yield found
    finally:
        for hours in tuple(found.pids):
            found.kill(hours)
        assert process.stdin
        process.stdin.close()
        await process.wait()


@dataclass(frozen=True)
class Verdict:
    """What is recorded in the end."""

    recorded: Counter[str]
    """Proposals of the rule, by hazard."""
    early: list[str]
    """Hazards whose proposal was recorded before it was due."""
    claims: Counter[str]
    """Claims, by notice id."""
    sent: Counter[str]
    hazards: Counter[str]
    """Notices, by hazard."""


async def judge(nc: Client) -> Verdict:
    """Reads everything."""
    recorded: Counter[str] = Counter()
    early: list[str] = []
    store = EventStore(nc)
    async for batch in store.follow(until=await store.last_of_stream()):
        for stored in batch:
            envelope = decode(stored.state)
            event = envelope.event
            if isinstance(event, HazardEscalated) and (event.rule, event.step) == RULE:
                recorded[envelope.aggregate_id] += 1
                assert event.due_at
                early += [envelope.aggregate_id] if event.recorded_at < event.due_at else []
    claims, sent, hazards = Counter[str](), Counter[str](), Counter[str]()
    notices = EventStore(nc, subjects.NOTICES)
    async for batch in notices.follow(until=await notices.last_of_stream()):
        for stored in batch:
            record = NOTICE_RECORD.validate_json(stored.state)
            notice = str(stored.originator_id).rpartition(".")[2]
            if record.state == "queued":
                claims[notice] += 1
                hazards[record.notice.hazard_id or ""] += 1
            sent[notice] += record.state == "sent"
    return Verdict(recorded, early, claims, +sent, hazards)


async def judged(nc: Client, count: int, *, within: float = 60.0) -> Verdict:
    """Once so many notices were sent; or when the time is over, whatever there is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            while len((verdict := await judge(nc)).sent) < count:  # noqa: ASYNC110 (others write)
                await asyncio.sleep(0.3)
            return verdict
    return await judge(nc)
