"""Ledgers of made-up lives against what the hazard service's own state says of the same hazards."""

from collections import defaultdict
from functools import cache, reduce

from contracts import events
from contracts.events import Event
from contracts.terms import BasisKind, ClosureKind, Grade, Stage
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import UNFOUND, Hazard
from services.projection.ledger import Ledger
from services.projection.ledgers import accountability, back_filling, parties, recurrences
from tests.lives import generate
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.told import Told

HAZARDS = 150
SEED = 20


@cache
def lives() -> tuple[Told, ...]:
    """In the order in which they were recorded."""
    return tuple((told.aggregate_id, told.event) for told in generate(SEED, HAZARDS, counties=1))


@cache
def states() -> dict[str, Hazard]:
    """What the service knows at the end."""
    return {aggregate: reduce(evolve, history, UNFOUND) for aggregate, history in histories().items()}


@cache
def histories() -> dict[str, list[Event]]:
    """Each hazard's own."""
    found: dict[str, list[Event]] = defaultdict(list)
    for aggregate, event in lives():
        found[aggregate].append(event)
    return found


def folded(ledger: Ledger) -> Folded:
    """With its counts checked against their keys."""
    rows = fold(ledger, lives())
    check(ledger, rows)
    return rows


def column(hazard: Hazard) -> str | None:
    """Where the party's line must count it."""
    match hazard.stage:
        case None | Stage.MERGED | Stage.WITHDRAWN:
            return None
        case Stage.CLOSED if hazard.closure is ClosureKind.CEASED:
            return "ceased"
        case Stage.VERIFIED | Stage.CLOSED:
            return "rectified"
        case _:
            return "open"


def test_each_party_counts_the_hazards_that_are_its_own() -> None:
    """As the hazard service sees them: by present party, stage, closure and grade."""
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for aggregate, hazard in states().items():
        standing = column(hazard)
        if standing is None or hazard.party is None:
            continue
        expected[hazard.party.id, standing].add(aggregate)
        if standing == "open" and hazard.grade is Grade.MAJOR:
            expected[hazard.party.id, "major_open"].add(aggregate)
    rows = folded(parties.LEDGER)
    counted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, name, member in rows.members:
        if name in {"open", "major_open", "rectified", "ceased"}:
            counted[key.removeprefix("party:"), name].add(member)
    assert counted == expected
    assert len({name for _, name in expected}) == 4


def test_each_line_of_a_clause_holds_the_hazards_that_stand_on_it() -> None:
    """By present party, unless merged or withdrawn; the sums of the lines are those of their clause."""
    rows = folded(recurrences.LEDGER)
    expected = {
        (aggregate, hazard.party.id)
        for aggregate, hazard in states().items()
        if hazard.party and hazard.stage not in {Stage.MERGED, Stage.WITHDRAWN} and rests_on_clause(aggregate)
    }
    hazards = [(key, member) for key, name, member in rows.members if name == "hazards"]
    assert {(member, key.partition("/")[2]) for key, member in hazards if "/" in key} == expected
    assert {member for key, member in hazards if "/" not in key} == {hazard for hazard, _ in expected}
    assert {member for _, name, member in rows.members if name == "parties"} == {party for _, party in expected}
    assert len(expected) > 20


def rests_on_clause(aggregate: str) -> bool:
    """The grade that was given last."""
    graded = (events.HazardGraded, events.HazardRegraded)
    bases = [event.basis for event in histories()[aggregate] if isinstance(event, graded)]
    return bool(bases) and bases[-1] is not None and bases[-1].kind is BasisKind.CLAUSE


def test_every_event_has_its_actor_and_its_delay() -> None:
    """None is left out, none is entered twice."""
    chain, delays = folded(accountability.LEDGER), folded(back_filling.LEDGER)
    actors = [row for row in chain.shown() if row.get("capacity") in {"经办人", "代录人"}]
    assert [row.born for row in actors] == list(range(1, len(lives()) + 1))
    told = sum((row.get("total") or 0) + (row.get("historical") or 0) for row in delays.shown())
    assert told == len(lives())
