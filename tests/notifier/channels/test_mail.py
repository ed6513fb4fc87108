"""E-mail, in real conversations with a server that answers as it is told."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from mail_server import LETTER, MESSAGE_ID, PASSWORD, SENDER, Mailbox, mail, serving
from robot_groups import refused
from vendor_fakes import now


async def test_a_letter_arrives_with_its_chinese_words_and_its_draft() -> None:
    """Subject, text with a lone dot, link and attached draft arrive as written; it says that a machine wrote it."""
    box = Mailbox()
    async with serving(box) as port:
        assert await mail(port).send(replace(LETTER, draft="责令限期整改指令书（草稿）")) == "4XyZ12abc"
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
    assert box.hello == SENDER.domain
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
        wrong = await refused(mail(port), LETTER)
    assert (wrong.final, said in wrong.reason, box.arrived) == (final, True, [])
    assert "zhang.san" not in wrong.reason


async def test_a_wrong_password_says_what_to_mend_and_waits() -> None:
    """535 is no fault of the letter; trying at once would lock the account. The right one is let in."""
    box = Mailbox()
    async with serving(box) as port:
        wrong = await refused(mail(port, user="noreply", password="wrong"), LETTER)  # noqa: S106 (of a test)
        await mail(port, user="noreply", password=PASSWORD).send(LETTER)
    assert (wrong.final, wrong.wait, wrong.unusable) == (False, 300.0, True)
    assert "535" in wrong.reason
    assert "password" in wrong.reason
    assert len(box.arrived) == 1


async def test_after_a_connection_that_broke_it_goes_again_under_the_same_message_id() -> None:
    """Taken, then hung up before the answer: nobody knows, so it is sent twice and both are seen to be one."""
    box = Mailbox(drop=True)
    async with serving(box) as port:
        wrong = await refused(mail(port), LETTER)
        box.drop = False
        await mail(port).send(LETTER)
    assert (wrong.final, "同一编号" in wrong.reason) == (False, True)
    assert [one["Message-ID"] for one in box.arrived] == [f"<{MESSAGE_ID}>"] * 2


async def test_a_server_that_hangs_is_left() -> None:
    """The limit is on the whole conversation."""
    over = asyncio.Event()
    async with serving(Mailbox(hang=over)) as port:
        wrong = await refused(mail(port, total=0.2), LETTER)
        over.set()
    assert (wrong.final, "超时" in wrong.reason) == (False, True)


async def test_nobody_there_is_said_in_words() -> None:
    """A closed port."""
    async with serving(Mailbox()) as port:
        pass
    wrong = await refused(mail(port), LETTER)
    assert (wrong.final, "连不上" in wrong.reason) == (False, True)


async def test_a_server_that_tells_no_queue_id_is_quoted_by_message_id() -> None:
    """There is always something to look for in its log."""
    async with serving(Mailbox({"DATA": "250 OK"})) as port:
        assert await mail(port).send(LETTER) == MESSAGE_ID
