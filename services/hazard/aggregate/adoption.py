"""The second, small aggregate: which policies an area has adopted, in order."""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from contracts import commands, events
from contracts.envelope import Unreadable
from contracts.events import Event
from services.hazard.aggregate.decisions import check_readable, check_times
from services.hazard.aggregate.hazard import UNFOUND
from services.hazard.aggregate.policy import permitted_roles
from services.hazard.aggregate.record import record
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import reaches
from services.hazard.aggregate.world import World


@dataclass(frozen=True, slots=True)
class PolicyHistory:
    """Hashes of the adopted files, oldest first."""

    version: int = 0
    adopted: tuple[str, ...] = ()
    unreadable: Literal["newer_schema", "damaged"] | None = None


def evolve_policy(history: PolicyHistory, event: Event | Unreadable) -> PolicyHistory:
    """Fold one event; never refuses."""
    counted = replace(history, version=history.version + 1)
    match event:
        case events.PolicyAdopted():
            return replace(counted, adopted=(*history.adopted, event.sha256))
        case Unreadable():
            return replace(counted, unreadable=history.unreadable or event.why)
        case _:
            return counted


def decide_policy(command: commands.AdoptPolicy, history: PolicyHistory, world: World) -> list[events.PolicyAdopted]:
    """By the lead of that area or above, and only what is a policy; the same file twice in a row adds nothing."""
    check_readable(history.unreadable)
    permitted_roles(command)
    if not reaches(command.actor, command.area, world):
        raise NotPermitted("不在管辖范围", code="area", field="area")
    check_times(command, UNFOUND, world)
    if world.unusable:
        raise RuleBroken(world.unusable, code="unusable_policy", field="content")
    version = hashlib.sha256(command.content.encode()).hexdigest()
    if history.adopted and history.adopted[-1] == version:
        raise RuleBroken("该策略已在施行", code="already_adopted", field="content")
    return record(events.PolicyAdopted, command, world, sha256=version)
