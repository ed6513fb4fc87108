"""The closed lists of the trade. Their Chinese words stand in words.py, under the same ids."""

from enum import StrEnum


class Role(StrEnum):
    """Who acts 角色 (policy.md section 2)."""

    ENTERPRISE_HEAD = "enterprise_head"
    SAFETY_MANAGER = "safety_manager"
    WORKER = "worker"
    WORKER_REPRESENTATIVE = "worker_representative"
    PARTY_OFFICER = "party_officer"
    VILLAGE_OFFICER = "village_officer"
    TOWNSHIP_CHECKER = "township_checker"
    TOWNSHIP_LEAD = "township_lead"
    REGULATOR = "regulator"
    REGULATOR_LEAD = "regulator_lead"
    OFFICER = "officer"
    LEGAL_REVIEWER = "legal_reviewer"
    SAFETY_COMMITTEE = "safety_committee"
    LISTING_AUTHORITY = "listing_authority"
    SUPERIOR_INSPECTOR = "superior_inspector"
    EXPERT = "expert"
    INTAKE_OFFICER = "intake_officer"
    NOTIFIER = "notifier"
    AUDITOR = "auditor"


class Stage(StrEnum):
    """Where a hazard stands 环节."""

    FOUND = "found"
    GRADED = "graded"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Grade(StrEnum):
    """Grade 等级; a suspected major hazard is treated as major until somebody with the power decides."""

    GENERAL = "general"
    SUSPECTED_MAJOR = "suspected_major"
    MAJOR = "major"


class Origin(StrEnum):
    """Who found it first, how 来源. Never altered: leniency and penalties hang on it."""

    SELF = "self"
    SELF_AFTER_NOTICE = "self_after_notice"
    ASSISTANCE = "assistance"
    PATROL = "patrol"
    INSPECTION = "inspection"
    REPORT = "report"
    TRANSFERRED_IN = "transferred_in"


class VisitKind(StrEnum):
    """What kind of visit 检查性质; only 行政检查 may lead to an order (policy.md section 7)."""

    INSPECTION = "inspection"
    PATROL = "patrol"
    ASSISTANCE = "assistance"
    SELF_CHECK = "self_check"
    SUPERVISION = "supervision"


class VisitMode(StrEnum):
    """In what way it was made 检查方式; several may apply."""

    DOUBLE_RANDOM = "double_random"
    UNANNOUNCED = "unannounced"
    COVERT = "covert"
    JOINT = "joint"
    CROSS = "cross"
    NIGHT = "night"
    ONLINE = "online"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    HEAD_LED = "head_led"
    SPECIAL = "special"
    LOOK_BACK = "look_back"
    SPOT_CHECK = "spot_check"
    OTHER = "other"


class Answer(StrEnum):
    """What was ticked on a checklist; which of them is the problem, the list says."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class PartyKind(StrEnum):
    """What the responsible party is 责任单位性质."""

    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole_trader"
    PUBLIC_BODY = "public_body"
    VILLAGE = "village"
    HOUSEHOLD = "household"
    UNKNOWN = "unknown"


class BasisKind(StrEnum):
    """What a grade rests on 判定依据."""

    CLAUSE = "clause"
    EXPERT_OPINION = "expert_opinion"
    GENERAL_DEFINITION = "general_definition"


class RegradeKind(StrEnum):
    """Why a grade changes: the first two correct a mistake (the only reasons to lower it), the others raise it."""

    MISJUDGED = "misjudged"
    CLAUSE_MISAPPLIED = "clause_misapplied"
    NEW_EVIDENCE = "new_evidence"
    WORSENED = "worsened"


class WithdrawalKind(StrEnum):
    """Why a record should never have been: 误报, 区划有误, 重复."""

    ERROR = "error"
    WRONG_AREA = "wrong_area"
    DUPLICATE = "duplicate"


class AssignmentKind(StrEnum):
    """Who tells whom to rectify, with what force 交办方式."""

    INTERNAL = "internal"
    NOTICE = "notice"
    ORDER = "order"
    HANDOVER = "handover"


class PartyChange(StrEnum):
    """How the responsible party changed 责任单位变更."""

    IDENTIFIED = "identified"
    RENAMED = "renamed"
    CODE_GIVEN = "code_given"
    CODE_CHANGED = "code_changed"
    NEW_TENANT = "new_tenant"
    CO_PARTY_ADDED = "co_party_added"


class ReportCovers(StrEnum):
    """What a report to the regulator tells 报告内容."""

    FINDING = "finding"
    PROGRESS = "progress"
    RESULT = "result"


class WorkersBody(StrEnum):
    """Before whom a major hazard was reported: 职代会, 职工大会, 联席会议, or 无从业人员."""

    CONGRESS = "congress"
    ASSEMBLY = "assembly"
    JOINT_MEETING = "joint_meeting"
    NOT_APPLICABLE = "not_applicable"


class PublicationKind(StrEnum):
    """What was published 公告."""

    LISTED = "listed"
    DELISTED = "delisted"


class DelistingGround(StrEnum):
    """Why a listing ends 摘牌原因."""

    RECTIFIED = "rectified"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    CEASED = "ceased"


class SuspensionKind(StrEnum):
    """现场责令暂时停产停业, 责令停产停业整顿 (a penalty), or another body's."""

    ON_SITE = "on_site"
    PENALTY = "penalty"
    OTHER_BODY = "other_body"


class RevocationAct(StrEnum):
    """By what an order lost its force 撤销/变更."""

    REVOKED = "revoked"
    CHANGED = "changed"
    ANNULLED_ON_REVIEW = "annulled_on_review"
    ANNULLED_BY_COURT = "annulled_by_court"


class Trigger(StrEnum):
    """What made the authority verify 复查事由."""

    SUBMISSION = "submission"
    EXPIRY = "expiry"
    SPOT_CHECK = "spot_check"


class VerificationMode(StrEnum):
    """现场, 非现场（照片/视频）, 书面."""

    ON_SITE = "on_site"
    REMOTE = "remote"
    DOCUMENTS = "documents"


class FailureResult(StrEnum):
    """How much was left undone 复查不合格情形."""

    PARTIAL = "partial"
    NOT_STARTED = "not_started"
    REFUSED = "refused"


class ClosureKind(StrEnum):
    """整改销号, or 灭失销号: gone with its place, which is no rectification."""

    RECTIFIED = "rectified"
    CEASED = "ceased"


class ReopeningKind(StrEnum):
    """回头看未到位 · 反弹自报 · 误销 · 假改 · 误撤销."""

    LOOK_BACK = "look_back"
    SELF_REPORTED = "self_reported"
    CLOSED_IN_ERROR = "closed_in_error"
    FALSE_RECTIFICATION = "false_rectification"
    WITHDRAWN_IN_ERROR = "withdrawn_in_error"


class Verdict(StrEnum):
    """采纳, 部分采纳, 不采纳."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"


class Power(StrEnum):
    """What a body may do to a party 执法权, each with a published basis and dates."""

    ORDER_CORRECTION = "order_correction"
    ORDER_SUSPENSION = "order_suspension"
    PENALISE = "penalise"


class Ladder(StrEnum):
    """Whose step is late 升级阶梯: the party's 查整改不作为, or the authority's own 查责任不落实."""

    ENTERPRISE = "enterprise"
    AUTHORITY = "authority"


class Flag(StrEnum):
    """A gap that a fact carries with it: recorded, shown and chased, never a reason to refuse the fact."""

    HISTORICAL = "historical"
    NO_PLAN = "no_plan"
    NO_SUBMISSION = "no_submission"
    UNGRADED = "ungraded"
    SELF_ACCEPTED = "self_accepted"
    RECORDER_VERIFIED = "recorder_verified"
    REMOTE = "remote"
    ON_THE_SPOT = "on_the_spot"
    OVERDUE = "overdue"
    DOCUMENT_PENDING = "document_pending"
    DOCUMENT_LATE = "document_late"
    PARTY_UNKNOWN = "party_unknown"
    CLAUSE_TEXT_MISSING = "clause_text_missing"
    DATE_INFERRED = "date_inferred"
    NONE_WAS_STATED = "none_was_stated"
