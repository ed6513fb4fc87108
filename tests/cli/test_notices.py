"""`bihuan notices`: who was told what, whether it arrived, and sending again."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client
from pydantic_core import to_json

from contracts import subjects
from contracts.notices import Acknowledged, Dropped, Failed, Notice, NoticeRecord, Sent
from contracts.parties import Person
from services.cli.main import run
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.library import StoredEvent
from services.journal.streams import declare
from services.journal.wakeups import WakeUps
from services.notifier.delivering.digests import Digests
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.scheduling import Hours, digest_of, subject_of
from tests import servers as real
from tests.cli.conftest import Cli
from tests.notifier.notice_props import NOW, notice

T = TypeVar("T")
DAY = date(2026, 3, 3)
NEXT = DAY + timedelta(days=1)
FAILED = Failed(at=NOW, channel="mail", attempt=1, reason="地址不存在", final=True)
Fresh = Callable[[int], Notice]


@dataclass(frozen=True)
class Post:
    """A server on which no notifier runs, so that everything stands as the test left it."""

    url: str

    def do(self, work: Callable[[Client, Notices], Awaitable[T]]) -> T:
        """Over a connection of its own."""

        async def connected() -> T:
            nc = await connect(self.url, name="test")
            try:
                return await work(nc, Notices(EventStore(nc, subjects.NOTICES)))
            finally:
                await nc.close()

        return asyncio.run(connected())

    def claim(self, one: Notice) -> Notice:
        """Recorded."""
        self.do(lambda _, notices: notices.claim(one, at=NOW))
        return one

    def add(self, subject: str, record: NoticeRecord) -> None:
        """One record more."""

        async def append(_: Client, notices: Notices) -> Life:
            return await notices.append(await notices.life(subject), record)

        self.do(append)

    def fail(self, one: Notice, channel: str = "mail") -> Notice:
        """Recorded, and given up."""
        self.add(subject_of(self.claim(one)), FAILED.model_copy(update={"channel": channel}))
        return one

    def life(self, one: Notice) -> Life:
        """As it stands."""
        return self.do(lambda _, notices: notices.life(subject_of(one)))

    def digests(self, work: Callable[[Digests], Awaitable[None]]) -> None:
        """With the digests of ten in the morning."""
        self.do(lambda nc, notices: work(Digests(notices, WakeUps(nc), lambda: NOW, Hours())))


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """With the notifier's streams."""
    started = real.single(tmp_path_factory.mktemp("post"))
    started.start()
    found = Post(started.url)
    found.do(lambda nc, _: declare(nc, (subjects.EVENTS, subjects.NOTICES, subjects.TIMERS)))
    yield found
    started.stop()


@pytest.fixture
def bihuan(post: Post, capfd: pytest.CaptureFixture[str]) -> Cli:
    """`bihuan … --json` on that server."""

    def ask(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        code = run(["--nats", post.url, *map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)

    return ask


@pytest.fixture
def fresh(area: str) -> Fresh:
    """Notices to somebody whom no other test knows."""
    person = Person(id=f"p-{uuid4()}", name="厂长牛")

    def make(number: int) -> Notice:
        hazard = f"{area}-{uuid4()}"
        return notice(number, id=str(uuid4()), area=area, hazard_id=hazard, person=person)

    return make


def ask(bihuan: Cli, *arguments: str) -> tuple[int, list[tuple[str, str]]]:
    """Ids and states."""
    code, answer = bihuan("notices", *arguments)
    return code, [(one["id"], one["state"]) for one in answer["notices"]]


def test_notices_are_found_by_person_and_by_failure(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """In the order in which they were recorded; the newest where not all are wanted."""
    two, one = post.fail(fresh(2)), post.claim(fresh(1))
    who = one.person.id
    assert ask(bihuan, "--person", who) == (0, [(two.id, "failed"), (one.id, "queued")])
    assert ask(bihuan, "--person", who, "--failed") == (0, [(two.id, "failed")])
    assert ask(bihuan, "--person", who, "--limit", "1") == (0, [(one.id, "queued")])
    assert ask(bihuan, "--person", "nobody") == (0, [])


def test_their_words_are_shown_when_asked_for(post: Post, fresh: Fresh, capfd: pytest.CaptureFixture[str]) -> None:
    """Otherwise a line each, with the reason of a failure."""
    one = post.fail(fresh(1))
    assert run(["--nats", post.url, "notices", "--person", one.person.id]) == 0
    line = capfd.readouterr().out.splitlines()[1].split("\t")
    assert line == ["2026-03-02 10:00", "厂长牛", "L1", one.title, "mail", "未能送达", "地址不存在", one.id]
    assert run(["--nats", post.url, "notices", "--person", one.person.id, "--text"]) == 0
    assert "请尽快整改。" in capfd.readouterr().out


def test_a_reminder_stands_as_its_digest_does(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """Queued until that is gathered; seen when it was seen. What came too late stands as the next day's."""
    items = [post.claim(fresh(number).model_copy(update={"digest": DAY})) for number in range(2)]
    who, province = items[0].person.id, items[0].area[:2]
    first, second = (digest_of(who, day, province) for day in (DAY, NEXT))

    async def work(digests: Digests) -> None:
        for item in items:
            await digests.take(item, DAY)
            await digests.gather(first, to_json({"area": province, "day": DAY}))
        await digests.gather(second, to_json({"area": province, "day": NEXT}))

    assert ask(bihuan, "--person", who) == (0, [(items[0].id, "queued"), (items[1].id, "queued")])
    post.digests(work)
    post.add(f"notices.{province}.digest.{second}.{second}", Acknowledged(at=NOW, person=items[0].person))
    found = dict(ask(bihuan, "--person", who)[1])
    assert [found[item.id] for item in items] == ["queued", "acknowledged"]
    code, answer = bihuan("notices", "replay", items[1].id, "--by", "li:李明")
    assert code == 1
    assert second in answer["skipped"][0]["reason"]


def test_replay_queues_again_under_the_old_id(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """By its id; whoever asked for it is recorded. What is under way is left alone."""
    one = post.fail(fresh(1))
    assert bihuan("notices", "replay", one.id, "--by", "li:李明") == (0, {"replayed": [one.id], "skipped": []})
    life = post.life(one)
    assert (life.state, life.again_by, life.replays) == ("queued", Person(id="li", name="李明"), 1)
    code, answer = bihuan("notices", "replay", one.id, "--by", "li:李明")
    assert (code, answer["replayed"]) == (1, [])


def test_what_arrived_is_sent_again_only_if_that_is_said(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """And who saw it stays known, whatever becomes of the new letter."""
    one = post.claim(fresh(1))
    post.add(subject_of(one), Sent(at=NOW, channel="mail", attempt=1))
    code, answer = bihuan("notices", "replay", one.id, "--by", "li:李明")
    assert (code, answer["replayed"], "--again" in answer["skipped"][0]["reason"]) == (1, [], True)
    post.add(subject_of(one), Acknowledged(at=NOW, person=one.person))
    code, answer = bihuan("notices", "replay", one.id, "--by", "li:李明")
    assert (code, answer["replayed"], one.person.name in answer["skipped"][0]["reason"]) == (1, [], True)
    assert post.life(one).state == "acknowledged"
    assert bihuan("notices", "replay", one.id, "--again", "--by", "li:李明")[0] == 0
    _, shown = bihuan("notices", "--person", one.person.id)
    found = shown["notices"][0]
    assert (found["state"], found["acknowledged_by"]["id"]) == ("queued", one.person.id)


def test_what_was_dropped_is_shown_with_the_reason(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """Also a reminder that was left out of its digest; it may be replayed, and is looked at again then."""
    one = post.claim(fresh(1).model_copy(update={"digest": DAY}))
    post.add(subject_of(one), Dropped(at=NOW, reason="隐患已撤销"))
    _, shown = bihuan("notices", "--person", one.person.id)
    assert (shown["notices"][0]["state"], shown["notices"][0]["reason"]) == ("dropped", "隐患已撤销")
    assert ask(bihuan, "--person", one.person.id, "--failed") == (0, [])
    assert bihuan("notices", "replay", one.id, "--by", "li:李明")[0] == 0


def test_replay_of_all_that_failed_on_a_channel(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """And of no other."""
    one, other = post.fail(fresh(1), "robot"), post.fail(fresh(2), "mail")
    code, answer = bihuan("notices", "replay", "--failed", "--channel", "robot", "--by", "li:李明")
    assert (code, answer["replayed"]) == (0, [one.id])
    assert post.life(other).state == "failed"


@pytest.mark.parametrize(
    "wrong",
    [
        ("replay",),
        ("replay", "x"),
        ("replay", "--failed"),
        ("replay", "x", "--failed", "--by", "li:李明"),
        ("replay", "x", "--by", "李明"),
        ("replay", "x", "--channel", "mail", "--by", "li:李明"),
        ("--limit", "0"),
        ("--hazard", "nonsense"),
    ],
)
def test_what_is_wrong_is_said(bihuan: Cli, wrong: tuple[str, ...]) -> None:
    """Which, by whom, how many."""
    code, answer = bihuan("notices", *wrong)
    assert (code, answer["status"]) == (2, "usage")


@pytest.mark.parametrize("unknown", ["*", ">", "a.b", str(UUID(int=7))])
def test_an_unknown_id_is_named(bihuan: Cli, unknown: str) -> None:
    """And no wildcard chooses anything."""
    code, answer = bihuan("notices", "replay", unknown, "--by", "li:李明")
    assert (code, answer["replayed"], answer["skipped"][0]["id"]) == (1, [], unknown)


def test_the_notices_of_a_hazard_are_found_by_its_number(post: Post, bihuan: Cli, fresh: Fresh) -> None:
    """A hazard that is not there is named."""
    one = post.claim(fresh(1))
    code, answer = bihuan("notices", "--hazard", one.hazard_id or "")
    assert (code, answer["status"]) == (1, "refused")
    history = StoredEvent(subjects.events_subject(subjects.HAZARD, one.hazard_id or ""), 1, "hazard.found", b"{}")
    post.do(lambda nc, _: EventStore(nc).append(history, after=0))
    assert ask(bihuan, "--hazard", one.hazard_id or "") == (0, [(one.id, "queued")])
