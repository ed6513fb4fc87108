"""Commands as they arrive: bytes in, a typed command out, or one error that says what is wrong with which field.

What JSON parsers differ about is refused: a key given twice, NaN, nesting without end. Two programs must never read
one command in two ways.
"""

import json
import re
from difflib import get_close_matches
from typing import Any, Final, NoReturn

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from contracts import subjects
from contracts.base import CONTROL
from contracts.commands import COMMANDS, Command

MAX_COMMAND: Final = 2**20
"""Bytes of one command."""
MAX_BATCH: Final = 8 * 2**20
"""Bytes of a batch: what the server takes as one message."""
MAX_COMMANDS: Final = 10_000
"""Commands of a batch: their answers must fit into one message, and nobody else waits longer than a second or so."""
MAX_ECHO: Final = 60
"""Characters of the asker's own words that an answer repeats at most."""

CODES: Final = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "json_invalid": "malformed",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "too_short": "too_short",
    "string_pattern_mismatch": "wrong_form",
    "enum": "unknown_value",
    "literal_error": "unknown_value",
    "date_parsing": "impossible_date",
    "datetime_parsing": "impossible_date",
    "timezone_aware": "impossible_date",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "decimal_parsing": "invalid_money",
    "decimal_max_digits": "invalid_money",
    "decimal_max_places": "invalid_money",
    "decimal_whole_digits": "invalid_money",
    "finite_number": "invalid_money",
}
"""pydantic's kinds of error under our codes; every `…_type` is `wrong_type`, any other kind is `invalid`."""

OURS: Final = frozenset(
    {"invalid_credit_code", "invalid_area", "control_character", "blank", "impossible_date", "one_lead", "two_sides"}
    | {"item_twice", "list_twice"}
)
"""Kinds that our own types raise; each is its code and brings its sentence."""

EXPECTED: Final = {
    "string_type": "文字，放在双引号里",
    "bytes_type": "文字，放在双引号里",
    "int_type": "整数，不加引号",
    "float_type": "数字",
    "decimal_type": "数字",
    "bool_type": "真假值（true 或 false，不加引号）",
    "tuple_type": "列表 […]",
    "list_type": "列表 […]",
    "dict_type": "对象 {…}",
    "model_type": "对象 {…}",
    "date_type": '日期，写作 "2026-05-01"',
    "datetime_type": '时间，写作 "2026-05-01T08:30:00+08:00"',
}
"""What stands in the place of each kind of wrong type."""

FORMS: Final = {
    "^[A-Za-z0-9][A-Za-z0-9_:-]{0,127}$": "字母、数字、_ : -，以字母或数字开头，最多 128 个",
    subjects.AGGREGATE_ID_PATTERN: "全号，小写，如 320623104-5f0c1d2e-0000-4000-8000-000000000001",
    "^[0-9a-f]{64}$": "64 位 SHA-256，数字和小写字母 a–f",
    "^[a-z]+/[a-z0-9.+-]{1,100}$": "文件类型，小写，如 image/jpeg",
}
"""Each pattern of our types, in words; types that check themselves bring their own sentence."""

_AT: Final = re.compile(r"^(?:Invalid JSON: )?(?P<why>.*) at line (?P<line>\d+) column (?P<column>\d+)$")
"""How the parser says where it stopped; the column counts bytes."""

_SENTENCES: Final = {
    "missing_field": "缺少 {field}：this field is required",
    "unknown_field": "没有 {field} 这一项：no such field, mind the spelling",
    "malformed": "不是有效的 JSON{place}，请检查引号、逗号、括号：{why}",
    "too_long": "{field} 过长，最多 {max_length}：too long",
    "too_short": "{field} 过少，至少 {min_length}：too few",
    "wrong_form": "{field} 格式有误，应为{form}：not of the form expected there",
    "unknown_value": "{field} 没有“{given}”这一选项：expected {expected}",
    "impossible_date": "{field} 日期或时间有误：{why}",
    "out_of_range": "{field} 超出范围：expected {bound}",
    "invalid_money": "{field} 金额有误（元，最多两位小数）：{why}",
    "wrong_type": "{field} 类型有误，应为{form}：{why}",
    "invalid": "{field} 有误：{why}",
}


class Invalid(Exception):
    """The command cannot be read; nobody has judged it. The code is stable; the field is a dotted path."""

    def __init__(self, code: str, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.field = field


def read_command(imperative: str, body: bytes) -> Command:
    """The command of that name, or Invalid. Types are strict; unknown fields are refused at every depth."""
    kind = _kind(imperative)
    _within(body, MAX_COMMAND)
    try:
        command = kind.model_validate_json(body, extra="forbid")
    except ValidationError as wrong:
        invalid = _first(wrong, body)
        if invalid.code != "malformed":
            _parse(body)  # a key given twice matters more than what either value lacks
        raise invalid from None
    _parse(body)
    return command


def read_batch(body: bytes) -> list[Command | Invalid]:
    """`{"commands": [{"command": "find_hazard", "body": {…}}, …]}`; one that cannot be read stops no other."""
    _within(body, MAX_BATCH)
    try:
        from_json(body)  # refuses bottomless nesting, which json only survives by luck
    except ValueError as wrong:
        raise malformed(wrong, body) from None
    batch = _parse(body)
    if not isinstance(batch, dict) or not isinstance(batch.get("commands"), list):
        raise Invalid("wrong_type", "批量须为 {commands: […]}：a batch is an object that holds a list", "commands")
    _only(batch, {"commands"})
    if len(batch["commands"]) > MAX_COMMANDS:
        raise Invalid("too_large", f"一批最多 {MAX_COMMANDS} 条命令：send it in parts", "commands")
    return [_item(item) for item in batch["commands"]]


def shown(text: str) -> str:
    """What may be repeated of somebody's input: one short line, its control characters made visible."""
    cut = text if len(text) <= MAX_ECHO else f"{text[: MAX_ECHO - 1]}…"
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"\s", " ", cut))


def malformed(wrong: ValueError, body: bytes, where: str = "第{line}行第{column}列") -> Invalid:
    """What a parser said of the body, with the place where a person looks for it."""
    why, place = str(wrong), ""
    if found := _AT.match(why):
        line, column = int(found["line"]), int(found["column"])
        before = (body.splitlines() or [b""])[line - 1 : line]
        characters = len(b"".join(before)[:column].decode(errors="ignore"))
        why, place = found["why"], f"（{where.format(line=line, column=max(characters, 1))}附近）"
    return Invalid("malformed", _SENTENCES["malformed"].format(place=place, why=shown(why)))


def nearest(imperative: str) -> list[str]:
    """The names of commands that look like it, three at most."""
    return get_close_matches(imperative[:MAX_ECHO], COMMANDS, n=3)


def _item(item: object) -> Command | Invalid:
    body = b""
    try:
        if not isinstance(item, dict) or not isinstance(item.get("command"), str):
            return Invalid("wrong_type", "每项须为 {command: 名称, body: {…}}：name each command", "command")
        _only(item, {"command", "body"})
        kind = _kind(item["command"])
        body = to_json(item.get("body"))
        _within(body, MAX_COMMAND)
        return kind.model_validate_json(body, extra="forbid")
    except ValidationError as wrong:
        return _first(wrong, body)
    except Invalid as invalid:
        return invalid


def _kind(imperative: str) -> type[Command]:
    kind = COMMANDS.get(imperative)
    if kind is None:
        near = nearest(imperative)
        hint = f"，最接近的是 {'、'.join(near)}" if near else ""
        raise Invalid("unknown_command", f"没有“{shown(imperative)}”这一命令{hint}：no such command")
    return kind


def _within(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise Invalid("too_large", f"{len(body)} 字节，超过 {limit >> 20} MiB：photos and papers go into evidence")


def _only(given: dict[str, Any], known: set[str]) -> None:
    if surplus := given.keys() - known:
        field = shown(min(surplus))
        raise Invalid("unknown_field", _SENTENCES["unknown_field"].format(field=field), field)


def _parse(body: bytes) -> object:
    """The JSON value; Invalid where parsers would differ."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except ValueError as wrong:
        raise malformed(wrong, body) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        for key in found:
            keys.remove(key)
        twice = shown(keys[0])
        raise Invalid("duplicate_key", f"{twice} 出现两次：the key stands twice in one object", twice)
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _first(wrong: ValidationError, body: bytes) -> Invalid:
    """The first error; a field that nobody knows goes before, as it is often why another is missing."""
    errors = wrong.errors(include_url=False)
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    kind, message = first["type"], first["msg"]
    field = shown(".".join(str(step) for step in first["loc"])) or None
    if kind in OURS:
        return Invalid(kind, f"{field} {message}" if field else message, field)
    if kind == "json_invalid":
        return malformed(ValueError(message), body)
    code = CODES.get(kind) or ("wrong_type" if kind.endswith("_type") else "invalid")
    context = first.get("ctx", {})
    words = {
        "field": field or "命令",
        "why": message,
        "form": EXPECTED.get(kind) or FORMS.get(context.get("pattern", ""), "另一种写法"),
        "given": shown(str(first["input"])),
        "bound": f"≥ {context['ge']}" if "ge" in context else f"≤ {context.get('le')}",
    }
    return Invalid(code, _SENTENCES[code].format_map(context | words), field)
