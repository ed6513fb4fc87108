"""The words on screen, by stable id: what a person in a safety office reads instead of `rectifying`.

The names of events and commands are the terms that lead their docstrings; everything else stands here. Document names
follow the usual enforcement forms; a tenant may print others, the ids stay.
"""

from collections.abc import Iterable
from enum import StrEnum
from string import Formatter
from typing import Final

from contracts import terms
from contracts.commands import COMMANDS, Command
from contracts.events import EVENTS, Event, VerificationClass

WORDS: Final[dict[str, str]] = {
    # Stages and ends
    "found": "待判定",
    "graded": "待交办",
    "assigned": "待整改",
    "rectifying": "整改中",
    "submitted": "已报完成·待复查",
    "verified": "复查合格·待销号",
    "closed": "已销号",
    "closed.rectified": "整改销号",
    "closed.ceased": "灭失销号（关停、拆除）",
    "withdrawn": "已撤销",
    "merged": "已并案",
    "reopened": "重新立项",
    # Grades
    "general": "一般事故隐患",
    "suspected_major": "疑似重大·待判定",
    "major": "重大事故隐患",
    # Origins
    "origin.self": "企业自查",
    "origin.self_after_notice": "检查通知后自查",
    "origin.assistance": "专家帮扶",
    "origin.patrol": "村（社区）巡查",
    "origin.inspection": "监督检查",
    "origin.report": "举报",
    "origin.transferred_in": "移送接收",
    # Visits
    "visit.inspection": "行政检查",
    "visit.patrol": "巡查",
    "visit.assistance": "帮扶",
    "visit.self_check": "自查",
    "visit.supervision": "督导",
    "visit_mode.double_random": "双随机",
    "visit_mode.unannounced": "四不两直",
    "visit_mode.covert": "明查暗访",
    "visit_mode.joint": "联合检查",
    "visit_mode.cross": "交叉检查",
    "visit_mode.night": "夜间检查",
    "visit_mode.online": "线上检查",
    "visit_mode.daily": "日检查",
    "visit_mode.weekly": "周检查",
    "visit_mode.monthly": "月检查",
    "visit_mode.head_led": "主要负责人带队",
    "visit_mode.special": "专项检查",
    "visit_mode.look_back": "回头看",
    "visit_mode.spot_check": "抽查",
    "visit_mode.other": "其他方式",
    "answer.yes": "是",
    "answer.no": "否",
    "answer.not_applicable": "不涉及",
    # Sectors
    "sector.industry_trade": "工贸",
    "sector.fire": "消防",
    "sector.roads": "交通运输（公路）",
    "sector.water_transport": "交通运输（水路）",
    "sector.railway": "铁路",
    "sector.aviation": "民航",
    "sector.special_equipment": "特种设备",
    "sector.hazardous_chemicals": "危险化学品",
    "sector.fireworks": "烟花爆竹",
    "sector.gas": "燃气",
    "sector.construction": "住房城乡建设",
    "sector.mining": "矿山",
    "sector.power": "电力",
    "sector.utilities": "水电气热",
    "sector.water": "水利",
    "sector.natural_resources": "自然资源",
    "sector.geology": "地质灾害",
    "sector.forestry": "林业",
    "sector.agriculture": "农业",
    "sector.fishery": "渔业",
    "sector.commerce": "商贸",
    "sector.education": "教育",
    "sector.health": "卫生健康",
    "sector.civil_affairs": "民政",
    "sector.tourism": "文旅",
    "sector.sports": "体育",
    "sector.post": "邮政快递",
    # Roles
    "role.enterprise_head": "企业主要负责人",
    "role.safety_manager": "企业安全管理人员（信息员）",
    "role.worker": "从业人员",
    "role.worker_representative": "工会（职工代表）",
    "role.party_officer": "责任单位经办负责人",
    "role.village_officer": "村（社区）干部、网格员",
    "role.township_checker": "镇街检查员（应急办、联络员）",
    "role.township_lead": "镇街分管负责人",
    "role.regulator": "监管部门工作人员",
    "role.regulator_lead": "监管部门负责人",
    "role.officer": "行政执法人员（持证）",
    "role.legal_reviewer": "法制审核人员",
    "role.safety_committee": "安委办",
    "role.listing_authority": "挂牌机关（政府、安委会）",
    "role.superior_inspector": "上级督查（抽查）人员",
    "role.expert": "专家、第三方机构",
    "role.intake_officer": "举报受理人员",
    "role.notifier": "系统催办",
    "role.auditor": "审计监督（只读）",
    # Verification classes
    "class.E": "企业验收",
    "class.S": "自验",
    "class.P": "巡查复核",
    "class.O": "执法复查",
    "class.M": "重大核查",
    "class.X": "异体复核",
    # Powers
    "power.order_correction": "责令限期整改",
    "power.order_suspension": "责令停产停业",
    "power.penalise": "行政处罚",
    # Gaps that a fact carries
    "historical": "历史补录",
    "no_plan": "缺方案",
    "no_submission": "未申请",
    "ungraded": "未判定",
    "self_accepted": "自验",
    "recorder_verified": "代录人复核",
    "remote": "非现场复查",
    "on_the_spot": "即查即改",
    "overdue": "逾期未整改",
    "document_pending": "文书待补",
    "document_late": "文书逾期补",
    "party_unknown": "责任单位待查",
    "clause_text_missing": "条文待录入",
    "date_inferred": "日期据前事推定",
    "none_was_stated": "检查记录称无隐患",
    "back_filled": "事后补录",
    # Escalation
    "imminent_danger": "危及人身安全，紧急",
    "ladder.enterprise": "企业整改阶梯",
    "ladder.authority": "部门履责阶梯",
    "tell.responsible": "整改责任人",
    "tell.finder": "发现人",
    "tell.reviewer": "复查人员",
    "tell.decider": "审批人",
    "tell.sender": "移送单位负责人",
    "tell.receiver": "接收单位负责人",
    "tell.supervisor": "督办单位负责人",
    "tell.duty_officer": "值班人员",
    "notice.queued": "待发送",
    "notice.sent": "已发送",
    "notice.failed": "发送失败",
    "notice.dropped": "不再发送",
    "notice.acknowledged": "已阅",
    # Closed lists of the acts
    "party.enterprise": "企业",
    "party.sole_trader": "个体工商户",
    "party.public_body": "机关事业单位（公共设施管理单位）",
    "party.village": "村（社区）",
    "party.household": "住户",
    "party.unknown": "责任单位待查",
    "basis.clause": "判定标准条款",
    "basis.expert_opinion": "专家书面意见",
    "basis.general_definition": "定义判定（整改难度、危害程度）",
    "regrading.misjudged": "原判定有误",
    "regrading.clause_misapplied": "条款适用有误",
    "regrading.new_evidence": "发现新证据",
    "regrading.worsened": "隐患加重",
    "withdrawal.error": "误报",
    "withdrawal.wrong_area": "区划有误",
    "withdrawal.duplicate": "重复登记",
    "assignment.internal": "企业内部交办",
    "assignment.notice": "隐患整改告知",
    "assignment.order": "责令限期整改",
    "assignment.handover": "交办",
    "change.identified": "查明责任单位",
    "change.renamed": "更名",
    "change.code_given": "补登统一社会信用代码",
    "change.code_changed": "统一社会信用代码变更",
    "change.new_tenant": "承租方变更",
    "change.co_party_added": "增加共同整改单位",
    "covers.finding": "排查情况",
    "covers.progress": "整改进展",
    "covers.result": "整改结果",
    "workers.congress": "职工代表大会",
    "workers.assembly": "职工大会",
    "workers.joint_meeting": "职工代表团（组）长联席会议",
    "workers.not_applicable": "无从业人员，不适用",
    "publication.listed": "挂牌公告",
    "publication.delisted": "摘牌公告",
    "delisting.rectified": "整改完成",
    "delisting.revoked": "挂牌决定撤销",
    "delisting.superseded": "上级挂牌替代",
    "delisting.ceased": "隐患灭失",
    "suspension.on_site": "责令暂时停产停业（停止使用）",
    "suspension.penalty": "责令停产停业整顿",
    "suspension.other_body": "其他机关责令停产停业",
    "revocation.revoked": "自行撤销",
    "revocation.changed": "自行变更",
    "revocation.annulled_on_review": "行政复议撤销",
    "revocation.annulled_by_court": "法院判决撤销",
    "trigger.submission": "报告整改完成",
    "trigger.expiry": "整改期满",
    "trigger.spot_check": "抽查",
    "mode.on_site": "现场",
    "mode.remote": "非现场（照片、视频）",
    "mode.documents": "书面",
    "failure.partial": "部分整改",
    "failure.not_started": "未整改",
    "failure.refused": "拒不整改",
    "reopening.look_back": "回头看未到位",
    "reopening.self_reported": "反弹自报",
    "reopening.closed_in_error": "误销",
    "reopening.false_rectification": "认定虚假整改",
    "reopening.withdrawn_in_error": "误撤销",
    "verdict.adopted": "采纳",
    "verdict.partly_adopted": "部分采纳",
    "verdict.not_adopted": "不采纳",
    # People and overlays
    "responsible": "整改责任人",
    "completer": "整改完成人",
    "acceptor": "整改验收人（企业）",
    "verifier": "复查人员（部门）",
    "co_party": "共同整改单位",
    "on_behalf_of": "代录",
    "interim_control": "临时管控措施",
    "plan_general": "五定",
    "plan_major": "七项（五定＋五落实）",
    "dual_report": "双报告",
    "listing": "挂牌督办",
    "delisting": "解除挂牌（摘牌）",
    "extension": "整改延期",
    "resumption": "同意恢复生产",
    "objection": "陈述申辩",
    "transfer": "移送",
    "handover": "交办",
    "result_report": "办理结果反馈",
    "recurrence": "同类重发",
    "look_back": "回头看",
    "false_rectification": "疑似虚假整改",
    "false_rectification.ruled": "认定虚假整改",
    "proposal": "提请（建议）·待签批",
    # Documents
    "notice": "隐患整改告知书",
    "order": "责令限期整改指令书",
    "on_site_measure": "现场处理措施决定书",
    "review_opinion": "整改复查意见书",
    "listing_notice": "挂牌督办通知书",
    "transfer_letter": "移送书",
    "reminder": "系统提醒（非执法文书）",
    "not_a_document": "本记录不替代执法文书",
    # Refusals
    "refused.stage": "当前环节不能办理：{环节}",
    "refused.role": "无此权限，应由{角色}办理",
    "refused.power": "本单位无此执法权，请移送{单位}",
    "refused.area": "不在管辖范围",
    "refused.separation": "须回避：{姓名}已任{职}",
    "refused.incomplete": "要素不全：缺{项}",
}

LISTS: Final[dict[type[StrEnum], str]] = {
    terms.Role: "role.",
    terms.Stage: "",
    terms.Grade: "",
    terms.Flag: "",
    terms.Origin: "origin.",
    terms.VisitKind: "visit.",
    terms.VisitMode: "visit_mode.",
    terms.Answer: "answer.",
    terms.PartyKind: "party.",
    terms.BasisKind: "basis.",
    terms.RegradeKind: "regrading.",
    terms.WithdrawalKind: "withdrawal.",
    terms.AssignmentKind: "assignment.",
    terms.PartyChange: "change.",
    terms.ReportCovers: "covers.",
    terms.WorkersBody: "workers.",
    terms.PublicationKind: "publication.",
    terms.DelistingGround: "delisting.",
    terms.SuspensionKind: "suspension.",
    terms.RevocationAct: "revocation.",
    terms.Trigger: "trigger.",
    terms.VerificationMode: "mode.",
    terms.FailureResult: "failure.",
    terms.ClosureKind: "closed.",
    terms.ReopeningKind: "reopening.",
    terms.Verdict: "verdict.",
    terms.Power: "power.",
    terms.Ladder: "ladder.",
}
"""Which ids hold the words of a closed list: `<prefix><member>`."""


def word(word_id: str) -> str:
    """The word of an id; KeyError says which one is missing."""
    try:
        return WORDS[word_id]
    except KeyError:
        raise KeyError(f"no word for {word_id!r}: add it to contracts/words.py") from None


def term(member: StrEnum) -> str:
    """The word of a member of any closed list in terms.py: Trigger.EXPIRY → 整改期满."""
    return _TERMS[type(member)][member]


_TERMS: Final = {kind: {member: word(f"{prefix}{member}") for member in kind} for kind, prefix in LISTS.items()}
"""By list and member: members of two lists may be equal as texts."""


def stage(stage: terms.Stage, closure: terms.ClosureKind | None = None) -> str:
    """Where a hazard stands; a closed one also tells how: 整改销号, 灭失销号."""
    return term(closure if closure and stage is terms.Stage.CLOSED else stage)


def role(role: terms.Role) -> str:
    """OFFICER → 行政执法人员（持证）."""
    return term(role)


def roles(several: Iterable[terms.Role]) -> str:
    """Any one of them: 企业主要负责人、村（社区）干部、网格员或行政执法人员（持证）."""
    *most, last = [term(one) for one in several]
    return f"{'、'.join(most)}或{last}" if most else last


def grade(grade: terms.Grade) -> str:
    """MAJOR → 重大事故隐患."""
    return term(grade)


def origin(origin: terms.Origin) -> str:
    """PATROL → 村（社区）巡查."""
    return term(origin)


def visit(kind: terms.VisitKind) -> str:
    """INSPECTION → 行政检查."""
    return term(kind)


def flag(flag: terms.Flag) -> str:
    """NO_PLAN → 缺方案."""
    return term(flag)


def sector(token: str | None) -> str | None:
    """industry_trade → 工贸. Sectors are no closed list: one without a word is shown as it is."""
    return token and WORDS.get(f"sector.{token}", token)


def power(power: terms.Power) -> str:
    """ORDER_SUSPENSION → 责令停产停业."""
    return term(power)


def verification_class(letter: VerificationClass) -> str:
    """O → 执法复查."""
    return word(f"class.{letter}")


def act(name: str | type[Event | Command]) -> str:
    """What an event or command is called: "hazard.found" → 隐患登记, "find_hazard" → 登记隐患."""
    kind = (EVENTS.get(name) or COMMANDS.get(name)) if isinstance(name, str) else name
    if kind is None:
        raise KeyError(f"no event or command is called {name!r}")
    return (kind.__doc__ or "").partition(" ")[0]


def refused(kind: str, **names: str) -> str:
    """The sentence of a refusal: ("stage", 环节="整改中") → 当前环节不能办理：整改中.

    Every placeholder of the sentence must be given and nothing else: a sentence with a hole helps nobody (TypeError).
    """
    sentence = word(f"refused.{kind}")
    wanted = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    if wanted != names.keys():
        raise TypeError(f"refused.{kind} speaks of {sorted(wanted)}, not of {sorted(names)}")
    return sentence.format(**names)
