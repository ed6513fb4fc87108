"""DingTalk, Feishu and WeCom: what they mean by no."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from robot_groups import LETTER, Groups, refused
from vendor_fakes import NOW, SECRET, TOKEN

from services.notifier.channels.base import LATER
from services.notifier.channels.dingtalk import DingTalk
from services.notifier.channels.feishu import Feishu
from services.notifier.channels.robots import Robot
from services.notifier.channels.wecom import WeCom


@pytest.mark.parametrize(
    ("kind", "asked", "advice"),
    [
        (DingTalk, {"secret": "SECwrong"}, "secret"),
        (DingTalk, {"token": "wrong"}, "重新复制"),
        (DingTalk, {"clock": lambda: NOW + timedelta(hours=24)}, "时钟"),
        (Feishu, {"secret": "wrong"}, "secret"),
        (Feishu, {"secret": None}, "secret"),
        (Feishu, {"clock": lambda: NOW - timedelta(hours=24)}, "时钟"),
        (WeCom, {"token": "wrong"}, "重新复制"),
    ],
)
async def test_an_error_inside_200_is_a_failure_that_says_what_to_do(
    kind: type[Robot], asked: dict[str, Any], advice: str, groups: Groups
) -> None:
    """HTTP says 200 and the body says no: it waits until the robot is mended, and the reason tells how."""
    there = groups.vendor(kind)
    wrong = await refused(groups.robot(kind, **asked))
    assert (there.taken, wrong.final, wrong.wait, wrong.unusable) == ([], False, LATER, True)
    assert advice in wrong.reason


@pytest.mark.parametrize("kind", [DingTalk, Feishu])
async def test_a_missing_keyword_is_told(kind: type[Robot], groups: Groups) -> None:
    """A robot that wants a keyword gets none of our letters, until somebody adds 系统提醒 to its keywords."""
    groups.vendor(kind, keyword="监控报警")
    wrong = await refused(groups.robot(kind))
    assert (wrong.final, wrong.unusable) == (False, True)
    assert "关键词" in wrong.reason


@pytest.mark.parametrize(("kind", "wait"), [(DingTalk, 600.0), (Feishu, 60.0), (WeCom, 60.0)])
async def test_too_many_in_a_minute_waits(kind: type[Robot], wait: float, groups: Groups) -> None:
    """DingTalk silences a robot for ten minutes, the others count by the minute."""
    there = groups.vendor(kind, per_minute=1)
    chosen = groups.robot(kind)
    await chosen.send(LETTER)
    wrong = await refused(chosen)
    assert (len(there.taken), wrong.final, wrong.wait) == (1, False, wait)


@pytest.mark.parametrize(
    ("kind", "body", "final", "wait"),
    [
        (DingTalk, {"errcode": -1, "errmsg": "系统繁忙"}, False, None),
        (DingTalk, {"errcode": 310000, "errmsg": "description:IP 1.2.3.4 not in whitelist"}, False, LATER),
        (DingTalk, {"errcode": 430101, "errmsg": "unsafe link"}, True, None),
        (DingTalk, {"errcode": 987654, "errmsg": "new"}, False, None),
        (Feishu, {"code": 11232, "msg": "frequency limited"}, False, 60.0),
        (Feishu, {"code": 9499, "msg": "Bad Request"}, True, None),
        (Feishu, {"code": 19022, "msg": "Ip Not Allowed"}, False, LATER),
        (Feishu, {"StatusCode": 19024, "StatusMessage": "Key Words Not Found"}, False, LATER),
        (WeCom, {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}, True, None),
        (WeCom, {"errcode": 45033, "errmsg": "api concurrent out of limit"}, False, 60.0),
        (WeCom, {"errcode": False, "errmsg": "ok"}, False, None),
        (WeCom, {"errcode": "0", "errmsg": "ok"}, False, None),
        (WeCom, {"errmsg": "ok"}, False, None),
    ],
)
async def test_what_a_code_means(
    kind: type[Robot],
    body: dict[str, Any],
    final: bool,  # noqa: FBT001 (a column of the table)
    wait: float | None,
    groups: Groups,
) -> None:
    """Known codes as the vendors' pages say; final is what is wrong with the letter; what nobody knows goes again."""
    groups.answers(kind, body)
    wrong = await refused(groups.robot(kind))
    assert (wrong.final, wrong.wait, wrong.unusable) == (final, wait, wait == LATER)


async def test_the_first_feishu_answer_is_understood(groups: Groups) -> None:
    """StatusCode 0 without code, as years ago: sent."""
    groups.answers(Feishu, {"Extra": None, "StatusCode": 0, "StatusMessage": "success"})
    assert await groups.robot(Feishu).send(LETTER) is None


async def test_feishu_says_how_long_its_limit_lasts(groups: Groups) -> None:
    """Its own header, beside HTTP 400 and a code."""
    body = {"code": 99991400, "msg": "request trigger frequency limit"}
    groups.answers(Feishu, body, 400, x_ogw_ratelimit_reset="52")
    assert (await refused(groups.robot(Feishu))).wait == 52.0


async def test_a_reason_holds_no_address_number_or_token(groups: Groups, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a vendor echoes and whatever the HTTP library logs: neither key nor number is in reason or log."""
    caplog.set_level(logging.DEBUG)
    echo = f"who is 13800000000? see https://oapi.dingtalk.com/robot/send?access_token={TOKEN} or {SECRET}"
    groups.answers(DingTalk, {"errcode": 777, "errmsg": echo})
    wrong = await refused(groups.robot(DingTalk))
    assert "777" in wrong.reason
    ours = "".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")
    for secret in (TOKEN, SECRET, "13800000000"):
        assert secret not in wrong.reason + ours
    assert "13800000000" not in repr(LETTER)
