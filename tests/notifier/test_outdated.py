"""What is no longer so is not sent, and what still is so is."""

from collections import Counter
from typing import Any

import pytest

from contracts import events
from contracts.events import Event
from services.notifier.delivering.outdated import ANSWERED, CLOSED, GONE, STOPPED, Outdated
from services.notifier.reading import Histories, Read
from services.notifier.rules import Rules
from services.notifier.timers import due
from services.notifier.timing.case import UNFOUND, Case
from tests.notifier.casebook import CALENDAR, case, day, event, found, graded, on, ordered, proposed, rule, rules
from tests.notifier.notice_props import HAZARD, notice

RULES = rules(
    rule("graded", {"after": "1 nd"}, id="X01", stops=["rectification_submitted"]),
    rule("closed", {"after": "1 nd"}, id="X02", applies={"stage": ["closed"]}),
    rule("deadline", {"before": "3 nd"}, id="X03"),
    rule("graded", {"after": "1 nd", "level": 3}, id="X04"),
)
"""A reminder of what is open, one of what is closed, one before the deadline, a draft."""


def reached(folded: Case, days: int) -> Case:
    """With all that is due by then proposed."""
    return proposed(folded, due(folded, RULES, CALENDAR, on(days)))


OPEN = reached(case(found(), graded(), ordered(day(10))), 8)
PROPOSAL = next(iter(OPEN.proposals))
CLOSING = event(events.HazardClosed, on(8), kind="rectified")
WITHDRAWN, MERGED = GONE.values()


class Shelf(Histories):
    """Hazards that the test put there, and how often each was read."""

    def __init__(self, cases: dict[str, Case]) -> None:
        self.cases = cases
        self.reads: Counter[str] = Counter()

    async def read(self, hazard: str, *, events: frozenset[int] = frozenset()) -> Read:
        """As it stands."""
        assert not events
        self.reads[hazard] += 1
        return Read(hazard, 1, self.cases.get(hazard, UNFOUND), {})


class Adopted:
    """One policy; of another version nothing is known."""

    async def by_version(self, version: str, area: str) -> Rules | None:
        """By its hash."""
        assert area
        return RULES if version == RULES.version else None


async def why(folded: Case, **said: Any) -> str | None:  # noqa: ANN401
    """Why a notice about that case is not sent."""
    one = notice(**{"rule": "X01", "step": "s1", "policy_version": RULES.version} | said)
    [reason] = await Outdated(Shelf({HAZARD: folded}), Adopted()).reasons([one])
    return reason


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (event(events.HazardWithdrawn, on(8), kind="error", reasons="误报"), WITHDRAWN),
        (event(events.HazardMerged, on(8), survivor=HAZARD, reasons="同一处"), MERGED),
        (CLOSING, CLOSED),
        (event(events.RectificationSubmitted, on(8), statement="改好了"), STOPPED),
        (graded(at=on(8)), STOPPED),
        (ordered(day(12), on(8)), None),
    ],
)
async def test_a_reminder_is_held_against_the_hazard_as_it_stands(happened: Event, said: str | None) -> None:
    """Gone, closed, or its clock was stopped or started anew; what has nothing to do with it changes nothing."""
    assert await why(OPEN) is None
    assert await why(case(happened, start=OPEN)) == said


async def test_a_reminder_before_a_deadline_goes_with_the_deadline() -> None:
    """Another day was set: the letter would name the old one."""
    assert await why(OPEN, rule="X03") is None
    assert await why(case(ordered(day(40), on(8)), start=OPEN), rule="X03") == STOPPED


async def test_a_rule_of_closed_hazards_speaks_of_them() -> None:
    """But not once the hazard was withdrawn."""
    closed = reached(case(CLOSING, start=OPEN), 12)
    assert await why(closed, rule="X02") is None
    gone = case(event(events.HazardWithdrawn, on(13), kind="error", reasons="误报"), start=closed)
    assert await why(gone, rule="X02") == WITHDRAWN


async def test_a_draft_is_told_of_until_it_is_answered() -> None:
    """Also where the hazard was closed meanwhile; answered, it waits for nobody."""
    draft = {"rule": "X04", "kind": "draft", "level": 3, "proposal": PROPOSAL}
    assert await why(OPEN, **draft) is await why(case(CLOSING, start=OPEN), **draft) is None
    no = event(events.MeasureDeclined, on(8), proposal=PROPOSAL, reasons="已整改")
    assert await why(case(no, start=OPEN), **draft) == ANSWERED


async def test_what_is_not_understood_is_sent() -> None:
    """A hazard that is not there, something newer in its history, a policy that nobody knows."""
    assert await why(UNFOUND) is await why(OPEN.but(unreadable=True)) is None
    closed = case(CLOSING, start=OPEN)
    assert await why(closed, policy_version="9" * 64) is await why(closed, rule="X99") is None
    assert await why(closed, policy_version=None) is None


async def test_each_hazard_is_looked_at_once() -> None:
    """However many notices are about it; a digest is about none."""
    other = f"{HAZARD[:-1]}f"
    shelf = Shelf({HAZARD: case(CLOSING, start=OPEN), other: OPEN})
    many = [notice(n, hazard_id=(HAZARD, other)[n % 2], rule="X01", step="s1", policy_version=RULES.version)
            for n in range(6)]  # fmt: skip
    reasons = await Outdated(shelf, Adopted()).reasons([*many, notice(9, kind="digest", hazard_id=None)])
    assert reasons == [CLOSED, None] * 3 + [None]
    assert shelf.reads == {HAZARD: 1, other: 1}
