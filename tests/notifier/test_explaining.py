"""`policy explain`: each rule applies or not, why, what is due when, and who would be told."""

from typing import Any

import pytest

from contracts import events
from contracts.policy import Counting, Fact
from contracts.terms import Grade
from services.notifier.timers import due
from services.notifier.timing import phrasing
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counted
from services.notifier.timing.explaining import explain, lines
from services.notifier.timing.firing import Firing
from tests.notifier.casebook import (
    CALENDAR,
    HAZARD,
    MONDAY,
    case,
    day,
    event,
    found,
    graded,
    on,
    ordered,
    proposed,
    rule,
    rules,
    self_found,
    shipped,
)

OVERDUE = case(found(), graded(), ordered(day(14)))


def told(firing: Firing) -> list[str]:
    """Somebody with a name."""
    return [f"{role}甲" for role in firing.tell]


def rows(one: Case, at: int = 16, **asked: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    """By rule and step, some days after the first."""
    explained = explain(one, shipped(), CALENDAR, on(at), told=told, **asked)
    return {f"{row['id']}.{row['step']}": row for row in explained["rules"]}


def test_every_step_of_the_policy_is_explained_once_in_the_files_order() -> None:
    """Under the hazard's id and the policy's hash."""
    explained = explain(OVERDUE, shipped(), CALENDAR, on(16))
    assert (explained["hazard"], explained["policy"]) == (HAZARD, shipped().version)
    steps = [(rule.id, step.step) for rule in shipped().policy.rules for step in rule.steps]
    assert [(row["id"], row["step"]) for row in explained["rules"]] == steps


def test_what_applies_says_why_when_at_which_level_and_to_whom() -> None:
    """The moment by the site's clock."""
    late = rows(OVERDUE)["G08.late"]
    assert late["applies"] is True
    assert late["due"] == "2026-03-17T00:00:00+08:00"
    assert late["why"].startswith("适用：")
    assert "等级为一般事故隐患；来源为监督检查；现由责任单位整改；整改时限2026-03-16后1日" in late["why"]
    assert (late["level"], late["ladder"], late["state"], late["fired"]) == (2, "enterprise", "已到期", False)
    assert late["tell"] == ["enterprise_head甲", "village_officer甲", "regulator甲"]
    assert late["signs"] == ["镇街分管负责人"]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("G05.late", "不适用：来源为监督检查"),
        ("M13.late", "不适用：等级为一般事故隐患"),
        ("V01.late", "不适用：环节为待整改"),
        ("M06.file", "不适用：未挂牌督办"),
        ("G01.late", "不适用：已判定等级"),
        ("T01.late", "不适用：尚未起算（移送）"),
        ("G09.again", "不适用：365日内同一单位其他隐患逾期被督办：0"),
        ("G02.convert", "不适用：环节为待整改"),
    ],
)
def test_what_does_not_apply_says_how_the_hazard_stands_instead(step: str, why: str) -> None:
    """And promises nobody anything."""
    row = rows(OVERDUE)[step]
    assert row["why"] == why
    assert (row["applies"], row["due"], row["tell"]) == (False, None, [])


def test_a_clock_that_was_stopped_says_by_what() -> None:
    """The report to the regulator, in this case."""
    policy = rules(rule("graded", {"after": "1 wd"}, stops=["progress_reported"]))
    one = case(event(events.ProgressReported, on(1), done="一半"), start=OVERDUE)
    (row,) = explain(one, policy, CALENDAR, on(2))["rules"]
    assert row["why"] == "不适用：计时已因报告进展停止"


def test_where_a_step_stands() -> None:
    """Not yet due, due, proposed, lapsed."""
    before = rows(OVERDUE, 1)
    assert before["G08.late"]["state"] == "未到期"
    assert rows(OVERDUE, 16)["G04.today"]["state"] == "已失效"
    done = proposed(OVERDUE, due(OVERDUE, shipped(), CALENDAR, on(16)))
    assert (rows(done)["G08.late"]["state"], rows(done)["G08.late"]["fired"]) == ("已提请", True)


def test_a_reminder_for_a_day_that_was_set_too_late_says_so() -> None:
    """Two days are no three."""
    soon = case(self_found(), graded(), ordered(day(2)))
    assert rows(soon, 1)["G04.before3"]["why"] == f"不适用：设定整改时限{day(2)}时已不足3日"


def test_a_day_beyond_every_calendar_says_so() -> None:
    """Nobody is chased in the year 2200."""
    far = case(self_found(), graded(), ordered("2199-12-31"))  # type: ignore[arg-type]
    assert rows(far)["G05.late"]["why"] == "不适用：时限在 2199 年之后，不起催办"


def test_a_history_that_cannot_be_read_or_is_gone_says_so() -> None:
    """No rule is applied to it."""
    assert "读不懂" in rows(OVERDUE.but(unreadable=True))["G08.late"]["why"]
    merged = case(event(events.HazardMerged, on(1), survivor=HAZARD, reasons="同一处"), start=OVERDUE)
    assert {row["why"] for row in rows(merged).values()} == {"不适用：已并案"}


def test_counts_and_raised_levels_are_explained() -> None:
    """How many there were, and at which level the ladder starts after it happened again."""
    counts = {Counting.SAME_CLAUSE_SAME_PARTY: (Counted(MONDAY, "H1", "p"), Counted(MONDAY, HAZARD, "p"))}
    again = rows(OVERDUE, counts=counts)["F04.again"]
    assert "365日内同一单位同一条款的隐患：2" in again["why"]
    raised = proposed(OVERDUE, [one for one in due(OVERDUE, shipped(), CALENDAR, on(1), counts) if one.rule == "F04"])
    assert rows(raised)["G08.late"]["level"] == 3


def test_people_read_what_applies_first_in_the_order_of_its_moments() -> None:
    """A line for each step, Chinese first."""
    told_lines = lines(explain(OVERDUE, shipped(), CALENDAR, on(16), told=told))
    assert len(told_lines) == sum(len(one.steps) for one in shipped().policy.rules)
    applying = [line for line in told_lines if "　适用：" in line]
    assert told_lines[: len(applying)] == applying
    assert applying[0].startswith("G03 late　L1 未落实五定　2026-03-05")
    assert any("→ responsible甲" in line for line in applying)


@pytest.mark.parametrize("fact", Fact)
def test_every_fact_has_a_word(fact: Fact) -> None:
    """No rule is explained in English."""
    assert not phrasing.fact(fact).isascii()


def test_every_condition_can_be_explained_whether_or_not_it_holds() -> None:
    """Each on a hazard that knows nothing and on one that knows everything."""
    conditions: list[dict[str, Any]] = [
        {"grade": ["major"]},
        {"graded": True},
        {"suspected": True},
        {"origin": ["self"]},
        {"stage": ["found"]},
        {"assigned_as": ["order"]},
        {"listed": True},
        {"suspended": True},
        {"employer": False},
        {"turn": "authority"},
        {"overdue": True},
        {"sector": ["fire"]},
        {"failed_at_least": 2},
        {"asked_within": "3 wd"},
        {"missing": ["closed"]},
        {"count": {"of": "penalties", "days": 3, "at_least": 1}},
        {"truly_rectified": True},
    ]
    for condition in conditions:
        for one in (case(found(suspected_major=True)), OVERDUE, case(self_found(), graded(Grade.MAJOR))):
            (row,) = explain(one, rules(rule("found", {"after": "1 h", "applies": condition})), CALENDAR, on(1))[
                "rules"
            ]
            assert row["why"].startswith("适用：" if row["applies"] else "不适用：")
            assert len(row["why"]) > len("不适用：")
