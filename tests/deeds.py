"""What people did, by name: the steps of which the histories in the tests are made."""

from decimal import Decimal

from contracts import commands as do
from contracts.acts.intake import Determination
from contracts.terms import (
    AssignmentKind,
    BasisKind,
    ClosureKind,
    FailureResult,
    Grade,
    Origin,
    PartyChange,
    SuspensionKind,
    Trigger,
    VerificationMode,
    WorkersBody,
)
from tests import props as p
from tests.scenario import by

# 登记
self_found = by(
    p.safety,
    do.FindHazard,
    area=p.VILLAGE_AREA,
    description="砂轮机防护罩缺失",
    place="打磨间",
    origin=Origin.SELF,
    sector="industry_trade",
    party=p.FACTORY,
    photos=(p.PHOTO,),
)
self_suspected = self_found.but(description="除尘系统未设泄爆装置", suspected_major=True)
shop_found = self_found.but(actor=p.shopkeeper, description="灭火器过期", place="柜台旁", party=p.SHOP)
inspected = self_found.but(actor=p.officer, origin=Origin.INSPECTION)
patrolled = self_found.but(actor=p.cadre, origin=Origin.PATROL, description="安全出口堆物", party=p.SHOP)
town_inspected = self_found.but(actor=p.checker, origin=Origin.INSPECTION)
reported = by(
    p.intake,
    do.FindHazard,
    area=p.VILLAGE_AREA,
    description="举报反映炉坑积水",
    place="熔炼车间",
    origin=Origin.REPORT,
    sector="industry_trade",
    party=p.FACTORY,
    receipt="12350-0420",
)
road_sank = patrolled.but(description="路基塌陷", place="X012线3公里处", sector="roads", party=p.STATION)

# 判定
clause = Determination(
    kind=BasisKind.CLAUSE,
    standard="工贸企业重大事故隐患判定标准",
    version="应急管理部令第10号",
    article=3,
    item=2,
    decided_by=p.name(p.officer),
)
graded_general = by(p.safety, do.GradeHazard, grade=Grade.GENERAL)
officer_graded_general = graded_general.but(actor=p.officer)
cadre_graded_general = graded_general.but(actor=p.cadre)
graded_major = by(p.officer, do.GradeHazard, grade=Grade.MAJOR, basis=clause)
owner_graded_major = graded_major.but(actor=p.owner, basis=clause.model_copy(update={"decided_by": p.name(p.owner)}))

# 交办
told_inside = by(p.owner, do.AssignHazard, kind=AssignmentKind.INTERNAL, due=p.day(10))
noticed = by(p.cadre, do.AssignHazard, kind=AssignmentKind.NOTICE, due=p.day(10), measures="清空通道")
ordered = by(
    p.officer,
    do.AssignHazard,
    kind=AssignmentKind.ORDER,
    due=p.day(30),
    basis="安全生产法第六十五条",
    document=p.number("应急责改〔2026〕3号"),
    officers=p.sign(p.officer, p.second_officer),
)
handed_over = by(
    p.town_lead, do.AssignHazard, kind=AssignmentKind.HANDOVER, due=p.day(10), to_body=p.ref(p.ROAD_STATION)
)

shared_with_tenant = by(p.officer, do.ChangeResponsibleParty, kind=PartyChange.CO_PARTY_ADDED, party=p.TENANT)

# 整改
planned = by(
    p.safety,
    do.PlanRectification,
    responsible=p.name(p.safety),
    measures="加装防护罩",
    due=p.day(8),
    completer=p.name(p.mechanic),
    acceptor=p.name(p.steward),
)
planned_major = planned.but(
    funds=Decimal("50000.00"),
    contingency="停用并湿式清扫",
    signed_by=p.name(p.owner),
    attachments=(p.PAPER,),
)
started = by(p.safety, do.StartRectification)
submitted = by(
    p.safety,
    do.SubmitRectification,
    statement="已整改到位",
    signed_by=p.name(p.safety),
    after=(p.PHOTO,),
)
submitted_major = submitted.but(acceptance_report=p.PAPER)
on_the_spot = submitted.but(on_the_spot=True, completer=p.name(p.mechanic), acceptor=p.name(p.steward))

# 复查
accepted_inside = by(
    p.safety,
    do.PassVerification,
    trigger=Trigger.SUBMISSION,
    mode=VerificationMode.ON_SITE,
    verifiers=p.sign(p.steward),
)
passed = by(
    p.third_officer,
    do.PassVerification,
    trigger=Trigger.SUBMISSION,
    mode=VerificationMode.ON_SITE,
    verifiers=p.sign(p.third_officer, p.fourth_officer),
    document=p.number("应急复查〔2026〕5号"),
)
failed = by(
    p.third_officer,
    do.FailVerification,
    trigger=Trigger.SUBMISSION,
    mode=VerificationMode.ON_SITE,
    verifiers=p.sign(p.third_officer, p.fourth_officer),
    result=FailureResult.PARTIAL,
    remaining="仍有一台未装",
)
closed = by(p.director, do.CloseHazard, kind=ClosureKind.RECTIFIED)
ceased = by(
    p.officer,
    do.CloseHazard,
    kind=ClosureKind.CEASED,
    grounds="断电清空，设备拆除",
    seen_by=p.sign(p.officer, p.second_officer),
)

# 双报告
told_regulator = by(p.safety, do.ReportToRegulator, receiver=p.ref(p.EM))
told_workers = by(
    p.owner,
    do.ReportToWorkers,
    body=WorkersBody.ASSEMBLY,
    held_on=p.SAME_DAY,
    present=28,
    total=30,
    signed_sheet=p.PAPER,
    countersigned_by=p.name(p.steward),
)

# 挂牌
proposed = by(p.town_lead, do.ProposeListing, reasons="整改难度大")
county_listed = by(
    p.mayor,
    do.ListHazard,
    document=p.number("县政安督〔2026〕2号"),
    deadline=p.day(60),
    supervisor=p.ref(p.EM),
)
city_listed = county_listed.but(
    actor=p.city_mayor, document=p.number("市政安督〔2026〕1号"), deadline=p.day(40), supervisor=p.ref(p.CITY_EM)
)
asked_to_delist = by(p.safety, do.ApplyForDelisting, statement="已整改，请予摘牌")
delisted = by(p.mayor, do.DelistHazard, signed_by=p.sign(p.mayor)[0], document=p.number("县政安摘〔2026〕2号"))

# 停产
stopped = by(
    p.officer,
    do.OrderSuspension,
    kind=SuspensionKind.ON_SITE,
    scope="打磨间",
    basis="安全生产法第六十五条第三项",
    document=p.number("应急现决〔2026〕8号"),
    officers=p.sign(p.officer, p.second_officer),
    approved_by=p.sign(p.director)[0],
)
asked_to_resume = by(p.safety, do.ApplyForResumption, scope="打磨间")
resumed = by(
    p.third_officer,
    do.ResumeOperations,
    scope="打磨间",
    reviewers=p.sign(p.third_officer, p.fourth_officer),
    consented_by=p.sign(p.director)[0],
)

# 延期
asked_for_time = by(
    p.safety, do.RequestExtension, until=p.day(45), reasons="配件未到货", interim_controls="断电挂牌，专人看守"
)
granted = by(p.director, do.GrantExtension, decided_by=p.sign(p.director)[0])

# 移送
transferred = by(
    p.fire_chief,
    do.TransferHazard,
    to_body=p.ref(p.EM),
    reasons="不属消防监管",
    party_told_on=p.SAME_DAY,
    document=p.number("消移〔2026〕2号"),
)
taken_over = by(p.officer, do.AcceptTransfer)
assigned_from_above = by(
    p.inspector, do.AssignCompetence, to_body=p.ref(p.EM), from_superior=True, reasons="市级抽查交办"
)
told_above = by(p.officer, do.ReportResult, to_body=p.ref(p.CITY_EM), content="已整改，复查合格")

# 走到某一步
GENERAL_ORDERED = (inspected, officer_graded_general, ordered)
GENERAL_SUBMITTED = (*GENERAL_ORDERED, planned, submitted)
GENERAL_VERIFIED = (*GENERAL_SUBMITTED, passed)
SELF_ASSIGNED = (self_found, graded_general, told_inside)
SELF_SUBMITTED = (*SELF_ASSIGNED, planned, submitted)
SELF_VERIFIED = (*SELF_SUBMITTED, accepted_inside)
MAJOR_ORDERED = (inspected, graded_major, ordered)
MAJOR_SUBMITTED = (*MAJOR_ORDERED, planned_major, submitted_major)
MAJOR_VERIFIED = (*MAJOR_SUBMITTED, passed)
MAJOR_REPORTED = (*MAJOR_VERIFIED, told_regulator, told_workers)
MAJOR_CLOSED = (*MAJOR_REPORTED, closed)
