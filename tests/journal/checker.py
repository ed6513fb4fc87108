"""What must hold for a recorded history of appends, checked in one pass over each view. Tested in test_checker.py."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eventsourcing.persistence import Notification

Outcome = Literal["acknowledged", "refused", "unknown"]


@dataclass
class Append:
    """One event that somebody wanted to store, and what he was told in the end; times are places in one count."""

    originator: str
    version: int
    body: bytes
    invoked: int
    answered: int | None = None
    outcome: Outcome = "unknown"
    sequence: int = 0


View = Sequence[Notification]
"""The whole stream as one replica, or one reader, shows it."""


def faults(
    appends: Sequence[Append], replicas: Mapping[str, View], readers: Mapping[str, View] | None = None
) -> list[str]:
    """Everything that is wrong, as sentences; nothing in a sound history. Bodies are unique.

    A reader may be behind, a replica may not.
    """
    views = {**replicas, **(readers or {})}
    longest = max(views.values(), key=len)
    found = list(_disordered(appends))
    for name, view in views.items():
        found += [f"{name}: {fault}" for fault in _strange(appends, view)]
        found += [f"{name}: {fault}" for fault in _disagreements(view, longest)]
    for name, view in replicas.items():
        found += [f"{name}: {fault}" for fault in _broken_promises(appends, view)]
    return found


def _strange(appends: Sequence[Append], view: View) -> Iterator[str]:
    sent = {append.body: append for append in appends}
    at: dict[bytes, int] = {}
    versions: dict[str, int] = {}
    for place, event in enumerate(view, 1):
        if event.id != place:
            yield f"sequence {event.id} stands at place {place}"
        if event.state in at:
            yield f"{event.state!r} is stored twice, at {at[event.state]} and {event.id}"
        at[event.state] = event.id
        yield from _stray(event, sent.get(event.state))
        expected = versions.get(str(event.originator_id), 0) + 1
        if event.originator_version != expected:
            yield f"{event.originator_id} has version {event.originator_version} where {expected} belongs"
        versions[str(event.originator_id)] = event.originator_version


def _broken_promises(appends: Sequence[Append], view: View) -> Iterator[str]:
    at = {event.state: event.id for event in view}
    for append in appends:
        stored = at.get(append.body)
        if append.outcome == "acknowledged" and stored is None:
            yield f"{append.body!r} was acknowledged as {append.sequence} and is lost"
        elif append.outcome == "acknowledged" and stored != append.sequence:
            yield f"{append.body!r} was acknowledged as {append.sequence} and is at {stored}"
        elif append.outcome == "refused" and stored is not None:
            yield f"{append.body!r} was refused and is stored at {stored}"


def _stray(event: Notification, append: Append | None) -> Iterator[str]:
    if append is None:
        yield f"{event.state!r} at {event.id} was sent by nobody"
    elif (event.originator_id, event.originator_version) != (append.originator, append.version):
        yield f"{event.state!r} at {event.id} belongs to {append.originator} version {append.version}"


def _disagreements(view: View, longest: View) -> Iterator[str]:
    for one, other in zip(view, longest, strict=False):
        if one != other:
            yield f"{one.state!r} at {one.id} is {other.state!r} elsewhere"


def _disordered(appends: Sequence[Append]) -> Iterator[str]:
    """Acknowledged before another was asked for: the lower sequence."""
    acknowledged = [append for append in appends if append.outcome == "acknowledged"]
    moments = [(append.invoked, False, append) for append in acknowledged]
    moments += [(append.answered or 0, True, append) for append in acknowledged]
    highest = 0
    for _, is_answer, append in sorted(moments, key=lambda moment: moment[:2]):
        if is_answer:
            highest = max(highest, append.sequence)
        elif append.sequence <= highest:
            yield f"{append.body!r} got {append.sequence}, {highest} was acknowledged before it was asked for"
