"""One POST: what every outcome of it means, by real servers on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from loopback_tls import contexts
from pytest_httpserver import HTTPServer
from robot_groups import refused
from vendor_fakes import now
from werkzeug import Response

from services.notifier.channels.base import NotDelivered
from services.notifier.channels.dingtalk import DingTalk
from services.notifier.channels.robots import Robot

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def _robot(url: str, total: float = 5.0) -> Robot:
    return DingTalk("qingshi", url, clock=now, per_minute=None, total=total)


async def _outcome(url: str, total: float = 5.0) -> NotDelivered:
    robot = _robot(url, total)
    try:
        return await refused(robot)
    finally:
        await robot.close()


@asynccontextmanager
async def _server(
    serve: Callable[[Reader, Writer], Awaitable[None]], context: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    async def _one(reader: Reader, writer: Writer) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(_one, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}/robot/send?access_token=x"


@pytest.mark.parametrize(
    ("status", "headers", "final", "wait"),
    [
        (302, {"Location": "https://elsewhere.example/"}, False, None),
        (400, {}, True, None),
        (401, {}, False, None),
        (403, {}, False, None),
        (404, {}, False, None),
        (408, {}, False, None),
        (413, {}, True, None),
        (429, {}, False, 60.0),
        (429, {"Retry-After": "17"}, False, 17.0),
        (429, {"Retry-After": "0"}, False, 1.0),
        (429, {"Retry-After": "999999999999"}, False, 3600.0),
        (429, {"Retry-After": "Thu, 05 Mar 2026 01:32:00 GMT"}, False, 120.0),
        (429, {"Retry-After": "soon"}, False, 60.0),
        (500, {}, False, None),
        (502, {}, False, None),
        (503, {"Retry-After": "30"}, False, 30.0),
    ],
)
async def test_what_a_status_means(
    status: int,
    headers: dict[str, str],
    final: bool,  # noqa: FBT001 (a column of the table)
    wait: float | None,
    httpserver: HTTPServer,
) -> None:
    """Busy: again, when it says. The wrong address: again, for a person will mend it. Any other refusal: final."""
    httpserver.expect_request("/robot/send").respond_with_response(Response("<html>no</html>", status, headers))
    wrong = await _outcome(httpserver.url_for("/robot/send"))
    assert (wrong.final, wrong.wait) == (final, wait)
    assert len(httpserver.log) == 1, "a redirect was followed"


@pytest.mark.parametrize(
    "body",
    [b"", b"ok", b"<html>login</html>", b"[0]", b"null", b'{"errcode":', b"\xff\xfe{}", b"[" * 60_000, b"0" * 100_000],
)
async def test_an_answer_that_makes_no_sense_is_no_success(body: bytes, httpserver: HTTPServer) -> None:
    """HTTP 200 with anything but the vendor's JSON: nobody knows whether it was taken, so it goes again."""
    httpserver.expect_request("/robot/send").respond_with_response(Response(body, 200))
    wrong = await _outcome(httpserver.url_for("/robot/send"))
    assert (wrong.final, "看不懂" in wrong.reason) == (False, True)


async def test_an_error_status_beats_a_code_of_success(httpserver: HTTPServer) -> None:
    """A proxy that fails with the body of a success sent nothing."""
    httpserver.expect_request("/robot/send").respond_with_response(Response('{"errcode":0}', 502))
    assert not (await _outcome(httpserver.url_for("/robot/send"))).final


async def test_who_takes_the_letter_and_closes_gets_it_again() -> None:
    """Accepted, then closed before a word: unknown, and again under the same notice id."""

    async def _serve(reader: Reader, _: Writer) -> None:
        await reader.read(65_536)

    async with _server(_serve) as there:
        wrong = await _outcome(f"http://{there}")
    assert (wrong.final, "不知是否送达" in wrong.reason) == (False, True)


async def test_half_an_answer_is_none() -> None:
    """The connection ends within the body."""

    async def _serve(_: Reader, writer: Writer) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"errcode":0')
        await writer.drain()

    async with _server(_serve) as there:
        assert not (await _outcome(f"http://{there}")).final


@pytest.mark.parametrize("drip", [b"", b"x"])
async def test_who_hangs_or_dribbles_is_left(drip: bytes) -> None:
    """The limit is on the whole conversation: a byte now and then does not prolong it."""
    over = asyncio.Event()

    async def _serve(_: Reader, writer: Writer) -> None:
        if drip:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + drip)
            await writer.drain()
        await over.wait()

    async with _server(_serve) as there:
        wrong = await _outcome(f"http://{there}", total=0.2)
        over.set()
    assert (wrong.final, "没有及时答复" in wrong.reason) == (False, True)


async def test_a_server_without_tls_is_not_trusted(httpserver: HTTPServer) -> None:
    """An https address that answers in the clear gets no letter."""
    wrong = await _outcome(httpserver.url_for("/robot/send").replace("http:", "https:"))
    assert (wrong.final, httpserver.log) == (False, [])


async def test_a_certificate_that_nobody_vouches_for_gets_no_letter(tmp_path: Path) -> None:
    """The reason says certificate, so that nobody looks for a firewall."""
    served: list[bytes] = []

    async def _serve(reader: Reader, _: Writer) -> None:
        served.append(await reader.read(1))

    async with _server(_serve, contexts(tmp_path)[0]) as there:
        wrong = await _outcome(f"https://{there}")
    assert (wrong.final, "证书" in wrong.reason, served) == (False, True, [])


async def test_nobody_there_is_said_in_words() -> None:
    """A closed port: the reason says to look at network and name, and the letter waits."""
    async with _server(lambda _reader, _writer: asyncio.sleep(0)) as there:
        pass
    wrong = await _outcome(f"http://{there}")
    assert (wrong.final, "连不上" in wrong.reason) == (False, True)
