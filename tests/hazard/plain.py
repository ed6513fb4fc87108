"""The plainest rules for a shell to carry: enough to be accepted, refused, doubled, and to look at other hazards."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contracts import commands, events
from contracts.base import Moment
from contracts.directory import Directory
from contracts.events import Event
from contracts.parties import Actor
from contracts.terms import Origin, Role
from services.hazard.aggregate.adoption import PolicyHistory, evolve_policy
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.refusals import RuleBroken, Unclear, WrongStage
from services.hazard.aggregate.world import World
from services.hazard.decider import Decider, Deciders
from services.hazard.deciders import INSPECTION
from services.hazard.hazards import Hazards
from services.hazard.library import Library
from services.journal.events import EventStore

NOW: Moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALICE = Actor(id="alice", name="李安", roles=(Role.TOWNSHIP_CHECKER,), body="town", area="320623104")


def decide(command: Any, hazard: Hazard, world: World) -> Sequence[Event]:  # noqa: ANN401 (any command)
    """A finding begins; progress is always welcome; a start yields two events; the rest is refused."""
    if hazard.unreadable:
        raise Unclear("written by a newer program", code=hazard.unreadable)
    told = command.model_dump(exclude={"command_id", "hazard_id", "expected_version", "correlation_id", "causation_id"})
    told["recorded_at"] = world.now
    match command:
        case commands.FindHazard() if hazard.version == 0:
            return [events.HazardFound(**told)]
        case commands.ReportProgress():
            return [events.ProgressReported(**told)]
        case commands.StartRectification():
            return [events.RectificationStarted(**told), events.ProgressReported(**told | {"done": "begun"})]
        case commands.MergeHazard() if command.survivor in world.others:
            return [events.HazardMerged(**told)]
        case commands.MovePolicy() if command.policy in world.policies:
            return [events.PolicyMoved(**told)]
        case commands.MergeHazard():
            raise RuleBroken("no such survivor", field="survivor")
        case _:
            raise WrongStage(f"not at version {hazard.version}")


def decide_policy(command: commands.AdoptPolicy, _history: PolicyHistory, world: World) -> Sequence[Event]:
    """Always adopted, whatever it says."""
    told = command.model_dump(include={"actor", "occurred_at", "name", "content"})
    return [events.PolicyAdopted(**told, recorded_at=world.now, sha256=command.command_id)]


def named(command: Any) -> tuple[str, ...]:  # noqa: ANN401 (any command)
    """A merger looks at its survivor."""
    return (command.survivor,) if isinstance(command, commands.MergeHazard) else ()


HAZARD = Decider("hazard", Hazard(), evolve, decide, named)
POLICY = Decider("policy", PolicyHistory(), evolve_policy, decide_policy)
RULES = Deciders(HAZARD, POLICY, INSPECTION)


def hazards(store: EventStore, kind: type[Hazards] = Hazards, **settings: Any) -> Hazards:  # noqa: ANN401 (passed on)
    """One service on that store."""
    return kind(store, Directory(), Library(), lambda: NOW, rules=RULES, **settings)


def find(command_id: str | None = None, **changes: Any) -> commands.FindHazard:  # noqa: ANN401 (any field)
    """A finding with an id of its own."""
    told = {
        "command_id": command_id or f"find-{uuid4()}",
        "actor": ALICE,
        "occurred_at": NOW,
        "area": "320623104",
        "description": "配电箱前堆放杂物，安全出口被占用",
        "origin": Origin.PATROL,
    }
    return commands.FindHazard(**told | changes)


def progress(hazard_id: str, command_id: str | None = None, **changes: Any) -> commands.ReportProgress:  # noqa: ANN401
    """Something was done."""
    told = {"command_id": command_id or f"progress-{uuid4()}", "actor": ALICE, "occurred_at": NOW, "done": "清理了一半"}
    return commands.ReportProgress(**told | {"hazard_id": hazard_id} | changes)
