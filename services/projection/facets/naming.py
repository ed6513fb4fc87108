"""What an act calls those who do it: the unit by name, though an actor tells its id alone; the paper by its number.

What a hazard's events say of its parties stays with that hazard; the name of a body is known to the whole ledger.
"""

from functools import cache

from contracts import events
from contracts.base import DocumentRef, EvidenceRef
from contracts.events import Event
from contracts.parties import BodyRef, Party
from services.projection.entries import Entry
from services.projection.facets import bodies, walking
from services.projection.pages import Page


def learn(event: Event, entry: Entry, page: Page) -> None:
    """From now on bodies and parties are called as this event calls them."""
    kind = type(event)
    if walking.paths(kind, BodyRef):
        bodies.learn(entry, page, *walking.bodies(event))
    for party in walking.parties(event) if walking.paths(kind, Party) else ():
        if _here(page).get(party.id) != party.name:
            page.row(entry, shown=False).state.setdefault("parties", {})[party.id] = party.name


def unit(page: Page, body: str | None, party: str | None = None) -> str | None:
    """What that body or party is called; its id while nobody said a name."""
    if body is not None:
        return bodies.called(page, body)
    return _here(page).get(party, party) if party is not None else None


def only_party(page: Page) -> str | None:
    """What the party of this hazard or visit is called; None where several are known."""
    parties = list(_here(page).values())
    return parties[0] if len(parties) == 1 else None


def document(event: Event) -> str | None:
    """The paper of the act: its number, else its title or the file's name."""
    if isinstance(event, events.DocumentSigned):
        return " ".join(part for part in (event.kind, event.number) if part)
    stated = getattr(event, "document", None) if _has_document(type(event)) else None
    if isinstance(stated, DocumentRef):
        return stated.number or stated.title
    return stated.name if isinstance(stated, EvidenceRef) else None


@cache
def _has_document(kind: type[Event]) -> bool:
    return "document" in kind.model_fields


def _here(page: Page) -> dict[str, str]:
    head = page.rows.get(page.key)
    return head.state.get("parties", {}) if head is not None else {}
