"""Headers are read as nats-py reads them, only faster; a cancelled request never goes on."""

import asyncio

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg

from services.journal.client import Client
from tests.servers import Servers

LINES = st.lists(st.text(st.sampled_from("aZ-9 :\t\r\n\x1f\x85é隐"), max_size=12), max_size=6)


@given(LINES)
@example(["Bihuan-Version: 1", "Bihuan-Topic: hazard.found"])
@example(["A:b", "C:\td", " E: f", "G : h", ": i", "J", "K:  l  ", "M\x1f: n", "O: é", "隐: p", "Q: r:s"])
def test_headers_are_read_as_the_library_reads_them(lines: list[str]) -> None:
    """Whatever the bytes: the same names and values, however odd."""
    raw = "\r\n".join(lines).encode()
    assert Client._parse_header_lines(raw) == NatsClient._parse_header_lines(raw)


async def test_who_is_cancelled_while_the_answer_comes_ends(single: Servers) -> None:
    """The answer and the cancellation in one turn of the loop: the cancellation is heard."""
    nc = Client()
    await nc.connect(single.url)
    asking = asyncio.create_task(nc.request("nobody.answers.yet", timeout=30))
    await nc.subscribe("nobody.answers.yet")
    while not nc._resp_map:  # noqa: ASYNC110 (the client tells nobody)
        await asyncio.sleep(0)
    [answer] = nc._resp_map.values()
    answer.set_result(Msg(nc))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await nc.close()
