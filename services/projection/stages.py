"""Which event moves the stage, as the lifecycle's table says; what is already filtered by time folds the same way."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.terms import ClosureKind, ReopeningKind, Stage

F, G, A, R, S, V, C = (
    Stage.FOUND,
    Stage.GRADED,
    Stage.ASSIGNED,
    Stage.RECTIFYING,
    Stage.SUBMITTED,
    Stage.VERIFIED,
    Stage.CLOSED,
)
Move = Callable[[Any, Stage | None], Stage | None]


def _from(*moves: tuple[Stage, Stage]) -> Move:
    table = dict(moves)
    return lambda _, stage: table.get(stage, stage) if stage else stage


def _to(stage: Stage) -> Move:
    return lambda _event, _stage: stage


def _reopened(event: events.HazardReopened, _: Stage | None) -> Stage:
    return F if event.kind is ReopeningKind.WITHDRAWN_IN_ERROR else R


MOVES: Final[Mapping[type[Event], Move]] = {
    events.HazardFound: _to(F),
    events.HazardGraded: _from((F, G)),
    events.HazardMerged: _to(Stage.MERGED),
    events.HazardWithdrawn: _to(Stage.WITHDRAWN),
    events.HazardAssigned: _from((F, A), (G, A)),
    events.RectificationStarted: _from((A, R)),
    events.RectificationSubmitted: _from((F, S), (G, S), (A, S), (R, S)),
    events.VerificationPassed: _to(V),
    events.VerificationFailed: _from((S, R)),
    events.HazardClosed: _to(C),
    events.HazardReopened: _reopened,
}
"""Every other event leaves the stage as it is."""


def moved(event: Event, stage: Stage | None) -> Stage | None:
    """The stage after the event."""
    move = MOVES.get(type(event))
    return move(event, stage) if move is not None else stage


def said(stage: Stage, event: Event) -> str:
    """As people read it: 整改中, 整改销号, 灭失销号（关停、拆除）."""
    kind = event.kind if isinstance(event, events.HazardClosed) else None
    return words.stage(stage, ClosureKind(kind) if kind else None)
