"""E-mail: to nobody else, and to no server that is not the one meant."""

from dataclasses import replace
from pathlib import Path

import pytest
from loopback_tls import contexts
from mail_server import LETTER, Mailbox, mail, serving
from robot_groups import refused


@pytest.mark.parametrize(
    "to",
    [None, "", "张三", "zhang.san", "a@b.cn\r\nBcc: c@d.cn", "a@b.cn, c@d.cn", "<a@b.cn>", "张@b.cn", "a@b.cn\x00"],
)
async def test_an_address_that_is_none_is_refused_before_any_connection(to: str | None) -> None:
    """Nobody can be copied in by a line end; the reason points at the directory and does not repeat the address."""
    wrong = await refused(mail(1), replace(LETTER, to=to))
    assert (wrong.final, "名录" in wrong.reason) == (True, True)


async def test_no_title_adds_a_header() -> None:
    """Line ends in a title are blanks, in whatever alphabet they come."""
    box = Mailbox()
    async with serving(box) as port:
        await mail(port).send(replace(LETTER, title="隐患\r\nBcc: c@d.cn\u2028\x0bX: y"))
    assert (box.arrived[0]["Subject"], box.arrived[0]["Bcc"]) == ("隐患 Bcc: c@d.cn X: y", None)
    assert box.envelopes[0][1] == [LETTER.to]


async def test_starttls_is_insisted_on(tmp_path: Path) -> None:
    """A server that does not offer it gets no letter; neither does one whose certificate nobody vouches for."""
    server, client = contexts(tmp_path)
    plain, guarded = Mailbox(), Mailbox()
    async with serving(plain) as port:
        unoffered = await refused(mail(port, security="starttls"), LETTER)
    async with serving(guarded, tls_context=server) as port:
        unknown = await refused(mail(port, security="starttls"), LETTER)
        assert guarded.arrived == []
        await mail(port, security="starttls", context=client).send(LETTER)
    assert (plain.arrived, len(guarded.arrived)) == ([], 1)
    assert (unoffered.final, unknown.final) == (False, False)
    assert ("加密" in unoffered.reason, "证书" in unknown.reason) == (True, True)


async def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    """As on port 465."""
    server, client = contexts(tmp_path)
    box = Mailbox()
    async with serving(box, server) as port:
        unknown = await refused(mail(port, security="tls"), LETTER)
        await mail(port, security="tls", context=client).send(LETTER)
    assert (len(box.arrived), "证书" in unknown.reason) == (1, True)
