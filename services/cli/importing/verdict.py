"""有无重大隐患及隐患描述: does the cell say that nothing was found, name a hazard, or neither clearly?

A cell says 无 only where every clause of it does: 无证上岗 and 无防护栏 are hazards. The column asks for major hazards,
so what is described there is suspected to be major unless it calls itself 一般; a person grades it afterwards. What is
no description goes back: a mark, 同上, 不涉及, 停业, 已整改, a bare number. A record cannot be taken out again.
"""

import re
from enum import Enum
from typing import Final

from services.cli.importing.cells import Cell, bare, line

_CLAUSES: Final = re.compile(r"[,，.。;；、!！?？()（）\[\]【】“”\"'‘’*~…/\\√×○〇●◎✓✔✗✘☑☒☐□■△▲〃″]+")
_LABEL: Final = re.compile(
    r"(?:有无|是否有|是否存在|存在)?(?:重大|一般)*(?:生产|安全|事故|火灾|消防)*隐患(?:情况|描述)?[:：]"
)
_SEEN: Final = r"(?:经|经过|通过|本次|此次|现场|当日|本月|检查|排查|巡查|自查|复查|后|时|中)"
_SCALE: Final = r"(?:任何|明显|其他|其它|新的?|较大|重大|一般|生产|安全|事故|火灾|消防|质量|和|及|或|与|等)"
_THING: Final = r"(?:隐患|问题|异常|风险|违章|违规|违法|情况|现象|行为|存在|状况)"
_NOT: Final = (
    r"(?:无|没有|没|不存在|未存在|否|零|0(?:处|项|条|个)?"
    r"|未发现|没有发现|没发现|未查出|未查到|未排查出|未排查到|未检查出|未见)"
)
_NONE: Final = re.compile(
    rf"(?:{_SEEN}|均|暂|都|目前|尚|该|企业|单位|重大|一般|事故|隐患|为)*{_NOT}(?:有|到)?(?:{_SCALE}*{_THING})*"
)
_WELL: Final = r"(?:正常|良好|合格|规范|整洁|有序)"
_FILLER: Final = re.compile(
    rf"{_SEEN}+|(?:一切|基本|情况|运行|现场|设备|设施|生产|安全|目前|状况|状态|均|总体|管理)*{_WELL}"
)
_BESIDES: Final = re.compile("其他|其它|别的")
"""通道堵塞，无其他问题: that denies nothing."""
_DENIES: Final = re.compile(r"(?:未发现|没有发现|没发现|未查出|未查到|未排查出|未排查到|未检查出|未见|不存在|未存在)")
_GENERAL: Final = re.compile(r"一般性?(?:事故|安全|生产|火灾|消防)*(?:隐患|问题)|一般[:：]")
_NOT_MAJOR: Final = re.compile(r"(?:非|不属于?|不构成|未构成|不是|未达到?)重大")
_ENGLISH: Final = re.compile(
    r"(?:no|none|nil|nothing)(?:major|general|safety|obvious)*(?:hazards?|problems?|issues?|risks?)?"
    r"(?:was|were)?(?:found|detected|identified|observed)?",
    re.IGNORECASE,
)
"""Its blanks are gone by then."""
_ASIDE: Final = (
    r"(?:该|本|此|企业|单位|公司|厂|店铺?|商户|门店|场所|车间|工地|大门|检查|排查|现场|目前|现|当日|当场|已|经|暂|正在"
    r"|长期|全部|全面|均|都|处于|状态|期间|时|中|了|的|项|内容|隐患|问题"
    r"|重大|一般|事故|安全|生产|火灾|消防|正常|今日|今天|当天|于|[0-9]{1,4}[年月日号]|老板|业主|户主|经营者|负责人|人员)"
)
_SAYING: Final = (
    r"(?:同上|同前|同左|如上|见上|不涉及|不适用|无此项?|(?:详?见|如)(?:附件|附表|照片|图片?|备注|通知书)"
    r"|停产|停业|停工|停用|关门|关停|关闭|未开门|未营业|未开业|未生产|未开工|歇业|休业|放假|倒闭|搬迁|搬走|注销|转让|锁门|紧闭"
    r"|整改|完成|完毕|到位|立行立改|立即|限期|责令|处理|解决|落实|整治|消除"
    r"|未检查?|未排查|未查|待查|待定|不详|不明|不合格|不符合|不达标|有待"
    r"|拆除|无人|不在家?|在家|外出|拒绝?检查|拒检)"
)
_COUNT: Final = (
    r"(?:[0-9一二三四五六七八九十两几多若干]|共|有|是|存在|发现|查出|排查出|重大|一般|安全|生产|事故|火灾|消防|隐患|问题"
    r"|处|项|条|个|起|情况)+"
)
_LESS: Final = rf"{_ASIDE}*(?:基本上?|大体上?|几乎|总体上?){_NONE.pattern}"
_BAD_THING: Final = (
    r"(?:异味|异响|泄漏|泄露|渗漏|漏电|漏气|重大危险源|危险源|积水|积尘|明火|杂物|堵塞|破损|裂缝|开裂|可燃物|易燃物"
    r"|危化品|危险化学品|有限空间|粉尘)"
)
"""无异味 is good, 无防护栏 is not; whether 无重大危险源 is, a person says."""
_NO_HAZARD: Final = re.compile(
    rf"{_ASIDE}*{_SAYING}(?:{_ASIDE}|{_SAYING})*|{_COUNT}|{_LESS}"
    rf"|{_ASIDE}*(?:无|没有|未闻到)(?:明显|任何)*{_BAD_THING}(?:存在)?"
)
_SAYING_AT_MOST: Final = 20
"""Characters: a longer clause describes something."""
_IDEOGRAPH: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SHORTEST: Final = 3
"""Chinese characters that a hazard takes: 无证 is asked about, 粉尘云 is not."""


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
    if clauses and _ENGLISH.fullmatch("".join(clauses)):
        return Finding.NONE
    if not clauses:
        raise Unclear(f"有无重大隐患一栏{_only(shown)}：没有隐患请填“无”，有隐患请写出是什么隐患")
    denials = [clause for clause in clauses if _NONE.fullmatch(clause)]
    rest = [clause for clause in clauses if clause not in denials]
    if rest:
        denials = [clause for clause in denials if not _BESIDES.search(clause)]
    if denials and all(_FILLER.fullmatch(clause) for clause in rest):
        return Finding.NONE
    if not denials and (_DENIES.match(clauses[0]) or all(_FILLER.fullmatch(clause) for clause in rest)):
        raise Unclear(f"“{shown}”看不出有没有隐患：没有请只填“无”，有请直接写隐患（如“缺少…”）")
    if not denials and not _describes(rest):
        raise Unclear(f"只写了“{shown}”，看不出是什么隐患：没有请填“无”，有请写明（如“安全出口被货物堵塞”）")
    grade = _grade(_NOT_MAJOR.sub("", "，".join(rest)), text)
    if grade is None and denials:
        raise Unclear(f"“{shown}”既写了没有隐患，又写了别的：没有请只填“无”，是一般隐患请写“一般隐患：…”")
    return grade or Finding.SUSPECTED_MAJOR


def _only(shown: str) -> str:
    return f"只写了“{shown}”" if shown else "没有写明"


def _describes(clauses: list[str]) -> bool:
    """Whether enough is left to be a hazard once what is none is taken away."""
    told = [one for one in clauses if len(one) > _SAYING_AT_MOST or not _NO_HAZARD.fullmatch(one)]
    return len(_IDEOGRAPH.findall("".join(told))) >= _SHORTEST


def _grade(described: str, text: str) -> Finding | None:
    """As the words call it; None where they do not."""
    if "重大" in described:
        return Finding.SUSPECTED_MAJOR
    return Finding.GENERAL if _GENERAL.search(text) or _NOT_MAJOR.search(text) else None
