"""The steps that speak of hazards of one shape: judged once for all of them, however many are walked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from contracts.policy import SIGNED_FROM, Fact, Rule
from services.notifier.rules import Chase, Rules
from services.notifier.timing.case import Case
from services.notifier.timing.conditions import Standing, failing
from services.notifier.timing.firing import Firing

SHAPE: Final = frozenset(
    {
        *("stage", "grade", "graded", "suspected", "origin", "assigned_as", "listed", "suspended", "employer", "turn"),
        *("sector", "failed_at_least", "missing"),
    }
)
"""The conditions that hang on a hazard's shape alone: hazards of one shape have the same steps before them."""

Facts = frozenset[Fact]


class Steps(NamedTuple):
    """For hazards of one shape."""

    chases: tuple[Chase, ...]
    """In the order of the families: a rule that follows another stands after it."""
    own: frozenset[int] = frozenset()
    """Those, by their order, that the policy beside does not have for them, or has otherwise."""
    others: tuple[Chase, ...] = ()
    """Those of the policy beside that this one has not, or has otherwise."""


class Chosen:
    """The steps of a policy for each shape of a hazard, each shape judged once; `beside` is one to compare with."""

    def __init__(self, rules: Rules, beside: Rules | None = None) -> None:
        self.rules = rules
        self.follows = any(rule.follows for rule in rules.policy.rules)
        self.beside = Chosen(beside) if beside is not None else None
        self.differs = beside is not None and beside.policy.ladders != rules.policy.ladders
        """Whatever the hazard: by its ladders."""
        self._raises = frozenset(rule.id for rule in rules.policy.rules if rule.raises)
        self._proposals_matter = any(Fact.PROPOSED in _facts(rule) for rule in rules.policy.rules)
        self._known: dict[object, Steps] = {}
        self._moved: defaultdict[Fact, list[int]] = defaultdict(list)
        for chase in (chase for family in rules.families for chase in family.chases):
            for fact in (*chase.starts, *chase.stops):
                self._moved[fact].append(chase.order)

    def stirs(self, firing: Firing) -> bool:
        """Whether the hazard must be reckoned anew once that is proposed."""
        return firing.rule in self._raises or (firing.level >= SIGNED_FROM and self._proposals_matter)

    def moved_by(self, facts: Iterable[Fact]) -> Iterator[int]:
        """Steps, by their order, whose clocks begin or end with one of these."""
        for fact in facts:
            yield from self._moved.get(fact, ())

    def steps(self, here: Standing) -> Steps:
        """What speaks of such a hazard, whatever it is called and whenever it was found."""
        case = here.case
        begun = here.happened if case.reopened is None and not case.tenant_since else _begun(case)
        shape = (
            *(case.stage, case.grade, here.grades, case.origin, case.assigned_as, bool(case.listings)),
            *(bool(case.suspensions), here.employer, here.turn, case.sector, case.failures, here.happened, begun),
        )
        found = self._known.get(shape)
        if found is None:
            found = self._known[shape] = self._judged(here, begun)
        return found

    def _judged(self, here: Standing, begun: Facts) -> Steps:
        chases = tuple(_speaking(self.rules, here, begun))
        if self.beside is None:
            return Steps(chases)
        others = tuple(_speaking(self.beside.rules, here, begun))
        own = frozenset(one.order for one in chases if not any(_alike(one, other) for other in others))
        return Steps(chases, own, tuple(one for one in others if not any(_alike(one, chase) for chase in chases)))


def _begun(case: Case) -> Facts:
    """Before it was reopened or had its present tenant, too: such clocks may run on."""
    return frozenset({*(mark.fact for mark in case.marks), *({Fact.DEADLINE} if case.deadlines else ())})


def _speaking(rules: Rules, here: Standing, begun: Facts) -> Iterator[Chase]:
    for family in rules.families:
        if not begun.isdisjoint(family.starts) and failing(family.tests, here) is None:
            for chase in family.chases:
                if not begun.isdisjoint(chase.starts) and failing(chase.tests, here) is None:
                    yield chase


def _alike(one: Chase, other: Chase) -> bool:
    """The same rule, word by word."""
    return one.step == other.step and one.rule == other.rule


def _facts(rule: Rule) -> frozenset[Fact]:
    """All that a rule looks at."""
    steps = (fact for step in rule.steps for fact in (*(step.starts or ()), *(step.stops or ())))
    conditions = (rule.applies, *(step.applies for step in rule.steps))
    missing = (fact for condition in conditions if condition is not None for fact in condition.missing)
    return frozenset((*rule.starts, *rule.stops, *steps, *missing))
