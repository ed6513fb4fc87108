"""What the machine proposed of a hazard, and whom it would have told: composed and counted, never sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts import words
from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import Event, HazardEscalated
from contracts.notices import Notice
from contracts.policy import SIGNED_FROM
from contracts.terms import Ladder
from services.cli.site import minute
from services.notifier.letters.composing import compose
from services.notifier.policies import Policies
from services.notifier.rules import Rules
from services.notifier.simulations.walking import walk
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.folding import begun, fold

AFTERWARDS: Final = timedelta(days=30)
"""How far a reckoning goes beyond the last fact."""
History = Sequence[tuple[int, Envelope]]
"""Sequence in the stream, event."""


@dataclass(frozen=True)
class Rung:
    """One step, as proposed or as reckoned."""

    at: datetime
    rule: str
    title: str
    step: str
    level: int
    ladder: Ladder
    document: str | None
    told: tuple[Notice, ...] = ()

    def machine(self) -> dict[str, Any]:
        """For a program."""
        return {
            "at": self.at,
            "rule": self.rule,
            "title": self.title,
            "step": self.step,
            "level": self.level,
            "ladder": self.ladder,
            "document": self.document,
            "told": [one.person.name for one in self.told],
        }

    def line(self) -> str:
        """L2 G08 他查一般隐患逾期：警示提醒　《警示提醒函》草稿 → 范分管."""
        paper = f"　《{self.document}》草稿待签" if self.document and self.level >= SIGNED_FROM else ""
        names = "、".join(dict.fromkeys(one.person.name for one in self.told))
        return f"L{self.level} {self.rule} {self.title}{paper}{f' → {names}' if names else ''}"


class Climb:
    """Of one hazard: what stands in its history, and what would have been said had it been entered at the time."""

    def __init__(self, policies: Policies, directory: Directory, calendar: Calendar, zone: ZoneInfo) -> None:
        self._policies = policies
        self._directory = directory
        self._calendar = calendar
        self._zone = zone

    async def recorded(self, hazard: str, history: History) -> list[Rung]:
        """In the order of their recording, told to whoever held those posts then."""
        case, found = begun(hazard), []
        for sequence, envelope in history:
            event = envelope.event
            case = fold(case, event, envelope.version, sequence)
            if isinstance(event, HazardEscalated):
                rules = await self._policies.by_version(event.policy_version, case.area)
                notices = compose(envelope, case, rules, self._directory, event.recorded_at, self._zone)
                found.append(_rung(event, rules, tuple(one.notice for one in notices)))
        return found

    async def reckoned(self, hazard: str, history: History) -> list[Rung]:
        """推演 of a back-filled history, by the moments at which things happened; no fact, and nothing was sent."""
        case = begun(hazard)
        for sequence, envelope in history:
            case = fold(case, envelope.event, envelope.version, sequence)
        rules = await self._policies.of(case)
        facts = [one.event for _, one in history if isinstance(one.event, Event)]
        until = max(one.occurred_at for one in facts if one.historical) + AFTERWARDS
        said = walk(history, rules, self._calendar, until, as_it_happened=True)
        return [_rung(one.event, rules, ()) for one in said]


def _rung(event: HazardEscalated, rules: Rules | None, told: tuple[Notice, ...]) -> Rung:
    rule = rules.rule(event.rule) if rules else None
    return Rung(
        at=event.occurred_at,
        rule=event.rule,
        title=rule.title if rule else "",
        step=event.step or "",
        level=event.level,
        ladder=event.ladder or Ladder.ENTERPRISE,
        document=event.draft,
        told=told,
    )


def lines(rungs: Sequence[Rung], *, reckoned: bool = False) -> list[tuple[datetime, str]]:
    """What is said of several proposals at one moment stands once."""
    times = Counter((rung.at, f"{_word(rung, reckoned=reckoned)}  {rung.line()}") for rung in rungs)
    return [(at, f"   {minute(at)}  {said}{_times(number)}") for (at, said), number in times.items()]


def _times(number: int) -> str:
    return f"（{number} 项）" if number > 1 else ""


def _word(rung: Rung, *, reckoned: bool) -> str:
    if reckoned:
        return "推演"
    return words.act(HazardEscalated) if rung.level >= SIGNED_FROM else "系统提醒"
