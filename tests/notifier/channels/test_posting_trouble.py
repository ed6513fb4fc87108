"""One POST: what it means that no answer came."""

import asyncio
from contextlib import suppress
from pathlib import Path

from loopback_tls import contexts
from pytest_httpserver import HTTPServer
from raw_servers import Reader, Writer, outcome, raw_server


async def test_who_takes_the_letter_and_closes_gets_it_again() -> None:
    """Accepted, then closed before a word: unknown, and again under the same notice id."""

    async def _serve(reader: Reader, _: Writer) -> None:
        await reader.read(65_536)

    async with raw_server(_serve) as there:
        wrong = await outcome(f"http://{there}")
    assert (wrong.final, "不知是否送达" in wrong.reason) == (False, True)


async def test_half_an_answer_is_none() -> None:
    """The connection ends within the body."""

    async def _serve(_: Reader, writer: Writer) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"errcode":0')
        await writer.drain()

    async with raw_server(_serve) as there:
        assert not (await outcome(f"http://{there}")).final


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    """Sixty-four kilobytes are no answer of a vendor: the rest is left where it is."""
    over = asyncio.Event()

    async def _serve(_: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b" " * 70_000)
        await writer.drain()
        await over.wait()

    async with raw_server(_serve) as there:
        wrong = await outcome(f"http://{there}")
        over.set()
    assert (wrong.final, "看不懂" in wrong.reason) == (False, True)


async def test_who_hangs_is_left() -> None:
    """Connected, and never a word."""
    over = asyncio.Event()

    async def _serve(_reader: Reader, _writer: Writer) -> None:
        await over.wait()

    async with raw_server(_serve) as there:
        wrong = await outcome(f"http://{there}", total=0.2)
        over.set()
    assert (wrong.final, "没有及时答复" in wrong.reason) == (False, True)


async def test_who_dribbles_is_left() -> None:
    """The limit is on the whole conversation: a byte now and then does not prolong it."""
    over = asyncio.Event()

    async def _serve(_: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
        while not over.is_set():
            writer.write(b" ")
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 0.02)

    async with raw_server(_serve) as there:
        wrong = await outcome(f"http://{there}", total=0.2)
        over.set()
    assert (wrong.final, "没有及时答复" in wrong.reason) == (False, True)


async def test_a_server_without_tls_is_not_trusted(httpserver: HTTPServer) -> None:
    """An https address that answers in the clear gets no letter."""
    wrong = await outcome(httpserver.url_for("/robot/send").replace("http:", "https:"))
    assert (wrong.final, httpserver.log) == (False, [])


async def test_a_certificate_that_nobody_vouches_for_gets_no_letter(tmp_path: Path) -> None:
    """The reason says certificate, so that nobody looks for a firewall."""
    served: list[bytes] = []

    async def _serve(reader: Reader, _: Writer) -> None:
        served.append(await reader.read(1))

    async with raw_server(_serve, contexts(tmp_path)[0]) as there:
        wrong = await outcome(f"https://{there}")
    assert (wrong.final, "证书" in wrong.reason, served) == (False, True, [])


async def test_nobody_there_is_said_in_words() -> None:
    """A closed port: the reason says to look at network and name, and the letter waits."""
    async with raw_server(lambda _reader, _writer: asyncio.sleep(0)) as there:
        pass
    wrong = await outcome(f"http://{there}")
    assert (wrong.final, "连不上" in wrong.reason) == (False, True)
