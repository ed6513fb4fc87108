"""`decide_inspection`: which function answers which command about a visit."""

from collections.abc import Sequence
from typing import assert_never

from contracts import commands as do
from contracts.commands import InspectionCommands
from contracts.events import Event
from services.hazard.aggregate.decisions import CLOCKS_DIFFER, RECENT, check_readable
from services.hazard.aggregate.policy import permitted_roles
from services.hazard.aggregate.refusals import RuleBroken
from services.hazard.aggregate.scope import check_scope
from services.hazard.aggregate.world import World
from services.hazard.inspection import following
from services.hazard.inspection.beginning import visit
from services.hazard.inspection.inspection import Inspection


def decide_inspection(command: InspectionCommands, inspection: Inspection, world: World) -> list[Event]:
    """Role, area, time, then the rule of the act itself; a visit taken back is not added to."""
    check_readable(inspection.unreadable)
    roles = permitted_roles(command)
    if isinstance(command, do.RecordInspection):
        return list(visit(command, inspection, world))
    if inspection.visit is None:
        raise RuleBroken("没有这次检查记录：there is no such visit", code="unknown_visit", field="inspection_id")
    check_scope(command, roles, inspection.place, world)
    if inspection.visit.withdrawn:
        raise RuleBroken("该检查记录已撤销：the visit was taken back", code="visit_withdrawn", field="inspection_id")
    _check_times(command, inspection, world)
    return list(_rule(command, inspection, world))


def _check_times(command: do.InspectionCommand, inspection: Inspection, world: World) -> None:
    """Nothing in the future, or before the visit; 历史补录 only goes on telling an old visit."""
    if command.occurred_at > world.now + CLOCKS_DIFFER:
        raise RuleBroken("发生时间不能晚于现在", code="future", field="occurred_at")
    if inspection.visit and command.occurred_at < inspection.visit.began_at:
        raise RuleBroken("发生时间不能早于检查开始：before the visit", code="before_visit", field="occurred_at")
    if command.historical and (not inspection.historical or world.now - command.occurred_at < RECENT):
        reason = "该事项应如实完整办理，不能按历史补录：enter it with its names and papers"
        raise RuleBroken(reason, code="not_historical", field="historical")


def _rule(command: InspectionCommands, inspection: Inspection, world: World) -> Sequence[Event]:
    match command:
        case do.RecordInspection():
            return visit(command, inspection, world)
        case do.GiveExpertOpinion():
            return following.give_opinion(command, inspection, world)
        case do.SignInspection():
            return following.sign(command, inspection, world)
        case do.DeclineOffer():
            return following.decline(command, inspection, world)
        case do.CorrectInspection():
            return following.correct(command, inspection, world)
        case do.WithdrawInspection():
            return following.withdraw(command, inspection, world)
        case _:
            assert_never(command)
