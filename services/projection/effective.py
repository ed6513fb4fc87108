"""When an event counts: when it happened, by the actor's account; a correction counts when that does which it corrects.

A correction of a correction follows on. The rule is that of design.md section 5.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from contracts.events import HazardCorrected, InspectionCorrected
from services.projection.entries import Entry

CORRECTIONS: Final = frozenset({HazardCorrected.type, InspectionCorrected.type})
MOST: Final = 100_000
"""Versions of one aggregate; a header that says more is no version of ours."""
_OCCURRED: Final = re.compile(rb'"occurred_at":"([^"\\]{1,64})"')
"""Nothing within an event has a field of that name, and a text cannot hold its quotation marks."""
_RECORDED: Final = re.compile(rb'"recorded_at":"([^"\\]{1,64})"')


def occurred(body: bytes) -> datetime | None:
    """As the stored event says, without reading the rest of it; None where it does not."""
    return _moment(_OCCURRED, body)


def recorded(body: bytes) -> datetime | None:
    """As `occurred`: when this system stored it, by its clock."""
    return _moment(_RECORDED, body)


def corrects(entry: Entry) -> int | None:
    """The version that it corrects; None for what is no correction. Raises UnapplicableError."""
    event = entry.event if entry.type in CORRECTIONS else None
    return event.corrects if isinstance(event, HazardCorrected | InspectionCorrected) else None


class Effective:
    """Which events count at a cut-off. It is shown every event in order, and remembers those that come too late.

    One bit for each of them, by aggregate: what a correction corrects is then known without looking back.
    """

    def __init__(self, cutoff: datetime) -> None:
        self._cutoff = cutoff
        self._late: dict[str, int] = {}

    def of(self, entries: Sequence[Entry]) -> Callable[[Entry], bool]:
        """Shown the next events: which of them count."""
        late = {entry.sequence for entry in entries if self._is_late(entry)}
        return lambda entry: entry.sequence not in late

    def _is_late(self, entry: Entry) -> bool:
        """What cannot be read counts: entering it says what is wrong with it."""
        corrected = corrects(entry)
        if corrected is not None and corrected < entry.version:
            late = bool(self._late.get(entry.aggregate, 0) >> corrected & 1)
        else:
            happened = occurred(entry.body)
            late = happened is not None and happened > self._cutoff
        if late and entry.version < MOST:
            self._late[entry.aggregate] = self._late.get(entry.aggregate, 0) | 1 << entry.version
        return late


def _moment(field: re.Pattern[bytes], body: bytes) -> datetime | None:
    found = field.search(body)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1].decode())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
