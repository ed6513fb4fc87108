"""Every event, in the order of a hazard's life. Names are past; wire names never change.

An event is read with unknown fields ignored, so that readers survive our additions. A change that is more than an
optional field raises `schema_version` and brings an upcast (upcasts.py).
"""

import re
from typing import ClassVar, Literal, get_args

from pydantic import ConfigDict

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
from contracts.base import CalendarDate, Contract, Moment, Name, Sha256, Token
from contracts.parties import Actor
from contracts.terms import Flag

VerificationClass = Literal["E", "S", "P", "O", "M", "X"]
"""企业验收, 自验, 巡查复核, 执法复查, 重大核查, 异体复核 (policy.md section 3)."""


class Event(Contract):
    """What every event tells: who, when by his account, when by ours, from which old record, with which gaps."""

    model_config = ConfigDict(extra="ignore")

    aggregate: ClassVar[str] = "hazard"
    type: ClassVar[str]
    schema_version: ClassVar[int] = 1

    actor: Actor
    occurred_at: Moment
    recorded_at: Moment
    historical: Name | None = None
    """The source of a fact older than this system 历史补录."""
    flags: tuple[Flag, ...] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Wire name: aggregate + snake_case, a leading `hazard_` dropped: hazard.found, policy.adopted."""
        super().__pydantic_init_subclass__(**kwargs)
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.type = f"{cls.aggregate}.{snake.removeprefix(f'{cls.aggregate}_')}"


class HazardFound(Event, intake.Finding):
    """隐患登记 Found and entered."""

    schema_version: ClassVar[int] = 2


class HazardGraded(Event, intake.Grading):
    """判定等级 Graded, or found to be suspected major."""


class HazardRegraded(Event, intake.Regrading):
    """调整等级 Graded anew, with the reasons."""


class HazardCorrected(Event, intake.Correction):
    """更正 A slip of the pen mended beside the record."""


class HazardMerged(Event, intake.Merging):
    """并案 Absorbed by the earlier record of the same thing."""


class HazardWithdrawn(Event, intake.Withdrawal):
    """撤销 Should never have been recorded; it stays readable."""


class OriginRuled(Event, intake.OriginRuling):
    """来源认定 Two names of the county ruled; the recorded origin stays."""


class ObjectionRecorded(Event, intake.ObjectionMade):
    """陈述申辩 The party was heard."""

    objection: Token


class ObjectionAnswered(Event, intake.ObjectionReply):
    """答复陈述申辩 Answered with reasons."""

    objection: Token


class HazardAssigned(Event, planning.Assignment):
    """交办/责令整改 Told to rectify, by when."""


class InterimControlRecorded(Event, planning.InterimControl):
    """临时管控 Made less dangerous meanwhile."""


class RectificationPlanned(Event, planning.Plan):
    """整改方案 Planned: 五定 or 七项."""


class RectificationStarted(Event, planning.Start):
    """开始整改 Begun."""


class ProgressReported(Event, planning.Progress):
    """报告进展 Partly done."""


class ResponsiblePartyChanged(Event, planning.NewParty):
    """变更责任单位 Another name, code or tenant; the old ones stay."""


class ReportedToRegulator(Event, reporting.RegulatorReport):
    """向部门报告 One half of the dual report."""

    report: Token


class ReportAcknowledged(Event, reporting.ReportReceipt):
    """回执 The regulator confirmed that it has the report."""

    report: Token


class ReportedToWorkers(Event, reporting.WorkersReport):
    """向职工报告 The other half of the dual report."""


class ListingProposed(Event, supervision.ListingProposal):
    """提请挂牌 Proposed for supervision."""

    proposal: Token


class ListingDeclined(Event, supervision.ListingDeclined):
    """不予挂牌 Declined with reasons."""

    proposal: Token


class HazardListed(Event, supervision.Listing):
    """挂牌督办 Listed; this listing has its own body and deadline."""

    listing: Token


class ListingFiled(Event, supervision.ListingFiling):
    """挂牌备案 Filed with the level above."""

    listing: Token


class ListingPublished(Event, supervision.ListingPublication):
    """公告 Published, on listing or delisting."""

    listing: Token
    publication: Token


class PublicationWithdrawn(Event, supervision.PublicationRecall):
    """撤回公开 Taken back where it was published."""

    publication: Token


class DelistingApplied(Event, supervision.DelistingApplication):
    """申请摘牌 Asked for."""

    listing: Token


class DelistingRefused(Event, supervision.DelistingRefusal):
    """不予摘牌 Refused with reasons."""

    listing: Token


class HazardDelisted(Event, supervision.Delisting):
    """解除挂牌（摘牌） This listing ended."""

    listing: Token


class SuspensionOrdered(Event, suspension.SuspensionOrder):
    """责令停产停用 Work was ordered to stop."""

    suspension: Token


class SuspensionComplied(Event, suspension.SuspensionFound):
    """确认停产停用 Found as it is: stopped, or not."""

    suspension: Token


class ResumptionApplied(Event, suspension.ResumptionApplication):
    """申请复产 Asked for."""

    suspension: Token


class ResumptionRefused(Event, suspension.ResumptionRefusal):
    """不同意复产 Refused with reasons."""

    suspension: Token


class OperationsResumed(Event, suspension.Resumption):
    """同意恢复生产 Consented to, in full or on trial."""

    suspension: Token


class OrderRevoked(Event, suspension.Revocation):
    """撤销/变更决定 An order lost its force and no longer blocks."""


class ExtensionRequested(Event, extensions.ExtensionRequest):
    """申请延期 Asked for."""

    of: tuple[Token, ...]
    """Whose deadline is to move: `order`, or listings."""


class ExtensionGranted(Event, extensions.ExtensionGrant):
    """准予延期 The deadline in force moved; overdue days stay on record."""

    until: CalendarDate
    of: tuple[Token, ...]


class ExtensionRefused(Event, extensions.ExtensionRefusal):
    """不准延期 Refused with reasons."""


class RectificationSubmitted(Event, closing.Submission):
    """报告整改完成 Claimed to be done; nobody has seen it yet."""


class VerificationPassed(Event, closing.VerificationPass):
    """复查合格 Seen to be done."""

    verification_class: VerificationClass


class VerificationFailed(Event, closing.VerificationFailure):
    """复查不合格 Seen not to be done; the deadline stays."""

    verification_class: VerificationClass


class HazardClosed(Event, closing.Closure):
    """销号 Struck off: rectified, or ceased with its place."""


class HazardReopened(Event, closing.Reopening):
    """重新立项 Open again, under the same number."""


class HazardTransferred(Event, transfers.Transfer):
    """移送 Offered to the body thought competent."""

    from_body: Token | None = None


class TransferAccepted(Event, transfers.TransferAcceptance):
    """接收 Taken over."""

    by_body: Token


class TransferRefused(Event, transfers.TransferRefusal):
    """退回 Sent back, with the name of the competent body."""

    by_body: Token


class CompetenceAssigned(Event, transfers.CompetenceAssignment):
    """指定监管/交办 Assigned from above, binding."""


class ResultReported(Event, transfers.ResultReport):
    """反馈办理结果 Told to whoever handed it down or reported it."""


class HazardEscalated(Event, proceedings.Escalation):
    """升级提请 Proposed by the machine; a named person answers."""

    proposal: Token


class MeasureRecorded(Event, proceedings.Measure):
    """登记处置 What an authority did."""


class MeasureDeclined(Event, proceedings.MeasureRefusal):
    """不予采纳 A proposal was answered with no, and why."""

    proposal: Token


class DocumentSigned(Event, proceedings.SignedDocument):
    """签发文书 Signed by a named person."""


class ClockPaused(Event, proceedings.ClockPause):
    """中止计时 The clocks stand still."""


class ClockResumed(Event, proceedings.ClockResumption):
    """恢复计时 The clocks run again."""


class PolicyMoved(Event, proceedings.PolicyMove):
    """变更适用策略 Another adopted policy applies from here."""


class PolicyAdopted(Event, proceedings.PolicyAdoption):
    """采用策略 Adopted; hazards found from now on keep to it."""

    aggregate: ClassVar[str] = "policy"

    sha256: Sha256
    """Of the content in UTF-8: the policy's version."""


class InspectionRecorded(Event, inspection.Visit):
    """检查记录 A place was visited; whether anything was found is told too."""

    aggregate: ClassVar[str] = "inspection"

    offers: tuple[checklists.Offer, ...] = ()
    """The answers that are a finding, as the lists word them: each is opened as a hazard or declined."""


class ExpertOpinionGiven(Event, inspection.ExpertOpinion):
    """专家检查意见 Experts said what is wrong and what to do."""

    aggregate: ClassVar[str] = "inspection"

    opinion_id: Token


class InspectionSigned(Event, inspection.Signing):
    """检查记录签字 Signed for the party, or refused."""

    aggregate: ClassVar[str] = "inspection"


class OfferDeclined(Event, checklists.OfferRefusal):
    """不立项 An answer that is no hazard after all."""

    aggregate: ClassVar[str] = "inspection"


class InspectionCorrected(Event, inspection.VisitCorrection):
    """更正检查记录 A slip of the pen mended beside the record."""

    aggregate: ClassVar[str] = "inspection"


class InspectionWithdrawn(Event, inspection.VisitWithdrawal):
    """撤销检查记录 Should never have been recorded; it stays readable."""

    aggregate: ClassVar[str] = "inspection"


HazardEvent = (
    HazardFound
    | HazardGraded
    | HazardRegraded
    | HazardCorrected
    | HazardMerged
    | HazardWithdrawn
    | OriginRuled
    | ObjectionRecorded
    | ObjectionAnswered
    | HazardAssigned
    | InterimControlRecorded
    | RectificationPlanned
    | RectificationStarted
    | ProgressReported
    | ResponsiblePartyChanged
    | ReportedToRegulator
    | ReportAcknowledged
    | ReportedToWorkers
    | ListingProposed
    | ListingDeclined
    | HazardListed
    | ListingFiled
    | ListingPublished
    | PublicationWithdrawn
    | DelistingApplied
    | DelistingRefused
    | HazardDelisted
    | SuspensionOrdered
    | SuspensionComplied
    | ResumptionApplied
    | ResumptionRefused
    | OperationsResumed
    | OrderRevoked
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | RectificationSubmitted
    | VerificationPassed
    | VerificationFailed
    | HazardClosed
    | HazardReopened
    | HazardTransferred
    | TransferAccepted
    | TransferRefused
    | CompetenceAssigned
    | ResultReported
    | HazardEscalated
    | MeasureRecorded
    | MeasureDeclined
    | DocumentSigned
    | ClockPaused
    | ClockResumed
    | PolicyMoved
)
"""Every event of a hazard; `match` over it is checked to be complete."""

InspectionEvent = (
    InspectionRecorded
    | ExpertOpinionGiven
    | InspectionSigned
    | OfferDeclined
    | InspectionCorrected
    | InspectionWithdrawn
)
"""Every event of a visit; `match` over it is checked to be complete."""

EVENTS: dict[str, type[Event]] = {
    event.type: event for event in (*get_args(HazardEvent), PolicyAdopted, *get_args(InspectionEvent))
}
"""By wire name."""
