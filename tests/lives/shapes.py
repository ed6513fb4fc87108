"""An event of every shape that lives are made of is validated once; a step copies it and changes what is its own."""

from functools import lru_cache
from typing import Final, TypeVar

from contracts.base import DocumentRef, EvidenceRef
from contracts.events import Event
from contracts.parties import Actor, Person, Signatory
from contracts.terms import Role
from tests.lives.moments import site_moment

E = TypeVar("E", bound=Event)

NOBODY: Final = Actor(id="nobody", name="某人", roles=(Role.OFFICER,))
PHOTO: Final = EvidenceRef(sha256="a" * 64, media_type="image/jpeg", size=184_320, name="照片.jpg")
PAPER: Final = EvidenceRef(sha256="b" * 64, media_type="application/pdf", size=92_160, name="签字扫描件.pdf")
ORDER: Final = DocumentRef(number="应急责改〔2024〕3号", scan=PAPER)


def shape(kind: type[E], /, **fields: object) -> E:
    """With fields of that kind as in any life; who and when are the step's."""
    common = {"actor": NOBODY, "occurred_at": site_moment(0), "recorded_at": site_moment(0)}
    return kind.model_validate({**common, **fields})


def person(actor: Actor) -> Person:
    """Somebody named."""
    return _person(actor.id, actor.name)


def signatory(actor: Actor) -> Signatory:
    """His name on a document."""
    return _signatory(actor.id, actor.name, actor.body, actor.roles[0], actor.certificate)


@lru_cache(100_000)
def _person(actor_id: str, name: str) -> Person:
    return Person(id=actor_id, name=name)


@lru_cache(100_000)
def _signatory(actor_id: str, name: str, body: str | None, role: Role, certificate: str | None) -> Signatory:
    return Signatory(id=actor_id, name=name, body=body, role=role, certificate=certificate)
