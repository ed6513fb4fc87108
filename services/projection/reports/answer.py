"""What a form's file gives: its sheets, what 溯源 tells apart from the figures, and which late events concern it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.projection.forms.model import Sheet
from services.projection.knowing import Late

CEASED: Final = "灭失销号（项）"
SUSPECTED: Final = "疑似重大·待判定（项）"
SUBMITTED: Final = "已报完成·待复查，不计入已整改（项）"
"""Words of 溯源."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Figures and rows; the rest of the form is the same for all of them."""

    sheets: Sequence[Sheet]
    counts: dict[str, int] = field(default_factory=dict)
    concerned: Callable[[Late], bool] = lambda _: True
    """Whether a late event of the area or the enterprise makes a difference."""
