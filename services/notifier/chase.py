"""Who is late is chased: what is due on a hazard is asked for, and a wake-up is set for what comes next.

Nothing is held: each look reads the history anew, so it may happen at any moment, twice, or on several notifiers at
once. What was asked for comes back as an event of the hazard, which is looked at again and then gets its wake-up.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, Protocol

import structlog

from contracts import subjects
from contracts.policy import Counting
from contracts.replies import Refused, Reply
from services.notifier import timers
from services.notifier.asking import Ask, Unanswered, escalation, is_open, is_recorded
from services.notifier.reading import Histories, Read
from services.notifier.rules import Rules
from services.notifier.running.bounded import each
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counted
from services.notifier.timing.firing import Firing

log = structlog.get_logger(__name__)

ROUNDS: Final = 5
"""A hazard that moves on while its wake-up is set is looked at anew, so often; then somewhat later."""
REFUSED: Final = timedelta(hours=1)
"""What the hazard service refuses is asked again at the hazard's next event, or after so long."""


class Policies(Protocol):
    """Which rules a hazard has."""

    async def of(self, case: Case) -> Rules:
        """Those adopted last before it was found, or those that it was moved to."""


class Counts(Protocol):
    """What was counted across hazards."""

    async def of(self, case: Case, wanted: Collection[Counting]) -> Mapping[Counting, tuple[Counted, ...]]:
        """By what is counted."""


class WakeUps(Protocol):
    """Durable ones, one for each thing that is timed."""

    async def set(self, kind: str, timed: str, when: datetime, body: bytes = b"") -> None:
        """In place of the one that stands; at once where it is past."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a hazard is judged by, beside its history."""

    policies: Policies
    counts: Counts
    calendar: Callable[[], Calendar]
    clock: Callable[[], datetime]
    """The event store's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a hazard stands at a moment."""

    read: Read
    at: datetime
    policy_version: str = ""
    firings: Sequence[Firing] = ()
    next: datetime | None = None


class Outcome(Enum):
    """What became of the steps that were asked for."""

    RECORDED = auto()
    OPEN = auto()
    REFUSED = auto()


class Chaser:
    """Looks at hazards."""

    def __init__(self, histories: Histories, ask: Ask, wakeups: WakeUps, around: Around) -> None:
        self._histories = histories
        self._ask = ask
        self._wakeups = wakeups
        self._around = around

    async def look(self, hazards: Collection[str | Read], *, at_least: datetime | None = None) -> frozenset[str]:
        """Each of them once; gives those that must be looked at again soon.

        `at_least`: a moment that the event store's clock has reached for certain, as when it woke us.
        """
        known = {one.hazard: one for one in hazards if isinstance(one, Read)}
        left: set[str] = {one.hazard if isinstance(one, Read) else one for one in hazards}
        again: set[str] = set()

        async def stand(hazard: str) -> Standing:
            read = known.pop(hazard) if hazard in known else await self._histories.read(hazard)
            return await self._stand(read, at_least)

        for _ in range(ROUNDS):
            seen, failed = await each(left, stand)
            outcomes = await self._escalate([one for one in seen.values() if one.firings])
            left, unset = await self._wake(seen, outcomes)
            again |= failed | unset | {hazard for hazard, what in outcomes.items() if what is Outcome.OPEN}
            if not left:
                break
        return frozenset(again | left)

    async def _stand(self, read: Read, at_least: datetime | None) -> Standing:
        case, now = read.case, self._around.clock()
        now = max(now, at_least) if at_least else now
        if case.unreadable:
            log.error("hazard.not_chased", hazard=read.hazard, reason="历史中有本程序读不懂的事件：it cannot be read")
        if case.unreadable or not read.sequence:
            return Standing(read, now)
        rules = await self._around.policies.of(case)
        counts = await self._around.counts.of(case, timers.wanted(case, rules))
        found = timers.reckon(case, rules, self._around.calendar(), now, counts)
        return Standing(read, now, rules.version, found.due, found.next)

    async def _escalate(self, late: Sequence[Standing]) -> dict[str, Outcome]:
        """All together, the longest due first; one hazard's steps in their order."""
        late = sorted(late, key=lambda one: one.firings[0].due_at)
        try:
            replies = await self._ask([escalation(step, one.policy_version) for one in late for step in one.firings])
        except Unanswered as silent:
            log.warning("escalation.put_off", hazards=len(late), reason=str(silent))
            return {one.read.hazard: Outcome.OPEN for one in late}
        answers = iter(replies)
        return {one.read.hazard: _outcome(one, [next(answers) for _ in one.firings]) for one in late}

    async def _wake(self, seen: Mapping[str, Standing], outcomes: Mapping[str, Outcome]) -> tuple[set[str], set[str]]:
        """Which moved on meanwhile, and which have no wake-up yet. What was recorded comes back as an event."""

        async def wake(hazard: str) -> bool:
            standing = seen[hazard]
            retry = standing.at + REFUSED if hazard in outcomes else None
            when = min((moment for moment in (standing.next, retry) if moment), default=None)
            if when is None:
                return False
            await self._wakeups.set(subjects.HAZARD, hazard, when)
            return await self._histories.last(hazard) > standing.read.sequence

        quiet = [hazard for hazard in seen if outcomes.get(hazard, Outcome.REFUSED) is Outcome.REFUSED]
        moved, unset = await each(quiet, wake)
        return {hazard for hazard, has_moved in moved.items() if has_moved}, unset


def _outcome(standing: Standing, replies: Sequence[Reply]) -> Outcome:
    if any(is_open(reply) for reply in replies):
        return Outcome.OPEN
    for firing, reply in zip(standing.firings, replies, strict=True):
        if not is_recorded(reply):
            _tell_refusal(firing, reply)
    return Outcome.RECORDED if all(map(is_recorded, replies)) else Outcome.REFUSED


def _tell_refusal(firing: Firing, reply: Reply) -> None:
    said = {"code": reply.code, "reason": reply.reason} if isinstance(reply, Refused) else {"code": reply.status}
    log.error("escalation.refused", hazard=firing.hazard_id, rule=firing.rule, step=firing.step, **said)
