r"""钉钉自定义机器人: markdown to a group, signed in the address.

https://open.dingtalk.com/document/orgapp/custom-robot-access and .../customize-robot-security-settings: sign =
base64(HMAC-SHA256(secret, "timestamp\nsecret")), the time in milliseconds and within one hour of theirs; 20 messages
a minute, past which the robot is silenced for ten minutes; 20,000 bytes a message.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from services.notifier.channels.base import EPOCH, Letter
from services.notifier.channels.fitting import fitted, plain
from services.notifier.channels.robots import BUSY, Message, Robot, Said, Verdict, is_mobile, mend

PER_MINUTE: Final = 20
LIMIT: Final = 18_000
"""Bytes of the text; title and the rest have what remains of 20,000."""
TITLE: Final = 400
SILENCED: Final = Verdict("发送太快，被限流10分钟，之后重发。Silenced for ten minutes.", final=False, wait=600.0)

_CHECKED: Final = {
    "keyword": "消息里没有机器人设置的关键词：请把“系统提醒”加为关键词，或改用加签。Add the keyword, or sign instead",
    "whitelist": "本机出口地址不在机器人的IP白名单：请在机器人安全设置里添加。Add our address to its list of IPs",
    "timestamp": "签名时间与钉钉相差一小时以上：请核对时钟。The clock is an hour off",
}
_LONG: Final = Verdict("消息过长，被钉钉拒收。Too long")
_UNSAFE: Final = Verdict("钉钉认为内容不合适，请人工通知。DingTalk refuses the content; tell him by other means")


class DingTalk(Robot):
    """钉钉."""

    codes: Mapping[int, Verdict] = {
        -1: BUSY,
        130101: SILENCED,
        410100: SILENCED,
        310000: mend("钉钉验签未通过：请核对渠道文件的 secret（SEC 开头）和机器人的加签设置。Check the secret"),
        400013: mend("钉钉群已解散：请换一个群的机器人。The group is gone"),
        400101: mend("钉钉机器人的 access_token 不存在：请重新复制 Webhook 地址。Copy the address again"),
        300001: mend("钉钉机器人的 access_token 不存在：请重新复制 Webhook 地址。Copy the address again"),
        400102: mend("钉钉机器人已停用：请在群设置里启用。The robot is switched off"),
        400106: mend("钉钉机器人不存在：请重新添加。The robot is gone"),
        430101: _UNSAFE,
        430102: _UNSAFE,
        430103: _UNSAFE,
        430104: _UNSAFE,
        460101: _LONG,
        101002: _LONG,
    }

    def message(self, letter: Letter) -> Message:
        """A heading, the text, the link, and who is called."""
        foot = f"\n\n[打开并确认已阅]({letter.link})" if letter.link else ""
        if letter.to:
            foot += f"\n\n@{letter.to}"
        title = fitted(plain(letter.title), TITLE, "…")
        text = plain(letter.text).replace("\n", "  \n  ")
        body = {
            "msgtype": "markdown",
            "markdown": {"title": title, "text": f"#### {title}\n\n{fitted(text, LIMIT - len(foot.encode()))}{foot}"},
            "at": _called(letter.to),
        }
        return Message(body, self._signed())

    def verdict(self, said: Said) -> Verdict | None:
        """310000 stands for four things that only its words tell apart."""
        if said.code == 310000:  # noqa: PLR2004 (as the vendor's page names it)
            for word, advice in _CHECKED.items():
                if word in said.words.lower():
                    return mend(advice)
        return super().verdict(said)

    def _signed(self) -> Mapping[str, str]:
        if self.secret is None:
            return {}
        timestamp = str((self.clock() - EPOCH) // timedelta(milliseconds=1))
        return {"timestamp": timestamp, "sign": signature(timestamp, self.secret)}


def signature(timestamp: str, secret: str) -> str:
    """Not yet encoded for the address."""
    mac = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def _called(to: str | None) -> Mapping[str, object]:
    if to is None:
        return {"isAtAll": False}
    return {"atMobiles" if is_mobile(to) else "atUserIds": [to], "isAtAll": False}
