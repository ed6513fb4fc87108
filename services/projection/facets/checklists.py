"""What ledgers know of the checklists 检查表 that ship with the service: a test keeps it equal to their files.

Of any other list an answer is known to be a problem only where the visit's record offers to open it as a hazard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from contracts.acts.checklists import FilledChecklist, Offer
from contracts.terms import Answer

SPOT_CHECK: Final = "spot-check"


@dataclass(frozen=True, slots=True)
class Known:
    """One version of one list."""

    title: str
    finding: Answer
    """The answer that says that something is wrong."""
    keys: Mapping[int, str] = field(default_factory=dict)
    """Items that a report counts, by number."""


KNOWN: Final = {
    ("basic-management", "2024"): Known("安全生产重点检查建议清单（基础管理方面）", Answer.NO),
    (SPOT_CHECK, "2023"): Known(
        "对企业自查自改进行抽查检查情况",
        Answer.YES,
        {
            2: "head_not_studied",
            3: "head_not_led",
            4: "no_duty_list",
            5: "no_safety_staff",
            6: "unlicensed_special_work",
            7: "contractor_chaos",
            8: "no_drill",
        },
    ),
}
"""By id and version. The keys are those of form B, items 2 to 8 of its second part."""


def problems(filled: FilledChecklist, offers: Iterable[Offer]) -> list[int]:
    """The items that were answered as a problem."""
    known = KNOWN.get((filled.checklist, filled.version))
    if known is not None:
        return [answer.item for answer in filled.answers if answer.answer == known.finding]
    return [offer.item for offer in offers if offer.checklist == filled.checklist]


def keys(filled: FilledChecklist, offers: Iterable[Offer]) -> list[str]:
    """What a report counts of it."""
    known = KNOWN.get((filled.checklist, filled.version))
    counted = known.keys if known is not None else {}
    return [counted[item] for item in problems(filled, offers) if item in counted]


def told(filled: FilledChecklist, offers: Iterable[Offer]) -> str:
    """安全生产重点检查建议清单（2024版）：答10项，有问题2项."""
    known = KNOWN.get((filled.checklist, filled.version))
    title = known.title if known is not None else filled.checklist
    wrong = len(problems(filled, offers))
    return f"{title}（{filled.version}版）：答{len(filled.answers)}项，有问题{wrong}项"
