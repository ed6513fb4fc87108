"""A ledger's lines after a history that the rules accepted; a gap in it is what an earlier cut-off leaves out."""

from collections.abc import Sequence
from typing import Any

from contracts.envelope import Unreadable
from contracts.events import Event
from services.projection.ledger import Ledger
from tests.projection.folding import Folded, check, fold
from tests.props import HAZARD_ID
from tests.scenario import Step, given


def told(*steps: Step) -> list[Event]:
    """The events of a history that could have come about."""
    return [event for event in given(*steps).history if not isinstance(event, Unreadable)]


def entered(ledger: Ledger, history: Sequence[Event], *, without: Sequence[int] = ()) -> Folded:
    """All but those at these places; every cell that says something has its event, every count its keys."""
    kept = [event for place, event in enumerate(history) if place not in without]
    folded = fold(ledger, [(HAZARD_ID, event) for event in kept])
    check(ledger, folded)
    return folded


def lines(ledger: Ledger, *steps: Step) -> list[dict[str, Any]]:
    """What the lines say, in the ledger's order."""
    return [row.values for row in entered(ledger, told(*steps)).shown()]
