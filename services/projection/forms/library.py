"""Reads templates: the shipped ones, or a tenant's own; what is wrong in one is said with file and key."""

from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.projection.forms.template import FormId, Template

SHIPPED: Final = Path(__file__).parent / "data"
_TAGS: Final = frozenset({"column", "group", "table", "figures"})
"""Which member of a union was tried: no key of the file."""
_SAID: Final = {
    "missing": "缺少此项，请补上",
    "extra_forbidden": "不认识这一项，请删去或改名",
    "string_type": "应为文字，请加引号",
    "enum": "不是可选的值",
    "literal_error": "不是可选的值",
    "union_tag_not_found": "缺少 layout，请写 table 或 figures",
    "union_tag_invalid": "layout 请写 table 或 figures",
    "string_pattern_mismatch": "请用小写英文字母、数字和下划线，字母开头",
    "model_type": "应为“键: 值”的形式",
    "model_attributes_type": "应为“键: 值”的形式",
}


class BadTemplate(ValueError):
    """A template that cannot be used; the message names file and key, and says what to do."""


@cache
def shipped(form: FormId) -> Template:
    """As the notices print it."""
    return _read(SHIPPED / f"{form.lower()}.yaml")


def load(path: Path, form: FormId) -> Template:
    """A tenant's template for that form, with every part that a report may fill. Raises BadTemplate."""
    found = _read(path)
    if found.form is not form:
        raise BadTemplate(
            f"模板 {path.name} 的 form 是 {found.form}，这里要的是 {form}：请换一个模板。It is for another form."
        )
    if missing := [one.part for one in shipped(form).parts if one.part not in {own.part for own in found.parts}]:
        raise BadTemplate(f"模板 {path.name} 的 parts 缺少 {'、'.join(missing)}，请补上。A part is missing.")
    return found


def _read(path: Path) -> Template:
    try:
        return Template.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")))
    except OSError as wrong:
        raise BadTemplate(f"打不开模板 {path}：{wrong.strerror}。The template cannot be opened.") from wrong
    except UnicodeDecodeError as wrong:
        raise BadTemplate(f"模板 {path.name} 不是 UTF-8 编码：请另存为 UTF-8。Save it as UTF-8.") from wrong
    except yaml.YAMLError as wrong:
        raise BadTemplate(f"模板 {path.name} 不是正确的 YAML{_place(wrong)}。It is not YAML.") from wrong
    except ValidationError as wrong:
        raise BadTemplate(f"模板 {path.name} 的 {_first(wrong.errors()[0])}") from wrong


def _place(wrong: yaml.YAMLError) -> str:
    mark = getattr(wrong, "problem_mark", None)
    return f"：请看第 {mark.line + 1} 行" if mark else ""


def _first(error: ErrorDetails) -> str:
    key = ".".join(str(step) for step in error["loc"] if step not in _TAGS) or "内容"
    said = _SAID.get(error["type"])
    return f"{key} {said}。{error['msg']}." if said else f"{key} 有误：{error['msg']}。"
