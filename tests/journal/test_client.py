"""Headers are read as nats-py reads them, only faster."""

from hypothesis import example, given
from hypothesis import strategies as st
from nats.aio.client import Client as NatsClient

from services.journal.client import Client

LINES = st.lists(st.text(st.sampled_from("aZ-9 :\t\r\n\x1f\x85é隐"), max_size=12), max_size=6)


@given(LINES)
@example(["Bihuan-Version: 1", "Bihuan-Topic: hazard.found"])
@example(["A:b", "C:\td", " E: f", "G : h", ": i", "J", "K:  l  ", "M\x1f: n", "O: é", "隐: p", "Q: r:s"])
def test_headers_are_read_as_the_library_reads_them(lines: list[str]) -> None:
    """Whatever the bytes: the same names and values, however odd."""
    raw = "\r\n".join(lines).encode()
    assert Client._parse_header_lines(raw) == NatsClient._parse_header_lines(raw)
