"""How a cell says it: a paper by its number, a person by name, officers with their certificates."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from contracts.base import DocumentRef
from contracts.parties import Actor, Person, Signatory


def number(document: DocumentRef | None) -> str | None:
    """文号; the title of a paper that has none."""
    return (document.number or document.title) if document else None


def person(actor: Actor) -> Person:
    """Who states it."""
    return Person(id=actor.id, name=actor.name)


def certificates(names: Iterable[Signatory]) -> str | None:
    """执法证号, in the order of the names; those without one are passed over."""
    return "、".join(name.certificate for name in names if name.certificate) or None


def day(of: date | None) -> str | None:
    """2026-05-01."""
    return of.isoformat() if of else None


def fen(yuan: Decimal | None) -> int | None:
    """Money as ledgers keep it."""
    return int(yuan * 100) if yuan is not None else None
