"""One hazard under any commands: what was accepted is kept raw, folded, stored and read back, and held to every law."""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import get_args

from contracts import events
from contracts.commands import Command, HazardCommands
from contracts.envelope import GENESIS, Envelope, decode, encode
from contracts.events import Event, HazardEvent
from contracts.terms import ClosureKind
from services.hazard.aggregate import decisions
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import UNFOUND, Hazard
from services.hazard.aggregate.refusals import Refusal
from services.hazard.aggregate.world import World
from tests.hazard.aggregate import laws
from tests.hazard.aggregate.arbitrary import HAZARDS, contract
from tests.hazard.aggregate.cast import ACTORS, CLAUSES, DIRECTORY, POLICIES, START
from tests.hazard.aggregate.history import Record, read
from tests.hazard.aggregate.moves import propose
from tests.hazard.aggregate.scene import Scene

ANSWERS: dict[type[Command], type[Event]] = dict(zip(get_args(HazardCommands), get_args(HazardEvent), strict=True))
"""The one event that each command yields."""
MAX_EVENT = 60 * 1024
SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
"""`make soak`: for as long as it takes."""


@dataclass
class Life:
    """A hazard, its raw history and what was tried on it."""

    hazard: Hazard = UNFOUND
    reread: Hazard = UNFOUND
    """The same, folded from what the store would give back."""
    record: Record = field(default_factory=Record)
    now: datetime = START
    beside: "Life | None" = None
    """Another hazard, that this one may be merged into."""
    refusals: Counter[str] = field(default_factory=Counter)

    def step(self, rng: Random, wild: int = 20) -> Command:
        """Any command, at its hour."""
        if rng.randrange(3) == 0:
            self.now += timedelta(hours=rng.choice((1, 5, 30, 100)))
        beside = self.beside.record if self.beside else Record()
        command = propose(Scene(rng, self.record, self.now, beside, HAZARDS[0]), wild)
        self.send(command)
        return command

    def stray(self, rng: Random) -> Command:
        """Any valid command whatsoever, by anybody."""
        command = contract(rng.choice(list(ANSWERS)), rng, actor=rng.choice(ACTORS))
        self.send(command)
        return command

    def send(self, command: HazardCommands) -> Event | None:
        """Decide, keep, fold and judge; None where it was refused."""
        others = {HAZARDS[0]: self.beside.hazard} if self.beside else {}
        world = World(self.now, DIRECTORY, CLAUSES, others, POLICIES)
        decided: list[Event] = []
        refused: Refusal | None = None
        try:
            decided = decisions.decide(command, self.hazard, world)
        except Refusal as refusal:
            refused = refusal
        assert self.hazard == self.reread, "a decision changed the state"
        if refused:
            assert refused.reason.strip()
            self.refusals[refused.code] += 1
            self._refused_again(command, world)
            return None
        assert decisions.decide(command, self.hazard, world) == decided, "two decisions on one state differ"
        (event,) = decided
        assert type(event) is ANSWERS[type(command)]
        self._keep(event)
        return event

    def _refused_again(self, command: HazardCommands, world: World) -> None:
        try:
            again = decisions.decide(command, self.hazard, world)
        except Refusal:
            return
        raise AssertionError(f"refused, then accepted: {again}")

    def _keep(self, event: Event) -> None:
        number = len(self.record.history) + 1
        stored = encode(
            Envelope("e", event.type, event.schema_version, HAZARDS[1], number, "c", "0" * 64, GENESIS, event)
        )
        assert len(stored) <= MAX_EVENT
        again = decode(stored).event
        assert again == event, "the store would give back another event"
        self.record = laws.check(self.record, event)
        self.hazard, self.reread = evolve(self.hazard, event), evolve(self.reread, again)
        self.judge()

    def judge(self) -> None:
        """The fold says what the raw history says."""
        assert self.hazard.version == len(self.record.history)
        assert self.hazard.stage is self.record.stage
        assert self.hazard.deadline == self.record.deadline
        assert self.hazard.origin is self.record.found.origin
        assert self.hazard.is_major is self.record.is_major
        assert self.hazard.open_listings.keys() == self.record.listings.keys()
        assert self.hazard.open_suspensions.keys() == self.record.suspensions.keys()
        assert (self.hazard.extension is None) is (self.record.extension is None)
        assert (self.hazard.transfer is None) is (self.record.transfer is None)
        assert self.hazard == self.reread, "what was stored folds to another state"

    def refold(self) -> None:
        """From the first event, at any time: the same state."""
        again = UNFOUND
        for event in self.record.history:
            again = evolve(again, event)
        assert again == self.hazard


@cache
def another(number: int) -> Life:
    """A hazard beside it, that it may be merged into: open, found earlier or later."""
    rng = Random(number)  # noqa: S311  (a walk, no secret)
    life = Life(now=START + timedelta(days=rng.choice((-9, -9, 9))))
    for _ in range(12):
        life.step(rng)
    return life


def live(seed: int, steps: int = 60, wild: int = 20) -> Life:
    """A whole life by one seed."""
    rng = Random(seed)  # noqa: S311  (a walk, no secret)
    life = Life(beside=another(seed % 8))
    for _ in range(steps):
        life.step(rng, wild)
    life.refold()
    return life


def milestones(record: Record) -> set[str]:  # noqa: C901  (a table)
    """What a life came to: the names that statistics are kept by."""
    seen: set[str] = set()
    for number, event in enumerate(record.history):
        seen.add(event.type.removeprefix("hazard."))
        match event:
            case events.HazardClosed(kind=ClosureKind.RECTIFIED):
                before = read(record.history[:number])
                seen.add(f"closed.{'major' if before.is_major and before.reported else 'general'}")
            case events.HazardListed() if len(read(record.history[: number + 1]).listings) > 1:
                seen.add("listed twice")
            case events.OperationsResumed():
                seen.add("resumed on trial" if event.trial else "resumed in full")
            case events.OrderRevoked():
                seen.add(f"order_revoked.{event.order}")
            case events.VerificationPassed():
                seen.add(f"verification_passed.{event.verification_class}")
            case events.ExtensionGranted():
                seen |= {f"extension_granted.{key.partition('-')[0].partition(':')[0]}" for key in event.of}
            case events.CompetenceAssigned(from_superior=True):
                seen.add("handed down")
            case events.HazardDelisted():
                seen.add(f"delisted.{event.ground}")
            case (
                events.HazardClosed()
                | events.HazardReopened()
                | events.HazardAssigned()
                | events.SuspensionOrdered()
                | events.ResponsiblePartyChanged()
            ):
                seen.add(f"{event.type.removeprefix('hazard.')}.{event.kind}")
    return seen
