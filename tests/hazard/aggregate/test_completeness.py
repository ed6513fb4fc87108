"""What nobody should have to remember: read off the source of the rules themselves."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Final, get_args

import pytest

from contracts import commands, events
from services.hazard import aggregate, inspection
from services.hazard.aggregate import decisions, evolution, record, refusals
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.refusals import CODES
from services.hazard.inspection import deciding
from services.hazard.inspection import inspection as visits
from tests.scenario import CHINESE_FIRST

SOURCES: Final = [
    path for part in (aggregate, inspection) for path in sorted(Path(str(part.__file__)).parent.glob("*.py"))
]
TREES: Final = {f"{path.parent.name}/{path.name}": ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
REFUSALS: Final = {"RuleBroken", "NotPermitted", "WrongStage", "Unclear"}
FIELDS: Final = {field.name for field in fields(Hazard)}

PASSED_OVER: Final = {
    events.OriginRuled: "the recorded origin stays; a ruling is read by ledgers",
    events.InterimControlRecorded: "no rule waits for it",
    events.ProgressReported: "no rule waits for it",
    events.ListingFiled: "no rule waits for it",
    events.SuspensionComplied: "whether work stopped is for the eye and the ledger",
    events.PolicyMoved: "the notifier keeps it",
}
"""Events that change nothing in the state that decisions look at, and why."""


def _nodes(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield name, node


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path, node in _nodes(ast.Call):
        assert isinstance(node, ast.Call)
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in names:
            yield f"{path}:{node.lineno}", node


def _cases(module: ModuleType, prefix: str) -> set[str]:
    """`events.HazardFound` of every `case events.HazardFound():`, bare ones and alternatives."""
    found = set()
    path = Path(str(module.__file__))
    for node in ast.walk(TREES[f"{path.parent.name}/{path.name}"]):
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Attribute):
            assert isinstance(node.cls.value, ast.Name)
            if node.cls.value.id == prefix:
                found.add(node.cls.attr)
    return found


def test_every_event_is_folded_or_passed_over_on_purpose() -> None:
    """A new event without a case in evolve fails here until somebody says why it needs none."""
    folded = _cases(evolution, "events")
    every = {kind.__name__ for kind in get_args(events.HazardEvent)}
    passed_over = {kind.__name__ for kind in PASSED_OVER}
    assert folded | passed_over == every
    assert not folded & passed_over


def test_every_command_has_its_case() -> None:
    """Decide's table of contents is whole."""
    kinds = {kind.__name__ for kind in get_args(commands.HazardCommands)}
    assert _cases(decisions, "do") == kinds
    assert _cases(deciding, "do") == {kind.__name__ for kind in get_args(commands.InspectionCommands)}


def test_every_event_of_a_visit_is_folded_or_passed_over_on_purpose() -> None:
    """The same for visits: nothing later depends on what experts said, or on how a record was mended."""
    passed_over = {"ExpertOpinionGiven", "InspectionCorrected"}
    folded = _cases(visits, "events")
    assert folded | passed_over == {kind.__name__ for kind in get_args(events.InspectionEvent)}
    assert not folded & passed_over


def test_state_is_changed_by_fields_that_exist() -> None:
    """`but(**changes)` takes any name; a wrong one would be kept and never read."""
    wrong = [
        f"{where} {keyword.arg}"
        for where, call in _calls("but")
        for keyword in call.keywords
        if keyword.arg is not None and keyword.arg not in FIELDS
    ]
    wrong += [f"{where} {key}" for where, key in _changes() if key not in FIELDS]
    assert not wrong


def _changes() -> Iterator[tuple[str, str]]:
    """Keys of a dict called `changes`, which goes into `but(**changes)`."""
    for path, node in _nodes(ast.Subscript):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.value, ast.Name) and node.value.id == "changes" and isinstance(node.slice, ast.Constant):
            yield f"{path}:{node.lineno}", node.slice.value
    for path, node in _nodes(ast.AnnAssign):
        assert isinstance(node, ast.AnnAssign)
        if isinstance(node.target, ast.Name) and node.target.id == "changes" and isinstance(node.value, ast.Dict):
            yield from (
                (f"{path}:{node.lineno}", key.value) for key in node.value.keys if isinstance(key, ast.Constant)
            )


def test_the_scan_sees_changes() -> None:
    """A scan that finds nothing proves nothing."""
    assert len(list(_calls("but"))) > 40
    assert {"authors", "recorders", "live"} <= {key for _, key in _changes()}


def test_every_field_of_the_state_is_set_and_read() -> None:
    """A field that no rule reads belongs to a ledger."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "evolution.py")
    assert not {name for name in FIELDS if len(re.findall(rf"\.{name}\b", text)) == 0}


def _codes() -> Iterator[tuple[str, str]]:
    for where, call in _calls(*REFUSALS):
        for keyword in call.keywords:
            if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                yield where, keyword.value.value


def test_every_code_is_documented_and_used() -> None:
    """Programs depend on codes: each stands in refusals.CODES, and none stands there in vain."""
    defaults = {kind.code for kind in (refusals.NotPermitted, refusals.WrongStage, refusals.RuleBroken)}
    used = {code for _, code in _codes()} | defaults
    assert used - set(CODES) == set()
    assert set(CODES) - used == set()


def _where(value: object) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("where", "call"), list(_calls(*REFUSALS)), ids=_where)
def test_every_reason_is_chinese_first(where: str, call: ast.Call) -> None:
    """The clause is for the person who asked; English may follow after the colon."""
    reason = call.args[0]
    if isinstance(reason, ast.Name):
        reason = _assigned(where.partition(":")[0], reason)
    if isinstance(reason, ast.Call):  # words.refused(…) speaks Chinese by itself
        assert getattr(reason.func, "attr", "") == "refused", where
        return
    parts = reason.values if isinstance(reason, ast.JoinedStr) else [reason]
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "某" for part in parts)
    assert CHINESE_FIRST.match(text), f"{where}: {text}"


def _assigned(path: str, name: ast.Name) -> ast.expr:
    """The last value given to that name before it is used."""
    values = [
        node.value
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name.id for target in node.targets)
        and node.lineno < name.lineno
    ]
    return max(values, key=lambda value: value.lineno)


def test_everything_required_has_a_chinese_name() -> None:
    """`require(command, due=…)` says which field is missing in the asker's words."""
    asked = {keyword.arg for _, call in _calls("require") for keyword in call.keywords if keyword.arg}
    assert asked - set(record.NAMES) == set()
    assert record.OLD_GAPS - set(record.NAMES) == set()


def test_the_rules_look_at_nothing_outside() -> None:
    """Pure: no clock, no environment, no network, no files, no logs."""
    outside = {"os", "time", "random", "socket", "pathlib", "logging", "structlog", "asyncio", "nats", "uuid"}
    imported = {
        (alias.name if isinstance(node, ast.Import) else str(node.module)).partition(".")[0]
        for kind in (ast.Import, ast.ImportFrom)
        for _, node in _nodes(kind)
        for alias in getattr(node, "names", [])
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not imported & outside
