"""What is wrong with a policy file: which line, which rule, and what to write instead, Chinese first."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contracts.policy import Basis, Condition, Count, Part, Policy, Rule, Rung, Step
from contracts.reading import FORMS, shown
from services.lined import Lined, Place

PARTS: Final[tuple[type[Part], ...]] = (Policy, Rung, Rule, Step, Condition, Count, Basis)
WORDS: Final = sorted({name for part in PARTS for name in part.model_fields})
"""Every word that a file may have left of a colon."""
OWN_FORMS: Final = FORMS | {"^[A-Z]{1,3}[0-9]{2}$": "一至三个大写字母加两位数字，如 G07"}
SENTENCES: Final = {
    "missing": "缺少 {field}：it is required",
    "extra_forbidden": "没有 {field} 这个词{near}：no such word here",
    "enum": "{field} 没有“{given}”这一选项，可用 {expected}：no such choice",
    "literal_error": "{field} 没有“{given}”这一选项，可用 {expected}：no such choice",
    "tuple_type": "{field} 须是列表，写作 [{given}]：write a list",
    "dict_type": "{field} 须是若干“词: 值”：write keys and values",
    "model_type": "{field} 须是若干“词: 值”：write keys and values",
    "string_type": "{field} 须是文字，数字和日期请加引号：write text",
    "int_type": "{field} 须是整数：a whole number",
    "int_parsing": "{field} 须是整数，不是“{given}”：a whole number",
    "int_from_float": "{field} 须是整数，不是“{given}”：a whole number",
    "bool_type": "{field} 须是 true 或 false：true or false",
    "bool_parsing": "{field} 须是 true 或 false，不是“{given}”：true or false",
    "too_short": "{field} 至少写 {min_length} 项：too few",
    "too_long": "{field} 最多 {max_length} 项：too many",
    "string_too_long": "{field} 最多 {max_length} 字：too long",
    "string_pattern_mismatch": "{field} 写法有误，应为{form}：not of that form",
    "less_than_equal": "{field} 最大 {le}，不是 {given}：at most {le}",
    "greater_than_equal": "{field} 最小 {ge}，不是 {given}：at least {ge}",
}
"""By pydantic's kind of error; our own kinds bring their sentence."""


class Problem(NamedTuple):
    """One thing to mend: `县.yaml:41 规则 G07 梯级 late：…`."""

    file: str
    line: int
    rule: str | None
    """Which rule and step, or which level of a ladder."""
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {f'{self.rule}：' if self.rule else ''}{self.sentence}"


def problems(name: str, read: Lined, wrong: ValidationError) -> list[Problem]:
    """All of them, in the order of their lines."""
    found = {Problem(name, read.line(place), _rule(read, place), said) for place, said in _told(read, wrong)}
    return sorted(found, key=lambda one: (one.line, one.sentence))


def _told(read: Lined, wrong: ValidationError) -> Iterator[tuple[Place, str]]:
    for error in wrong.errors(include_url=False):
        place = _place(read, error)
        if error["type"] == "too_short" and read.at(place):
            continue  # its items are wrong, and told one by one
        yield place, _sentence(place, error)


def _place(read: Lined, error: ErrorDetails) -> Place:
    """What concerns several rules names one in its words; its last is pointed at, where one stands twice."""
    place: Place = error["loc"]
    context = error.get("ctx", {})
    named = str(context.get("rule") or context.get("chain", "")).partition(" ")[0]
    if place or not named:
        return place or (("ladders",) if error["type"] == "levels" else ())
    rules = read.at(("rules",)) or []
    numbers = [number for number, one in enumerate(rules) if isinstance(one, dict) and one.get("id") == named]
    return ("rules", numbers[-1], "id") if numbers else ()


def _rule(read: Lined, place: Place) -> str | None:
    match place:
        case ("rules", int(rule), "steps", int(step), *_):
            names = _named(read, (*place[:2], "id"), rule), _named(read, (*place[:4], "step"), step)
            return f"规则 {names[0]} 梯级 {names[1]}"
        case ("rules", int(rule), *_):
            return f"规则 {_named(read, (*place[:2], 'id'), rule)}"
        case ("ladders", str(ladder), int(rung), *_):
            return f"阶梯 {shown(ladder)} 级别 {_named(read, (*place[:3], 'level'), rung)}"
        case _:
            return None


def _named(read: Lined, place: Place, number: int) -> str:
    said = read.at(place)
    return shown(str(said)) if isinstance(said, str | int) else f"（第 {number + 1} 个）"


def _sentence(place: Place, error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    field = next((step for step in reversed(place) if isinstance(step, str) and step != "[key]"), "文件")
    template = SENTENCES.get(error["type"])
    if template is None:
        of_a_word = error["loc"] and not isinstance(error["input"], dict)
        return f"{shown(field)}：{error['msg']}" if of_a_word else str(error["msg"])
    words = {
        "field": shown(field),
        "given": shown(str(error["input"])),
        "near": _near(field),
        "form": OWN_FORMS.get(str(context.get("pattern", "")), "另一种写法"),
    }
    return template.format_map({**context, **words, "expected": str(context.get("expected", "")).replace(" or ", ", ")})


def _near(word: str) -> str:
    found = get_close_matches(word[:60], WORDS, n=1)
    return f"，最接近的是 {found[0]}" if found else ""
