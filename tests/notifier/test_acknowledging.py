"""已阅: the page behind a signed link."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx2
import pytest
from nats.aio.client import Client

from contracts import subjects
from services.journal.connection import connect
from services.journal.events import EventStore
from services.notifier.delivering.acknowledging import Seen, serve
from services.notifier.delivering.links import Links
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.scheduling import SITE, subject_of
from tests.notifier.notice_props import LINKS, NOW, OWNER, Office, Robot, directory, notice
from tests.servers import Servers

ODD = notice(7, title="<script>alert(1)</script>", text="</pre><img src=x>")


@pytest.fixture
async def office(post: Client) -> Office:
    """Two notices are queued in it."""
    found = Office(post, (Robot(),), directory("robot"))
    await found.claim(notice())
    await found.claim(ODD)
    return found


@pytest.fixture
async def page(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at the page's address."""
    async with (
        serve(Seen(office.notices, LINKS, lambda: NOW), SITE, "127.0.0.1", 0) as address,
        httpx2.AsyncClient(base_url=address) as browser,
    ):
        yield browser


def path(number: int = 1, *, person: str = "owner", links: Links = LINKS) -> str:
    """Of the link to that notice."""
    return "/n/" + links.token(subject_of(notice(number)), person)


async def test_to_look_changes_nothing(page: httpx2.AsyncClient, office: Office) -> None:
    """Mail and chat programs fetch links for a preview."""
    for _ in range(3):
        answer = await page.get(path())
        assert answer.status_code == 200
        assert notice().title in answer.text
        assert '<form method="post">' in answer.text
    assert await office.states(subject_of(notice())) == ["queued"]


async def test_the_button_records_who_saw_it_once(page: httpx2.AsyncClient, office: Office) -> None:
    """And then shows when and by whom, without a button."""
    for _ in range(3):
        answer = await page.post(path())
        assert (answer.status_code, "2026-03-02 10:00 厂长牛 已阅" in answer.text) == (200, True)
        assert "<form" not in answer.text
    assert "已阅" in (await page.get(path())).text
    assert await office.states(subject_of(notice())) == ["queued", "acknowledged"]
    life = await office.notices.life(subject_of(notice()))
    assert life.acknowledged is not None
    assert (life.state, life.acknowledged.person) == ("acknowledged", OWNER)


async def test_many_presses_at_once_are_one(page: httpx2.AsyncClient, office: Office) -> None:
    """An impatient thumb."""
    answers = await asyncio.gather(*(page.post(path()) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert await office.states(subject_of(notice())) == ["queued", "acknowledged"]


@pytest.mark.parametrize(
    "wrong",
    [
        "/",
        "/n/",
        "/n/x.y",
        "/docs",
        "/openapi.json",
        path() + "x",
        path(person="other"),
        path(99),
        path(links=Links("https://bihuan.example", b"x" * 32)),
    ],
)
async def test_a_link_that_is_not_ours_opens_nothing(page: httpx2.AsyncClient, office: Office, wrong: str) -> None:
    """Also one that we signed for a notice that is not there, or for whom it does not tell."""
    for method in ("GET", "POST", "DELETE"):
        answer = await page.request(method, wrong)
        assert (answer.status_code, "链接无效" in answer.text) == (404, True)
    assert await office.states(subject_of(notice())) == ["queued"]


async def test_nothing_that_people_wrote_becomes_markup(page: httpx2.AsyncClient) -> None:
    """A title may hold anything."""
    text = (await page.get(path(7))).text
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


async def test_the_page_needs_nobody_else(page: httpx2.AsyncClient) -> None:
    """No script, no other host, no frame, no trace in a cache or a referrer; the one style is named by its hash."""
    answer = await page.get(path())
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    assert b64encode(sha256(style.encode()).digest()).decode() in answer.headers["content-security-policy"]
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; form-action 'self'; frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "http" not in answer.text.replace("https://bihuan.example", "")


async def test_a_store_that_does_not_answer_records_nothing(office: Office, post_server: Servers) -> None:
    """It says so, rather than that it was seen."""
    lost = await connect(post_server.url)
    notices = Notices(EventStore(lost, subjects.NOTICES))
    async with (
        serve(Seen(notices, LINKS, lambda: NOW), SITE, "127.0.0.1", 0) as address,
        httpx2.AsyncClient(base_url=address) as browser,
    ):
        await lost.close()
        answer = await browser.post(path())
    assert (answer.status_code, "请稍后再试" in answer.text) == (503, True)
    assert await office.states(subject_of(notice())) == ["queued"]
