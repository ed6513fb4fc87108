import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contracts
from contracts import reading, subjects
from contracts.commands import COMMANDS, FindHazard, PlanRectification
from contracts.reading import Invalid, read_batch, read_command

PERSON = {"id": "p1", "name": "周建国"}
ACTOR = PERSON | {"roles": ["safety_manager"], "enterprise": "e1"}
HAZARD = "320623104-5f0c1d2e-0000-4000-8000-000000000001"
ASKED = {"command_id": "c1", "actor": ACTOR, "occurred_at": "2026-03-02T09:15:00+08:00"}
FIND = ASKED | {"area": "320623104", "description": "除尘管道积尘", "origin": "self"}
PLAN = ASKED | {
    "hazard_id": HAZARD,
    "responsible": PERSON,
    "measures": "清理管道",
    "due": "2026-03-20",
    "completer": PERSON,
    "acceptor": PERSON,
}
MEASURE = ASKED | {"hazard_id": HAZARD, "kind": "罚款"}


def as_bytes(value: object) -> bytes:
    """JSON as a client would send it."""
    return json.dumps(value, ensure_ascii=False).encode()


def refusal(imperative: str, body: bytes | dict[str, Any]) -> Invalid:
    """What the reader says to it; reading it without complaint fails the test."""
    with pytest.raises(Invalid) as refused:
        read_command(imperative, body if isinstance(body, bytes) else as_bytes(body))
    return refused.value


def test_a_command_is_read_into_its_type() -> None:
    """Lists, dates and terms arrive as JSON writes them."""
    command = read_command("plan_rectification", as_bytes(PLAN))
    assert isinstance(command, PlanRectification)
    assert command.due.isoformat() == "2026-03-20"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "EOF"),
        (b"{", "EOF"),
        (b"\xff{}", "expected value"),
        (b"\xef\xbb\xbf{}", "expected value"),
        (b'{"a": "\\ud800"}', "escape"),
        (b"{'a': 1}", "key must be a string"),
        (b"[" * 200_000, "recursion limit"),
        (b'{"a":' * 200_000, "recursion limit"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "out of range"),
        (as_bytes(MEASURE)[:-1] + b', "amount": NaN}', "NaN"),
        (as_bytes(MEASURE)[:-1] + b', "amount": -Infinity}', "-Infinity"),
    ],
    ids=["empty", "torn", "latin", "bom", "lone surrogate", "quotes", "lists", "objects", "digits", "NaN", "Infinity"],
)
def test_what_is_not_json_is_malformed(body: bytes, why: str) -> None:
    """Also what only some parsers take: NaN, nesting without end, numbers without end."""
    refused = refusal("record_measure", body)
    assert refused.code == "malformed"
    assert why in refused.reason


@pytest.mark.parametrize("depth", [[], ["actor"], ["actor", "on_behalf_of"]], ids=["top", "actor", "principal"])
def test_a_key_given_twice_is_refused_at_every_depth(depth: list[str]) -> None:
    """Parsers differ about which of the two counts, so neither does."""
    body = FIND | {"actor": ACTOR | {"on_behalf_of": {"person": PERSON}}}
    inner: Any = body
    for step in depth:
        inner = inner[step]
    inner["red"] = inner["green"] = 1
    refused = refusal("find_hazard", as_bytes(body).replace(b"green", b"red"))
    assert (refused.code, refused.field) == ("duplicate_key", "red")


def test_a_key_given_twice_is_refused_though_each_value_would_do() -> None:
    """A validator alone would take the last one in silence."""
    body = as_bytes(FIND)[:-1] + b', "origin": "patrol"}'
    assert refusal("find_hazard", body).code == "duplicate_key"


@pytest.mark.parametrize("body", [b"[]", b"null", b'"find_hazard"', b"1"])
def test_a_command_is_an_object(body: bytes) -> None:
    """Valid JSON of another kind is no command."""
    assert refusal("find_hazard", body).code == "wrong_type"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "第1行第1列"),
        (b'{"a": 1,\n "b" 2}', "第2行第6列"),
        ('{"地点": "一车间" "描述"'.encode(), "第1行第14列"),
        (b'{"a": 1,}', "第1行第9列"),
    ],
)
def test_the_place_of_the_fault_is_told(body: bytes, place: str) -> None:
    """Line and column as an editor counts them, and what is most often wrong there."""
    reason = refusal("find_hazard", body).reason
    assert reason.startswith(f"不是有效的 JSON（{place}附近），请检查引号、逗号、括号：")
    assert "Invalid JSON" not in reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": 5}, "place 类型有误，应为文字"),
        ({"found_by": {}}, "应为列表"),
        ({"actor": 3}, "应为对象"),
        ({"suspected_major": "yes"}, "应为真假值（true 或 false"),
        ({"expected_version": "1"}, "应为整数"),
        ({"occurred_at": 3}, "应为时间"),
        ({"command_id": "a.b"}, "应为字母、数字、_ : -，以字母或数字开头，最多 128 个"),
        ({"description": "字" * 2_001}, "最多 2000"),
    ],
)
def test_what_is_expected_is_told_in_chinese(change: dict[str, Any], words: str) -> None:
    """Whoever fills in a form has not read pydantic."""
    assert words in refusal("find_hazard", FIND | change).reason


def test_every_pattern_has_its_words() -> None:
    """A type that is given a pattern is given a sentence too, here or where it checks itself."""
    schema = json.dumps([kind.model_json_schema() for kind in COMMANDS.values()])
    patterns = {json.loads(found) for found in re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', schema)}
    themselves = {subjects.AREA_PATTERN, *(one for one in patterns if "HJ-N" in one or r"(\.[0-9]{1,2})" in one)}
    assert patterns - themselves == set(reading.FORMS)


def test_an_unknown_command_is_named() -> None:
    """The name comes from the subject; a long or hostile one is not repeated whole."""
    assert refusal("fly_hazard", b"{}").reason.startswith("没有“fly_hazard”这一命令")
    assert "最接近的是 find_hazard" in refusal("find_hazrd", b"{}").reason
    hostile = refusal("\u202efly" * 1_000, b"{}")
    assert hostile.code == "unknown_command"
    assert "\u202e" not in hostile.reason
    assert len(hostile.reason) < 120


def test_a_command_holds_at_most_a_mebibyte() -> None:
    """At the limit it is read, one byte above it is not even parsed."""
    padded = as_bytes(FIND).ljust(reading.MAX_COMMAND)
    assert isinstance(read_command("find_hazard", padded), FindHazard)
    assert refusal("find_hazard", padded + b" ").code == "too_large"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ((), "colour"),
        (("actor",), "actor.colour"),
        (("party",), "party.colour"),
        (("party", "head"), "party.head.colour"),
        (("found_by", 0), "found_by.0.colour"),
        (("photos", 0), "photos.0.colour"),
    ],
)
def test_an_unknown_field_is_refused_and_named_at_every_depth(path: tuple[str | int, ...], field: str) -> None:
    """A typing error must not pass for an empty field."""
    body: Any = json.loads(
        as_bytes(
            FIND
            | {
                "party": {"id": "e1", "name": "某厂", "head": PERSON},
                "found_by": [{"name": "某镇应急办", "lead": True}],
                "photos": [{"sha256": "0" * 64, "media_type": "image/jpeg", "size": 1}],
            }
        )
    )
    assert read_command("find_hazard", as_bytes(body))
    inner = body
    for step in path:
        inner = inner[step]
    inner["colour"] = "red"
    refused = refusal("find_hazard", body)
    assert (refused.code, refused.field) == ("unknown_field", field)


def test_a_misspelt_field_is_named_before_the_one_that_it_leaves_missing() -> None:
    """`describtion` is what the asker must mend; `description` is only the consequence."""
    body = {("describtion" if key == "description" else key): value for key, value in FIND.items()}
    assert refusal("find_hazard", body).field == "describtion"


@pytest.mark.parametrize(
    ("imperative", "change", "code", "field"),
    [
        ("find_hazard", {"area": "32062"}, "invalid_area", "area"),
        ("find_hazard", {"area": "３２０６２３"}, "invalid_area", "area"),
        ("find_hazard", {"description": "  "}, "blank", "description"),
        ("find_hazard", {"description": "字" * 2_001}, "too_long", "description"),
        ("find_hazard", {"description": "a\u202eb"}, "control_character", "description"),
        ("find_hazard", {"category": "人\n物"}, "control_character", "category"),
        ("find_hazard", {"origin": "dream"}, "unknown_value", "origin"),
        ("find_hazard", {"description": 5}, "wrong_type", "description"),
        ("find_hazard", {"suspected_major": "yes"}, "wrong_type", "suspected_major"),
        ("find_hazard", {"found_by": {}}, "wrong_type", "found_by"),
        ("find_hazard", {"found_by": [{"name": "甲"}, {"name": "乙"}]}, "one_lead", "found_by"),
        ("find_hazard", {"finders": [PERSON] * 51}, "too_long", "finders"),
        ("find_hazard", {"actor": ACTOR | {"roles": []}}, "too_short", "actor.roles"),
        ("find_hazard", {"actor": ACTOR | {"roles": ["king"]}}, "unknown_value", "actor.roles.0"),
        ("find_hazard", {"actor": ACTOR | {"body": "b1"}}, "two_sides", "actor"),
        ("find_hazard", {"command_id": "a.b"}, "wrong_form", "command_id"),
        ("find_hazard", {"command_id": "a*"}, "wrong_form", "command_id"),
        ("find_hazard", {"command_id": "a>"}, "wrong_form", "command_id"),
        ("find_hazard", {"command_id": "a\r\n"}, "wrong_form", "command_id"),
        ("find_hazard", {"command_id": "a\n"}, "wrong_form", "command_id"),
        ("find_hazard", {"command_id": "a" * 65_536}, "wrong_form", "command_id"),
        ("find_hazard", {"command_id": ""}, "wrong_form", "command_id"),
        ("find_hazard", {"expected_version": -1}, "out_of_range", "expected_version"),
        ("find_hazard", {"occurred_at": "2026-02-30T08:00:00+08:00"}, "impossible_date", "occurred_at"),
        ("find_hazard", {"occurred_at": "2026-02-28T08:00:00"}, "impossible_date", "occurred_at"),
        ("find_hazard", {"occurred_at": "1700000000"}, "impossible_date", "occurred_at"),
        ("find_hazard", {"occurred_at": 1_700_000_000}, "wrong_type", "occurred_at"),
        ("find_hazard", {"occurred_at": "0001-01-01T00:00:00+14:00"}, "out_of_range", "occurred_at"),
        ("plan_rectification", {"due": "2026-02-30"}, "impossible_date", "due"),
        ("plan_rectification", {"due": "1699920000"}, "impossible_date", "due"),
        ("plan_rectification", {"due": "2026-3-20"}, "impossible_date", "due"),
        ("plan_rectification", {"due": "1026-03-20"}, "out_of_range", "due"),
        ("plan_rectification", {"due": 7}, "wrong_type", "due"),
        ("plan_rectification", {"funds": "-1"}, "out_of_range", "funds"),
        ("plan_rectification", {"funds": "0.001"}, "invalid_money", "funds"),
        ("plan_rectification", {"funds": "NaN"}, "invalid_money", "funds"),
        ("plan_rectification", {"funds": "lots"}, "invalid_money", "funds"),
        ("plan_rectification", {"funds": "9" * 17}, "invalid_money", "funds"),
        ("plan_rectification", {"hazard_id": HAZARD.upper()}, "wrong_form", "hazard_id"),
        ("plan_rectification", {"hazard_id": "../" + HAZARD}, "wrong_form", "hazard_id"),
        ("plan_rectification", {"hazard_id": HAZARD + "\n"}, "wrong_form", "hazard_id"),
    ],
)
def test_each_fault_has_its_code_and_names_its_field(
    imperative: str, change: dict[str, Any], code: str, field: str
) -> None:
    """The code is for programs and stable, the field is a dotted path, the reason opens in Chinese."""
    refused = refusal(imperative, (FIND if imperative == "find_hazard" else PLAN) | change)
    assert (refused.code, refused.field) == (code, field)
    assert re.match(r"[ -~]*[\u4e00-\u9fff]", refused.reason)


@pytest.mark.parametrize("field", ["command_id", "actor", "occurred_at", "area", "description", "origin"])
def test_a_missing_field_is_named(field: str) -> None:
    """What even an old case has, every command has."""
    refused = refusal("find_hazard", {key: value for key, value in FIND.items() if key != field})
    assert (refused.code, refused.field) == ("missing_field", field)


def test_a_credit_code_with_a_wrong_check_digit_is_refused() -> None:
    """One digit off is another enterprise, or none."""
    party = {"id": "e1", "name": "某厂", "credit_code": "91310115MA1H8R7C6D"}
    refused = refusal("find_hazard", FIND | {"party": party})
    assert (refused.code, refused.field) == ("invalid_credit_code", "party.credit_code")


def test_no_answer_repeats_more_than_sixty_characters_of_the_input() -> None:
    """A log and a screen stay readable whatever was sent, and nothing in them runs backwards."""
    key = "钥\u202e\n" * 30_000
    for change in ({key: 1}, {"origin": key}, {"actor": {key: {key: 1}}}):
        refused = refusal("find_hazard", FIND | change)
        assert refused.reason.count("钥") <= reading.MAX_ECHO
        assert len(refused.field or "") <= reading.MAX_ECHO
        assert not re.search("[\u202e\n]", refused.reason + (refused.field or ""))


def test_every_error_of_our_own_types_is_known_to_the_reader() -> None:
    """A type that raises a new kind of error must have it listed, or its sentence would be lost."""
    folder = Path(contracts.__file__).parent
    sources = [path for path in folder.rglob("*.py") if path.name not in {"directory.py", "people.py", "policy.py"}]
    raised = {
        kind for path in sources for kind in re.findall(r'PydanticCustomError\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert raised == reading.OURS


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(
    imperative=st.sampled_from(sorted(COMMANDS)),
    change=st.dictionaries(
        st.sampled_from(sorted({name for kind in COMMANDS.values() for name in kind.model_fields})), json_values
    ),
)
def test_no_json_makes_the_reader_fail(imperative: str, change: dict[str, Any]) -> None:
    """A command or Invalid with a code that somebody decided on: never another exception, never a catch-all."""
    try:
        read_command(imperative, json.dumps(ASKED | {"hazard_id": HAZARD} | change).encode())
    except Invalid as refused:
        assert refused.code in {*reading.CODES.values(), *reading.OURS, "wrong_type"}  # noqa: PT017
        assert refused.reason  # noqa: PT017
        assert "应为另一种写法" not in refused.reason  # noqa: PT017


@given(body=st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(body: bytes) -> None:
    """Whatever a network carries."""
    with pytest.raises(Invalid):
        read_command("find_hazard", body)


def test_a_batch_is_read_in_order_and_one_bad_command_stops_no_other() -> None:
    """The place of a refusal is the place of its command."""
    read = read_batch(
        as_bytes(
            {
                "commands": [
                    {"command": "find_hazard", "body": FIND},
                    {"command": "find_hazard", "body": FIND | {"actor": ACTOR | {"colour": "red"}}},
                    {"command": "fly", "body": {}},
                    {"command": "plan_rectification"},
                    {"command": "plan_rectification", "body": PLAN, "when": "now"},
                    {"body": FIND},
                    "find_hazard",
                    {"command": "plan_rectification", "body": PLAN},
                ]
            }
        )
    )
    assert [one.code if isinstance(one, Invalid) else one.imperative for one in read] == [
        "find_hazard",
        "unknown_field",
        "unknown_command",
        "wrong_type",
        "unknown_field",
        "wrong_type",
        "wrong_type",
        "plan_rectification",
    ]


def test_a_batched_command_is_the_one_that_would_have_been_sent_alone() -> None:
    """Strictness and value are the same on both ways."""
    alone = read_command("plan_rectification", as_bytes(PLAN))
    assert read_batch(as_bytes({"commands": [{"command": "plan_rectification", "body": PLAN}]})) == [alone]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"commands": [NaN]}', "malformed"),
        (b"[]", "wrong_type"),
        (b'{"commands": {}}', "wrong_type"),
        (b'{"commands": [], "also": 1}', "unknown_field"),
        (b'{"commands": [], "commands": []}', "duplicate_key"),
        (b'{"commands": [{"command": "find_hazard", "body": {"a": 1, "a": 2}}]}', "duplicate_key"),
        (b" " * (reading.MAX_BATCH + 1), "too_large"),
        (as_bytes({"commands": [1] * (reading.MAX_COMMANDS + 1)}), "too_large"),
    ],
)
def test_a_batch_that_is_none_is_refused_whole(body: bytes, code: str) -> None:
    """Nothing of it was read, so nothing of it is done."""
    with pytest.raises(Invalid) as refused:
        read_batch(body)
    assert refused.value.code == code
