"""The rules' words in Chinese: what a fact is called, how a hazard stands, how long a delay is."""

from datetime import datetime
from typing import Any, Final

from contracts import words
from contracts.policy import Counting, Delay, Fact, Relation, Step, Told
from contracts.terms import Grade, Ladder
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case
from services.notifier.timing.clocks import Clock
from services.notifier.timing.conditions import Test
from services.notifier.timing.counted import Counts
from services.notifier.timing.judging import counted

FACTS: Final = {
    Fact.DEADLINE: "整改时限",
    Fact.BECAME_MAJOR: "判定为重大或疑似重大",
    Fact.GRADED_MAJOR: "判定为重大",
    Fact.IMMINENT_DANGER: "危及人身安全的紧急情况",
    Fact.WORKERS_ALL_TOLD: "各企业均已向职工报告",
    Fact.BYPASS_REPORTED: "越级报告",
    Fact.LISTING_PUBLISHED: "挂牌公告",
    Fact.DELISTING_PUBLISHED: "摘牌公告",
    Fact.SUSPENSION_COMPLIED: "确认已停产停用",
    Fact.SUSPENSION_DEFIED: "查见未停产停用",
    Fact.REOPENED_AS_FALSE: "认定虚假整改",
    Fact.PENALISED: "行政处罚",
    Fact.PROPOSED: "提请（L2 以上）",
    Fact.ANSWERED: "提请已答复",
}
"""Those that are not an event's own name."""

COUNTED: Final = {
    Counting.LATE_AGAIN: "同一单位其他隐患逾期被督办",
    Counting.SAME_CLAUSE_SAME_PARTY: "同一单位同一条款的隐患",
    Counting.SAME_CLAUSE_IN_SECTOR: "同行业出现同一条款隐患的单位",
    Counting.PENALTIES: "同一单位受到处罚",
    Counting.CLOSED_AT_SAME_POINT: "同一点位、同一条款已销号的其他隐患",
    Counting.SELF_CHECK_SAID_NONE: "企业自查称无",
}

UNITS: Final = {"h": "小时", "nd": "日", "wd": "个工作日"}
YES_NO: Final = {
    "graded": ("已判定等级", "未判定等级"),
    "suspected": ("疑似重大", "不是疑似重大"),
    "listed": ("已挂牌督办", "未挂牌督办"),
    "suspended": ("已责令停产停用", "未责令停产停用"),
    "employer": ("责任单位中有企业", "责任单位中没有企业"),
    "overdue": ("已逾期", "未逾期"),
    "truly_rectified": ("自查、报告、管控、按期整改齐备（真改）", "真改的条件未齐备"),
}
"""How it is said that it is so, and that it is not."""


def fact(fact: Fact) -> str:
    """LISTED → 挂牌督办."""
    return FACTS.get(fact) or words.act(f"hazard.{fact}")


def facts(several: tuple[Fact, ...]) -> str:
    """Any of them."""
    return "、".join(fact(one) for one in several)


def whom(told: Told) -> str:
    """A role, or a part in the matter."""
    return words.word(f"tell.{told}") if isinstance(told, Relation) else words.role(told)


def length(delay: Delay) -> str:
    """5 wd → 5个工作日."""
    return f"{delay.number}{UNITS[delay.unit]}"


def delay(step: Step) -> str:
    """前3日, 后24小时, 后5个工作日09:00."""
    number, unit = step.before or step.after or Delay(0, "h")
    if not number:
        when = "即时" if unit == "h" else "当日" if step.before else "当日过后"
    else:
        when = f"{'前' if step.before else '后'}{length(Delay(number, unit))}"
    return f"{when}{step.at:%H:%M}" if step.at else when


def held(test: Test, case: Case, counts: Counts, at: datetime | None) -> str:
    """A part of a condition that holds, in words."""
    if test.name in YES_NO:
        return YES_NO[test.name][0 if test.wanted else 1]
    return _said(test, case, counts, at, holds=True)


def failed(test: Test, case: Case, counts: Counts, at: datetime | None) -> str:
    """How the hazard stands instead."""
    if test.name in YES_NO:
        return YES_NO[test.name][1 if test.wanted else 0]
    return _said(test, case, counts, at, holds=False)


def _said(test: Test, case: Case, counts: Counts, at: datetime | None, *, holds: bool) -> str:  # noqa: PLR0911 (a table)
    wanted: Any = test.wanted
    match test.name:
        case "grade":
            return f"等级为{grade(case)}"
        case "stage":
            return f"环节为{words.stage(case.stage) if case.stage else '未登记'}"
        case "origin":
            return f"来源为{words.origin(case.origin) if case.origin else '未知'}"
        case "assigned_as":
            return f"交办方式为{words.term(case.assigned_as) if case.assigned_as else '未交办'}"
        case "turn":
            authority = (wanted is Ladder.AUTHORITY) is holds
            return "现由部门办理" if authority else "现由责任单位整改"
        case "sector":
            return f"行业为{words.sector(case.sector) or '未填'}"
        case "failed_at_least":
            return f"复查不合格{case.failures}次"
        case "missing":
            return f"尚无{facts(wanted)}" if holds else f"已有{facts(wanted)}之一"
        case "asked_within":
            return f"申请延期时距期限{'不足' if holds else '不少于'}{length(wanted)}，或没有待办的申请"
        case _:
            number = counted(case, counts, wanted, at) if at else 0
            return f"{wanted.days}日内{COUNTED[wanted.of]}：{number}"


def grade(case: Case) -> str:
    """一般, 疑似重大, 重大; an ungraded one as it is treated."""
    if case.grade is None:
        return words.grade(Grade.SUSPECTED_MAJOR if case.suspected else Grade.GENERAL) + "（未判定）"
    return words.grade(case.grade)


def started(clock: Clock, calendar: Calendar) -> str:
    """起算：2026-03-02 交办/责令整改；or the deadline's day."""
    if clock.day is not None:
        return f"整改时限{clock.day}"
    return f"{calendar.local(clock.at):%Y-%m-%d %H:%M} {fact(clock.fact)}"
