"""What a notice tells of: a step that was proposed, the hazard as it stands, the rule if it is known; and its facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from contracts import words
from contracts.base import short_number
from contracts.events import HazardEscalated
from contracts.policy import SIGNED_FROM, Fact, Relation, Rule, Step, Told
from contracts.terms import Ladder, Origin
from services.notifier.timing.case import Case, Mark

MADE_BY_US: Final = frozenset({Fact.PROPOSED, Fact.ANSWERED})
TELLS_OF_REPORTERS: Final = frozenset({Fact.ORIGIN_RULED})
"""Whether somebody reported it could be read from these."""
DERIVED: Final = {
    Fact.DEADLINE: "整改期限",
    Fact.BECAME_MAJOR: "判定或疑似为重大事故隐患",
    Fact.GRADED_MAJOR: "判定为重大事故隐患",
    Fact.IMMINENT_DANGER: "发现危及人身安全的紧急情况",
    Fact.WORKERS_ALL_TOLD: "各责任单位均已向职工报告",
    Fact.BYPASS_REPORTED: "越级报告",
    Fact.DELISTING_PUBLISHED: "公告摘牌",
    Fact.SUSPENSION_DEFIED: "停产停用决定未执行",
    Fact.REOPENED_AS_FALSE: "因虚假整改重新立项",
    Fact.PENALISED: "行政处罚",
    Fact.PROPOSED: "提请",
    Fact.ANSWERED: "答复提请",
}
"""Facts that are no event by themselves."""


class Line(NamedTuple):
    """A fact, when it happened, and which version of the history says so."""

    at: datetime
    fact: str
    version: int


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why somebody is written to."""

    event: HazardEscalated
    hazard_id: str
    case: Case
    rule: Rule | None
    """Unknown where the policy is one that this program cannot read."""
    step: Step | None
    now: datetime
    zone: ZoneInfo

    @property
    def level(self) -> int:
        """L0 to L7."""
        return min(self.event.level, 7)

    @property
    def ladder(self) -> Ladder:
        """The enterprises' unless said."""
        return self.event.ladder or Ladder.ENTERPRISE

    @property
    def is_signed(self) -> bool:
        """A draft waits; nobody else is told."""
        return self.level >= SIGNED_FROM

    @property
    def number(self) -> str:
        """What people say on the telephone."""
        return short_number(self.hazard_id)

    @property
    def is_confidential(self) -> bool:
        """Nothing in it may let the enterprise be recognised: somebody reported it, and could be found out."""
        return self.case.confidential or Fact.BYPASS_REPORTED in self._starts()

    @property
    def is_withheld(self) -> bool:
        """Nobody of the parties is told: as above, or a rule that is confidential, labels 疑似, or is unknown."""
        rule = self.rule
        return self.is_confidential or rule is None or rule.confidential or rule.label is not None

    @property
    def is_urgent(self) -> bool:
        """Lives are in danger."""
        if self.rule is None:
            return any(one.fact is Fact.IMMINENT_DANGER for one in self._started())
        return Fact.IMMINENT_DANGER in ((self.step.starts if self.step else ()) or self.rule.starts)

    @property
    def is_digestible(self) -> bool:
        """A reminder that is counted in days."""
        delay = (self.step.after or self.step.before) if self.step else None
        return delay is not None and delay.unit != "h" and not self.is_signed and not self.is_urgent

    @property
    def document(self) -> str:
        """What is drafted."""
        said = self.event.draft or (self.step.document if self.step else None) or "处理建议"
        return said.removesuffix("（草稿）")

    def started(self) -> Line | None:
        """The fact that started its clock; a deadline is told by itself."""
        said = [one for one in self._started() if self.rule is None or one.fact in self._starts()]
        return next((Line(one.at, fact_word(one.fact), one.version) for one in said), None)

    def lacking(self) -> list[str]:
        """What would have stopped the clock."""
        own = self.step.stops if self.step else None
        stops = own if own is not None else (self.rule.stops if self.rule else ())
        return [fact_word(one) for one in stops]

    def counts_to_deadline(self) -> bool:
        """Its clock is the deadline's."""
        return Fact.DEADLINE in self._starts()

    def facts(self) -> list[Line]:
        """Of the history, in order: nothing that tells of a reporter, nothing of the machine's own."""
        hidden = hidden_versions(self.case)
        first: dict[int, Mark] = {}
        for mark in self.case.marks:
            if mark.version in hidden or mark.fact in MADE_BY_US:
                continue
            if mark.version not in first or (first[mark.version].fact in DERIVED and mark.fact not in DERIVED):
                first[mark.version] = mark
        return [Line(one.at, fact_word(one.fact), one.version) for one in first.values()]

    def minute(self, moment: datetime) -> str:
        """2026-03-02 08:30, as the clock at the site shows."""
        return moment.astimezone(self.zone).isoformat(" ", "minutes")[:16]

    def days_left(self) -> int | None:
        """To the deadline in force; negative once it has passed."""
        deadline = self.case.deadline
        return None if deadline is None else (deadline.day - self.now.astimezone(self.zone).date()).days

    def _starts(self) -> tuple[Fact, ...]:
        return ((self.step.starts if self.step else ()) or self.rule.starts) if self.rule else ()

    def _started(self) -> Iterator[Mark]:
        return (one for one in self.case.marks if one.version == self.event.clock_started_by)


def hidden_versions(case: Case) -> frozenset[int]:
    """Reports past the head of an enterprise and their receipts; how it was found, where somebody reported it."""
    reports = {mark.key for mark in case.marks if mark.fact is Fact.BYPASS_REPORTED}
    return frozenset(
        mark.version
        for mark in case.marks
        if (mark.key is not None and mark.key in reports)
        or mark.fact in {*TELLS_OF_REPORTERS, Fact.BYPASS_REPORTED}
        or (mark.fact is Fact.FOUND and case.origin is Origin.REPORT)
    )


def fact_word(fact: Fact) -> str:
    """GRADED → 判定等级; its event's own name, unless it is no event."""
    return DERIVED.get(fact) or words.act(f"hazard.{fact}")


def told_word(told: Told) -> str:
    """As what somebody is told: REVIEWER → 复查人员."""
    return words.word(f"tell.{told}") if isinstance(told, Relation) else words.role(told)
