"""The deadline in force 整改时限: the earliest of orders and listings, moved by extensions.

Where there are none, the earliest day that was merely assigned (as the hazard service keeps it).
"""

from typing import Any, Final

from contracts import events
from contracts.events import Event
from contracts.terms import AssignmentKind
from services.projection.entries import Entry
from services.projection.ledger import Rule
from services.projection.pages import Page, Row


def in_force(row: Row) -> str | None:
    """The day, or None while nobody set one."""
    known: dict[str, str] = row.state.get("dues", {})
    binding = [day for name, day in known.items() if name not in {"internal", "assignment"}]
    return min(binding or known.values(), default=None)


def key(kind: AssignmentKind, body: str | None) -> str:
    """An order is its body's own: no other body's word replaces it (as the hazard service keeps it)."""
    match kind:
        case AssignmentKind.ORDER:
            return f"order:{body}"[:128]
        case AssignmentKind.INTERNAL:
            return "internal"
        case _:
            return "assignment"


def _set(entry: Entry, page: Page, **changes: str | None) -> None:
    row = page.row(entry)
    dues: dict[str, str | None] = row.state.setdefault("dues", {})
    for name, day in changes.items():
        if day is None:
            dues.pop(name, None)
        else:
            dues[name] = day
    due = in_force(row)
    if due != row.get("due"):
        row.set(entry, due=due)


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """A later word of the same side replaces its earlier one."""
    _set(entry, page, **{key(event.kind, event.actor.body): event.due.isoformat() if event.due else None})


def listed(event: events.HazardListed, entry: Entry, page: Page) -> None:
    """Each listing has its own."""
    _set(entry, page, **{event.listing: event.deadline.isoformat() if event.deadline else None})


def delisted(event: events.HazardDelisted, entry: Entry, page: Page) -> None:
    """An ended listing binds nobody any more."""
    _set(entry, page, **{event.listing: None})


def extended(event: events.ExtensionGranted, entry: Entry, page: Page) -> None:
    """Only those that it names move."""
    held: dict[str, Any] = page.row(entry).state.get("dues", {})
    _set(entry, page, **{name: event.until.isoformat() for name in event.of if name in held})


def revoked(event: events.OrderRevoked, entry: Entry, page: Page) -> None:
    """An order or listing that lost its force."""
    if event.order != "suspension" and event.target is not None:
        _set(entry, page, **{event.target: None})


RULES: Final[dict[type[Event], Rule]] = {
    events.HazardAssigned: assigned,
    events.HazardListed: listed,
    events.HazardDelisted: delisted,
    events.ExtensionGranted: extended,
    events.OrderRevoked: revoked,
}
"""They keep the column `due`."""
