"""有无重大隐患及隐患描述: does the cell say that nothing was found, name a hazard, or neither clearly?

A cell says 无 only where every clause of it does: 无证上岗 and 无防护栏 are hazards. The column asks for major hazards,
so what is described there is suspected to be major unless it calls itself 一般; a person grades it afterwards.
"""

import re
from enum import Enum
from typing import Final

from services.cli.importing.cells import Cell, bare, line

_CLAUSES: Final = re.compile(r"[,，.。;；、!！?？()（）\[\]【】“”\"'‘’*~…/\\]+")
_LABEL: Final = re.compile(
    r"(?:有无|是否有|是否存在|存在)?(?:重大|一般)*(?:生产|安全|事故|火灾|消防)*隐患(?:情况|描述)?[:：]"
)
_SEEN: Final = r"(?:经|经过|通过|本次|此次|现场|当日|本月|检查|排查|巡查|自查|复查|后|时|中)"
_SCALE: Final = r"(?:任何|明显|其他|其它|新的?|较大|重大|一般|生产|安全|事故|火灾|消防|质量|和|及|或|与|等)"
_THING: Final = r"(?:隐患|问题|异常|风险|违章|违规|违法|情况|现象|行为|存在|状况)"
_NOT: Final = (
    r"(?:无|没有|没|不存在|否|零|0(?:处|项|条|个)?"
    r"|未发现|没有发现|没发现|未查出|未查到|未排查出|未排查到|未检查出|未见)"
)
_NONE: Final = re.compile(
    rf"(?:{_SEEN}|均|暂|都|目前|尚|该|企业|单位|重大|一般|事故|隐患|为)*{_NOT}(?:有|到)?(?:{_SCALE}*{_THING})*"
)
_WELL: Final = r"(?:正常|良好|合格|规范|整洁|有序)"
_FILLER: Final = re.compile(
    rf"{_SEEN}+|(?:一切|情况|运行|现场|设备|设施|生产|安全|目前|状况|状态|均|总体|管理)*{_WELL}"
)
_BESIDES: Final = re.compile("其他|其它|别的")
"""通道堵塞，无其他问题: that denies nothing."""
_DENIES: Final = re.compile(r"(?:未发现|没有发现|没发现|未查出|未查到|未排查出|未排查到|未检查出|未见|不存在)")
_GENERAL: Final = re.compile(r"一般性?(?:事故|安全|生产|火灾|消防)*(?:隐患|问题)|一般[:：]")
_NOT_MAJOR: Final = re.compile(r"(?:非|不属于?|不构成|未构成|不是|未达到?)重大")


class Finding(Enum):
    """What the cell says."""

    NONE = "none"
    GENERAL = "general"
    SUSPECTED_MAJOR = "suspected_major"


class Unclear(ValueError):
    """A person has to say it more clearly; the message says how."""


def finding_of(cell: Cell | None) -> Finding:
    """Raises Unclear where it could be read both ways."""
    shown, text = line(cell)[:30], bare(cell).replace("無", "无")
    clauses = [clause for clause in _CLAUSES.split(_LABEL.sub("，", text)) if clause.strip("-—:：")]
    if not clauses:
        raise Unclear("有无重大隐患一栏没有写明：没有隐患请填“无”，有隐患请写出是什么隐患")
    denials = [clause for clause in clauses if _NONE.fullmatch(clause)]
    rest = [clause for clause in clauses if clause not in denials]
    if rest:
        denials = [clause for clause in denials if not _BESIDES.search(clause)]
    if denials and all(_FILLER.fullmatch(clause) for clause in rest):
        return Finding.NONE
    if "".join(rest) in {"有", "是", "存在", "有隐患", "有重大隐患", "存在隐患", "存在重大隐患", "有一般隐患"}:
        raise Unclear(f"只写了“{shown}”：请写出是什么隐患")
    if not denials and (_DENIES.match(clauses[0]) or all(_FILLER.fullmatch(clause) for clause in rest)):
        raise Unclear(f"“{shown}”看不出有没有隐患：没有请只填“无”，有请直接写隐患（如“缺少…”）")
    grade = _grade(_NOT_MAJOR.sub("", "，".join(rest)), text)
    if grade is None and denials:
        raise Unclear(f"“{shown}”既写了没有隐患，又写了别的：没有请只填“无”，是一般隐患请写“一般隐患：…”")
    return grade or Finding.SUSPECTED_MAJOR


def _grade(described: str, text: str) -> Finding | None:
    """As the words call it; None where they do not."""
    if "重大" in described:
        return Finding.SUSPECTED_MAJOR
    return Finding.GENERAL if _GENERAL.search(text) or _NOT_MAJOR.search(text) else None
