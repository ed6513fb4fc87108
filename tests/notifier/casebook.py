"""Histories told as events, in the order of their recording, and what the shipped policy makes of them.

09:00 of Monday 2 March 2026 is hour 0 of every story; `on(3)` is the third day after it, at nine.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from contracts import events
from contracts.acts.intake import Determination
from contracts.envelope import Unreadable
from contracts.events import Event
from contracts.parties import Actor, BodyRef, Party
from contracts.policy import Policy
from contracts.terms import AssignmentKind, BasisKind, Grade, Origin, Role
from services.notifier.rules import Rules, compiled
from services.notifier.timers import due, next_due
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.calendars import load_calendar
from services.notifier.timing.case import Case
from services.notifier.timing.counted import NONE, Counts
from services.notifier.timing.firing import Firing
from services.notifier.timing.folding import begun, fold

SHIPPED = Path(__file__).parents[2] / "deploy" / "policy" / "default.yaml"
HAZARD = "320623104201-5f0c1d2e-0000-5000-8000-000000000001"
SITE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SITE)
FACTORY = Party(id="factory", name="某鞋厂", staff=60)
OFFICER = Actor(id="officer", name="执法员秦", roles=(Role.OFFICER,), body="em", area="320623")
OWNER = Actor(id="owner", name="厂长牛", roles=(Role.ENTERPRISE_HEAD,), enterprise="factory")
MACHINE = Actor(id="notifier", name="系统催办", roles=(Role.NOTIFIER,))
CALENDAR = load_calendar()
CLAUSE = Determination(kind=BasisKind.CLAUSE, standard="工贸10号令", version="2023", article=11, item=2)
E = TypeVar("E", bound=Event)


def on(days: int, hours: float = 0) -> datetime:
    """So long after nine o'clock of the first Monday."""
    return MONDAY + timedelta(days=days, hours=hours)


def day(days: int) -> date:
    """The calendar day."""
    return on(days).date()


def start_of(days: int) -> datetime:
    """The moment at which that day begins at the site."""
    return datetime.combine(day(days), datetime.min.time(), SITE).astimezone(UTC)


def event(what: type[E], at: datetime, /, **fields: Any) -> E:  # noqa: ANN401 (any field)
    """One event, recorded when it happened unless `recorded_at` says otherwise."""
    return what.model_validate({"actor": OFFICER, "occurred_at": at, "recorded_at": at} | fields, strict=False)


def found(at: datetime = MONDAY, **fields: Any) -> events.HazardFound:  # noqa: ANN401
    """Found by inspection at the shoe factory."""
    told = {"area": HAZARD[:12], "description": "通道堵塞", "origin": Origin.INSPECTION, "party": FACTORY}
    return event(events.HazardFound, at, **told | fields)


def graded(grade: Grade = Grade.GENERAL, at: datetime = MONDAY) -> events.HazardGraded:
    """Graded, under a clause."""
    return event(events.HazardGraded, at, grade=grade, basis=CLAUSE)


def ordered(due: date | None, at: datetime = MONDAY, **fields: Any) -> events.HazardAssigned:  # noqa: ANN401
    """责令限期整改 by the county's bureau."""
    return event(events.HazardAssigned, at, **{"kind": AssignmentKind.ORDER, "due": due} | fields)


def self_found(at: datetime = MONDAY, **fields: Any) -> events.HazardFound:  # noqa: ANN401
    """By the enterprise itself."""
    return found(at, origin=Origin.SELF, actor=OWNER, **fields)


def report(at: datetime, **fields: Any) -> events.ReportedToRegulator:  # noqa: ANN401
    """To the regulator."""
    told = {"receiver": BodyRef(id="em", name="县应急管理局"), "report": "report-1", "actor": OWNER}
    return event(events.ReportedToRegulator, at, **told | fields)


def listed(at: datetime, listing: str = "listing-1", **fields: Any) -> events.HazardListed:  # noqa: ANN401
    """挂牌督办."""
    return event(events.HazardListed, at, listing=listing, **fields)


def case(*history: Event | Unreadable, start: Case | None = None) -> Case:
    """The history folded."""
    folded = start or begun(HAZARD)
    for one in history:
        folded = fold(folded, one, folded.version + 1, folded.version + 1)
    return folded


def proposed(folded: Case, firings: Iterable[Firing]) -> Case:
    """After the machine has proposed these."""
    for firing in firings:
        folded = case(escalated(firing, folded.version + 1), start=folded)
    return folded


def escalated(firing: Firing, number: int) -> events.HazardEscalated:
    """The event of a firing."""
    return event(
        events.HazardEscalated,
        firing.occurred_at,
        actor=MACHINE,
        rule=firing.rule,
        step=firing.step,
        level=firing.level,
        ladder=firing.ladder,
        due_at=firing.due_at,
        policy_version="0" * 64,
        clock_started_by=firing.clock_started_by,
        draft=firing.document,
        proposal=f"proposal-{number}",
    )


@cache
def shipped() -> Rules:
    """The default policy, ready."""
    return compiled(Policy.model_validate(yaml.safe_load(SHIPPED.read_text("utf-8"))), "0" * 64)


def rules(*some: dict[str, Any]) -> Rules:
    """A policy of these rules on a short ladder."""
    rungs = [
        {"level": 0, "name": "提醒", "tell": ["responsible"]},
        {"level": 1, "name": "催办", "tell": ["safety_manager"], "document": "催办通知"},
        {"level": 3, "name": "督办", "tell": ["officer"], "document": "督办单", "signs": ["regulator_lead"]},
    ]
    basis = [{"text": "项目默认", "tag": "P"}]
    told = {"title": "试", "basis": basis}
    file = {"name": "试", "ladders": {"enterprise": rungs, "authority": rungs}, "rules": [told | one for one in some]}
    return compiled(Policy.model_validate(file), "1" * 64)


def rule(starts: str, *steps: dict[str, Any], id: str = "X01", **said: Any) -> dict[str, Any]:  # noqa: A002, ANN401
    """A rule with that start; steps without a name or level get one."""
    named = [{"step": f"s{number}", "level": 1} | one for number, one in enumerate(steps, start=1)]
    return {"id": id, "starts": [starts], "steps": named} | said


def names(firings: Iterable[Firing]) -> list[str]:
    """["G05.late", …]."""
    return [f"{one.rule}.{one.step}" for one in firings]


def through(
    folded: Case, ruled: Rules, until: datetime, calendar: Calendar = CALENDAR, counts: Counts = NONE
) -> Iterator[Firing]:
    """All that the machine proposes from the last event on, each at its moment, as long as nobody does anything."""
    now = max((mark.recorded_at for mark in folded.marks), default=until)
    while True:
        firings = due(folded, ruled, calendar, now, counts)
        yield from firings
        folded = proposed(folded, firings)
        coming = now if firings else next_due(folded, ruled, calendar, now, counts)
        if coming is None or coming > until:
            return
        now = coming
