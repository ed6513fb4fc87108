"""A webhook, and the line in the log."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import pytest
import structlog
from pytest_httpserver import HTTPServer
from robot_groups import refused
from structlog.testing import capture_logs
from vendor_fakes import NOW, now
from werkzeug import Request, Response

from services.notifier.channels.base import REASON, Letter, NotDelivered
from services.notifier.channels.log import Log
from services.notifier.channels.webhook import Webhook

SECRET = "Zq-and-thirty-more-characters-of-it"  # noqa: S105 (of a test)
LETTER = Letter(
    notice_id="N1",
    title="督办草稿待签",
    text="正文",
    to="u17",
    link="https://b.cn/s",
    draft="草稿",
    hazard="H1",
    level=3,
)


@pytest.fixture
async def webhook(httpserver: HTTPServer) -> AsyncIterator[Webhook]:
    """To the server on loopback."""
    opened = Webhook("oa", httpserver.url_for("/in"), secret=SECRET, clock=now, total=2.0)
    yield opened
    await opened.close()


async def test_the_receiver_can_tell_who_wrote_when_and_what(webhook: Webhook, httpserver: HTTPServer) -> None:
    """It recomputes the signature over timestamp and body, and reads all of the letter."""

    def _receive(request: Request) -> Response:
        signed = request.headers["Bihuan-Timestamp"].encode() + b"." + request.data
        expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        right = hmac.compare_digest(expected, request.headers["Bihuan-Signature"])
        return Response(status=204 if right else 401)

    httpserver.expect_request("/in", method="POST").respond_with_handler(_receive)
    assert await webhook.send(LETTER) is None
    ((request, _),) = httpserver.log
    assert request.headers["Bihuan-Notice"] == "N1"
    assert int(request.headers["Bihuan-Timestamp"]) == NOW.timestamp()
    assert json.loads(request.data) == {
        "notice": "N1",
        "title": "督办草稿待签",
        "text": "正文",
        "level": 3,
        "hazard": "H1",
        "to": "u17",
        "link": "https://b.cn/s",
        "draft": "草稿",
    }


@pytest.mark.parametrize(("status", "final"), [(410, False), (422, True), (401, False), (307, False), (500, False)])
async def test_a_receiver_may_refuse(status: int, final: bool, webhook: Webhook, httpserver: HTTPServer) -> None:  # noqa: FBT001 (a column)
    """410: nobody listens there any more. Others as every POST; only what is wrong with the letter is final."""
    httpserver.expect_request("/in").respond_with_response(Response(status=status, headers={"Location": "/elsewhere"}))
    wrong = await refused(webhook, LETTER)
    assert (wrong.final, "已停止接收" in wrong.reason) == (final, status == 410)
    assert wrong.unusable is (status in {410, 401, 307})
    assert len(httpserver.log) == 1


async def test_the_log_tells_which_notice_and_nothing_of_the_person() -> None:
    """Title and id; neither text nor address nor link."""
    before = structlog.get_config()
    structlog.reset_defaults()
    with capture_logs() as lines:
        assert await Log().send(LETTER) is None
    structlog.configure(**before)
    assert lines == [
        {
            "event": "notice.shown",
            "channel": "log",
            "notice": "N1",
            "title": "督办草稿待签",
            "level": 3,
            "log_level": "info",
        }
    ]


def test_a_reason_is_one_line_that_fits_the_notices_life() -> None:
    """Line ends and length would be refused where reasons are kept."""
    reason = NotDelivered("很\n长\t的" * 200).reason
    assert len(reason) == REASON
    assert reason.isprintable()
