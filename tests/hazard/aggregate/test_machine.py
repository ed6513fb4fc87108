"""Every law of the loop holds whatever anybody tries, at any time, in any order."""

from datetime import timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import event, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts import commands
from contracts.terms import Role
from services.hazard.aggregate.hazard import UNFOUND
from tests.hazard.aggregate.arbitrary import contract
from tests.hazard.aggregate.cast import AUDITOR, NOTIFIER
from tests.hazard.aggregate.machine import ANSWERS, Life, another, live, milestones

LIVES = 2_000
"""At most; the walk ends as soon as everything was reached."""
dice = st.randoms(use_true_random=False)


class Lives(RuleBasedStateMachine):
    """One hazard under any commands; each step is judged by laws.py and by the raw history (machine.py)."""

    @initialize(beside=st.integers(0, 7))
    def begin(self, beside: int) -> None:
        """Nothing is found yet; another hazard stands beside it."""
        self.life = Life(beside=another(beside))

    @rule(rng=st.randoms(use_true_random=True), steps=st.integers(5, 20))
    def days(self, rng: Random, steps: int) -> None:
        """Some days in which much happens: what hypothesis alone would seldom string together."""
        for _ in range(steps):
            note(repr(self.life.step(rng)))

    @rule(rng=dice)
    def fitting(self, rng: Random) -> None:
        """What might well come next."""
        note(repr(self.life.step(rng, wild=0)))

    @rule(rng=dice)
    def askew(self, rng: Random) -> None:
        """The same with something out of place."""
        note(repr(self.life.step(rng, wild=100)))

    @rule(rng=dice)
    def stray(self, rng: Random) -> None:
        """Anything at all."""
        note(repr(self.life.stray(rng)))

    @rule(hours=st.sampled_from((1, 23, 25, 24 * 7, 24 * 60)))
    def wait(self, hours: int) -> None:
        """Time goes on."""
        self.life.now += timedelta(hours=hours)

    @invariant()
    def folds_alike(self) -> None:
        """From the first event, at any time: the same state."""
        self.life.refold()

    def teardown(self) -> None:
        """Say what this life came to."""
        if hasattr(self, "life"):
            for name in milestones(self.life.record):
                event(name)


TestLives = Lives.TestCase


def test_every_stage_and_overlay_is_reached() -> None:
    """The walk is no idle one: it comes to every event, way of ending, class, overlay and answer that there is."""
    wanted = {kind.type.removeprefix("hazard.") for kind in ANSWERS.values()}
    wanted |= {f"verification_passed.{letter}" for letter in "ESPOMX"}
    wanted |= {f"closed.{kind}" for kind in ("general", "major", "ceased")}
    wanted |= {f"reopened.{kind}" for kind in ("look_back", "self_reported", "closed_in_error")}
    wanted |= {"reopened.false_rectification", "reopened.withdrawn_in_error", "listed twice", "handed down"}
    wanted |= {f"assigned.{kind}" for kind in ("internal", "notice", "order", "handover")}
    wanted |= {f"delisted.{ground}" for ground in ("rectified", "revoked", "superseded", "ceased")}
    wanted |= {f"order_revoked.{what}" for what in ("order", "suspension", "listing")}
    wanted |= {f"extension_granted.{what}" for what in ("order", "listing", "assignment", "internal")}
    wanted |= {"resumed on trial", "resumed in full"}
    for seed in range(LIVES):
        if not wanted:
            return
        wanted -= milestones(live(seed).record)
    pytest.fail(f"never reached: {sorted(wanted)}")


@cache
def _some_lives() -> list[Life]:
    return [live(seed, steps=5 * seed) for seed in range(12)]


@pytest.mark.parametrize("kind", ANSWERS, ids=lambda kind: kind.imperative)
def test_auditors_read_and_the_notifier_only_escalates(kind: type[commands.Command]) -> None:
    """Whatever else they send is refused, at every stage that a life passes through."""
    rng = Random(1)  # noqa: S311  (a walk, no secret)
    for life in _some_lives():
        for actor in (AUDITOR, NOTIFIER):
            event = life.send(contract(kind, rng, actor=actor, occurred_at=life.now))
            assert event is None or (Role.NOTIFIER in actor.roles and kind is commands.EscalateHazard)


def test_a_command_yields_one_event() -> None:
    """Each command has one event that answers it; nothing precedes the finding."""
    assert len(ANSWERS) == len(set(ANSWERS.values()))
    assert UNFOUND.version == 0
