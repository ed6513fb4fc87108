"""What a policy file with mistakes is told: the line, the rule, what to write; all of them at once."""

from pathlib import Path

import pytest

from services.policies import (
    MAX_BYTES,
    UnusablePolicyError,
    load_policy,
    load_text,
    policy_version,
    read_policy,
    shipped,
)

GOOD = """\
name: 小策略
ladders:
  enterprise:
    - {level: 1, name: 催办, tell: [responsible]}
    - {level: 2, name: 警示提醒, tell: [enterprise_head], signs: [township_lead]}
rules:
  - id: G05
    title: 逾期
    starts: [deadline]
    steps:
      - {step: late, after: 1 nd, level: 1}
    basis: [{text: 自定, tag: P}]
  - id: G06
    title: 仍未整改
    starts: [deadline]
    follows: G05
    steps:
      - {step: late, after: 5 wd, level: 2}
    basis: [{text: 自定, tag: P}]
"""


def told(text: str) -> list[str]:
    """Line by line."""
    with pytest.raises(UnusablePolicyError) as refused:
        read_policy(text, "县.yaml")
    return str(refused.value).splitlines()


def test_the_good_one_is_read() -> None:
    """Else the others would prove nothing."""
    assert [rule.id for rule in read_policy(GOOD, "县.yaml").rules] == ["G05", "G06"]


@pytest.mark.parametrize(
    ("was", "becomes", "place", "word"),
    [
        ("after: 5 wd", "after: -5 wd", "县.yaml:18 规则 G06 梯级 late：after", "不得为负"),
        ("tell: [responsible]", "tell: [sheriff]", "县.yaml:4 阶梯 enterprise 级别 1：tell", "没有“sheriff”这个角色"),
        ("id: G06", "id: G05", "县.yaml:13 规则 G05：", "写了两次"),
        ("after: 1 nd, level: 1}", "after: 1 nd, level: 5}", "县.yaml:7 规则 G05：", "L5 不在阶梯里"),
        (
            "    starts: [deadline]\n    steps",
            "    starts: [deadline]\n    follows: G06\n    steps",
            "县.yaml:7 规则 G05",
            "G05 → G06",
        ),
        ("follows: G05", "follows: G99", "县.yaml:13 规则 G06：", "G99"),
        (
            "starts: [deadline]",
            "starts: [found]",
            "县.yaml:13 规则 G06：",
            "follows 指向 G05，但两条规则的 starts 不同",
        ),
        ("level: 2}\n", "level: 2, starts: [found]}\n", "县.yaml:13 规则 G06：", "不会是同一次计时"),
        (
            "title: 逾期",
            "applies: {stage: [withdrawn]}\n    title: 逾期",
            "县.yaml:8 规则 G05：",
            "stage 不能写 withdrawn",
        ),
        ("nd, level: 1}", "nd, level: 1, signs: [officer]}", "县.yaml:11 规则 G05 梯级 late：", "不写 signs"),
        ("level: 2}", "level: 2, levle: 2}", "县.yaml:18 规则 G06 梯级 late：", "没有 levle 这个词，最接近的是 level"),
        ("after: 5 wd, level: 2", "level: 2", "县.yaml:18 规则 G06 梯级 late：", "after 或 before"),
        ("starts: [deadline]", "starts: [dedline]", "县.yaml:9 规则 G05：", "没有“dedline”这一选项"),
        ("starts: [deadline]", "starts: deadline", "县.yaml:9 规则 G05：starts", "须是列表，写作 [deadline]"),
        ("tag: P", "tag: Q", "县.yaml:12 规则 G05：tag", "“Q”"),
        (", signs: [township_lead]", "", "县.yaml:5 阶梯 enterprise 级别 2：", "signs"),
        ("title: 逾期", "title: 逾期\n    title: 又", "县.yaml:9 title", "写了两次"),
        ("title: 逾期", "title: 2026-13-01", "县.yaml:8 ", "加引号"),
        ("title: 逾期", "title: &a 逾期\n    label: *a", "县.yaml:9 ", "锚点"),
        ("title: 逾期", "title: !!python/name:os.system 逾期", "县.yaml:8 ", "标签"),
        ("    title: 逾期", "\ttitle: 逾期", "县.yaml:8 ", "制表符"),
        ("title: 逾期", "title: 逾\x07期", "县.yaml:8 ", "U+0007"),
        ("title: 逾期", "title: '逾期", "县.yaml:", "不是有效的 YAML"),
        ("name: 小策略", "name: 小策略\n---", "县.yaml:2 ", "不是有效的 YAML"),
        ("title: 逾期", "? [a]\n    : 逾期", "县.yaml:8 ", "冒号左边"),
        ("level: 2, name", "level: 1, name", "县.yaml:2 ", "由低到高"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_rule(was: str, becomes: str, place: str, word: str) -> None:
    """And what to write instead."""
    assert was in GOOD
    first, *_ = told(GOOD.replace(was, becomes, 1))
    assert first.startswith(place)
    assert word in first


def test_all_mistakes_are_told_in_the_order_of_their_lines() -> None:
    """Nobody mends a file one run at a time; what only follows from another mistake is left out."""
    bad = (
        GOOD.replace("after: 1 nd", "after: soon").replace("title: 仍未整改", "titel: 仍未整改").replace("wd", "weeks")
    )
    assert [line.partition("：")[0] for line in told(bad)] == [
        "县.yaml:11 规则 G05 梯级 late",
        "县.yaml:13 规则 G06",
        "县.yaml:14 规则 G06",
        "县.yaml:18 规则 G06 梯级 late",
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "文件是空的"),
        ("# 只有注释\n", "文件是空的"),
        ("- id: G01\n", "列表"),
        ("小策略", "列表或一个词"),
        ("[" * 40_000, "嵌套过深"),
        ("a: " + "9" * 5_000, "不是有效的数"),
        ("# " + "字" * 50_000, "最多 50000 字"),
        ("# " + "x\n" * 24_990 + '"' * 9_000, "最多"),
    ],
    ids=["empty", "comments", "list", "word", "brackets", "digits", "characters", "bytes"],
)
def test_what_is_no_policy_at_all_gets_a_sentence(text: str, word: str) -> None:
    """On its first line, whatever it is."""
    [line] = told(text)
    assert line.startswith("县.yaml:1 ")
    assert word in line


def test_a_file_of_another_encoding_is_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    """As editors on Windows do, with the line where it begins."""
    path = tmp_path / "县.yaml"
    path.write_bytes(b"# x\n" + "name: 小策略\n".encode("gb18030"))
    with pytest.raises(UnusablePolicyError, match=r"县\.yaml:2 不是 UTF-8"):
        load_policy(path)


def test_the_mark_that_windows_puts_first_is_no_part_of_the_text(tmp_path: Path) -> None:
    """The version is the same as without it."""
    path = tmp_path / "县.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert policy_version(load_text(path)) == policy_version(GOOD)


def test_what_is_no_file_or_far_too_large_is_never_read(tmp_path: Path) -> None:
    """A folder, nothing at all, a gigabyte."""
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(2**30)
    for path, word in ((tmp_path, "没有这个文件"), (tmp_path / "x.yaml", "没有这个文件"), (large, f"{MAX_BYTES}")):
        with pytest.raises(UnusablePolicyError, match=word):
            load_policy(path)


def test_the_shipped_policy_leaves_room_for_a_countys_own_rules() -> None:
    """At least a third of what an event holds."""
    assert len(shipped()[0].encode()) < MAX_BYTES * 2 / 3
