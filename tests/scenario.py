"""given(what happened).when(somebody does something).then(what is recorded, or why it is refused).

`given` takes commands and runs each through the rules, so that a history is always one that could have come about; only
what no command can bring about (an event from a newer program) is given as an event. Every `when` checks besides that a
refusal leaves the history untouched, that an accepted command yields exactly one event, that the event is read back
from its stored form unchanged, and that it folds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any, Self

from pydantic_core import from_json, to_json

from contracts.commands import Command, FindHazard
from contracts.envelope import Unreadable, read
from contracts.events import Event
from contracts.parties import Actor
from contracts.terms import Flag, Stage
from services.hazard.aggregate.decisions import decide
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import UNFOUND, Hazard
from services.hazard.aggregate.refusals import CODES, Refusal
from services.hazard.aggregate.world import World
from tests.props import HAZARD_ID, MORNING, SAME_DAY, WORLD

CHINESE_FIRST = re.compile(r"^[^A-Za-z]*[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Deed:
    """Who does what; the day is the history's last one unless it is said."""

    actor: Actor
    kind: type[Command]
    fields: dict[str, Any]
    at: datetime | None = None

    def command(self, now: datetime) -> Command:
        """As it would be sent."""
        told = {"command_id": "c-1", "actor": self.actor, "occurred_at": self.at or now} | self.fields
        if self.kind is not FindHazard:
            told = {"hazard_id": HAZARD_ID} | told
        return self.kind(**told)

    def but(self, **changes: Any) -> Self:  # noqa: ANN401  (any field)
        """The same with some fields changed, or another `actor`."""
        actor = changes.pop("actor", self.actor)
        return replace(self, actor=actor, fields=self.fields | changes)


def by(actor: Actor, what: type[Command], /, *, at: datetime | None = None, **fields: Any) -> Deed:  # noqa: ANN401
    """What an actor does, in the fields of its command."""
    return Deed(actor, what, fields, at)


Step = Deed | Event | Unreadable | Iterable["Step"]


@dataclass(frozen=True)
class Given:
    """A history, and the moment at which it ends."""

    history: tuple[Event | Unreadable, ...] = ()
    now: datetime = MORNING
    world: World = WORLD

    @property
    def hazard(self) -> Hazard:
        """The folded history."""
        return reduce(evolve, self.history, UNFOUND)

    def and_then(self, *steps: Step) -> "Given":
        """More history."""
        return reduce(Given._add, steps, self)

    def _add(self, step: Step) -> "Given":
        match step:
            case Deed():
                outcome = self.when(step)
                assert outcome.refusal is None, f"{step.kind.__name__} is no history: {outcome.refusal}"
                return outcome.after
            case Event() | Unreadable():
                return replace(self, history=(*self.history, step))
            case _:
                return self.and_then(*step)

    def when(
        self, deed: Deed, *, at: datetime | None = None, world: World | None = None, entered_late: bool = True
    ) -> "Outcome":
        """Somebody does something now, or at that moment, perhaps in another world; old records are entered late."""
        command = deed.command(at or self.now)
        delay = _until_entered(command) if entered_late else timedelta()
        here = replace(world or self.world, now=max(self.now, command.occurred_at) + delay)
        before = self.hazard
        try:
            made = decide(command, before, here)
        except Refusal as refusal:
            assert self.hazard == before, "a refusal leaves the history untouched"
            _check_words(refusal)
            return Outcome(self, self, None, refusal)
        assert len(made) == 1, f"{deed.kind.__name__} yields one event, not {len(made)}"
        event = made[0]
        _check_stored(event)
        after = Given((*self.history, event), max(self.now, command.occurred_at), self.world)
        assert after.hazard.version == before.version + 1
        assert before.origin in {None, after.hazard.origin}, "the origin never changes"
        return Outcome(self, after, event, None)


def _until_entered(command: Command) -> timedelta:
    """What was done about an old hazard is entered long afterwards."""
    return timedelta(days=30 if command.historical and not isinstance(command, FindHazard) else 0)


def given(*steps: Step, world: World = WORLD) -> Given:
    """What happened so far, in order; steps may come in tuples."""
    return Given(world=world).and_then(*steps)


@dataclass(frozen=True)
class Outcome:
    """One event, or one refusal."""

    before: Given
    after: Given
    event: Event | None
    refusal: Refusal | None

    def then(self, what: type[Event], /, **fields: object) -> Self:
        """It was recorded, with these fields."""
        assert self.refusal is None, f"refused as {self.refusal.code}: {self.refusal.reason}" if self.refusal else ""
        assert type(self.event) is what
        found = {name: getattr(self.event, name) for name in fields}
        assert found == fields
        return self

    def then_refused(self, kind: type[Refusal], *, because: str = "", code: str | None = None) -> Self:
        """It was refused: by that class, with these words in its reason, under that code."""
        assert self.refusal is not None, f"accepted: {self.event!r}"
        assert type(self.refusal) is kind, f"{self.refusal.code}: {self.refusal.reason}"
        assert because in self.refusal.reason
        assert code in {None, self.refusal.code}, f"{self.refusal.code}: {self.refusal.reason}"
        return self

    def then_flagged(self, *flags: Flag) -> Self:
        """Exactly these gaps are written on it."""
        assert self.event is not None, f"refused: {self.refusal}"
        assert set(self.event.flags) == set(flags)
        return self

    def then_stage(self, stage: Stage) -> Self:
        """Where the hazard stands now."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.after.hazard.stage is stage
        return self

    @property
    def hazard(self) -> Hazard:
        """As it is afterwards."""
        return self.after.hazard


def _check_stored(event: Event) -> None:
    stored = from_json(to_json(event, exclude_none=True))
    assert read(event.type, event.schema_version, stored) == event, "what is stored is read back as it was"


def _check_words(refusal: Refusal) -> None:
    assert refusal.code in CODES, f"{refusal.code} is not documented in refusals.py"
    assert CHINESE_FIRST.match(refusal.reason), f"not Chinese first: {refusal.reason}"
    assert "None" not in refusal.reason, refusal.reason


def days(count: float, *, since: datetime = MORNING) -> datetime:
    """So many days after the morning on which every story begins."""
    return since + timedelta(days=count)


__all__ = ["SAME_DAY", "Deed", "Given", "Outcome", "Step", "by", "days", "given"]
