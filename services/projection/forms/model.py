"""What a report gives to be printed: figures and rows by key, and where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from services.projection.forms.template import FormId


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo 排查图片: its name, the SHA-256 that the events name it by, and its bytes where they are to be had."""

    name: str
    sha256: str
    data: bytes | None = field(default=None, repr=False)


Value = str | int | Decimal | date | datetime | Sequence[Picture] | None
"""What a cell says. A moment is printed by its own clock: give it in the site's zone."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by the key of their column."""

    cells: Mapping[str, Value]
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For a count: the ids that it counts."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a table has rows, form B has values."""

    name: str = ""
    """A village, a street, an enterprise; what the template calls it where nothing is said."""
    part: str = ""
    """Which sheet of the template; the first where nothing is said."""
    area: str | None = None
    heads: Mapping[str, str | date] = field(default_factory=dict)
    """What fills the line under the title: unit, village, date, filled_by, span, until."""
    rows: Sequence[Row] = ()
    values: Mapping[str, int | None] = field(default_factory=dict)
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each value: the ids that it counts."""
    totals: Mapping[str, Value] | None = None
    """Where 合计 is no plain sum; enterprises, say, that stand in two rows."""
    notes: Sequence[str] = ()
    """Below those of the template."""


@dataclass(frozen=True, slots=True)
class LateEntry:
    """An event of the period that was recorded after its report could have been made 追溯变更."""

    hazard: str
    sequence: int
    occurred_at: datetime
    recorded_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the figures come from 溯源: whoever asks the same again can compare."""

    query: str
    """In words."""
    scope: str
    """The area or the enterprise."""
    period: str
    """2023年6月, 2023年第二季度."""
    cutoff: datetime
    """The first moment that is not counted."""
    known_sequence: int
    """What was recorded after this event was not known."""
    known_at: datetime
    last_sequence: int
    """The last event of the store when it was asked."""
    ledgers: Mapping[str, int | str]
    """Versions by name."""
    produced_at: datetime
    produced_by: str
    counts: Mapping[str, int] = field(default_factory=dict)
    """What is told apart from the figures, in words: 灭失销号, 疑似重大待判定."""
    late: Sequence[LateEntry] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its sheets; without any it is printed blank."""

    id: FormId
    trace: Trace
    sheets: Sequence[Sheet] = ()
    title: str = ""
    """Another street's; the template's where nothing is said."""
