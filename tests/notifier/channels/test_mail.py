"""E-mail, in real conversations with a server that answers as it is told."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest
from loopback_tls import contexts
from mail_server import PASSWORD, Mailbox, serving
from robot_groups import refused
from vendor_fakes import now

from services.notifier.channels.base import Letter
from services.notifier.channels.mail import Mail, Server

SENDER = Address("闭环系统", "noreply", "bihuan.example.gov.cn")
LETTER = Letter(
    notice_id="5b0c7c1e-0000-5000-8000-000000000001",
    title="系统提醒（非执法文书）：隐患将到期",
    text="甲鞋厂 QS-2026-0001 明日到期。\n.\n请按时整改。" + "长" * 2_000,
    to="zhang.san@factory.example.cn",
    link="https://bihuan.example.gov.cn/seen?n=1&s=abc",
)
MESSAGE_ID = f"{LETTER.notice_id}@bihuan.example.gov.cn"


def _mail(port: int, total: float = 5.0, **asked: Any) -> Mail:  # noqa: ANN401 (a server's settings)
    return Mail("mail", Server("127.0.0.1", port, **{"security": "none", **asked}), SENDER, clock=now, total=total)


async def test_a_letter_arrives_with_its_chinese_words_and_its_draft() -> None:
    """Subject, text with a lone dot, link and attached draft arrive as written; it says that a machine wrote it."""
    box = Mailbox()
    async with serving(box) as port:
        assert await _mail(port).send(replace(LETTER, draft="责令限期整改指令书（草稿）")) == "4XyZ12abc"
    (message,) = box.arrived
    body, draft = message.get_body(), next(message.iter_attachments())
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert text.startswith(LETTER.text)
    assert LETTER.link in text
    assert (draft.get_filename(), draft.get_content().strip()) == ("文书草稿.txt", "责令限期整改指令书（草稿）")
    assert (message["Subject"], message["To"], message["Auto-Submitted"]) == (LETTER.title, LETTER.to, "auto-generated")
    assert message["From"].addresses == (SENDER,)
    assert message["Date"].datetime == now()
    assert box.envelopes == [("noreply@bihuan.example.gov.cn", [LETTER.to])]


@pytest.mark.parametrize(
    ("answers", "final", "said"),
    [
        ({"RCPT": "421 4.3.2 closing"}, False, "421"),
        ({"RCPT": "450 4.2.1 greylisted"}, False, "450"),
        ({"RCPT": "550 5.1.1 no such user zhang.san@factory.example.cn"}, True, "核对名录"),
        ({"MAIL": "451 4.3.0 later"}, False, "451"),
        ({"MAIL": "530 5.7.0 authentication required"}, False, "password"),
        ({"MAIL": "553 5.7.1 not your address"}, False, "from"),
        ({"DATA": "452 4.3.1 disk full"}, False, "452"),
        ({"DATA": "554 5.7.1 looks like spam"}, True, "554"),
    ],
)
async def test_a_refusal_is_for_now_or_for_good(answers: Mapping[str, str], final: bool, said: str) -> None:  # noqa: FBT001 (a column of the table)
    """4xx goes again, 5xx to the person or the letter is final; what is our account's fault is not the letter's."""
    box = Mailbox(answers)
    async with serving(box) as port:
        wrong = await refused(_mail(port), LETTER)
    assert (wrong.final, said in wrong.reason, box.arrived) == (final, True, [])
    assert "zhang.san" not in wrong.reason


async def test_a_wrong_password_says_what_to_mend_and_waits() -> None:
    """535 is no fault of the letter; trying at once would lock the account. The right one is let in."""
    box = Mailbox()
    async with serving(box) as port:
        wrong = await refused(_mail(port, user="noreply", password="wrong"), LETTER)  # noqa: S106 (of a test)
        await _mail(port, user="noreply", password=PASSWORD).send(LETTER)
    assert (wrong.final, wrong.wait, "535" in wrong.reason, "password" in wrong.reason) == (False, 300.0, True, True)
    assert len(box.arrived) == 1


async def test_after_a_connection_that_broke_it_goes_again_under_the_same_message_id() -> None:
    """Taken, then hung up before the answer: nobody knows, so it is sent twice and both are seen to be one."""
    box = Mailbox(drop=True)
    async with serving(box) as port:
        wrong = await refused(_mail(port), LETTER)
        box.drop = False
        await _mail(port).send(LETTER)
    assert (wrong.final, "同一编号" in wrong.reason) == (False, True)
    assert [one["Message-ID"] for one in box.arrived] == [f"<{MESSAGE_ID}>"] * 2


async def test_a_server_that_hangs_is_left() -> None:
    """The limit is on the whole conversation."""
    over = asyncio.Event()
    async with serving(Mailbox(hang=over)) as port:
        wrong = await refused(_mail(port, total=0.2), LETTER)
        over.set()
    assert (wrong.final, "超时" in wrong.reason) == (False, True)


async def test_nobody_there_is_said_in_words() -> None:
    """A closed port."""
    async with serving(Mailbox()) as port:
        pass
    wrong = await refused(_mail(port), LETTER)
    assert (wrong.final, "连不上" in wrong.reason) == (False, True)


async def test_a_server_that_tells_no_queue_id_is_quoted_by_message_id() -> None:
    """There is always something to look for in its log."""
    async with serving(Mailbox({"DATA": "250 OK"})) as port:
        assert await _mail(port).send(LETTER) == MESSAGE_ID


@pytest.mark.parametrize(
    "to",
    [None, "", "张三", "zhang.san", "a@b.cn\r\nBcc: c@d.cn", "a@b.cn, c@d.cn", "<a@b.cn>", "张@b.cn", "a@b.cn\x00"],
)
async def test_an_address_that_is_none_is_refused_before_any_connection(to: str | None) -> None:
    """Nobody can be copied in by a line end; the reason points at the directory and does not repeat the address."""
    wrong = await refused(_mail(1), replace(LETTER, to=to))
    assert (wrong.final, "名录" in wrong.reason) == (True, True)


async def test_no_title_adds_a_header() -> None:
    """Line ends in a title are blanks, in whatever alphabet they come."""
    box = Mailbox()
    async with serving(box) as port:
        await _mail(port).send(replace(LETTER, title="隐患\r\nBcc: c@d.cn\u2028\x0bX: y"))
    assert (box.arrived[0]["Subject"], box.arrived[0]["Bcc"]) == ("隐患 Bcc: c@d.cn X: y", None)
    assert box.envelopes[0][1] == [LETTER.to]


async def test_starttls_is_insisted_on(tmp_path: Path) -> None:
    """A server that does not offer it gets no letter; neither does one whose certificate nobody vouches for."""
    server, client = contexts(tmp_path)
    plain, guarded = Mailbox(), Mailbox()
    async with serving(plain) as port:
        unoffered = await refused(_mail(port, security="starttls"), LETTER)
    async with serving(guarded, tls_context=server) as port:
        unknown = await refused(_mail(port, security="starttls"), LETTER)
        assert guarded.arrived == []
        await _mail(port, security="starttls", context=client).send(LETTER)
    assert (plain.arrived, len(guarded.arrived)) == ([], 1)
    assert (unoffered.final, unknown.final) == (False, False)
    assert ("加密" in unoffered.reason, "证书" in unknown.reason) == (True, True)


async def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    """As on port 465."""
    server, client = contexts(tmp_path)
    box = Mailbox()
    async with serving(box, server) as port:
        unknown = await refused(_mail(port, security="tls"), LETTER)
        await _mail(port, security="tls", context=client).send(LETTER)
    assert (len(box.arrived), "证书" in unknown.reason) == (1, True)
