"""Every command, in the order of the events that answer it. Names are imperative; each yields one event.

A command is read with unknown fields forbidden, so that a typing error does not pass for an empty field.
"""

import re
from typing import Annotated, ClassVar, get_args

from pydantic import ConfigDict, Field

from contracts.acts import (
    checklists,
    closing,
    extensions,
    inspection,
    intake,
    planning,
    proceedings,
    reporting,
    supervision,
    suspension,
    transfers,
)
from contracts.base import AreaCode, Contract, HazardId, InspectionId, Moment, Name, Token
from contracts.parties import Actor


class Command(Contract):
    """What every command tells. Sent again with the same id and body, it has one effect and the same answer."""

    model_config = ConfigDict(extra="forbid")

    imperative: ClassVar[str]

    command_id: Token
    actor: Actor
    occurred_at: Moment
    """When it happened, by the actor's account; not in the future."""
    expected_version: Annotated[int, Field(ge=0)] | None = None
    """The version that the actor saw; another one in the store is a refusal, not a guess."""
    historical: Name | None = None
    """The source of a fact older than this system: names, certificates, numbers and due date may be missing."""
    date_inferred: bool = False
    """The old record gives no date: the fact before it lent its own; flagged."""
    correlation_id: Token | None = None
    causation_id: Token | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """The last token of its subject: find_hazard."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.imperative = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class HazardCommand(Command):
    """A command about a hazard that exists."""

    hazard_id: HazardId


class FindHazard(Command, intake.Finding):
    """登记隐患 Enter what was found; the hazard's id follows from the command's."""


class GradeHazard(HazardCommand, intake.Grading):
    """判定等级 Grade it."""


class RegradeHazard(HazardCommand, intake.Regrading):
    """调整等级 Grade it anew; lower only to correct a mistake."""


class CorrectHazard(HazardCommand, intake.Correction):
    """更正 Mend a slip of the pen; never origin, finder, time, area, grade, deadline or verdict."""


class MergeHazard(HazardCommand, intake.Merging):
    """并案 Let the earlier record absorb this one."""


class WithdrawHazard(HazardCommand, intake.Withdrawal):
    """撤销 Take back a record that should never have been."""


class RuleOnOrigin(HazardCommand, intake.OriginRuling):
    """来源认定 Rule on the origin, beside the recorded one."""


class RecordObjection(HazardCommand, intake.ObjectionMade):
    """陈述申辩 Record what the party objects."""


class AnswerObjection(HazardCommand, intake.ObjectionReply):
    """答复陈述申辩 Answer an objection."""


class AssignHazard(HazardCommand, planning.Assignment):
    """交办/责令整改 Tell the party to rectify; again: a renewed order."""


class RecordInterimControl(HazardCommand, planning.InterimControl):
    """临时管控 Record what keeps people safe meanwhile."""


class PlanRectification(HazardCommand, planning.Plan):
    """整改方案 Hand in the plan."""


class StartRectification(HazardCommand, planning.Start):
    """开始整改 Begin, plan in hand."""


class ReportProgress(HazardCommand, planning.Progress):
    """报告进展 Report progress, overdue or not."""


class ChangeResponsibleParty(HazardCommand, planning.NewParty):
    """变更责任单位 Name the party as it is now."""


class ReportToRegulator(HazardCommand, reporting.RegulatorReport):
    """向部门报告 Report to the regulator."""


class AcknowledgeReport(HazardCommand, reporting.ReportReceipt):
    """回执 Confirm that the report has arrived."""


class ReportToWorkers(HazardCommand, reporting.WorkersReport):
    """向职工报告 Report to the workers."""


class ProposeListing(HazardCommand, supervision.ListingProposal):
    """提请挂牌 Propose a listing."""


class DeclineListing(HazardCommand, supervision.ListingDeclined):
    """不予挂牌 Decline a proposal."""


class ListHazard(HazardCommand, supervision.Listing):
    """挂牌督办 List it for supervision."""


class FileListing(HazardCommand, supervision.ListingFiling):
    """挂牌备案 File the listing with the level above."""


class PublishListing(HazardCommand, supervision.ListingPublication):
    """公告 Publish a listing or its end."""


class WithdrawPublication(HazardCommand, supervision.PublicationRecall):
    """撤回公开 Take a publication back."""


class ApplyForDelisting(HazardCommand, supervision.DelistingApplication):
    """申请摘牌 Ask for the end of a listing."""


class RefuseDelisting(HazardCommand, supervision.DelistingRefusal):
    """不予摘牌 Refuse to delist."""


class DelistHazard(HazardCommand, supervision.Delisting):
    """解除挂牌（摘牌） End a listing."""


class OrderSuspension(HazardCommand, suspension.SuspensionOrder):
    """责令停产停用 Order work to stop."""


class ConfirmSuspension(HazardCommand, suspension.SuspensionFound):
    """确认停产停用 Record whether work has stopped."""


class ApplyForResumption(HazardCommand, suspension.ResumptionApplication):
    """申请复产 Ask to resume."""


class RefuseResumption(HazardCommand, suspension.ResumptionRefusal):
    """不同意复产 Refuse to let work resume."""


class ResumeOperations(HazardCommand, suspension.Resumption):
    """同意恢复生产 Let work resume."""


class RevokeOrder(HazardCommand, suspension.Revocation):
    """撤销/变更决定 Revoke or change a decision."""


class RequestExtension(HazardCommand, extensions.ExtensionRequest):
    """申请延期 Ask for more time."""


class GrantExtension(HazardCommand, extensions.ExtensionGrant):
    """准予延期 Grant more time."""


class RefuseExtension(HazardCommand, extensions.ExtensionRefusal):
    """不准延期 Refuse more time."""


class SubmitRectification(HazardCommand, closing.Submission):
    """报告整改完成 Claim that it is done."""


class PassVerification(HazardCommand, closing.VerificationPass):
    """复查合格 State that it is done."""


class FailVerification(HazardCommand, closing.VerificationFailure):
    """复查不合格 State that it is not done."""


class CloseHazard(HazardCommand, closing.Closure):
    """销号 Strike it off."""


class ReopenHazard(HazardCommand, closing.Reopening):
    """重新立项 Open it again."""


class TransferHazard(HazardCommand, transfers.Transfer):
    """移送 Offer it to the competent body."""


class AcceptTransfer(HazardCommand, transfers.TransferAcceptance):
    """接收 Take it over."""


class RefuseTransfer(HazardCommand, transfers.TransferRefusal):
    """退回 Send it back."""


class AssignCompetence(HazardCommand, transfers.CompetenceAssignment):
    """指定监管/交办 Assign the competent body."""


class ReportResult(HazardCommand, transfers.ResultReport):
    """反馈办理结果 Report the result back."""


class EscalateHazard(HazardCommand, proceedings.Escalation):
    """升级提请 Propose the next step; the notifier only."""


class RecordMeasure(HazardCommand, proceedings.Measure):
    """登记处置 Record what an authority did."""


class DeclineMeasure(HazardCommand, proceedings.MeasureRefusal):
    """不予采纳 Answer a proposal with no."""


class SignDocument(HazardCommand, proceedings.SignedDocument):
    """签发文书 Sign a document."""


class PauseClock(HazardCommand, proceedings.ClockPause):
    """中止计时 Let the clocks stand still."""


class ResumeClock(HazardCommand, proceedings.ClockResumption):
    """恢复计时 Let the clocks run again."""


class MovePolicy(HazardCommand, proceedings.PolicyMove):
    """变更适用策略 Apply another adopted policy."""


class AdoptPolicy(Command, proceedings.PolicyAdoption):
    """采用策略 Adopt a file of rules for an area (aggregate policy)."""

    area: AreaCode


class RecordInspection(Command, inspection.Visit):
    """登记检查 Enter a visit; its id follows from the command's."""


class InspectionCommand(Command):
    """A command about a visit that is recorded."""

    inspection_id: InspectionId


class GiveExpertOpinion(InspectionCommand, inspection.ExpertOpinion):
    """提出专家意见 Say what is wrong and what to do."""


class SignInspection(InspectionCommand, inspection.Signing):
    """签字确认检查 Sign for the party, or record that it would not."""


class DeclineOffer(InspectionCommand, checklists.OfferRefusal):
    """不予立项 Say why an answer is no hazard."""


class CorrectInspection(InspectionCommand, inspection.VisitCorrection):
    """更正检查记录 Mend a slip of the pen; never kind, time, party, persons or answers."""


class WithdrawInspection(InspectionCommand, inspection.VisitWithdrawal):
    """撤销检查记录 Take back a record that should never have been."""


HazardCommands = (
    FindHazard
    | GradeHazard
    | RegradeHazard
    | CorrectHazard
    | MergeHazard
    | WithdrawHazard
    | RuleOnOrigin
    | RecordObjection
    | AnswerObjection
    | AssignHazard
    | RecordInterimControl
    | PlanRectification
    | StartRectification
    | ReportProgress
    | ChangeResponsibleParty
    | ReportToRegulator
    | AcknowledgeReport
    | ReportToWorkers
    | ProposeListing
    | DeclineListing
    | ListHazard
    | FileListing
    | PublishListing
    | WithdrawPublication
    | ApplyForDelisting
    | RefuseDelisting
    | DelistHazard
    | OrderSuspension
    | ConfirmSuspension
    | ApplyForResumption
    | RefuseResumption
    | ResumeOperations
    | RevokeOrder
    | RequestExtension
    | GrantExtension
    | RefuseExtension
    | SubmitRectification
    | PassVerification
    | FailVerification
    | CloseHazard
    | ReopenHazard
    | TransferHazard
    | AcceptTransfer
    | RefuseTransfer
    | AssignCompetence
    | ReportResult
    | EscalateHazard
    | RecordMeasure
    | DeclineMeasure
    | SignDocument
    | PauseClock
    | ResumeClock
    | MovePolicy
)
"""Every command about a hazard; `match` over it is checked to be complete."""

InspectionCommands = (
    RecordInspection | GiveExpertOpinion | SignInspection | DeclineOffer | CorrectInspection | WithdrawInspection
)
"""Every command about a visit."""

COMMANDS: dict[str, type[Command]] = {
    command.imperative: command for command in (*get_args(HazardCommands), AdoptPolicy, *get_args(InspectionCommands))
}
"""By the last token of the subject."""
