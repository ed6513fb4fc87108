"""A finding and an order may rest on a visit: which one, of what kind, of the same place and party."""

import re
from collections.abc import Collection

from contracts import commands, words
from contracts.subjects import AGGREGATE_ID_PATTERN
from contracts.terms import AssignmentKind, Origin, VisitKind
from services.hazard.aggregate.hazard import SELF_FOUND, UNFOUND, Hazard
from services.hazard.aggregate.refusals import RuleBroken
from services.hazard.aggregate.visit import Visit
from services.hazard.aggregate.world import World

_RECORDED = re.compile(AGGREGATE_ID_PATTERN)

ORIGINS: dict[VisitKind, frozenset[Origin]] = {
    VisitKind.INSPECTION: frozenset({Origin.INSPECTION, Origin.SELF_AFTER_NOTICE}),
    VisitKind.PATROL: frozenset({Origin.PATROL, Origin.SELF_AFTER_NOTICE}),
    VisitKind.ASSISTANCE: frozenset({Origin.ASSISTANCE, Origin.SELF_AFTER_NOTICE}),
    VisitKind.SELF_CHECK: SELF_FOUND,
    VisitKind.SUPERVISION: frozenset({Origin.INSPECTION, Origin.SELF_AFTER_NOTICE}),
}
"""What a finding of such a visit may say of its origin; a report or a transfer may be looked into by any visit."""


def visits_named(command: object, hazard: Hazard) -> tuple[str, ...]:
    """Recorded visits that the decision looks at; any other number of a visit is only noted.

    An order that names none rests on the one that found the hazard; an old one is not asked.
    """
    match command:
        case commands.FindHazard():
            named = command.visit
        case commands.AssignHazard(kind=AssignmentKind.ORDER, visit=None, historical=None):
            named = hazard.visit
        case commands.AssignHazard():
            named = command.visit
        case _:
            named = None
    return (named,) if named and _RECORDED.match(named) else ()


def visit_of_finding(command: commands.FindHazard, world: World) -> Visit | None:
    """The recorded visit, checked against what the finding says; None where it names no recorded one."""
    visit = _recorded(command, UNFOUND, world)
    if visit:
        _check_same_place(visit, command.area, {command.party.id} if command.party else set())
        if command.visit_kind not in {None, visit.kind}:
            reason = f"该次检查是{words.visit(visit.kind)}，不是另一种：the visit's record says its kind"
            raise RuleBroken(reason, code="other_visit_kind", field="visit_kind")
        if command.origin is not Origin.SELF_AFTER_NOTICE and command.occurred_at < visit.began_at:
            raise RuleBroken("发现时间不能早于该次检查开始：before the visit began", code="before_visit", field="visit")
    kind = visit.kind if visit else command.visit_kind
    if kind and command.origin not in ORIGINS[kind] | {Origin.REPORT, Origin.TRANSFERRED_IN}:
        reason = f"来源“{words.origin(command.origin)}”与检查性质“{words.visit(kind)}”不符"
        raise RuleBroken(reason, code="other_origin", field="origin")
    _check_offer(command, visit)
    return visit


def rests_on_notice(command: commands.FindHazard, visit: Visit | None) -> bool:
    """检查通知后自查: the enterprise knew of the visit, or the visit had begun."""
    if visit is None:
        return command.visit is not None
    announced = visit.announced_at is not None and visit.announced_at <= command.occurred_at
    return visit.kind is not VisitKind.SELF_CHECK and (announced or visit.began_at <= command.occurred_at)


def check_order(command: commands.AssignHazard, hazard: Hazard, world: World) -> None:
    """Only 行政检查 leads to an order: the one that found it, or one that is named (policy.md section 7).

    Where the one that found it is recorded here, it has its two certificates and stands, or another is named.
    """
    visit, found_by = _recorded(command, hazard, world), hazard.visit_kind or VisitKind.INSPECTION
    if visit is None:
        if found_by is not VisitKind.INSPECTION and not command.historical:
            reason = f"该隐患由{words.visit(found_by)}发现，责令限期整改须以行政检查为据：请登记行政检查并写明其编号"
            raise RuleBroken(reason, code="no_inspection", field="visit")
        return
    if visit.kind is not VisitKind.INSPECTION or not visit.certified:
        stands = words.visit(visit.kind) if visit.kind is not VisitKind.INSPECTION else "无两名执法证号的历史记录"
        whose = "所写的" if command.visit else "发现该隐患的"
        reason = f"责令限期整改须以两名持证人员的行政检查为据，{whose}是{stands}：请登记行政检查并写明其编号"
        raise RuleBroken(reason, code="no_inspection", field="visit")
    if command.visit is None:
        return
    _check_same_place(visit, hazard.area, hazard.party_ids or ({command.party.id} if command.party else set()))
    if command.occurred_at < visit.began_at:
        raise RuleBroken("责令不能早于该次检查开始：before the visit began", code="before_visit", field="visit")


def _recorded(command: commands.FindHazard | commands.AssignHazard, hazard: Hazard, world: World) -> Visit | None:
    named = visits_named(command, hazard)
    if not named:
        return None
    visit = world.visits.get(named[0])
    if visit is None:
        reason = f"没有这次检查记录，请先登记检查：no visit has the id {named[0]}"
        raise RuleBroken(reason, code="unknown_visit", field="visit")
    if visit.withdrawn:
        raise RuleBroken("该检查记录已撤销：the visit was taken back", code="visit_withdrawn", field="visit")
    return visit


def _check_same_place(visit: Visit, area: str, parties: Collection[str]) -> None:
    if not (area.startswith(visit.area) or visit.area.startswith(area)):
        raise RuleBroken("该次检查在另一区划：the visit was elsewhere", code="other_visit", field="visit")
    if parties and visit.party and visit.party not in parties:
        raise RuleBroken("该次检查的是另一单位：the visit was to another party", code="other_visit", field="visit")


def _check_offer(command: commands.FindHazard, visit: Visit | None) -> None:
    offer = command.offer
    if offer is None:
        return
    if visit is None:
        reason = "检查项属于某次检查，请写明检查记录编号：name the visit that filled it in"
        raise RuleBroken(reason, code="no_offer", field="offer")
    if (offer.checklist, offer.item) in visit.declined:
        reason = "该项已不予立项，确有隐患的请登记而不写明检查项：declined, so find it without the item"
        raise RuleBroken(reason, code="declined_already", field="offer")
    if (offer.checklist, offer.item) not in visit.offered:
        there = "、".join(f"{name} 第{item}项" for name, item in sorted(visit.offered)) or "无"
        raise RuleBroken(f"该次检查的这一项没有可立项的问题，可立项的有：{there}", code="no_offer", field="offer")
