"""Robots' vendors as they answer: signatures, limits and error codes inside HTTP 200, on loopback."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug import Request, Response

NOW = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
SECRET = "SEC" + "5f3a" * 12
TOKEN = "0a1b2c3d4e5f" * 5
HOUR = timedelta(hours=1)

Body = Mapping[str, Any]


def now() -> datetime:
    """The vendors' clock, and the event store's."""
    return NOW


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON, as all three of them answer."""
    return Response(json.dumps(body, ensure_ascii=False), status, headers, content_type="application/json")


@dataclass
class Vendor:
    """What is common: it keeps what it took, and may be told to answer otherwise."""

    keyword: str = ""
    per_minute: int = 20
    taken: list[Body] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        """One request."""
        body = request.get_json()
        refusal = self.refusal(request, body)
        if refusal is not None:
            return refusal
        self.taken.append(body)
        return self.thanks()

    def refusal(self, request: Request, body: Body) -> Response | None:
        """Why it is not taken."""
        raise NotImplementedError

    def thanks(self) -> Response:
        """It is taken."""
        return answer({"errcode": 0, "errmsg": "ok"})

    def _first(self, *checks: tuple[bool, Callable[[], Response]]) -> Response | None:
        return next((refusal() for wrong, refusal in checks if wrong), None)


class FakeDingTalk(Vendor):
    """oapi.dingtalk.com/robot/send."""

    def refusal(self, request: Request, body: Body) -> Response | None:
        """In the order in which the real one looks."""
        return self._first(
            (request.args.get("access_token") != TOKEN, lambda: _err(300001, "token is not exist")),
            (not self._timely(request.args.get("timestamp", "")), lambda: _err(310000, "invalid timestamp")),
            (
                not self._signed(request.args),
                lambda: _err(310000, "sign not match, more: https://ding-doc.dingtalk.com"),
            ),
            (len(request.data) > 20_000, lambda: _err(460101, "message too long, exceed 20000 bytes")),
            (body["msgtype"] != "markdown", lambda: _err(400105, "unsupported msgtype")),
            (self.keyword not in body["markdown"]["text"], lambda: _err(310000, "keywords not in content")),
            (len(self.taken) >= self.per_minute, lambda: _err(130101, "send too fast, exceed 20 times per minute")),
        )

    def _timely(self, timestamp: str) -> bool:
        return timestamp.isdigit() and abs(datetime.fromtimestamp(int(timestamp) / 1000, UTC) - NOW) <= HOUR

    def _signed(self, args: Mapping[str, str]) -> bool:
        text = f"{args['timestamp']}\n{SECRET}".encode()
        return args.get("sign") == base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).decode()


class FakeFeishu(Vendor):
    """open.feishu.cn/open-apis/bot/v2/hook/TOKEN."""

    def refusal(self, request: Request, body: Body) -> Response | None:
        """HTTP 400 for what is malformed or too much, 200 for the rest."""
        return self._first(
            (
                not request.path.endswith(TOKEN),
                lambda: _code(19001, "param invalid: incoming webhook access token invalid"),
            ),
            (not self._signed(body), lambda: _code(19021, "sign match fail or timestamp is not within one hour")),
            (len(request.data) > 20_480, lambda: _code(9499, "Bad Request", 400)),
            (
                body["msg_type"] != "post" or "zh_cn" not in body["content"]["post"],
                lambda: _code(9499, "Bad Request", 400),
            ),
            (self.keyword not in json.dumps(body, ensure_ascii=False), lambda: _code(19024, "Key Words Not Found")),
            (len(self.taken) >= self.per_minute, lambda: _code(9499, "too many request", 400)),
        )

    def thanks(self) -> Response:
        """Both names of the code."""
        return answer({"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"})

    def _signed(self, body: Body) -> bool:
        timestamp = body.get("timestamp", "0")
        mac = hmac.new(f"{timestamp}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()
        late = abs(datetime.fromtimestamp(int(timestamp), UTC) - NOW) > HOUR
        return not late and body.get("sign") == base64.b64encode(mac).decode()


class FakeWeCom(Vendor):
    """qyapi.weixin.qq.com/cgi-bin/webhook/send."""

    def refusal(self, request: Request, body: Body) -> Response | None:
        """Every errmsg carries a hint and our address."""
        kind = body["msgtype"]
        limit = {"text": 2048, "markdown": 4096}.get(kind, 0)
        too_long = f"{kind}.content exceed max length {limit}. invalid Request Parameter"
        return self._first(
            (request.args.get("key") != TOKEN, lambda: _hinted(93000, "invalid webhook url")),
            (limit == 0, lambda: _hinted(40008, "invalid message type")),
            (len(body[kind]["content"].encode()) > limit, lambda: _hinted(40058, too_long)),
            (len(self.taken) >= self.per_minute, lambda: _hinted(45009, "api freq out of limit")),
        )


def _err(code: int, words: str) -> Response:
    return answer({"errcode": code, "errmsg": words})


def _code(code: int, words: str, status: int = 200) -> Response:
    return answer({"code": code, "msg": words, "data": {}}, status)


def _hinted(code: int, words: str) -> Response:
    more = f"more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
    return _err(code, f"{words}, hint: [1755605200056773468916791], from ip: 172.212.167.87, {more}")
