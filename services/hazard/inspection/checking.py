"""Checklists against the library: which answers are a problem, and which of those offer a hazard."""

from collections.abc import Iterator

from contracts.acts.checklists import ChecklistAnswer, FilledChecklist, Offer
from contracts.commands import RecordInspection
from services.hazard.aggregate.checklists import Checklist, Checklists
from services.hazard.aggregate.refusals import RuleBroken


def check_answers(command: RecordInspection, known: Checklists) -> None:
    """Every list and item exists; 无 is not said beside an answer that is a problem."""
    for filled in command.checklists:
        checklist = known.find(filled.checklist, filled.version)
        if checklist is None:
            there = "；".join(f"{one.id} {one.version}（{one.title}）" for one in known.lists.values()) or "无"
            reason = f"没有这份检查表或版本，现有：{there}"
            raise RuleBroken(reason, code="unknown_checklist", field="checklists")
        if strange := [answer.item for answer in filled.answers if answer.item not in checklist.items]:
            items = "、".join(map(str, checklist.items))
            reason = f"检查表“{checklist.title}”没有第{strange[0]}项，只有：{items}"
            raise RuleBroken(reason, code="unknown_item", field="checklists")
    if command.none_found and (wrong := [answer for _, answer in _problems(command, known)]):
        items = "、".join(f"第{answer.item}项" for answer in wrong)
        reason = f"检查表{items}答的是有问题，与“无”矛盾：an answer is a finding"
        raise RuleBroken(reason, code="none_found", field="none_found")


def offers(command: RecordInspection, known: Checklists) -> tuple[Offer, ...]:
    """The problems that their list offers to open as a hazard, in the order of the answers."""
    return tuple(
        Offer(
            checklist=checklist.id,
            item=answer.item,
            version=checklist.version,
            text=item.text,
            grade=item.offers.grade,
            category=item.offers.category,
            clause=item.offers.clause,
        )
        for checklist, answer in _problems(command, known)
        if (item := checklist.items[answer.item]).offers
    )


def _problems(command: RecordInspection, known: Checklists) -> Iterator[tuple[Checklist, ChecklistAnswer]]:
    for filled in command.checklists:
        checklist = known.find(filled.checklist, filled.version)
        if checklist is not None:
            yield from ((checklist, answer) for answer in _findings(filled, checklist))


def _findings(filled: FilledChecklist, checklist: Checklist) -> Iterator[ChecklistAnswer]:
    return (answer for answer in filled.answers if answer.answer is checklist.finding)
