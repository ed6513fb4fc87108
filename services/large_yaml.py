"""Large files of YAML: read by libyaml, ten times as fast as PyYAML's own parser; a key given twice is refused.

Small ones that people write by hand are read by lined.py, which gathers all that is wrong with them.
"""

import re
from collections import Counter
from typing import Any, Final

import yaml
from yaml.constructor import ConstructorError

DEEPEST: Final = 1_000
_BRACKETS: Final = re.compile(rf"[][{{}}]|(?:- ?){{{DEEPEST}}}")


class _Loader(yaml.CSafeLoader):
    """A key given twice is a slip: the second `people` would replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        found = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            marks = {key.value: key.start_mark for key, _ in node.value}
            twice, _ = Counter(key.value for key, _ in node.value).most_common(1)[0]
            raise ConstructorError(None, None, f"{twice} 写了两次，请留一处：the key stands twice", marks[twice])
        return found


def read(text: str) -> Any:  # noqa: ANN401 (whatever the file says)
    """What it says; raises YAMLError, ValueError for a day that there is not, or RecursionError."""
    _check_depth(text)
    return yaml.load(text, _Loader)  # noqa: S506 (a safe loader)


def line(text: str, steps: tuple[int | str, ...]) -> int | None:
    """Of that place, or of the nearest part around it that the file has; from 1."""
    return _line(yaml.compose(text, _Loader), steps)


def _check_depth(text: str) -> None:
    """The fast parser ends the process on some ten thousand brackets in brackets."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += 1 if found[0] in "[{" else -1 if found[0] in "]}" else DEEPEST
        if depth >= DEEPEST:
            raise RecursionError("嵌套过深：nested too deeply")


def _line(node: yaml.Node | None, steps: tuple[int | str, ...]) -> int | None:
    """Of the deepest part of the file that lies on the way there, from 1."""
    found = node.start_mark.line + 1 if node else None
    for step in steps:
        inner = _inner(node, step)
        if inner is None:
            break
        node, found = inner, inner.start_mark.line + 1
    return found


def _inner(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == step), None)
