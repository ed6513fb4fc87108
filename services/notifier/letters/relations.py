"""Who has a part in a matter, beside the roles 关系: the body that ordered, that has it, that is to decide."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from contracts.policy import Relation, Told
from contracts.terms import Origin, Role
from services.notifier.letters.holders import Found, Matter
from services.notifier.timing.case import ORDER

CHECKERS: Final = (Role.TOWNSHIP_CHECKER, Role.REGULATOR, Role.OFFICER, Role.VILLAGE_OFFICER)
REVIEWERS: Final = (Role.OFFICER, Role.REGULATOR, Role.TOWNSHIP_CHECKER)
LEADS: Final = (Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD)
HEADS: Final = (*LEADS, Role.SAFETY_COMMITTEE, Role.LISTING_AUTHORITY)
"""Who may speak for a body, the likeliest first."""


def holders(matter: Matter, told: Told) -> Iterable[Found]:
    """Whoever has that role or part. The same person may come again."""
    return _RELATIONS[told](matter) if isinstance(told, Relation) else matter.role(told)


def _responsible(matter: Matter) -> Iterable[Found]:
    return matter.named([one.id for one in matter.case.responsible], Relation.RESPONSIBLE)


def _finders(matter: Matter) -> Iterable[Found]:
    """The authority's own finder while he is there; else the checkers of his body."""
    named = matter.named([one.id for one in matter.case.finders], Relation.FINDER)
    officials = [found for found in named if any(post.body and post.holds(matter.day) for post in found[0].posts)]
    return officials or matter.first([body.id for body in matter.case.found_by], CHECKERS, Relation.FINDER)


def _reviewers(matter: Matter) -> Iterable[Found]:
    """Of the body that ordered it, that has it, or that asked for it; else of the nearest competent one."""
    case, told = matter.case, Relation.REVIEWER
    patrol = case.origin is Origin.PATROL
    bodies = [case.ordered_by, case.competent, case.assigned_by, *(one.id for one in case.found_by if patrol)]
    own = matter.first(bodies, CHECKERS if patrol else REVIEWERS, told)
    near = (matter.nearest(role) for role in REVIEWERS)
    return own or [(one.member, told) for one in next(filter(None, near), [])]


def _deciders(matter: Matter) -> Iterable[Found]:
    """Whose deadline it is (policy.md, GrantExtension): the listing's, the order's, the enterprise's own."""
    case, told = matter.case, Relation.DECIDER
    if listings := [key for key in case.extension_by if key in case.listings]:
        own = matter.first([case.listings[key] for key in listings], [Role.LISTING_AUTHORITY], told)
        return own or [(one.member, told) for one in matter.nearest(Role.LISTING_AUTHORITY)]
    if orders := [key.removeprefix(ORDER) for key in case.extension_by if key.startswith(ORDER)]:
        return [found for body in orders for found in matter.at(body, *LEADS, told=told)]
    if "internal" not in case.extension_by:
        return matter.first([case.assigned_by, case.competent], HEADS, told)
    heads = [] if case.extension_by_head else list(matter.employees(Role.ENTERPRISE_HEAD))
    return [(member, told) for member, _ in heads] or [(one.member, told) for one in matter.nearest(Role.TOWNSHIP_LEAD)]


def _supervisors(matter: Matter) -> Iterable[Found]:
    bodies = dict.fromkeys(matter.case.listings.values())
    return [found for body in bodies for found in matter.first([body], HEADS, Relation.SUPERVISOR)]


_RELATIONS: Final[Mapping[Relation, Callable[[Matter], Iterable[Found]]]] = {
    Relation.RESPONSIBLE: _responsible,
    Relation.FINDER: _finders,
    Relation.REVIEWER: _reviewers,
    Relation.DECIDER: _deciders,
    Relation.SENDER: lambda one: one.first([one.case.transfer_from], HEADS, Relation.SENDER),
    Relation.RECEIVER: lambda one: one.first([one.case.transfer_to], HEADS, Relation.RECEIVER),
    Relation.SUPERVISOR: _supervisors,
    Relation.DUTY_OFFICER: lambda one: one.watches(nearest=True),
}
