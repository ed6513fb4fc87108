"""Checklists as a visit fills them in, and what a filled one offers: data with versions, never code."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contracts.base import Contract, EvidenceRef, Name, Text, Token
from contracts.terms import Answer, Grade

ItemNumber = Annotated[int, Field(ge=1, le=999)]
"""As printed before the item."""


class ChecklistItem(Contract):
    """Which item of which list 检查项: within a visit the list's version is the one that was filled in."""

    checklist: Token
    item: ItemNumber


class Clause(Contract):
    """A place in a standard 条款: which edition, article, item."""

    standard: Name
    version: Name | None = None
    article: ItemNumber | None = None
    item: ItemNumber | None = None


class ChecklistAnswer(Contract):
    """One line of the list as it was ticked."""

    item: ItemNumber
    answer: Answer
    remarks: Text | None = None
    photos: Annotated[tuple[EvidenceRef, ...], Field(max_length=5)] = ()


def _each_item_once(answers: tuple[ChecklistAnswer, ...]) -> tuple[ChecklistAnswer, ...]:
    numbers = [answer.item for answer in answers]
    if len(set(numbers)) != len(numbers):
        raise PydanticCustomError("item_twice", "同一检查项只能答一次：answer each item once")
    return answers


class FilledChecklist(Contract):
    """检查表: items left out were not asked."""

    checklist: Token
    version: Name
    answers: Annotated[
        tuple[ChecklistAnswer, ...], Field(min_length=1, max_length=300), AfterValidator(_each_item_once)
    ]


class Offer(ChecklistItem):
    """What an answer offers to open as a hazard; a person opens it or says why not."""

    version: Name
    text: Text
    """The item, as printed."""
    grade: Grade
    """General or suspected major: nobody is graded major by a tick."""
    category: Name | None = None
    clause: Clause | None = None


class OfferRefusal(ChecklistItem):
    """不立项: why an offer is no hazard."""

    reasons: Text
