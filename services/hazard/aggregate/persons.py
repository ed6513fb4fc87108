"""Separation of duties: it compares the persons named in the documents, not the one at the keyboard."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from contracts import words
from contracts.base import JOINERS
from contracts.parties import Actor, Person, Signatory
from contracts.terms import Role
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken

PAIR = 2
_PARTY: Final = "the party's own people"


def is_same(one: Person, other: Person) -> bool:
    """The same id or certificate; or the same name on the same side: two people of one name in two bodies are two.

    A second id makes nobody a second person.
    """
    if one.id == other.id:
        return True
    certificate = _certificate(one)
    if certificate is not None and certificate == _certificate(other):
        return True
    sides = {_side(one), _side(other)}
    return _plain(one.name) == _plain(other.name) and (len(sides) == 1 or None in sides)


def _certificate(person: Person) -> str | None:
    return person.certificate if isinstance(person, Signatory) else None


def _side(person: Person) -> str | None:
    """The body that he signs for; None where a signature does not say."""
    return person.body if isinstance(person, Signatory) else _PARTY


def _plain(name: str) -> str:
    return "".join(JOINERS.sub("", unicodedata.normalize("NFKC", name)).split()).casefold()


def sided(person: Person, hazard: Hazard) -> Person:
    """Within the responsible party a body does not tell people apart."""
    if isinstance(person, Signatory) and person.body in hazard.party_ids:
        return Person(id=person.id, name=person.name)
    return person


def keep_apart(person: Person, duty: str, *others: Person | None) -> None:
    """NotPermitted where the person already holds the other duty; `duty` is what the others are called."""
    for other in others:
        if other is not None and is_same(person, other):
            raise NotPermitted(words.refused("separation", 姓名=person.name, 职=duty), code="separation")


def keep_apart_ids(person: Person, duty: str, ids: Iterable[str]) -> None:
    """The same against persons of whom only the id is known."""
    if person.id in ids:
        raise NotPermitted(words.refused("separation", 姓名=person.name, 职=duty), code="separation")


def as_person(actor: Actor) -> Signatory:
    """The actor as a name on a document."""
    return Signatory(id=actor.id, name=actor.name, body=actor.body, certificate=actor.certificate)


def distinct(names: Iterable[Signatory]) -> list[Signatory]:
    """Each person once."""
    found: list[Signatory] = []
    for name in names:
        if not any(is_same(name, other) for other in found):
            found.append(name)
    return found


def require_two(
    actor: Actor, names: tuple[Signatory, ...], field: str, *, certified: bool = True, historical: str | None = None
) -> None:
    """`×2`: two distinct persons with their certificates, the actor one of them; the scan vouches for the other."""
    check_own_name(actor, names, field)
    if historical:
        return
    if len(distinct(names)) < PAIR:
        raise RuleBroken(words.refused("incomplete", 项="两名不同人员签名"), code="two_names", field=field)
    if certified and (bare := next((name for name in names if not name.certificate), None)):
        reason = words.refused("incomplete", 项=f"{bare.name}的执法证号")
        raise RuleBroken(reason, code="certificate", field=field)
    if loose := next((name for name in names if not name.body), None):
        raise RuleBroken(words.refused("incomplete", 项=f"{loose.name}的单位"), code="incomplete", field=field)
    require_named(actor, names, field)


def require_named(actor: Actor, names: Iterable[Signatory], field: str) -> None:
    """NotPermitted unless the actor signed himself."""
    if actor.id not in {name.id for name in names}:
        reason = f"经办人{actor.name}须是签名人之一：the actor must be one of the names"
        raise NotPermitted(reason, code="not_named", field=field)


def check_own_name(actor: Actor, names: Iterable[Signatory], field: str) -> None:
    """Nobody signs for a body or in a role that is not his."""
    for name in names:
        if name.id != actor.id:
            continue
        if name.body is not None and name.body not in {actor.body, actor.enterprise}:
            raise NotPermitted(f"{name.name}只能以本单位名义签名", code="other_body", field=field)
        if name.role is not None and name.role not in actor.roles:
            raise NotPermitted(f"{name.name}不是{words.role(name.role)}，不能以此身份签名", field=field)


def require_role(actor: Actor, *roles: Role) -> None:
    """NotPermitted unless the actor holds one of the roles."""
    if not set(actor.roles) & set(roles):
        raise NotPermitted(words.refused("role", 角色=words.roles(roles)), field="actor.roles")
