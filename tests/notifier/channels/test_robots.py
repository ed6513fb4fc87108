"""DingTalk, Feishu and WeCom: what a group reads, against fakes that check signatures and limits as the vendors do."""

import json
from dataclasses import replace

import pytest
from robot_groups import KINDS, LETTER, Groups

from services.notifier.channels import dingtalk, feishu
from services.notifier.channels.dingtalk import DingTalk
from services.notifier.channels.feishu import Feishu
from services.notifier.channels.pace import Pace
from services.notifier.channels.robots import Robot
from services.notifier.channels.wecom import WeCom


@pytest.mark.parametrize("kind", KINDS)
async def test_a_letter_is_taken_with_its_words_link_and_call(kind: type[Robot], groups: Groups) -> None:
    """The vendor finds the signature right, and the group reads title, text and link and sees who is called."""
    there = groups.vendor(kind)
    await groups.robot(kind).send(LETTER)
    (taken,) = there.taken
    words = json.dumps(taken, ensure_ascii=False)
    assert all(said in words for said in ("隐患将到期", "请按时整改", "seen?n=1&s=abc", "13800000000"))


async def test_each_vendor_calls_people_in_its_own_way(groups: Groups) -> None:
    """A mobile number or a user id: DingTalk and WeCom keep them apart, Feishu knows ids alone."""
    ding, wecom, fei = groups.vendor(DingTalk), groups.vendor(WeCom), groups.vendor(Feishu)
    for to in ("13800000000", "zhangsan"):
        await groups.robot(DingTalk).send(replace(LETTER, to=to))
        await groups.robot(WeCom).send(replace(LETTER, to=to))
        await groups.robot(Feishu).send(replace(LETTER, to=to))
    assert [one["at"] for one in ding.taken] == [
        {"atMobiles": ["13800000000"], "isAtAll": False},
        {"atUserIds": ["zhangsan"], "isAtAll": False},
    ]
    assert wecom.taken[0]["text"]["mentioned_mobile_list"] == ["13800000000"]
    assert wecom.taken[1]["text"]["mentioned_list"] == ["zhangsan"]
    assert {"tag": "at", "user_id": "zhangsan"} in fei.taken[1]["content"]["post"]["zh_cn"]["content"][-1]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_text_that_is_too_long_is_cut_and_says_so(kind: type[Robot], groups: Groups) -> None:
    """Vendors refuse what is too long: the beginning arrives, whole characters, with where to read on."""
    there = groups.vendor(kind)
    texts = ('隐患🔥\n"引号"' * 3_000, "a" * 30_000)
    letters = [replace(LETTER, text=text, to=to) for text in texts for to in ("13800000000", None)]
    for letter in letters:
        await groups.robot(kind).send(letter)
    for taken in there.taken:
        words = json.dumps(taken, ensure_ascii=False)
        assert "全文见系统" in words
        assert "seen?n=1&s=abc" in words
        assert "\ufffd" not in words


@pytest.mark.parametrize("kind", KINDS)
async def test_who_describes_a_hazard_calls_nobody_and_hides_no_link(kind: type[Robot], groups: Groups) -> None:
    """Markup in a text is shown, not obeyed: no call to all, no link under other words."""
    there = groups.vendor(kind)
    await groups.robot(kind).send(
        replace(LETTER, to=None, link=None, text='<@all> <at user_id="all"></at> [中奖](http://x.cn)')
    )
    (taken,) = there.taken
    if kind is Feishu:
        assert [[one["tag"] for one in line] for line in taken["content"]["post"]["zh_cn"]["content"]] == [["text"]]
    else:
        said = taken["markdown"].get("text") or taken["markdown"]["content"]
        assert not set(said) & set("<>[]")


@pytest.mark.parametrize("kind", KINDS)
async def test_the_draft_stays_out_of_the_group(kind: type[Robot], groups: Groups) -> None:
    """A draft is for its signer; a group is many."""
    there = groups.vendor(kind)
    await groups.robot(kind).send(replace(LETTER, draft="责令限期整改指令书草稿"))
    assert "草稿" not in json.dumps(there.taken, ensure_ascii=False)


async def test_feishu_is_given_five_letters_a_second(groups: Groups) -> None:
    """Two at one moment: the second waits a fifth of a second."""
    slept = list[float]()

    async def _sleep(seconds: float) -> None:
        slept.append(seconds)

    groups.vendor(Feishu)
    robot = groups.robot(Feishu)
    assert isinstance(robot, Feishu)
    robot.pace = Pace(1 / feishu.PER_SECOND, lambda: 0.0, _sleep)
    await robot.send(LETTER)
    await robot.send(LETTER)
    assert slept == [0.2]


def test_signatures_are_those_of_the_vendors_pages() -> None:
    """Computed once with the sample programs of the two pages."""
    assert dingtalk.signature("1577262236757", "this is secret") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
    assert feishu.signature("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="
