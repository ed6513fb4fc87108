"""One accepted case of every command about a hazard: (what happened before, who does it)."""

from contracts import commands as do
from contracts.commands import Command
from contracts.terms import (
    DelistingGround,
    Grade,
    Origin,
    PartyChange,
    PublicationKind,
    RegradeKind,
    ReopeningKind,
    RevocationAct,
    Verdict,
    WithdrawalKind,
)
from tests import deeds as d
from tests import props as p
from tests.scenario import Deed, Given, by, given

SURVIVOR = given(d.inspected).hazard
OTHER_WORLD = p.world_with({p.TWIN_ID: SURVIVOR})

objected = by(p.owner, do.RecordObjection, statement="期限过短", to_body="em")
reported = d.told_regulator
published = by(p.secretary, do.PublishListing, kind=PublicationKind.LISTED, medium="县融媒体")
escalated = by(p.notifier, do.EscalateHazard, rule="G03", level=2, policy_version="0" * 64)
paused = by(p.director, do.PauseClock, reasons="洪水围困", until=p.day(9))
merged = by(p.officer, do.MergeHazard, survivor=p.TWIN_ID, reasons="同一处")
withdrawn = by(
    p.officer, do.WithdrawHazard, kind=WithdrawalKind.ERROR, reasons="误报", names=p.sign(p.officer, p.second_officer)
)
downgraded = by(
    p.officer,
    do.RegradeHazard,
    grade=Grade.GENERAL,
    kind=RegradeKind.MISJUDGED,
    reasons="条款适用有误",
    determined_by=p.sign(p.officer, p.second_officer),
    opinion=p.PAPER,
)
revoked = by(
    p.director,
    do.RevokeOrder,
    order="order",
    act=RevocationAct.REVOKED,
    deciding_body=p.ref(p.EM),
    document=p.number("应急撤〔2026〕1号"),
    reasons="适用法律有误",
)
fine = by(
    p.officer, do.RecordMeasure, kind="罚款", basis="安全生产法第一百零二条", document=p.number("应急罚〔2026〕1号")
)
signed = by(p.director, do.SignDocument, kind="告知书", number="3号", signed_by=p.sign(p.director)[0])
refused_back = by(p.officer, do.RefuseTransfer, competent_body=p.ref(p.ROADS), basis="公路法")
look_back = by(p.officer, do.ReopenHazard, kind=ReopeningKind.LOOK_BACK, reasons="回头看发现防护罩又拆除")
renamed = by(
    p.owner,
    do.ChangeResponsibleParty,
    kind=PartyChange.RENAMED,
    party=p.FACTORY.model_copy(update={"name": "甲镇精密铸造厂"}),
)
ruled = by(
    p.director,
    do.RuleOnOrigin,
    origin=Origin.SELF,
    reasons="企业纸质台账日期在先",
    ruled_by=p.sign(p.director, p.deputy),
    evidence=(p.PAPER,),
)
answered = by(
    p.director, do.AnswerObjection, verdict=Verdict.NOT_ADOPTED, reasons="期限合理", answered_by=p.sign(p.director)
)
progress = by(p.safety, do.ReportProgress, done="已采购")
control = by(p.safety, do.RecordInterimControl, measures="断电挂牌")
corrected = by(p.safety, do.CorrectHazard, corrects=1, reasons="地点写错", place="打磨二间")
acknowledged = by(p.officer, do.AcknowledgeReport, receipt="应急收〔2026〕8号")
declined = by(p.secretary, do.DeclineListing, reasons="可当场整改")
filed = by(p.secretary, do.FileListing, filed_with=p.ref(p.CITY_GOV))
recalled = by(p.secretary, do.WithdrawPublication, reasons="名称有误", medium="县融媒体")
delisting_refused = by(p.mayor, do.RefuseDelisting, reasons="尚未核查")
complied = by(p.officer, do.ConfirmSuspension, scope_found="打磨间已断电")
resumption_refused = by(p.officer, do.RefuseResumption, reasons="泄爆装置未装")
extension_refused = by(p.director, do.RefuseExtension, decided_by=p.sign(p.director)[0], reasons="无需采购")
declined_measure = by(p.director, do.DeclineMeasure, reasons="先约谈")
clock_resumed = by(p.director, do.ResumeClock, reasons="洪水已退")
moved_policy = by(p.director, do.MovePolicy, policy="c" * 64, reasons="改用新策略")

STOPPED = (*d.MAJOR_ORDERED, d.stopped)
DELISTING_ASKED = (*d.MAJOR_ORDERED, d.county_listed, d.planned_major, d.submitted_major, d.asked_to_delist)
REGRADED = (*d.MAJOR_ORDERED,)

SPECIMENS: dict[type[Command], tuple[tuple[object, ...], Deed]] = {
    do.FindHazard: ((), d.inspected),
    do.GradeHazard: ((d.inspected,), d.officer_graded_general),
    do.RegradeHazard: (REGRADED, downgraded),
    do.CorrectHazard: ((d.self_found,), corrected),
    do.MergeHazard: ((d.inspected,), merged),
    do.WithdrawHazard: ((d.inspected,), withdrawn),
    do.RuleOnOrigin: ((d.inspected,), ruled),
    do.RecordObjection: (d.GENERAL_ORDERED, objected),
    do.AnswerObjection: ((*d.GENERAL_ORDERED, objected), answered),
    do.AssignHazard: ((d.inspected,), d.ordered),
    do.RecordInterimControl: ((d.inspected,), control),
    do.PlanRectification: (d.GENERAL_ORDERED, d.planned),
    do.StartRectification: ((*d.GENERAL_ORDERED, d.planned), d.started),
    do.ReportProgress: (d.GENERAL_ORDERED, progress),
    do.ChangeResponsibleParty: ((d.inspected,), renamed),
    do.ReportToRegulator: ((d.self_found,), d.told_regulator),
    do.AcknowledgeReport: ((d.self_found, d.told_regulator), acknowledged),
    do.ReportToWorkers: ((d.inspected, d.graded_major), d.told_workers),
    do.ProposeListing: ((d.inspected, d.graded_major), d.proposed),
    do.DeclineListing: ((d.inspected, d.graded_major, d.proposed), declined),
    do.ListHazard: ((d.inspected, d.graded_major), d.county_listed),
    do.FileListing: ((d.inspected, d.graded_major, d.county_listed), filed),
    do.PublishListing: ((d.inspected, d.graded_major, d.county_listed), published),
    do.WithdrawPublication: ((d.inspected, d.graded_major, d.county_listed, published), recalled),
    do.ApplyForDelisting: (DELISTING_ASKED[:-1], d.asked_to_delist),
    do.RefuseDelisting: (DELISTING_ASKED, delisting_refused),
    do.DelistHazard: ((*DELISTING_ASKED, d.passed), d.delisted),
    do.OrderSuspension: ((d.inspected,), d.stopped),
    do.ConfirmSuspension: (STOPPED, complied),
    do.ApplyForResumption: ((*STOPPED, d.planned_major, d.submitted_major), d.asked_to_resume),
    do.RefuseResumption: ((*STOPPED, d.planned_major, d.submitted_major, d.asked_to_resume), resumption_refused),
    do.ResumeOperations: ((*STOPPED, d.planned_major, d.submitted_major, d.passed), d.resumed),
    do.RevokeOrder: (d.GENERAL_ORDERED, revoked),
    do.RequestExtension: (d.GENERAL_ORDERED, d.asked_for_time),
    do.GrantExtension: ((*d.GENERAL_ORDERED, d.asked_for_time), d.granted),
    do.RefuseExtension: ((*d.GENERAL_ORDERED, d.asked_for_time), extension_refused),
    do.SubmitRectification: ((*d.GENERAL_ORDERED, d.planned), d.submitted),
    do.PassVerification: (d.GENERAL_SUBMITTED, d.passed),
    do.FailVerification: (d.GENERAL_SUBMITTED, d.failed),
    do.CloseHazard: (d.MAJOR_REPORTED, d.closed),
    do.ReopenHazard: (d.MAJOR_CLOSED, look_back),
    do.TransferHazard: ((d.inspected.but(actor=p.fireman),), d.transferred),
    do.AcceptTransfer: ((d.inspected.but(actor=p.fireman), d.transferred), d.taken_over),
    do.RefuseTransfer: ((d.inspected.but(actor=p.fireman), d.transferred), refused_back),
    do.AssignCompetence: ((d.inspected,), d.assigned_from_above),
    do.ReportResult: ((d.inspected, d.assigned_from_above, *d.GENERAL_VERIFIED[1:]), d.told_above),
    do.EscalateHazard: (d.GENERAL_ORDERED, escalated),
    do.RecordMeasure: (d.GENERAL_ORDERED, fine),
    do.DeclineMeasure: ((*d.GENERAL_ORDERED, escalated), declined_measure),
    do.SignDocument: ((d.inspected,), signed),
    do.PauseClock: (d.GENERAL_ORDERED, paused),
    do.ResumeClock: ((*d.GENERAL_ORDERED, paused), clock_resumed),
    do.MovePolicy: ((d.inspected,), moved_policy),
}
"""By command."""

REVOKED_LISTING = d.delisted.but(ground=DelistingGround.REVOKED)


def before(kind: type[Command]) -> Given:
    """The history of that command's specimen."""
    return given(*SPECIMENS[kind][0], world=OTHER_WORLD)
