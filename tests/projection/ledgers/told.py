"""Histories for tests of ledgers: what a scenario gives, under an id; visits as they are stored."""

from datetime import datetime, timedelta
from typing import Any

from contracts import events
from contracts.acts.checklists import ChecklistAnswer, FilledChecklist
from contracts.events import Event
from contracts.terms import Answer, VisitKind
from tests import props as p
from tests.scenario import Step, given

VISIT_ID = f"{p.VILLAGE_AREA}-7a0c1d2e-0000-5000-8000-00000000000a"
SPOT_CHECK = "spot-check"
Told = tuple[str, Event]

visited = events.InspectionRecorded(
    actor=p.checker,
    occurred_at=p.MORNING,
    recorded_at=p.MORNING,
    area=p.VILLAGE_AREA,
    kind=VisitKind.INSPECTION,
    place="打磨间",
    party=p.FACTORY,
    visited_by=p.finder(p.TOWN),
    inspectors=p.sign(p.checker, p.second_checker),
)


def life(*steps: Step, of: str = p.HAZARD_ID) -> list[Told]:
    """What was stored of a hazard."""
    return [(of, event) for event in given(*steps).history if isinstance(event, Event)]


def of_visit(*said: Event) -> list[Told]:
    """What was stored of the visit."""
    return [(VISIT_ID, event) for event in said]


def but(event: Event, **changes: Any) -> Any:  # noqa: ANN401 (the same event, some fields changed)
    """The same event, told otherwise."""
    return type(event).model_validate(dict(event) | changes)


def late(event: Event, by: timedelta) -> Event:
    """Recorded so long after it happened."""
    return event.model_copy(update={"recorded_at": event.occurred_at + by})


def then(kind: type[Event], /, at: datetime = p.MORNING, **told: Any) -> Any:  # noqa: ANN401 (an event of that kind)
    """An act of the township's checker, unless told otherwise."""
    return kind.model_validate({"actor": p.checker, "occurred_at": at, "recorded_at": at} | told)


def filled(checklist: str, version: str, *, yes: tuple[int, ...] = (), no: tuple[int, ...] = ()) -> FilledChecklist:
    """A list with these items ticked."""
    ticked = sorted([(item, Answer.YES) for item in yes] + [(item, Answer.NO) for item in no])
    answers = tuple(ChecklistAnswer(item=item, answer=answer) for item, answer in ticked)
    return FilledChecklist(checklist=checklist, version=version, answers=answers)
