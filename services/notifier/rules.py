"""A policy made ready: asked of every hazard at every event, so what can be prepared is prepared once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from contracts.policy import Condition, Counting, Fact, Policy, Rule, Rung, Step
from contracts.terms import Ladder, Stage
from services.notifier.timing.case import Fired
from services.notifier.timing.conditions import Test, standing_tests, timed_tests
from services.notifier.timing.judging import OPEN

HIGHEST: Final = 7


@dataclass(frozen=True, slots=True)
class Chase:
    """A step, with what it takes from its rule."""

    order: int
    """Its place in the file."""
    rule: Rule
    step: Step
    starts: tuple[Fact, ...]
    stops: tuple[Fact, ...]
    tests: tuple[Test, ...]
    """Beside those of the rule."""
    timed: tuple[Test, ...]
    counts: frozenset[Counting]
    hourly: bool
    is_late: bool
    """Of the enterprises' ladder, after a deadline that was not kept: what `raises` lifts."""


@dataclass(frozen=True, slots=True)
class Family:
    """A rule, with its steps."""

    rule: Rule
    tests: tuple[Test, ...]
    chases: tuple[Chase, ...]
    starts: frozenset[Fact]
    counts: frozenset[Counting]


@dataclass(frozen=True)
class Rules:
    """A policy in force."""

    version: str
    """SHA-256 of its text."""
    policy: Policy
    families: tuple[Family, ...]
    """A rule that follows another stands after it."""
    counts: frozenset[Counting]
    """What it counts across hazards."""

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.policy.rules}

    def rule(self, rule_id: str) -> Rule | None:
        """By its id."""
        return self._by_id.get(rule_id)

    def tests(self, rule_id: str) -> tuple[Test, ...]:
        """What the rule as a whole asks of a hazard."""
        return next((family.tests for family in self.families if family.rule.id == rule_id), ())

    def step(self, rule_id: str, step: str) -> Step | None:
        """By its rule and name."""
        rule = self.rule(rule_id)
        return next((one for one in rule.steps if one.step == step), None) if rule else None

    def rung(self, ladder: Ladder, level: int) -> Rung | None:
        """That level of that ladder."""
        return next((rung for rung in self.policy.ladders.get(ladder, ()) if rung.level == level), None)

    def rung_up_to(self, ladder: Ladder, level: int) -> Rung | None:
        """That level, or the highest below it that the ladder has."""
        rungs = self.policy.ladders.get(ladder, ())
        return next((rung for rung in reversed(rungs) if rung.level <= min(level, HIGHEST)), None)

    def raised_by(self, fired: Collection[Fired]) -> int:
        """How many levels higher the enterprises' ladder starts when late, once those steps were due."""
        return sum(rule.raises for rule in self._raising if any(one.rule == rule.id for one in fired))

    @cached_property
    def _raising(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.policy.rules if rule.raises)


def compiled(policy: Policy, version: str) -> Rules:
    """Ready to be asked."""
    order = {rule.id: number for number, rule in enumerate(policy.rules)}
    families = [_family(rule, order[rule.id]) for rule in sorted(policy.rules, key=lambda one: _depth(one, policy))]
    return Rules(version, policy, tuple(families), frozenset[Counting]().union(*(family.counts for family in families)))


def _depth(rule: Rule, policy: Policy) -> int:
    """How many rules it follows on; a policy holds no cycle."""
    before = next((one for one in policy.rules if one.id == rule.follows), None)
    return 1 + _depth(before, policy) if before else 0


def _family(rule: Rule, number: int) -> Family:
    chases = tuple(_chase(rule, step, number * 100 + place) for place, step in enumerate(rule.steps))
    starts = frozenset(fact for chase in chases for fact in chase.starts)
    counts = frozenset[Counting]().union(*(chase.counts for chase in chases))
    said = rule.applies if any(_says_stage(step) for step in rule.steps) else _with_stage(rule.applies)
    return Family(rule, standing_tests(said), chases, starts, counts)


def _chase(rule: Rule, step: Step, order: int) -> Chase:
    stops = rule.stops if step.stops is None else step.stops
    starts, delay = step.starts or rule.starts, step.after or step.before
    timed = timed_tests(rule.applies) + timed_tests(step.applies)
    return Chase(
        order=order,
        rule=rule,
        step=step,
        starts=starts,
        stops=stops,
        tests=standing_tests(_of_step(rule, step)),
        timed=timed,
        counts=frozenset(test.wanted.of for test in timed if test.name == "count"),
        hourly=delay is not None and delay.unit == "h",
        is_late=rule.ladder is Ladder.ENTERPRISE and Fact.DEADLINE in starts and step.after is not None,
    )


def _of_step(rule: Rule, step: Step) -> Condition:
    """The step's own condition; its stage is said there where any step of the rule says one."""
    said = step.applies or Condition()
    if rule.applies.stage or not any(_says_stage(one) for one in rule.steps):
        return said
    return _with_stage(said)


def _says_stage(step: Step) -> bool:
    return step.applies is not None and bool(step.applies.stage)


def _with_stage(condition: Condition) -> Condition:
    """Where it names no stage it is for open hazards."""
    if condition.stage:
        return condition
    return condition.model_copy(update={"stage": tuple(stage for stage in Stage if stage in OPEN)})
