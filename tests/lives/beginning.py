"""How a life begins, and how it may end before anything was done: each act says its event and its word."""

from contracts import events
from contracts.acts.intake import Determination
from contracts.terms import BasisKind, Grade, Origin, RegradeKind, ReopeningKind, WithdrawalKind
from tests.lives.cast import as_finder
from tests.lives.life import Life
from tests.lives.shapes import PHOTO, person, shape, signatory
from tests.lives.words import Standing, Word

_SELF = {Origin.SELF, Origin.SELF_AFTER_NOTICE}
_CLAUSE = Determination(
    kind=BasisKind.CLAUSE, standard="工贸企业重大事故隐患判定标准", version="应急管理部令第10号", article=3, item=2
)
_FOUND = shape(
    events.HazardFound,
    area="320623",
    description="一层东侧安全出口堆放纸箱，宽度不足1.1米，配电箱前有可燃物",
    origin=Origin.PATROL,
    place="1号车间",
    sector="industry_trade",
    photos=(PHOTO,),
)
_GRADED = shape(events.HazardGraded, grade=Grade.GENERAL)
_REGRADED = shape(events.HazardRegraded, grade=Grade.MAJOR, kind=RegradeKind.NEW_EVIDENCE, reasons="现场复核后重新判定")
_CORRECTED = shape(events.HazardCorrected, corrects=1, reasons="笔误", description="二层西侧安全出口堆放纸箱")
_MERGED = shape(
    events.HazardMerged, survivor="320623-00000000-0000-4000-8000-000000000000", reasons="与前一条为同一隐患"
)
_WITHDRAWN = shape(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报，现场不存在")
_REINSTATED = shape(events.HazardReopened, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="撤销有误，隐患确实存在")
_RULED = shape(events.OriginRuled, origin=Origin.SELF, reasons="有注明日期的纸质台账")

DESCRIPTIONS = (
    "一层东侧安全出口堆放纸箱，宽度不足1.1米，配电箱前有可燃物",
    "除尘系统未采取泄爆措施，积尘超过三毫米",
    "有限空间作业未履行审批手续，现场无监护人",
    "焊接作业人员未持特种作业操作证上岗",
    "熔炼炉炉坑积水，冷却水出水温度未监测",
    "外包单位进厂作业未签订安全生产管理协议",
)


def found(life: Life, *, suspected: bool = False, old_paper: bool = False, words: int = 0) -> None:
    """Found; major at most by suspicion, which counts for nothing until somebody grades it."""
    own = life.origin in _SELF
    actor = life.company.manager if own and life.company else life.office.finder(life.origin)
    by = () if own else as_finder(life.office.fire if life.origin is Origin.TRANSFERRED_IN else life.office.bureau)
    life.say(
        _FOUND,
        actor=actor,
        area=life.area,
        description=DESCRIPTIONS[words],
        origin=life.origin,
        party=life.company.party if life.company else None,
        found_by=by,
        suspected_major=suspected,
        historical="2023年纸质台账" if old_paper else None,
        notice="关于开展专项检查的通知" if life.origin is Origin.SELF_AFTER_NOTICE else None,
        receipt="12350-0420" if life.origin is Origin.REPORT else None,
        word=Word("birth", own),
    )


def graded(life: Life, grade: Grade) -> None:
    """Graded for the first time; a major one by its clause."""
    actor, life.grade = life.office.officer, grade
    basis = None if grade is Grade.GENERAL else _CLAUSE.model_copy(update={"decided_by": person(actor)})
    life.say(_GRADED, actor=actor, grade=grade, basis=basis, word=Word("grade", grade is Grade.MAJOR))


def regraded(life: Life, grade: Grade) -> None:
    """Raised on new evidence, or lowered because it was misjudged."""
    office, raised = life.office, grade is Grade.MAJOR
    life.grade = grade
    life.say(
        _REGRADED,
        actor=office.officer,
        grade=grade,
        kind=RegradeKind.NEW_EVIDENCE if raised else RegradeKind.MISJUDGED,
        basis=_CLAUSE.model_copy(update={"decided_by": person(office.officer)}) if raised else None,
        determined_by=() if raised else office.officers,
        word=Word("grade", raised),
    )


def corrected(life: Life, version: int = 1) -> None:
    """A slip of the pen in the event of that version; it holds from when that event does."""
    life.say(_CORRECTED, actor=life.office.officer, corrects=version)


def ruled_self(life: Life) -> None:
    """The county ruled that the enterprise found it; the recorded origin stays, and so does the count."""
    office = life.office
    life.say(_RULED, actor=office.director, ruled_by=(signatory(office.director), *office.verifiers[:1]))


def merged(life: Life, survivor: str) -> None:
    """Absorbed by the earlier one."""
    life.say(_MERGED, actor=life.office.officer, survivor=survivor, word=Word("standing", Standing.GONE))


def withdrawn(life: Life) -> None:
    """Should never have been recorded."""
    office = life.office
    life.say(_WITHDRAWN, actor=office.officer, names=office.officers, word=Word("standing", Standing.GONE))


def reinstated(life: Life) -> None:
    """The withdrawal was the error."""
    office = life.office
    life.say(_REINSTATED, actor=office.director, officers=office.verifiers, word=Word("standing", Standing.OPEN))
