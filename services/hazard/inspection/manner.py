"""In what way a visit was made, and whether those who made it may."""

from typing import Final

from contracts import words
from contracts.commands import Command, RecordInspection
from contracts.parties import Party, Person, Signatory
from contracts.terms import Role, VisitKind, VisitMode
from services.hazard.aggregate.persons import is_same, keep_apart, keep_apart_ids, require_two
from services.hazard.aggregate.record import missing
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.world import World
from services.hazard.inspection.inspection import may_inspect

OWN_ROUNDS: Final = frozenset({VisitMode.DAILY, VisitMode.WEEKLY, VisitMode.MONTHLY})
UNTOLD: Final = frozenset({VisitMode.UNANNOUNCED, VisitMode.COVERT})
LED: Final = frozenset({VisitKind.SELF_CHECK, VisitKind.INSPECTION, VisitKind.SUPERVISION})
"""Kinds that a head may lead: of the enterprise, of the body."""


def check_modes(command: RecordInspection, inspectors: tuple[Signatory, ...]) -> None:
    """日/周/月 and 主要负责人带队 are said of a self-check; the head of a body may lead its own."""
    modes = set(command.modes)
    wrong = modes & OWN_ROUNDS if command.kind is not VisitKind.SELF_CHECK else set()
    if VisitMode.HEAD_LED in modes and command.kind not in LED:
        wrong |= {VisitMode.HEAD_LED}
    if wrong:
        named = "、".join(words.term(mode) for mode in sorted(wrong))
        reason = f"{words.visit(command.kind)}没有“{named}”这一方式：not a way of such a visit"
        raise RuleBroken(reason, code="mode", field="modes")
    if modes & UNTOLD and command.announced_at:
        raise RuleBroken("四不两直、明查暗访不得事先通知：it was announced", code="mode", field="announced_at")
    if VisitMode.HEAD_LED in modes and command.kind is VisitKind.SELF_CHECK and not command.historical:
        _check_led(command, inspectors)


def _check_led(command: RecordInspection, inspectors: tuple[Signatory, ...]) -> None:
    """主要负责人带队: he is one of those who went, or there is no such visit."""
    head = command.party.head if command.party else None
    if not any(one.role is Role.ENTERPRISE_HEAD or (head is not None and is_same(one, head)) for one in inspectors):
        raise missing("带队的主要负责人", "inspectors")


def check_qualified(command: RecordInspection, inspectors: tuple[Signatory, ...], world: World) -> None:
    """行政检查: two certified names of bodies that have a competence or power there; others may come along.

    Nobody inspects his own: the party's people are none of the two.
    """
    day = world.day(command.occurred_at)

    def qualified(body_id: str | None) -> bool:
        body = world.directory.body(body_id)
        may = body is not None and (body.competences or any(one.holds(day) for one in body.powers))
        return bool(may) and body is not None and command.area.startswith(body.area)

    if command.historical and command.actor.body is None:
        return
    if not qualified(command.actor.body):
        reason = "本单位没有监管职责或执法权，不能作行政检查：村巡查、专家帮扶、安委办督导请选相应的检查性质"
        raise NotPermitted(reason, code="not_qualified", field="kind")
    fit = tuple(
        one for one in inspectors if may_inspect(one, command.party) and qualified(one.body or command.actor.body)
    )
    require_two(command.actor, fit, "inspectors", historical=command.historical)


def check_signer(command: Command, signer: Person, inspectors: tuple[Signatory, ...], party: Party | None) -> None:
    """受检单位签字: nobody who visited signs for the party, nor an official for himself."""
    if command.historical:
        return
    keep_apart(signer, "检查人员", *inspectors)
    own = party is not None and bool({command.actor.enterprise, command.actor.body} & {party.id, party.body} - {None})
    if not own:
        keep_apart_ids(signer, "检查单位人员", (command.actor.id,))


def has_expert(command: RecordInspection, inspectors: tuple[Signatory, ...]) -> bool:
    """帮扶 brings an expert."""
    return Role.EXPERT in command.actor.roles or any(one.role is Role.EXPERT for one in inspectors)
