"""A robot of each kind, and its vendor on loopback."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from vendor_fakes import SECRET, TOKEN, FakeDingTalk, FakeFeishu, FakeWeCom, Vendor, answer, now

from services.notifier.channels.base import Channel, Letter, NotDelivered
from services.notifier.channels.dingtalk import DingTalk
from services.notifier.channels.feishu import Feishu
from services.notifier.channels.robots import Robot
from services.notifier.channels.wecom import WeCom

LETTER = Letter(
    notice_id="5b0c7c1e-0000-5000-8000-000000000001",
    title="系统提醒（非执法文书）：隐患将到期",
    text="甲鞋厂 QS-2026-0001 明日到期。\n请按时整改。",
    to="13800000000",
    link="https://bihuan.example.gov.cn/seen?n=1&s=abc",
)
PATHS = {
    DingTalk: ("/robot/send", "?access_token={}"),
    Feishu: ("/open-apis/bot/v2/hook/{}", ""),
    WeCom: ("/cgi-bin/webhook/send", "?key={}"),
}
FAKES: dict[type[Robot], type[Vendor]] = {DingTalk: FakeDingTalk, Feishu: FakeFeishu, WeCom: FakeWeCom}
KINDS = [DingTalk, Feishu, WeCom]


@dataclass
class Groups:
    """Opens robots, lets vendors listen, and closes what it opened."""

    server: HTTPServer
    opened: list[Robot] = field(default_factory=list)

    def robot(self, kind: type[Robot], *, token: str = TOKEN, **settings: Any) -> Robot:  # noqa: ANN401 (a robot's own)
        """With the token and secret that the vendor knows, unless told otherwise."""
        path, query = PATHS[kind]
        url = self.server.url_for(path.format(token)) + query.format(token)
        asked = {"secret": SECRET, "clock": now, "per_minute": 20, "total": 2.0, **settings}
        self.opened.append(kind("qingshi", url, **asked))
        return self.opened[-1]

    def vendor(self, kind: type[Robot], **settings: Any) -> Vendor:  # noqa: ANN401 (a vendor's own)
        """Listens at the address of robots of that kind."""
        fake = FAKES[kind](**settings)
        self._listens(kind).respond_with_handler(fake)
        return fake

    def answers(self, kind: type[Robot], body: object, status: int = 200, **headers: str) -> None:
        """Whatever it is asked."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._listens(kind).respond_with_response(answer(body, status, named))

    async def close(self) -> None:
        """All robots."""
        for each in self.opened:
            await each.close()

    def _listens(self, kind: type[Robot]) -> Any:  # noqa: ANN401 (the fake server's own)
        return self.server.expect_request(PATHS[kind][0].format(TOKEN), method="POST")


async def refused(channel: Channel, letter: Letter = LETTER) -> NotDelivered:
    """Why the letter was not delivered."""
    with pytest.raises(NotDelivered) as wrong:
        await channel.send(letter)
    return wrong.value
