"""Any history of a visit folds, and any command on it is decided or refused: no other exception."""

from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import events
from contracts.commands import Command, InspectionCommands
from contracts.envelope import Unreadable
from contracts.events import Event, InspectionEvent
from contracts.terms import Answer
from services.hazard.aggregate.policy import PERMITS
from services.hazard.aggregate.refusals import Refusal, Unclear
from services.hazard.aggregate.world import World
from services.hazard.inspection.deciding import decide_inspection
from services.hazard.inspection.inspection import UNVISITED, Inspection, evolve_inspection
from services.hazard.library import load_checklists
from tests.hazard.aggregate import arbitrary
from tests.hazard.aggregate.cast import ACTORS, CLAUSES, DIRECTORY, PARTIES, SITE, START, with_roles
from tests.hazard.inspection.props import code, decided, filled, inspected

NO = Answer.NO
CHECKLISTS = load_checklists()
WORLD = World(START, DIRECTORY, CLAUSES, checklists=CHECKLISTS)
KINDS: tuple[type[Command], ...] = get_args(InspectionCommands)
dice = st.randoms(use_true_random=False)


def history(rng: Random) -> list[Event | Unreadable]:
    """Usually begins with a visit that the cast can reach, and goes on with anything."""
    told = {"area": SITE, "party": rng.choice(PARTIES), "occurred_at": START}
    first = [arbitrary.contract(events.InspectionRecorded, rng, **told)] if rng.randrange(8) else []
    kinds = get_args(InspectionEvent)
    return [*first, *(arbitrary.contract(rng.choice(kinds), rng) for _ in range(rng.randrange(5)))]


def fold(happened: list[Event | Unreadable]) -> Inspection:
    """From nothing."""
    state = UNVISITED
    for event in happened:
        state = evolve_inspection(state, event)
    return state


def command(rng: Random) -> Command:
    """Any valid one, most often by somebody who may give it."""
    kind = rng.choice(KINDS)
    fit = [actor for actor in with_roles(*PERMITS[kind].who) if not actor.area or SITE.startswith(actor.area)]
    told: dict[str, object] = {"actor": rng.choice(fit if rng.randrange(10) else ACTORS)}
    told |= {"occurred_at": START} if rng.randrange(10) else {}
    told |= {"checklists": ()} if "checklists" in kind.model_fields and rng.randrange(3) else {}
    return arbitrary.contract(kind, rng, **told)


@given(dice)
def test_any_command_on_any_visit_is_decided_or_refused(rng: Random) -> None:
    """Deciding raises nothing but a Refusal, and what it gives folds."""
    state = fold(history(rng))
    for _ in range(10):
        asked = command(rng)
        try:
            [event] = decide_inspection(asked, state, WORLD)  # type: ignore[arg-type]
        except Refusal as refusal:
            told = [refusal.reason, refusal.code]
        else:
            told = [event.type]
            assert evolve_inspection(state, event).version == state.version + 1
        assert all(told)


@given(dice)
def test_any_history_of_a_visit_folds(rng: Random) -> None:
    """The version counts; who wrote which event is kept; kind, area and party are the first record's."""
    happened = history(rng)
    state = fold(happened)
    assert state.version == len(happened) == len(state.authors)
    assert evolve_inspection(state, arbitrary.contract(events.HazardFound, rng)).visit == state.visit


@pytest.mark.parametrize(("why", "code"), [("newer_schema", "newer_schema"), ("damaged", "damaged_history")])
@given(rng=dice)
def test_nobody_decides_on_a_visit_that_he_cannot_read(why: str, code: str, rng: Random) -> None:
    """An event of a newer program, or a damaged one, stops every command on that visit."""
    state = fold([*history(rng), Unreadable(why, "inspection.foreseen 9")])  # type: ignore[arg-type]
    with pytest.raises(Unclear) as refused:
        decide_inspection(command(rng), state, WORLD)  # type: ignore[arg-type]
    assert refused.value.code == code


@given(dice)
def test_an_offer_is_a_problem_and_a_problem_is_not_nothing(rng: Random) -> None:
    """Offered is what was answered with the list's finding and has an offer; 无 is refused beside any finding."""
    lists, problems, offered = [], 0, []
    for checklist in rng.sample(list(CHECKLISTS.lists.values()), rng.randrange(3)):
        answers = {f"_{item}": rng.choice(list(Answer)) for item in checklist.items if rng.randrange(2)} or {"_2": NO}
        lists.append(filled(checklist.id, checklist.version, **answers))
        wrong = [int(name[1:]) for name, answer in answers.items() if answer is checklist.finding]
        problems += len(wrong)
        offered += [(checklist.id, item) for item in wrong if checklist.items[item].offers]
    event = decided(inspected(checklists=tuple(lists)))
    assert isinstance(event, events.InspectionRecorded)
    assert [(offer.checklist, offer.item) for offer in event.offers] == offered
    assert (code(inspected(checklists=tuple(lists), none_found=True)) == "none_found") is bool(problems)
