"""History under another policy: what it would have said more, less, earlier, later, and to whom."""

import pickle
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from contracts import events, subjects
from contracts.events import Event
from contracts.policy import Delay, Policy
from contracts.terms import Grade, Ladder, Role, VisitKind
from services.journal.library import Notification
from services.notifier.simulations.comparing import Cell, Change, Kind, compare
from services.notifier.simulations.packing import Packed
from services.notifier.simulations.simulating import Share
from services.notifier.simulations.simulation import Counted, Plan, Result
from services.policies import policy_version, shipped
from tests.lives import Told, generate
from tests.lives.storing import recorded
from tests.notifier.casebook import CALENDAR, FACTORY, HAZARD, day, event, found, graded, on, ordered, rule, rules

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)
OTHER = HAZARD[:-1] + "2"


def plan(policy: Policy | None = None, **changes: object) -> Plan:
    """The shipped policy beside itself, or another beside it."""
    text, own = shipped()
    version = policy_version(text) if policy is None else "1" * 64
    return replace(Plan(policy or own, version, CALENDAR, UNTIL, most=5), **changes)  # type: ignore[arg-type]


def but(rule_id: str, **changes: object) -> Policy:
    """The shipped policy with one rule changed."""
    _, own = shipped()
    changed = tuple(one.model_copy(update=changes) if one.id == rule_id else one for one in own.rules)
    return own.model_copy(update={"rules": changed})


def without(rule_id: str) -> Policy:
    """The shipped policy with a rule less."""
    _, own = shipped()
    return own.model_copy(update={"rules": tuple(one for one in own.rules if one.id != rule_id)})


def stored(told: Iterable[Told]) -> list[Notification]:
    """As the stream gives them."""
    return [
        Notification(one.originator_id, one.originator_version, one.topic, one.state, id=number)
        for number, one in enumerate(recorded(told), 1)
    ]


def told(*history: Event, hazard: str = HAZARD, kind: str = subjects.HAZARD) -> list[Told]:
    """One aggregate's."""
    return [Told(kind, hazard, number, one) for number, one in enumerate(history, 1)]


def simulated(asked: Plan, stream: Iterable[Notification], shares: int = 1) -> Result:
    """By so many processes' worth of shares."""
    batch = list(stream)
    work = [Share(asked, number, shares) for number in range(shares)]
    counted, result = Counted([], [], []), Result()
    for share in work:
        share.take(batch)
        counted.add(share.first())
    for share in work:
        result.add(share.second(counted), asked.most)
    return result


@cache
def stream() -> tuple[Notification, ...]:
    """A hundred made-up lives, of two counties, so that parties are met again."""
    return tuple(stored(generate(5, 100, counties=2)))


def test_a_policy_beside_itself_makes_no_difference() -> None:
    """Every hazard is walked, and everything said is said twice."""
    tally = simulated(plan(), stream()).tally
    assert (tally.hazards, tally.changed, tally.unreadable) == (100, 0, 0)
    assert tally.before == tally.after
    assert tally.before.total() > 100


def test_shares_come_to_the_same_as_one() -> None:
    """Whatever is counted across hazards is counted across processes; the shown ones are those found first."""
    asked = plan(without("G03"))
    alone, shared = simulated(asked, stream()), simulated(asked, stream(), shares=3)
    assert alone.tally == shared.tally
    assert [one.case.id for one in alone.shown] == [one.case.id for one in shared.shown]
    assert len(alone.shown) == 5
    assert pickle.loads(pickle.dumps(shared)).tally == alone.tally  # noqa: S301 (as it comes from a process)


def test_a_rule_less_is_said_less_and_nothing_else_changes() -> None:
    """Its proposals are missing, and what would have chased them."""
    tally = simulated(plan(without("G03")), stream()).tally
    assert {cell.rule for cell in tally.before if tally.before[cell] != tally.after[cell]} == {"G03"}
    assert {kind for _, kind in tally.kinds} == {Kind.FEWER}
    assert sum(tally.kinds.values()) == sum(number for cell, number in tally.before.items() if cell.rule == "G03")


def test_a_longer_delay_is_later_or_never() -> None:
    """What was done meanwhile is not said any more."""
    _, own = shipped()
    (g02,) = (one for one in own.rules if one.id == "G02")
    slower = tuple(
        step.model_copy(update={"after": step.after._replace(number=48)}) for step in g02.steps if step.after
    )
    tally = simulated(plan(but("G02", steps=slower)), stream()).tally
    assert {kind for one, kind in tally.kinds if one == "G02"} == {Kind.LATER, Kind.FEWER}


def test_only_the_asked_span_is_told() -> None:
    """What was proposed before it or after it is not counted, but its hazards are walked all the same."""
    since = datetime(2025, 1, 1, tzinfo=UTC)
    asked = plan(without("G03"), since=since, until=datetime(2025, 2, 1, tzinfo=UTC), most=100)
    result = simulated(asked, stream())
    moments = [said.firing.occurred_at for one in result.shown for said in (*one.before, *one.after)]
    assert moments
    assert all(since <= moment <= asked.until for moment in moments)
    assert result.tally.before.total() < simulated(plan(), stream()).tally.before.total()


def test_one_hazard_alone_is_shown_even_where_nothing_differs() -> None:
    """Whoever names it wants to see it."""
    hazard = stream()[0].originator_id
    _, name = subjects.parse_events_subject(str(hazard))
    result = simulated(plan(hazard=name), stream())
    assert [one.case.id for one in result.shown] == [name]
    assert result.tally.hazards == 1


def test_late_again_is_counted_by_each_policys_own_proposals() -> None:
    """The second hazard of a party that is late is one for the summons; where no first proposal was, it is not."""
    first = told(found(), ordered(day(3)))
    second = told(found(on(1)), ordered(day(20), on(1)), hazard=OTHER)
    _, own = shipped()
    (g09,) = (one for one in own.rules if one.id == "G09")
    slower = tuple(step.model_copy(update={"after": Delay(200, "nd")}) for step in g09.steps)
    lives = stored([*first, *second])
    for asked, after in ((plan(without("G08")), {3: 1, 4: 1}), (plan(but("G09", steps=slower)), {})):
        tally = simulated(asked, lives, shares=2).tally
        assert {cell.level: number for cell, number in tally.before.items() if cell.rule == "G09"} == {3: 1, 4: 1}
        assert {cell.level: number for cell, number in tally.after.items() if cell.rule == "G09"} == after


def test_a_hazard_has_the_policy_adopted_before_it_was_found() -> None:
    """The present side follows the adoptions in the stream; an unusable one is passed over."""
    text = (
        "name: 县规则\nladders: {enterprise: [{level: 1, name: 催办, tell: [responsible]}]}\nrules:\n"
        "  - {id: X01, title: 试, starts: [found], steps: [{step: late, after: 24 h, level: 1}], "
        "basis: [{text: 试, tag: P}]}\n"
    )
    area = HAZARD[:6]
    adoptions = [
        event(events.PolicyAdopted, on(-1), name="县规则", content=content, sha256=policy_version(content))
        for content in (text, "rules: []")
    ]
    lives = [
        *told(found(on(-2)), hazard=OTHER),
        *told(*adoptions, hazard=subjects.policy_id(area), kind=subjects.POLICY),
        *told(found()),
    ]
    shown = simulated(plan(without("G03")), stored(lives)).shown
    assert [(one.case.id, {said.firing.rule for said in one.before}) for one in shown] == [(HAZARD, {"X01"})]


def test_the_enterprises_own_checks_count() -> None:
    """走过场: its check of the month before said 无, and an inspection found a major hazard."""
    checked = event(
        events.InspectionRecorded,
        on(-5),
        kind=VisitKind.SELF_CHECK,
        area=HAZARD[:12],
        place="全厂",
        party=FACTORY,
        none_found=True,
    )
    visit = subjects.inspection_id(HAZARD[:12], "v1")
    lives = [*told(checked, hazard=visit, kind=subjects.INSPECTION), *told(found(), graded(Grade.MAJOR))]
    assert any(cell.rule == "F03" for cell in simulated(plan(), stored(lives), shares=2).tally.before)
    assert not any(cell.rule == "F03" for cell in simulated(plan(), stored(lives[1:])).tally.before)


def test_a_change_is_named_by_what_differs() -> None:
    """The same step of the same clock: when, at which level, to whom."""
    asked = Plan(rules(rule("found", {"after": "24 h"})).policy, "1" * 64, CALENDAR, UNTIL, most=1, hazard=HAZARD)
    (one,) = (said.firing for said in simulated(asked, stored(told(found()))).shown[0].after)
    earlier = replace(one, occurred_at=one.occurred_at.replace(hour=0), level=3)
    others = replace(one, tell=(Role.OFFICER,))
    assert compare([one], [one]) == []
    assert compare([one], [earlier]) == [Change((Kind.EARLIER, Kind.LEVEL), one, earlier)]
    assert compare([earlier], [one]) == [Change((Kind.LATER, Kind.LEVEL), earlier, one)]
    assert compare([one], [others]) == [Change((Kind.TOLD,), one, others)]
    assert compare([], [one]) == [Change((Kind.MORE,), None, one)]
    assert compare([one], []) == [Change((Kind.FEWER,), one, None)]
    assert Cell(one.ladder, one.rule, 1) == Cell(Ladder.ENTERPRISE, "X01", 1)


@pytest.mark.parametrize("loose", [10, 1_000_000])
def test_a_packed_history_is_what_was_kept(loose: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its order, whether it was packed meanwhile or lies loose."""
    monkeypatch.setattr("services.notifier.simulations.packing.LOOSE", loose)
    packed, kept = Packed(), [(number, number, bytes([number]) * 7) for number in range(9)]
    for one in kept:
        packed.keep("a", one)
        packed.keep("b", one)
    assert list(packed) == ["a", "b"]
    assert packed.history("a") == packed.history("b") == kept
