"""Notices for the tests: of one hazard, to one person; channels that answer as they are told."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import NAMESPACE_OID, uuid5

from nats.aio.client import Client

from contracts import subjects
from contracts.directory import Address, Directory, Member
from contracts.notices import NOTICE_RECORD, Notice
from contracts.parties import Person
from contracts.terms import Ladder
from services.journal.bucket import Bucket
from services.journal.events import EventStore
from services.journal.wakeups import WakeUps
from services.journal.work import WorkQueue
from services.notifier.channels.base import Letter
from services.notifier.delivering.dead import DeadLetters
from services.notifier.delivering.delivery import Delivery
from services.notifier.delivering.digests import Digests
from services.notifier.delivering.lanes import Lanes
from services.notifier.delivering.limits import Limits
from services.notifier.delivering.links import Links
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.posting import Means
from services.notifier.delivering.scheduling import Hours, subject_of
from services.notifier.delivering.sending import Sending
from tests.props import HAZARD_ID

HAZARD = HAZARD_ID
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning at the site, a Monday."""
LINKS = Links("https://bihuan.example", b"k" * 32)
OWNER = Person(id="owner", name="厂长牛")


def notice(number: int = 1, **changes: object) -> Notice:
    """The reminder of that number."""
    said = {
        "id": str(uuid5(NAMESPACE_OID, str(number))),
        "kind": "reminder",
        "area": HAZARD.partition("-")[0],
        "hazard_id": HAZARD,
        "rule": "G05",
        "step": "first",
        "level": 1,
        "ladder": Ladder.ENTERPRISE,
        "person": OWNER,
        "channels": ("robot",),
        "title": f"整改逾期提醒 {number}",
        "text": "系统提醒（非执法文书）\n请尽快整改。",
    }
    return Notice.model_validate({**said, **changes})


def directory(*ways: str, person: Person = OWNER) -> Directory:
    """Of one person, whom these channels reach."""
    reach = tuple(Address(channel=way, to=f"at-{way}") for way in ways)
    return Directory(people=(Member(id=person.id, name=person.name, reach=reach),))


@dataclass
class Robot:
    """A channel that answers as it is told, letter by letter; told nothing, it takes them."""

    name: str = "robot"
    per_minute: int | None = None
    answers: list[Exception | str | None] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    closed_until: asyncio.Event | None = None
    """It hangs until then."""
    began: asyncio.Event = field(default_factory=asyncio.Event)
    """Something was sent."""

    async def send(self, letter: Letter) -> str | None:
        """Its id, or the trouble that it was told to make."""
        self.letters.append(letter)
        self.began.set()
        if self.closed_until is not None:
            await self.closed_until.wait()
        answer = self.answers.pop(0) if self.answers else f"vendor-{len(self.letters)}"
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Office:
    """A notifier's delivery, its channels, and a clock that the test sets."""

    nc: Client
    robots: tuple[Robot, ...]
    people: Directory
    now: datetime = NOW
    name: str = "one"
    hours: Hours = field(default_factory=Hours)
    lease: timedelta = timedelta(seconds=60)
    patience: timedelta = timedelta(seconds=20)
    lanes: Lanes = field(default_factory=Lanes)
    over: dict[str, str] = field(default_factory=dict)
    """Notices that are no longer so, and why."""

    @cached_property
    def notices(self) -> Notices:
        """What is recorded."""
        return Notices(EventStore(self.nc, subjects.NOTICES))

    @cached_property
    def means(self) -> Means:
        """What attempts stand on; the directory is read when a letter goes."""
        return Means(
            self.notices,
            {robot.name: robot for robot in self.robots},
            lambda: self.people,
            lambda: self.now,
            self.name,
            LINKS,
            lease=self.lease,
            patience=self.patience,
        )

    @cached_property
    def sending(self) -> Sending:
        """One step at a time."""
        dead = DeadLetters(EventStore(self.nc, subjects.DEAD))
        limits = Limits(Bucket(self.nc, subjects.NOTIFIER))
        return Sending(self.means, limits, dead, self.hours, self.lanes, self.reasons)

    async def reasons(self, notices: Sequence[Notice]) -> list[str | None]:
        """Why each is not sent any more."""
        return [self.over.get(one.id) for one in notices]

    async def claim(self, one: Notice) -> str:
        """Its subject."""
        await self.notices.claim(one, at=self.now)
        return subject_of(one)

    async def states(self, subject: str) -> list[str]:
        """Of its records, in order."""
        stored = await EventStore(self.nc, subjects.NOTICES).load(subject)
        return [NOTICE_RECORD.validate_json(one.state).state for one in stored]

    async def dead(self, one: Notice) -> list[str]:
        """Reasons of its dead letters."""
        stored = await EventStore(self.nc, subjects.DEAD).load(subjects.dead_subject(one.id))
        return [json.loads(letter.state)["reason"] for letter in stored]


def delivery(nc: Client, means: Means, hours: Hours) -> Delivery:
    """All its parts, over one connection."""
    wakeups = WakeUps(nc, clock=means.clock)
    sending = Sending(
        means, Limits(Bucket(nc, subjects.NOTIFIER)), DeadLetters(EventStore(nc, subjects.DEAD)), hours, Lanes()
    )
    digests = Digests(means.notices, wakeups, means.clock, hours)
    queue = WorkQueue(nc, subjects.NOTICES, subjects.SEND, ["notices.>"], ack_wait=means.lease.total_seconds())
    return Delivery(means, sending, digests, queue, wakeups)
