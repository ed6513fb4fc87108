"""A question with its days fixed: from when, until when, as known when, and what is printed at the head of a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.projection.asking import QuestionError
from services.projection.forms import periods
from services.projection.forms.template import FormId, Template
from services.projection.moments import midnight
from services.projection.reports.question import Question

INSTANT: Final = timedelta(microseconds=1)
LEVELS: Final = (2, 4, 6, 9, 12)
"""Digits of province, city, county, township, village."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every form is computed from."""

    question: Question
    template: Template
    since: datetime | None
    """The first moment that counts; None: everything before the end."""
    end: datetime
    """The first moment that does not count: not later than now."""
    known: int
    """The last event that was known."""
    now: datetime
    zone: ZoneInfo
    by: str
    """Who produces it."""
    unit: str = ""
    """填报单位, where somebody says it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What areas are called."""

    @property
    def cutoff(self) -> datetime:
        """The last instant that counts."""
        return self.end - INSTANT

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.cutoff.astimezone(self.zone).date()

    @property
    def running(self) -> bool:
        """The period is still running: it is counted up to now."""
        return self.end == self.now

    @property
    def span(self) -> str:
        """统计时段 in words."""
        first = self.since.astimezone(self.zone).date().isoformat() if self.since else "开始"
        return f"{first} 至 {self.last_day.isoformat()}"

    @property
    def heads(self) -> dict[str, str | date]:
        """What every line of blanks may ask."""
        return {
            "unit": self.unit or self.called(self.question.area),
            "date": self.now.astimezone(self.zone).date(),
            "span": self.span,
            "until": f"{self.last_day.isoformat()} 24时"
            if not self.running
            else f"{self.last_day.isoformat()}（期间未满）",
            "filled_by": self.by,
        }

    def called(self, area: str) -> str:
        """Its name; its code where nobody said one."""
        return self.names.get(area, area)

    def holds(self, moment: datetime) -> bool:
        """Whether it lies within the period."""
        return (self.since is None or moment >= self.since) and moment < self.end

    @property
    def below(self) -> int:
        """Digits of the areas of which an area consists: the villages of a township."""
        return next((digits for digits in LEVELS if digits > len(self.question.area)), LEVELS[-1])


def asked(
    question: Question,
    template: Template,
    *,
    known: int,
    now: datetime,
    zone: ZoneInfo,
    by: str,
    unit: str = "",
    names: Mapping[str, str] | None = None,
) -> Asked:
    """The days of that month, or quarter; of one that is not over, up to now.

    Raises QuestionError where a campaign begins only after the last of them.
    """
    local = now.astimezone(zone)
    period = periods.period(question.form, question.month, zone.key, template)
    start = question.campaign_start
    since = period.start or (midnight(start, zone) if start else None)
    end = min(period.end, local)
    if start and since is not None and since >= end:
        last = (end - INSTANT).astimezone(zone).date()
        reason = f"行动开始日 {start} 晚于这张表的统计截止日 {last}：请改 --campaign-start，或用以后的月份。"
        raise QuestionError(f"{reason}The campaign begins after the cut-off.")
    return Asked(question, template, since, end, known, local, zone, by, unit, names or {})


def title(asked: Asked) -> str:
    """The unit's name in the place of the street's whose notice it was; empty: as the template prints it.

    A unit that nobody names is a blank, to be filled in by hand: no other street's name stands there.
    """
    own = asked.unit or asked.names.get(asked.question.area, BLANK)
    printed = asked.template.title
    if asked.question.form in {FormId.A, FormId.B} and printed.startswith(NOTICE):
        return own + printed.removeprefix(NOTICE)
    return ""


NOTICE: Final = "葛城街道办事处"
BLANK: Final = "________"
