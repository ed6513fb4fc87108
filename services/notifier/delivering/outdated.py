"""What is no longer true is not sent: a notice that waited is held against its hazard as it stands now.

A draft that waits for its answer is told of wherever its hazard stands. What this program does not understand is sent.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol

from contracts.notices import Notice
from contracts.policy import Rule, Step
from contracts.terms import Stage
from services.notifier.reading import Histories
from services.notifier.rules import Rules
from services.notifier.timing.calendar import Calendar
from services.notifier.timing.case import Case
from services.notifier.timing.clocks import by_fact, clocks

AT_ONCE: Final = 64
"""Hazards read."""
GONE: Final[Mapping[Stage | None, str]] = {
    Stage.WITHDRAWN: "隐患已撤销，不再发送：the hazard was withdrawn",
    Stage.MERGED: "隐患已并案，不再发送：the hazard was merged into another",
}
CLOSED: Final = "隐患已销号，不再发送：the hazard was closed"
ANSWERED: Final = "提请已有答复，不再发送：the proposal was answered"
STOPPED: Final = "事项已办理或期限已变更，不再发送：what it reminds of was done, or its deadline changed"

Reasons = Callable[[Sequence[Notice]], Awaitable[Sequence[str | None]]]
"""Of each notice why it is not sent any more, if it is not."""


class Policies(Protocol):
    """The rules by their version."""

    async def by_version(self, version: str, area: str) -> Rules | None:
        """None where this program cannot use them."""


async def unasked(notices: Sequence[Notice]) -> Sequence[str | None]:
    """Where nobody looks: all are sent."""
    return [None] * len(notices)


class Outdated:
    """Looks at hazards, each once however many notices are about it."""

    def __init__(self, histories: Histories, policies: Policies) -> None:
        self._histories = histories
        self._policies = policies
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def reasons(self, notices: Sequence[Notice]) -> Sequence[str | None]:
        """In their order. Raises Unavailable."""
        about: defaultdict[str, list[int]] = defaultdict(list)
        for number, notice in enumerate(notices):
            if notice.hazard_id is not None:
                about[notice.hazard_id].append(number)
        found: list[str | None] = [None] * len(notices)

        async def look(hazard: str, numbers: Sequence[int]) -> None:
            async with self._turns:
                case = (await self._histories.read(hazard)).case
            for number in numbers:
                found[number] = await self._reason(notices[number], case)

        await asyncio.gather(*(look(hazard, numbers) for hazard, numbers in about.items()))
        return found

    async def _reason(self, notice: Notice, case: Case) -> str | None:
        if case.stage is None or case.unreadable:
            return None
        if notice.proposal is not None and notice.kind == "draft":
            return None if notice.proposal in case.proposals else ANSWERED
        rules = await self._policies.by_version(notice.policy_version, notice.area) if notice.policy_version else None
        rule = rules.rule(notice.rule) if rules and notice.rule else None
        step = rules.step(notice.rule, notice.step) if rules and notice.rule and notice.step else None
        return reason(case, rule, step)


def reason(case: Case, rule: Rule | None, step: Step | None) -> str | None:
    """Why a reminder of that step is not sent any more; of a rule that is not known only what is said of all."""
    if case.stage in GONE:
        return GONE[case.stage]
    if rule is None:
        return None
    said = (step.applies.stage if step and step.applies else ()) or rule.applies.stage
    if case.stage is Stage.CLOSED and Stage.CLOSED not in said:
        return CLOSED
    return STOPPED if step and not _runs(case, rule, step) else None


def _runs(case: Case, rule: Rule, step: Step) -> bool:
    """The clock of what was proposed."""
    fired = {one.version for one in case.fired if (one.rule, one.step) == (rule.id, step.step)}
    stops = rule.stops if step.stops is None else step.stops
    found = clocks(case, by_fact(case), step.starts or rule.starts, stops, Calendar())
    return not fired or any(clock.version in fired and clock.stopped is None for clock in found)
