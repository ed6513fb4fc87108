"""Why somebody was told, or was not 为何提醒: each step of each rule, applies or not and why, what is due when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts import words
from contracts.policy import GONE
from services.notifier.rules import Rules
from services.notifier.timers import due
from services.notifier.timing import phrasing
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case
from services.notifier.timing.counted import NONE, Counts
from services.notifier.timing.firing import Firing
from services.notifier.timing.outlook import Prospect, outlook

Told = Callable[[Firing], list[str]]


def explain(
    case: Case, rules: Rules, calendar: Calendar, now: datetime, counts: Counts = NONE, told: Told = lambda _: []
) -> dict[str, Any]:
    """As `policy explain --json` prints it; `told` names the persons who would be told."""
    now_due = frozenset(_name(firing) for firing in due(case, rules, calendar, now, counts))
    explainer = _Explainer(case, rules, calendar, now, counts, told, now_due)
    prospects = outlook(case, rules, calendar, counts)
    return {
        "hazard": case.id,
        "policy": rules.version,
        "rules": [explainer.row(prospect) for prospect in prospects],
    }


def lines(explained: dict[str, Any]) -> list[str]:
    """The same for people: what applies first, in the order of its moments, then the rest."""
    rows = explained["rules"]
    running = sorted((row for row in rows if row["applies"]), key=lambda row: (row["due"] or "9", row["id"]))
    return [
        *(_line(row) for row in running),
        *(f"{row['id']} {row['step']}　{row['title']}　{row['why']}" for row in rows if not row["applies"]),
    ]


def _line(row: dict[str, Any]) -> str:
    tell = f"　→ {'、'.join(row['tell'])}" if row["tell"] else ""
    when = row["due"] or "无期限"
    return f"{row['id']} {row['step']}　L{row['level']} {row['title']}　{when}　{row['state']}{tell}　{row['why']}"


def _name(firing: Firing) -> tuple[str, str, int]:
    return firing.rule, firing.step, firing.clock_started_by


@dataclass(frozen=True)
class _Explainer:
    """One hazard, one moment."""

    case: Case
    rules: Rules
    calendar: Calendar
    now: datetime
    counts: Counts
    told: Told
    due: frozenset[tuple[str, str, int]]

    def row(self, prospect: Prospect) -> dict[str, Any]:
        """One step."""
        rule, step, firing = prospect.chase.rule, prospect.chase.step, prospect.firing
        applies = prospect.applies and self._is_ruled and not prospect.lapsed and firing is not None
        return {
            "id": rule.id,
            "step": step.step,
            "title": rule.title,
            "applies": applies,
            "why": self._why(prospect),
            "due": self.calendar.local(firing.due_at).isoformat() if firing and applies else None,
            "level": firing.level if firing else step.level,
            "ladder": rule.ladder.value,
            "tell": self.told(firing) if firing and applies else [],
            "roles": [phrasing.whom(one) for one in (firing.tell if firing else step.tell)],
            "signs": [phrasing.whom(one) for one in (firing.signs if firing else ())],
            "document": firing.document if firing else step.document,
            "fired": prospect.fired,
            "state": self._state(prospect) if applies else "不适用",
            "provisional": bool(firing and firing.provisional),
        }

    @property
    def _is_ruled(self) -> bool:
        return self.case.stage is not None and self.case.stage not in GONE and not self.case.unreadable

    def _state(self, prospect: Prospect) -> str:
        firing = prospect.firing
        if prospect.fired:
            return "已提请"
        if firing is None or firing.occurred_at > self.now:
            return "未到期，日历未公布，暂按周一至周五计" if firing and firing.provisional else "未到期"
        if prospect.lapses_at is not None and prospect.lapses_at <= self.now:
            return "已失效"
        return "已到期" if _name(firing) in self.due else f"等待 {prospect.chase.rule.follows}"

    def _why(self, prospect: Prospect) -> str:
        if self.case.unreadable:
            return "不适用：历史中有本程序读不懂的事件，须升级程序"
        if not self._is_ruled:
            return f"不适用：{words.stage(self.case.stage) if self.case.stage else '未登记'}"
        if prospect.fails is not None:
            return f"不适用：{phrasing.failed(prospect.fails, self.case, self.counts, self._at(prospect))}"
        return self._why_not_running(prospect) or f"适用：{'；'.join(self._grounds(prospect))}"

    def _why_not_running(self, prospect: Prospect) -> str | None:
        chase, clock = prospect.chase, prospect.clock
        if clock is None:
            return f"不适用：尚未起算（{phrasing.facts(chase.starts)}）"
        if clock.stopped is not None:
            return f"不适用：计时已因{phrasing.fact(clock.stopped.fact)}停止"
        if prospect.firing is None:
            return "不适用：时限在 2199 年之后，不起催办"
        if prospect.lapsed:
            return f"不适用：设定整改时限{clock.day}时已不足{phrasing.delay(chase.step).removeprefix('前')}"
        return None

    def _grounds(self, prospect: Prospect) -> list[str]:
        chase, clock = prospect.chase, prospect.clock
        tests = [*self.rules.tests(chase.rule.id), *chase.tests, *chase.timed]
        said = [phrasing.held(test, self.case, self.counts, self._at(prospect)) for test in tests]
        begun = [f"{phrasing.started(clock, self.calendar)}{phrasing.delay(chase.step)}"] if clock else []
        follows = [f"在 {chase.rule.follows} 之后"] if chase.rule.follows else []
        return [*dict.fromkeys(said), *begun, *follows]

    @staticmethod
    def _at(prospect: Prospect) -> datetime | None:
        return prospect.firing.due_at if prospect.firing else None
