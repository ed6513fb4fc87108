from contextlib import suppress
from time import monotonic

import pytest

from services.cli.importing.verdict import Finding, Unclear, finding_of

NONE = """
无 | 无。 | 无、 | “无” | （无） | 無 | 无！ | 无/无 | 否 | 没有 | 暂无 | 均无 | 0 | 0处 | 无隐患 | 无异常
无重大隐患 | 无重大事故隐患 | 未发现 | 未发现隐患。 | 未发现重大隐患 | 未发现问题 | 未发现安全隐患 | 没有发现隐患
不存在重大隐患 | 无任何安全隐患 | 无重大火灾隐患 | 经排查未发现重大隐患 | 经排查，未发现重大事故隐患
现场检查未发现明显问题 | 无重大隐患，无一般隐患 | 无重大隐患和一般隐患 | 重大隐患：无 | 有无重大隐患：无
重大隐患：无；一般隐患：无 | 重大隐患0个 | 无重大隐患；现场正常 | 无 重 大 隐 患
未存在隐患 | 未存在重大事故隐患 | None found | NO | none | No hazards found. | √ 无隐患 | 无隐患，一切基本正常
"""
SUSPECTED = """
无证上岗 | 无防护栏 | 无警示标志，电线裸露 | 无消防通道 | 无应急照明 | 无安全警示标志 | 无风险告知牌
无安全管理人员 | 没有安全出口标志 | 无重大危险源标识 | 无隐患排查台账 | 无问题整改记录 | 没有隐患排查制度
无证上岗。无防护栏 | 无有限空间作业审批 | 电焊工无证 | 未设置警示标志 | 0区电气未防爆 | 无生产安全事故应急预案
重大隐患：粉尘云 | 重大隐患1处：无证上岗 | =HYPERLINK("http://x","点我查看") | 通道堵塞；无其他问题
通道堵塞，已整改 | 停产期间擅自动火作业 | 停业整顿期间仍在生产 | 未整改上次的通道堵塞
整改不到位，通道仍堵塞 | 无粉尘清扫制度
无有限空间警示标志 | 大门紧闭，消防车道被占 | ×防护栏缺失 | 无重大危险源备案 | 5处无防护栏 | 无泄漏报警器
安全负责人不在岗 | 现场无人值守 | 无人员培训记录 | 擅自拆除消防设施 | 消防水泵关闭 | 人员不在岗
"""
GENERAL = """
一般隐患：灭火器过期 | 无重大隐患，一般隐患：灭火器过期 | 重大隐患：无；一般隐患：插座破损 | 不属于重大隐患，灭火器过期
一般：灭火器压力不足 | 无重大隐患，有一般问题2处：灭火器过期、通道堵塞
"""
UNCLEAR = """
/ | - | —— | ？ | 有 | 是 | 有重大隐患 | 正常 | 良好 | 未发现安全出口标志 | 未发现无证上岗 | 无重大隐患，灭火器过期
√ | × | ○ | √√ | N/A | n/a | OK | 1 | 123 | 同上 | 〃
同前 | 不涉及 | 不适用 | 已停产 | 企业已停产 | 停业 | 关门 | 未开门
停产停业 | 目前处于停业状态 | 1处 | 3项 | 有1处隐患 | 发现重大隐患2处
已整改 | 整改完毕 | 已整改完毕 | 已立即整改到位 | 整改中
限期整改 | 基本无隐患 | 现场基本无隐患 | 无异味
现场无异味 | 无重大危险源 | 详见附件 | 见照片 | 不合格 | 存在问题 | 有问题 | 隐患
无证 | 漏电 | 关门，已停业 | abc | =SUM(A1) | 🔥🔥🔥🔥 | 未存在防护栏 | 停业，无隐患 | ☑有 ☐无
不涉及重大事故隐患 | 该场所不涉及重大隐患 | 今日未开门 | 老板不在家 | 现场无人 | 无人在家
户主外出 | 拒绝检查 | 已拆除 | 正常停业
已于5月30日整改完毕
"""


def cells(table: str) -> list[str]:
    """The cells of a table above."""
    return [cell.strip() for line in table.strip().splitlines() for cell in line.split(" | ")]


@pytest.mark.parametrize("cell", cells(NONE))
def test_none_found(cell: str) -> None:
    """无 in its many spellings is counted, and makes no hazard."""
    assert finding_of(cell) is Finding.NONE


@pytest.mark.parametrize("cell", cells(SUSPECTED))
def test_suspected_major(cell: str) -> None:
    """The column asks for major hazards: what is described there is suspected to be one, 无证上岗 too."""
    assert finding_of(cell) is Finding.SUSPECTED_MAJOR


@pytest.mark.parametrize("cell", cells(GENERAL))
def test_general(cell: str) -> None:
    """What calls itself 一般, or says that it is not major, is not suspected of more."""
    assert finding_of(cell) is Finding.GENERAL


@pytest.mark.parametrize("cell", ["", *cells(UNCLEAR)])
def test_unclear(cell: str) -> None:
    """What can be read both ways goes back with a question, and is never guessed."""
    with pytest.raises(Unclear, match="请"):
        finding_of(cell)


@pytest.mark.parametrize("text", ["基本", "检查时", "整改完毕", "目前都", "重大隐患", "无任何", "无隐患和"])
def test_no_cell_takes_long_to_read(text: str) -> None:
    """However often a word is repeated."""
    started = monotonic()
    with suppress(Unclear):
        finding_of(text * 1000)
    assert monotonic() - started < 1
