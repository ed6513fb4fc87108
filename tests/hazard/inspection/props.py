"""Visits of the county in tests/props.py, and what the rules say of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from contracts import commands as do
from contracts.acts.checklists import ChecklistAnswer, FilledChecklist
from contracts.commands import Command
from contracts.envelope import Unreadable, read
from contracts.events import Event
from contracts.parties import Actor
from contracts.terms import Answer, VisitKind
from services.hazard.aggregate.refusals import CODES, Refusal
from services.hazard.inspection.deciding import decide_inspection
from services.hazard.inspection.inspection import UNVISITED, Inspection, evolve_inspection
from services.hazard.library import load_checklists
from tests import props as p
from tests.scenario import CHINESE_FIRST

WORLD = replace(p.WORLD, checklists=load_checklists(), now=p.MORNING.replace(hour=18))
VISIT_ID = f"{p.VILLAGE_AREA}-5f0c1d2e-0000-5000-8000-00000000000a"
History = Sequence[Event | Unreadable]


def record(who: Actor, kind: VisitKind, /, **fields: Any) -> do.RecordInspection:  # noqa: ANN401 (any field)
    """A visit to the foundry this morning."""
    told = {"area": p.VILLAGE_AREA, "kind": kind, "place": "铸造车间", "party": p.FACTORY}
    return do.RecordInspection(**{"command_id": "v-1", "actor": who, "occurred_at": p.MORNING} | told | fields)


def inspected(**fields: Any) -> do.RecordInspection:  # noqa: ANN401 (any field)
    """行政检查 by two certified officers of the county."""
    told = {"inspectors": p.sign(p.officer, p.second_officer), "approval": p.number("检批〔2026〕1号")}
    return record(p.officer, VisitKind.INSPECTION, **told | fields)


def patrolled(**fields: Any) -> do.RecordInspection:  # noqa: ANN401 (any field)
    """巡查 by the village."""
    return record(p.cadre, VisitKind.PATROL, **fields)


def self_checked(**fields: Any) -> do.RecordInspection:  # noqa: ANN401 (any field)
    """自查 by the head."""
    return record(p.owner, VisitKind.SELF_CHECK, **fields)


def helped(**fields: Any) -> do.RecordInspection:  # noqa: ANN401 (any field)
    """帮扶 by an expert."""
    return record(p.expert, VisitKind.ASSISTANCE, **fields)


def supervised(**fields: Any) -> do.RecordInspection:  # noqa: ANN401 (any field)
    """督导 by the city."""
    return record(p.inspector, VisitKind.SUPERVISION, **fields)


def filled(checklist: str, version: str, **answers: Answer) -> FilledChecklist:
    """`_7=Answer.NO`: item 7 is answered 否."""
    told = tuple(ChecklistAnswer(item=int(name[1:]), answer=answer) for name, answer in answers.items())
    return FilledChecklist(checklist=checklist, version=version, answers=told)


def spot_check(**answers: Answer) -> FilledChecklist:
    """Form B's second part: 是 says that the problem is there."""
    return filled("spot-check", "2023", **answers)


def then(what: type[Command], who: Actor, /, **fields: Any) -> Command:  # noqa: ANN401 (any field)
    """Something about the visit, at noon."""
    told = {"command_id": "v-2", "inspection_id": VISIT_ID, "actor": who, "occurred_at": p.MORNING.replace(hour=12)}
    return what(**told | fields)


def fold(history: History) -> Inspection:
    """From nothing."""
    state = UNVISITED
    for event in history:
        state = evolve_inspection(state, event)
    return state


def decided(command: Command, *before: Command, now: datetime | None = None) -> Event:
    """The one event that it yields after what was done before; it is read back as it was stored."""
    [event] = decide_inspection(command, fold(_history(before)), replace(WORLD, now=now or WORLD.now))  # type: ignore[arg-type]
    assert read(event.type, event.schema_version, from_json(to_json(event, exclude_none=True))) == event
    return event


def refused(command: Command, *before: Command) -> Refusal | None:
    """Why it is refused, in documented words; None where it is not."""
    refusal = _refusal(command, before)
    if refusal is not None:
        assert refusal.code in CODES
        assert CHINESE_FIRST.match(refusal.reason)
        assert "None" not in refusal.reason
    return refusal


def _refusal(command: Command, before: Sequence[Command]) -> Refusal | None:
    try:
        decided(command, *before)
    except Refusal as refusal:
        return refusal
    return None


def code(command: Command, *before: Command) -> str | None:
    """Under which code."""
    refusal = refused(command, *before)
    return refusal.code if refusal else None


def _history(commands: Sequence[Command]) -> History:
    history: list[Event] = []
    for command in commands:
        history += decide_inspection(command, fold(history), WORLD)  # type: ignore[arg-type]
    return history
