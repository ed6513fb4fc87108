"""YAML with the line of each value, so that whoever wrote the file is told where to look.

Read by PyYAML's own parser, not libyaml's, which ends the process on 40,000 brackets. What two readers could take in
two ways is refused: a key given twice, anchors that stand for other parts, tags.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import yaml

Place = tuple[str | int, ...]
"""The way from the top of the file: ("rules", 3, "steps", 0, "after")."""
PLAIN: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))


class Fault(NamedTuple):
    """What is wrong, and on which line, counted from 1."""

    line: int
    sentence: str


class NotReadableError(Exception):
    """This is no YAML, or YAML of a kind that we do not read."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.line}: {fault.sentence}" for fault in faults))
        self.faults = faults


@dataclass
class Lined:
    """Plain values, and the line on which each begins."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Of that place, or of the nearest part around it that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def at(self, place: Place) -> Any:  # noqa: ANN401 (whatever the file says there)
        """What stands there; None where nothing does."""
        found = self.value
        for step in place:
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found


def read_lined(text: str) -> Lined:
    """The one document of the text; raises NotReadableError with all that is wrong with it."""
    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise NotReadableError(Fault(mark.line + 1 if mark else 1, _said(wrong))) from None
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        reason = f"含不可见控制字符 U+{int(wrong.character):04X}，请删去：remove the control character"
        raise NotReadableError(Fault(line, reason)) from None
    except RecursionError:
        raise NotReadableError(Fault(1, "括号或缩进嵌套过深：nested too deeply")) from None
    building = _Building()
    found = Lined(building.value(top, ()) if top is not None else None, building.lines)
    if building.faults:
        raise NotReadableError(*sorted(building.faults))
    return found


def _said(wrong: yaml.MarkedYAMLError) -> str:
    said = f"{wrong.problem}" + (f"（{wrong.context}）" if wrong.context else "")
    if r"'\t'" in said:
        return "不能用制表符（Tab）缩进，请改用空格：indent with blanks, not with tabs"
    if "undefined alias" in said:
        return "文字以 * 开头时请加引号；不支持 YAML 引用：quote it; aliases are not supported"
    return f"不是有效的 YAML，请检查缩进、冒号后的空格、引号和括号：{said}"


class _Building:
    """From nodes to values; what is wrong is gathered."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()
        self._scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, place: Place) -> Any:  # noqa: ANN401
        self.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self._seen:
            said = "不支持锚点和引用（&、*），请写全：anchors are not supported, write it out"
            return self.faults.append(Fault(self.lines[place], said))
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode) and node.tag.endswith(":map"):
            return {key: self.value(value, (*place, key)) for key, value in self._pairs(node, place)}
        if isinstance(node, yaml.SequenceNode) and node.tag.endswith(":seq"):
            return [self.value(one, (*place, number)) for number, one in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in PLAIN:
            return self._scalar(node)
        return self._wrong(node, f"不支持标签 {node.tag[:60]}，请删去：no tags, please")

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        given: set[Hashable] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, "冒号左边只能是一个词：a key is one word")
            elif key.value in given:
                self._wrong(key, f"{key.value[:60]} 写了两次，请留一处：the key stands twice")
            else:
                given.add(key.value)
                self.lines[*place, key.value] = key.start_mark.line + 1
                yield key.value, value

    def _scalar(self, node: yaml.ScalarNode) -> Any:  # noqa: ANN401
        try:
            return self._scalars.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            return self._wrong(node, f"“{node.value[:60]}”不是有效的数或日期；是文字请加引号：quote it if it is text")

    def _wrong(self, node: yaml.Node, sentence: str) -> None:
        self.faults.append(Fault(node.start_mark.line + 1, sentence))
