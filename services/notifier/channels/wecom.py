"""企业微信群机器人: text that calls one person, or markdown; the key in the address is all its protection.

https://developer.work.weixin.qq.com/document/path/91770: markdown of 4,096 bytes, text of 2,048; 20 messages a minute.
Codes: https://developer.work.weixin.qq.com/document/path/90313.
"""

from collections.abc import Mapping
from typing import Final

from services.notifier.channels.base import Letter
from services.notifier.channels.fitting import fitted, plain
from services.notifier.channels.robots import BUSY, TOO_FAST, Message, Robot, Verdict, is_mobile, mend

PER_MINUTE: Final = 20
TEXT: Final = 2_048
MARKDOWN: Final = 4_096
TITLE: Final = 300

_FORM: Final = Verdict("企业微信认为消息格式有误，拒收。WeCom refuses the form of the message")
_LONG: Final = Verdict("消息过长，被企业微信拒收。Too long")


class WeCom(Robot):
    """企业微信."""

    codes: Mapping[int, Verdict] = {
        -1: BUSY,
        45009: TOO_FAST,
        45033: TOO_FAST,
        93000: mend("企业微信机器人的地址无效或机器人已移出群：请重新复制 Webhook 地址。Copy the address again"),
        40008: _FORM,
        40058: _FORM,
        44004: _FORM,
        45002: _LONG,
    }

    def message(self, letter: Letter) -> Message:
        """Only text can call somebody; without a call there is room for twice as much."""
        title = fitted(plain(letter.title), TITLE, "…")
        if letter.to is None:
            foot = f"\n\n[打开并确认已阅]({letter.link})" if letter.link else ""
            return Message({"msgtype": "markdown", "markdown": {"content": _whole(title, letter, foot, MARKDOWN)}}, {})
        foot = f"\n打开并确认已阅：{letter.link}" if letter.link else ""
        called = "mentioned_mobile_list" if is_mobile(letter.to) else "mentioned_list"
        content = _whole(title, letter, foot, TEXT)
        return Message({"msgtype": "text", "text": {"content": content, called: [letter.to]}}, {})


def _whole(title: str, letter: Letter, foot: str, limit: int) -> str:
    room = limit - len(f"{title}\n{foot}".encode())
    return f"{title}\n{fitted(plain(letter.text), room)}{foot}"
