"""Any history folds and any command on it is decided or refused: no other exception, whatever the store holds."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import events
from contracts.commands import Command, HazardCommands
from contracts.directory import Directory
from contracts.envelope import Unreadable
from contracts.events import EVENTS, Event, HazardEvent
from services.hazard.aggregate.decisions import decide
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import UNFOUND, Hazard
from services.hazard.aggregate.policy import PERMITS
from services.hazard.aggregate.refusals import Refusal, Unclear
from services.hazard.aggregate.world import World
from tests.hazard.aggregate import arbitrary
from tests.hazard.aggregate.cast import ACTORS, CLAUSES, DIRECTORY, PARTIES, POLICIES, SITE, START, with_roles
from tests.hazard.aggregate.machine import SOAKING

COMMANDS: tuple[type[Command], ...] = get_args(HazardCommands)
HISTORIES = 40_000 if SOAKING else 800
"""Random ones in a run, beside those that hypothesis shrinks."""
dice = st.randoms(use_true_random=False)


def found(rng: Random) -> Event:
    """A finding that most of the cast can reach."""
    hour = START - timedelta(hours=rng.choice((1, 30)))
    return arbitrary.contract(events.HazardFound, rng, area=SITE, party=rng.choice(PARTIES), occurred_at=hour)


def history(rng: Random) -> list[Event | Unreadable]:
    """Usually begins with a finding, and goes on with anything."""
    first = [found(rng)] if rng.randrange(8) else []
    return [*first, *(arbitrary.event(rng) for _ in range(rng.randrange(16)))]


def fold(happened: list[Event | Unreadable]) -> Hazard:
    """From nothing."""
    hazard = UNFOUND
    for event in happened:
        hazard = evolve(hazard, event)
    return hazard


def world(rng: Random) -> World:
    """Of any hour and directory, with another hazard of any history."""
    now = START + timedelta(days=rng.randrange(3))
    directory = DIRECTORY if rng.randrange(5) else Directory()
    clauses = CLAUSES if rng.randrange(2) else World(now).clauses
    return World(now, directory, clauses, {arbitrary.HAZARDS[0]: fold(history(rng))}, POLICIES)


def command(rng: Random) -> Command:
    """Any valid one, most often by somebody who may give it."""
    kind = rng.choice(COMMANDS)
    fit = [actor for actor in with_roles(*PERMITS[kind].who) if not actor.area or SITE.startswith(actor.area)]
    told = {"actor": rng.choice(fit if rng.randrange(10) else ACTORS)} if rng.randrange(10) else {}
    return arbitrary.contract(kind, rng, **told | ({"occurred_at": START} if rng.randrange(10) else {}))


def try_anything(rng: Random, tries: int = 10) -> None:
    """Commands on one folded state; anything but a Refusal rises."""
    hazard = fold(history(rng))
    if rng.randrange(8):
        hazard = hazard.but(unreadable=None)
    around = world(rng)
    for _ in range(tries):
        try:
            decided = decide(command(rng), hazard, around)
        except Refusal as refusal:
            answers = [refusal.reason, refusal.code]
        else:
            answers = [event.type for event in decided]
            assert len(answers) == 1
        assert all(answers)


@given(dice)
def test_any_history_folds(rng: Random) -> None:
    """Folding accepts any sequence of any events: the version counts, and what is unreadable stays so."""
    hazard, unreadable = UNFOUND, None
    for number, event in enumerate(history(rng), start=1):
        hazard = evolve(hazard, event)
        if isinstance(event, Unreadable):
            unreadable = unreadable or event.why
        assert hazard.version == number == len(hazard.authors)
        assert hazard.unreadable == unreadable


@given(dice)
def test_any_command_on_any_history_is_decided_or_refused(rng: Random) -> None:
    """Deciding raises nothing but a Refusal, on whatever state, in whatever world."""
    try_anything(rng)


def test_many_commands_on_many_histories_are_decided_or_refused() -> None:
    """The same far and wide: random histories by the thousand, each under commands of every kind."""
    for seed in range(HISTORIES):
        try_anything(Random(seed))  # noqa: S311  (a walk, no secret)


@pytest.mark.parametrize("kind", get_args(HazardEvent), ids=lambda kind: kind.type)
def test_every_event_folds_on_nothing(kind: type[Event]) -> None:
    """A history may begin with any event: one lost its head, another is not ours to judge."""
    for seed in range(20):
        rng = Random(seed)  # noqa: S311  (a walk, no secret)
        hazard = evolve(UNFOUND, arbitrary.contract(kind, rng))
        assert hazard.version == 1
        assert evolve(hazard, arbitrary.contract(kind, rng)).version == 2


@pytest.mark.parametrize(("why", "code"), [("newer_schema", "newer_schema"), ("damaged", "damaged_history")])
@given(rng=dice)
def test_nobody_decides_on_what_he_cannot_read(why: str, code: str, rng: Random) -> None:
    """A history with an event from a newer schema, or a damaged one, refuses every command and says which."""
    readable = [event for event in history(rng) if not isinstance(event, Unreadable)]
    unread = Unreadable(why, "hazard.unheard_of 9")  # type: ignore[arg-type]
    hazard = fold([*readable, unread, arbitrary.contract(events.ProgressReported, rng)])
    with pytest.raises(Unclear) as refused:
        decide(command(rng), hazard, world(rng))
    assert refused.value.code == code


@given(rng=dice)
def test_a_policy_event_in_a_hazards_history_is_passed_over(rng: Random) -> None:
    """What belongs to another aggregate counts as a version and changes nothing else."""
    before = fold([found(rng)])
    after = evolve(before, arbitrary.contract(EVENTS["policy.adopted"], rng))
    assert after.but(version=1, authors=before.authors, recorders=before.recorders, live=before.live) == before


@given(rng=dice)
def test_every_arbitrary_event_survives_the_store(rng: Random) -> None:
    """What is built here is what a store could hold: it reads back as it was."""
    event = arbitrary.event(rng)
    if isinstance(event, Event):
        again = type(event).model_validate_json(event.model_dump_json(), strict=False)
        assert again == event
    assert replace(World(START), zone="Asia/Urumqi").day(START)
