r"""飞书自定义机器人: rich text to a group, signed in the body.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: sign = base64(HMAC-SHA256(key="timestamp\nsecret",
message="")), the time in seconds and within one hour of theirs; 100 messages a minute and 5 a second; 20 KB a request.
An old answer has StatusCode where the present one has code.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from services.notifier.channels.base import EPOCH, Letter
from services.notifier.channels.fitting import fitted
from services.notifier.channels.pace import Pace
from services.notifier.channels.robots import TOO_FAST, Message, Robot, Said, Verdict, coded, mend

PER_MINUTE: Final = 100
PER_SECOND: Final = 5
LIMIT: Final = 16_000
TITLE: Final = 400
BAD_REQUEST: Final = 9499


class Feishu(Robot):
    """飞书."""

    pace: Pace | None = None
    """Made at the first letter, when there is a loop."""
    codes: Mapping[int, Verdict] = {
        11232: TOO_FAST,
        99991400: TOO_FAST,
        BAD_REQUEST: Verdict("飞书认为消息格式有误，拒收。Feishu refuses the form of the message"),
        19001: mend("飞书机器人的地址无效：请重新复制 Webhook 地址。Copy the address again"),
        19021: mend("飞书验签未通过，或时钟相差一小时以上：请核对渠道文件的 secret。Check the secret and the clock"),
        19022: mend("本机出口地址不在机器人的IP白名单：请在机器人安全设置里添加。Add our address to its list of IPs"),
        19024: mend("消息里没有机器人设置的关键词：请把“系统提醒”加为关键词，或改用签名校验。Add the keyword, or sign"),
    }

    async def send(self, letter: Letter) -> str | None:
        """Not more than five a second."""
        self.pace = self.pace or Pace(1 / PER_SECOND, asyncio.get_running_loop().time)
        await self.pace.turn()
        return await super().send(letter)

    def message(self, letter: Letter) -> Message:
        """Elements of plain text, in which Feishu reads no tag; the link and the call are elements of their own."""
        lines: list[list[Mapping[str, str]]] = [[{"tag": "text", "text": fitted(letter.text, LIMIT)}]]
        if letter.link:
            lines.append([{"tag": "a", "text": "打开并确认已阅", "href": letter.link}])
        if letter.to:
            lines.append([{"tag": "at", "user_id": letter.to}])
        post = {"zh_cn": {"title": fitted(letter.title, TITLE, "…"), "content": lines}}
        return Message({**self._signed(), "msg_type": "post", "content": {"post": post}}, {})

    def said(self, answer: Mapping[str, Any]) -> Said | None:
        """Under `code`, or under the name of the first years."""
        if "code" in answer:
            return coded(answer, "code", "msg")
        return coded(answer, "StatusCode", "StatusMessage")

    def verdict(self, said: Said) -> Verdict | None:
        """9499 stands for a bad request and for too many of them."""
        if said.code == BAD_REQUEST and "too many" in said.words.lower():
            return TOO_FAST
        return super().verdict(said)

    def _signed(self) -> Mapping[str, str]:
        if self.secret is None:
            return {}
        timestamp = str((self.clock() - EPOCH) // timedelta(seconds=1))
        return {"timestamp": timestamp, "sign": signature(timestamp, self.secret)}


def signature(timestamp: str, secret: str) -> str:
    """Time and secret are the key, and the message is empty."""
    mac = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()
