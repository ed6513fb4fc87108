"""A form on a terminal: figures by their words, tables by how many rows they have, and what 溯源 tells apart."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.projection.forms.library import shipped
from services.projection.forms.parts import FiguresPart
from services.projection.forms.template import FormId

INDENT: Final = "  "


def glance(told: Mapping[str, Any]) -> list[str]:
    """Of the form as programs read it."""
    trace = told["trace"]
    lines = [told["title"], f"{trace['scope']}，{trace['period']}"]
    for sheet in told["sheets"]:
        lines += _sheet(told["form"], sheet)
    lines += [f"另列 {name}：{count}" for name, count in trace["counts"].items()]
    lines.append(f"追溯变更 {len(trace['late'])} 条，知悉至第 {trace['known_at']['sequence']} 号事件")
    return lines


def _sheet(form: str, sheet: Mapping[str, Any]) -> Iterator[str]:
    if "values" not in sheet:
        yield f"{sheet['name']}：{len(sheet['rows'])} 行"
        return
    yield str(sheet["name"])
    part = shipped(FormId(form)).part(sheet["part"])
    for group in part.groups if isinstance(part, FiguresPart) else ():
        for item in group.items:
            yield f"{INDENT}{item.number} {item.text.replace(chr(10), '')} {sheet['values'].get(item.key, '')}"
