"""`decide`: which function answers which command. Each gives at least one event or raises a Refusal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, assert_never

from contracts import commands as do
from contracts.commands import HazardCommands
from contracts.events import Event
from services.hazard.aggregate import (
    closing,
    extensions,
    intake,
    planning,
    proceedings,
    reporting,
    supervision,
    suspension,
    transfers,
    verification,
)
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.policy import check_stage, permitted_roles
from services.hazard.aggregate.refusals import RuleBroken, Unclear
from services.hazard.aggregate.scope import check_scope
from services.hazard.aggregate.world import World

CLOCKS_DIFFER = timedelta(minutes=5)
RECENT = timedelta(days=1)


def decide(command: HazardCommands, hazard: Hazard, world: World) -> list[Event]:
    """Role, area, stage, then the rule of the act itself."""
    check_readable(hazard.unreadable)
    roles = permitted_roles(command)
    if not isinstance(command, do.FindHazard):
        if hazard.stage is None:
            raise RuleBroken("没有这条隐患：there is no such hazard", code="unknown_hazard", field="hazard_id")
        check_scope(command, roles, hazard, world)
        check_stage(command, hazard)
    check_times(command, hazard, world)
    return list(_rule(command, hazard, world))


def named_hazards(command: HazardCommands) -> tuple[str, ...]:
    """Hazards besides its own that the decision looks at: the shell loads them into World.others."""
    return (command.survivor,) if isinstance(command, do.MergeHazard) else ()


def check_readable(why: Literal["newer_schema", "damaged"] | None) -> None:
    """Nobody decides on a history that he does not understand."""
    match why:
        case "newer_schema":
            raise Unclear("历史中有新版本程序写入的事件，请先升级本程序", code="newer_schema")
        case "damaged":
            raise Unclear("历史中有无法读取的事件，请联系管理员核查", code="damaged_history")
        case None:
            pass


def check_times(command: do.Command, hazard: Hazard, world: World) -> None:
    """Nothing happens in the future, or before the hazard was found."""
    if command.occurred_at > world.now + CLOCKS_DIFFER:
        raise RuleBroken("发生时间不能晚于现在", code="future", field="occurred_at")
    if hazard.found_at and command.occurred_at < hazard.found_at:
        raise RuleBroken("发生时间不能早于发现时间", code="before_finding", field="occurred_at")
    check_historical(command, hazard, world)


def check_historical(command: do.Command, hazard: Hazard, world: World) -> None:
    """历史补录 is for what happened before this system knew the hazard, or goes on telling an old history.

    A finding may be entered late from a form; what was done about it within the last day is no old record.
    """
    here = hazard.live and hazard.recorded_at is not None and command.occurred_at >= hazard.recorded_at
    fresh = not isinstance(command, do.FindHazard) and world.now - command.occurred_at < RECENT
    if command.historical and (here or fresh):
        reason = "该事项发生在隐患登记之后，应如实完整办理，不能按历史补录：enter it with its names and papers"
        raise RuleBroken(reason, code="not_historical", field="historical")


def _rule(command: HazardCommands, hazard: Hazard, world: World) -> Sequence[Event]:  # noqa: C901, PLR0911, PLR0912, PLR0915
    match command:
        case do.FindHazard():
            return intake.find(command, hazard, world)
        case do.GradeHazard():
            return intake.grade(command, hazard, world)
        case do.RegradeHazard():
            return intake.regrade(command, hazard, world)
        case do.CorrectHazard():
            return intake.correct(command, hazard, world)
        case do.MergeHazard():
            return intake.merge(command, hazard, world)
        case do.WithdrawHazard():
            return intake.withdraw(command, hazard, world)
        case do.RuleOnOrigin():
            return intake.rule(command, hazard, world)
        case do.RecordObjection():
            return intake.record_objection(command, hazard, world)
        case do.AnswerObjection():
            return intake.answer_objection(command, hazard, world)
        case do.AssignHazard():
            return planning.assign(command, hazard, world)
        case do.RecordInterimControl():
            return planning.control(command, hazard, world)
        case do.PlanRectification():
            return planning.plan(command, hazard, world)
        case do.StartRectification():
            return planning.start(command, hazard, world)
        case do.ReportProgress():
            return planning.progress(command, hazard, world)
        case do.ChangeResponsibleParty():
            return planning.change_party(command, hazard, world)
        case do.ReportToRegulator():
            return reporting.to_regulator(command, hazard, world)
        case do.AcknowledgeReport():
            return reporting.acknowledge(command, hazard, world)
        case do.ReportToWorkers():
            return reporting.to_workers(command, hazard, world)
        case do.ProposeListing():
            return supervision.propose(command, hazard, world)
        case do.DeclineListing():
            return supervision.decline(command, hazard, world)
        case do.ListHazard():
            return supervision.list_(command, hazard, world)
        case do.FileListing():
            return supervision.file(command, hazard, world)
        case do.PublishListing():
            return supervision.publish(command, hazard, world)
        case do.WithdrawPublication():
            return supervision.recall(command, hazard, world)
        case do.ApplyForDelisting():
            return supervision.apply(command, hazard, world)
        case do.RefuseDelisting():
            return supervision.refuse(command, hazard, world)
        case do.DelistHazard():
            return supervision.delist(command, hazard, world)
        case do.OrderSuspension():
            return suspension.order(command, hazard, world)
        case do.ConfirmSuspension():
            return suspension.confirm(command, hazard, world)
        case do.ApplyForResumption():
            return suspension.apply(command, hazard, world)
        case do.RefuseResumption():
            return suspension.refuse(command, hazard, world)
        case do.ResumeOperations():
            return suspension.resume(command, hazard, world)
        case do.RevokeOrder():
            return suspension.revoke(command, hazard, world)
        case do.RequestExtension():
            return extensions.request(command, hazard, world)
        case do.GrantExtension():
            return extensions.grant(command, hazard, world)
        case do.RefuseExtension():
            return extensions.refuse(command, hazard, world)
        case do.SubmitRectification():
            return closing.submit(command, hazard, world)
        case do.PassVerification():
            return verification.pass_(command, hazard, world)
        case do.FailVerification():
            return verification.fail(command, hazard, world)
        case do.CloseHazard():
            return closing.close(command, hazard, world)
        case do.ReopenHazard():
            return closing.reopen(command, hazard, world)
        case do.TransferHazard():
            return transfers.transfer(command, hazard, world)
        case do.AcceptTransfer():
            return transfers.accept(command, hazard, world)
        case do.RefuseTransfer():
            return transfers.refuse(command, hazard, world)
        case do.AssignCompetence():
            return transfers.assign(command, hazard, world)
        case do.ReportResult():
            return transfers.report(command, hazard, world)
        case do.EscalateHazard():
            return proceedings.escalate(command, hazard, world)
        case do.RecordMeasure():
            return proceedings.measure(command, hazard, world)
        case do.DeclineMeasure():
            return proceedings.decline(command, hazard, world)
        case do.SignDocument():
            return proceedings.sign(command, hazard, world)
        case do.PauseClock():
            return proceedings.pause(command, hazard, world)
        case do.ResumeClock():
            return proceedings.resume(command, hazard, world)
        case do.MovePolicy():
            return proceedings.move_policy(command, hazard, world)
        case _:
            assert_never(command)
