"""The fold of a hazard's history into what the rules look at.

It mirrors the hazard service's own fold where both keep a thing (stage, deadlines, listings, suspensions); a test folds
the same histories with both. Only here a corrected place or name is read instead of the slip. What it cannot read marks
the case: no rule is applied to it. An event of another aggregate only counts as a version.
"""

from collections.abc import Iterable
from typing import Final

from contracts import events
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event
from services.notifier.timing.case import UNFOUND, Case
from services.notifier.timing.folds import correcting, intake, overlays, rectifying
from services.notifier.timing.folds.common import Fold
from services.notifier.timing.marking import marks

FOLDS: Final[dict[type[Event], Fold]] = {
    **intake.FOLDS,
    **correcting.FOLDS,
    **rectifying.FOLDS,
    **overlays.FOLDS,
}
"""By event."""


def fold(case: Case, event: Event | Unreadable, version: int, sequence: int) -> Case:
    """After one event; `sequence` is its place in the stream. Begin with `begun(hazard_id)`."""
    if isinstance(event, Unreadable):
        return case.but(version=version, unreadable=True)
    change = FOLDS.get(type(event))
    if change is None:
        return case.but(version=version)
    after = _named(case, change(case, event, version), version)
    said = marks(event, version, case, after)
    if isinstance(event, events.HazardFound):
        return after.but(version=version, marks=case.marks + said, found_sequence=sequence)
    return after.but(version=version, marks=case.marks + said) if said else after.but(version=version)


def _named(before: Case, after: Case, version: int) -> Case:
    if after.party is before.party and after.co_parties is before.co_parties:
        return after
    new = {party.id: version for party in after.parties if party.id not in before.named}
    return after.but(named={**before.named, **new}) if new else after


def begun(hazard_id: str) -> Case:
    """What the history of a hazard starts from."""
    return UNFOUND.but(id=hazard_id)


def folded(history: Iterable[tuple[int, Envelope]]) -> Case:
    """The whole history, as (sequence in the stream, envelope), in order."""
    case = UNFOUND
    for sequence, envelope in history:
        if not case.version:
            case = begun(envelope.aggregate_id)
        case = fold(case, envelope.event, envelope.version, sequence)
    return case
