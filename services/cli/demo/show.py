"""What the lives look like afterwards: a timeline for people, a line of JSON each for programs, and the totals."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts import words
from contracts.base import local_day, short_number
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event, HazardEscalated, MeasureRecorded, VerificationFailed
from contracts.terms import Stage
from services.cli.demo import rungs
from services.cli.demo.play import Attempt
from services.cli.demo.rungs import Rung
from services.cli.demo.script import Life
from services.cli.demo.visited import Visited
from services.cli.site import minute
from services.cli.telling import gaps, said
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import UNFOUND, Hazard

WIDTH = 90


@dataclass(frozen=True)
class Told:
    """A hazard of a life, folded from what is stored."""

    id: str
    state: Hazard
    events: list[Event]
    ladder: list[Rung]
    """What stands in its history."""
    reckoning: list[Rung]
    """推演: had an old case been entered at the time."""

    @classmethod
    def of(cls, hazard_id: str, history: list[Envelope], ladder: list[Rung], reckoning: list[Rung]) -> "Told":
        """Fold what was loaded."""
        state = UNFOUND
        for envelope in history:
            state = evolve(state, envelope.event)
        read = [envelope.event for envelope in history if not isinstance(envelope.event, Unreadable)]
        return cls(hazard_id, state, read, ladder, reckoning)

    def machine(self) -> dict[str, Any]:
        """For the last line of --json."""
        state = self.state
        return {
            "hazard_id": self.id,
            "stage": state.stage,
            "closure": state.closure,
            "origin": state.origin,
            "grade": state.grade,
            "overdue": self._is_overdue,
            "failed_verifications": sum(isinstance(event, VerificationFailed) for event in self.events),
            "measures": sum(isinstance(event, MeasureRecorded) for event in self.events),
            "dual_report_required": state.needs_dual_report,
            "party": state.party.id if state.party else None,
            "events": len(self.events),
            "highest_level": max((rung.level for rung in self.ladder), default=None),
            "ladder": [rung.machine() for rung in self.ladder],
            "reckoning": [rung.machine() for rung in self.reckoning],
        }

    def stands(self) -> str:
        """待整改（逾期未整改）."""
        stage = words.stage(self.state.stage or Stage.FOUND, self.state.closure)
        return f"{stage}（{words.word('overdue')}）" if self._is_overdue else stage

    @property
    def _is_overdue(self) -> bool:
        """When somebody last did something."""
        *_, last = (event for event in self.events if not isinstance(event, HazardEscalated))
        return self.state.is_overdue(local_day(last.occurred_at))

    def heading(self) -> str:
        """隐患 329901101-…  →  整改中."""
        return f"隐患 {short_number(self.id)}  →  {self.stands()}"


def people(life: Life, told: Sequence[Told | Visited], attempts: list[Attempt]) -> Iterator[str]:
    """A life as lines: who, what, when, on what document; refused attempts where they happened."""
    yield ""
    kind = "示例（虚构）" if life.illustrative else f"公开案例 · {life.source}"
    yield f"━━ {life.title}  〔{kind}〕"
    for one in told:
        yield f"   {one.heading()}"
        here = [attempt for attempt in attempts if attempt.step.aggregate == one.id]
        lines = [(event.occurred_at, _line(event)) for event in one.events if not isinstance(event, HazardEscalated)]
        lines += [(attempt.step.at, refusal(attempt)) for attempt in here]
        if isinstance(one, Told):
            lines += rungs.lines(one.ladder)
        for _, line in sorted(lines, key=lambda entry: entry[0]):
            yield line
        if isinstance(one, Told) and one.reckoning:
            yield "   推演：假如当年就录入，按现行策略逐日计算（是计算，不是事实，未曾提请、未曾发送）"
            yield from (line for _, line in rungs.lines(one.reckoning, reckoned=True))


def machine(life: Life, told: Sequence[Told | Visited], attempts: list[Attempt]) -> dict[str, Any]:
    """A life as one JSON object."""
    return {
        "life": life.id,
        "title": life.title,
        "illustrative": life.illustrative,
        "source": life.source,
        "hazards": [_whole(one) for one in told if isinstance(one, Told)],
        "visits": [_whole(one) for one in told if isinstance(one, Visited)],
        "refused": [
            {
                "at": attempt.step.at,
                "command": attempt.step.imperative,
                "actor": attempt.actor,
                "code": attempt.reply.code,
                "reason": attempt.reply.reason,
            }
            for attempt in attempts
        ],
    }


def totals(lives: list[Life], told: Mapping[str, Sequence[Told | Visited]], refused: int) -> dict[str, Any]:
    """The last line."""
    every = [one for group in told.values() for one in group if isinstance(one, Told)]
    visits = [one for group in told.values() for one in group if isinstance(one, Visited)]
    count = Counter(one.state.stage for one in every)
    return {
        "hazards": len(every),
        "visits": len(visits),
        "events": sum(len(one.events) for group in told.values() for one in group),
        "closed": count[Stage.CLOSED],
        "open": sum(one.state.is_open for one in every),
        "merged": count[Stage.MERGED],
        "withdrawn": count[Stage.WITHDRAWN],
        "refused": refused,
        "notices": dict(Counter(notice.kind for one in every for rung in one.ladder for notice in rung.told)),
        "proposals": sum(len(one.ladder) for one in every),
        "cases": {
            life.id: {"hazards": [one.machine() for one in told[life.id]]} for life in lives if not life.illustrative
        },
    }


def _whole(one: Told | Visited) -> dict[str, Any]:
    return one.machine() | {"timeline": [_entry(event) for event in one.events]}


def _line(event: Event) -> str:
    roles = "、".join(words.role(role) for role in event.actor.roles[:1])
    behalf = f" 代{event.actor.on_behalf_of.person.name}" if event.actor.on_behalf_of else ""
    head = f"   {minute(event.occurred_at)}  {words.act(type(event))}  {event.actor.name}{behalf} · {roles} "
    rest = "  ".join(
        [
            *(_short(text) for text in said(event)),
            *(f"〔{gap.removeprefix('标记 ')}〕" for gap in gaps(event) if not event.historical or event.flags),
        ]
    )
    return f"{head}  {rest}".rstrip()


def refusal(attempt: Attempt) -> str:
    """A line for what was refused."""
    return (
        f"   {minute(attempt.step.at)}  ✗ 退回“{words.act(attempt.step.imperative)}”  {attempt.actor}"
        f"  {attempt.reply.reason}  〔{attempt.reply.code}〕"
    )


def _entry(event: Event) -> dict[str, Any]:
    return {
        "type": event.type,
        "name": words.act(type(event)),
        "actor": event.actor.name,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "flags": event.flags,
        "said": list(said(event)),
    }


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
