"""The laws can fail: each rule taken away by itself is missed by somebody within a few hundred lives."""

from collections.abc import Callable
from typing import Any

import pytest

from services.hazard.aggregate import (
    closing,
    decisions,
    evolution,
    extensions,
    intake,
    merging,
    planning,
    supervision,
    suspension,
    transfers,
    verification,
)
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import Hazard
from tests.hazard.aggregate.machine import SOAKING, live

LIVES = 3_000
RARE = {
    "submitting without a plan",
    "orders by one",
    "internal word over the deadline",
    "a public party verifies itself",
    "who proposed decides on a listing",
    "delisting before the verification",
    "any body ends a suspension",
    "extending what is gone",
    "lowering at will",
    "finders rule on the origin",
    "withdrawing others' findings",
}
"""What takes more than a second to be missed; tried by `make soak`."""


def nothing(*_: object, **__: object) -> None:
    """A check that checks nothing."""


def everybody(command: Any) -> frozenset[Any]:  # noqa: ANN401  (any command)
    """Every role that the actor has will do."""
    return frozenset(command.actor.roles)


def latest(hazard: Hazard) -> Any:  # noqa: ANN401  (a day, or none)
    """The deadline furthest off instead of the nearest."""
    return max(hazard.deadlines().values(), default=None)


def forgetful(hazard: Hazard, event: Any) -> Hazard:  # noqa: ANN401  (any event)
    """A new listing makes the ones before it be forgotten."""
    return _evolve_listed(hazard.but(listings={}), event)


def first_major(hazard: Hazard) -> str:
    """An order does not make the authority verify, nor does a grade."""
    return "X" if hazard.is_public else "E"


_evolve_listed = evolution._listed
TAKEN: dict[str, tuple[Any, str, Callable[..., Any] | property]] = {
    "anybody does anything": (decisions, "permitted_roles", everybody),
    "at any stage": (decisions, "check_stage", nothing),
    "closing with anything open": (closing, "left_open", lambda _: []),
    "closing what one verified": (closing, "_check_major_signer", nothing),
    "ceasing unseen": (closing, "_check_ceased", nothing),
    "false rectification unheard": (closing, "_check_ruling", nothing),
    "submitting without a plan": (closing, "require_plan", nothing),
    "on the spot at any time": (closing, "ON_THE_SPOT", closing.ON_THE_SPOT * 1000),
    "starting without a plan": (planning, "require_plan", nothing),
    "completer accepts": (planning, "keep_apart", nothing),
    "orders without power": (planning, "require_power", nothing),
    "orders by one": (planning, "require_two", nothing),
    "internal word over the deadline": (planning, "_check_internal", nothing),
    "verifying one's own work": (verification, "_separate", nothing),
    "a public party verifies itself": (verification, "_keep_party_out", nothing),
    "one verifier": (verification, "_check_two", nothing),
    "enterprise verifies everything": (verification, "verification_class", first_major),
    "any body ends a listing": (supervision, "require_own", nothing),
    "who proposed decides on a listing": (supervision, "keep_apart", nothing),
    "delisting before the verification": (supervision, "_check_ground", nothing),
    "any body ends a suspension": (suspension, "require_own", nothing),
    "who applied resumes": (suspension, "_check_consent", nothing),
    "suspending without power": (suspension, "require_power", nothing),
    "approving one's own suspension": (suspension, "keep_apart", nothing),
    "deciding one's own extension": (extensions, "_check_decider", nothing),
    "extending backwards": (extensions, "_check_later", nothing),
    "extending what is gone": (extensions, "_standing", lambda *_: {"gone": None}),
    "accepting one's own transfer": (transfers, "_check_receiver", nothing),
    "lowering at will": (intake, "_check_downgrade", nothing),
    "finders rule on the origin": (intake, "keep_apart", nothing),
    "withdrawing others' findings": (merging, "require_role", nothing),
    "the latest deadline": (Hazard, "deadline", property(latest)),
    "one listing at a time": (evolution, "_listed", forgetful),
    "a listing ended twice": (evolution, "_changed", lambda items, *_, **__: items),
    "any order of stages": (evolution, "_move", lambda hazard, _: hazard),
}


@pytest.mark.parametrize("name", TAKEN if SOAKING else sorted(TAKEN.keys() - RARE))
def test_a_missing_rule_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some law breaks, for every rule that is taken away."""
    module, attribute, instead = TAKEN[name]
    monkeypatch.setattr(module, attribute, instead)
    for seed in range(LIVES):
        try:
            live(seed)
        except (AssertionError, KeyError):
            return
    pytest.fail("no law speaks for this rule")


def test_nothing_is_missed_where_nothing_is_missing() -> None:
    """The same lives, every rule in place: no law breaks."""
    for seed in range(20_000 if SOAKING else 60):
        life = live(seed)
        assert evolve(life.hazard, life.record.history[0]).version == life.hazard.version + 1
