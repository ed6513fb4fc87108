"""What authorities did about hazards within a period, as form D counts it.

What the machine only proposes 提请 is no act, whether somebody declined it, took it up or has not answered yet: who
takes it up does something of his own, with a line of its own (policy.md section 7).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts import words
from contracts.terms import SuspensionKind
from services.projection.facets import proposals
from services.projection.ledgers import measures, transfers
from services.projection.pages import Row as Line
from services.projection.queries import View
from services.projection.reports import scope
from services.projection.reports.asked import Asked
from services.projection.reports.facts import Fact
from services.projection.reports.tables import Tables

PROPOSED: Final = frozenset({proposals.OPEN, proposals.TAKEN, proposals.DECLINED})
"""How a proposal stands: no act stands so."""
PENALTY: Final = words.term(SuspensionKind.PENALTY)
OTHER_STOPS: Final = frozenset(words.term(kind) for kind in SuspensionKind) - {PENALTY}
FINE, SUMMONS = "罚款", "约谈"
TRANSFER: Final = words.word("transfer")


@dataclass(frozen=True, slots=True)
class Acts:
    """By hazard: what was ordered, recorded or signed, and what was handed to another body."""

    measures: Sequence[Line]
    transfers: Sequence[Line]

    def of(self, found: Iterable[Fact]) -> "Acts":
        """Those about these hazards."""
        ids = {fact.id for fact in found}
        return Acts(
            [line for line in self.measures if line.page in ids], [line for line in self.transfers if line.page in ids]
        )

    @property
    def suspended(self) -> set[str]:
        """责令停产停业整顿, the penalty alone: stopped on site, or by another body, is told apart."""
        return self._about(lambda kind: kind == PENALTY)

    @property
    def stopped_otherwise(self) -> set[str]:
        """责令暂时停产停业, and what other bodies stopped."""
        return self._about(lambda kind: kind in OTHER_STOPS)

    @property
    def summoned(self) -> set[str]:
        """约谈."""
        return self._about(lambda kind: SUMMONS in kind)

    @property
    def transferred(self) -> list[str]:
        """移送, not sent back: each hazard once to each receiver, however often it was sent."""
        kept = [line for line in self.transfers if line.get("kind") == TRANSFER]
        kept = [line for line in kept if line.get("outcome") != transfers.SENT_BACK]
        return sorted({(line.page, line.get("to_body")): line.key for line in kept}.values())

    @property
    def fines(self) -> Decimal:
        """Yuan."""
        fined = [line.get("amount") or 0 for line in self.measures if FINE in (line.get("kind") or "")]
        return Decimal(sum(fined)).scaleb(-2)

    def _about(self, is_such: Callable[[str], bool]) -> set[str]:
        """The hazards."""
        return {line.page for line in self.measures if is_such(line.get("kind") or "")}


def acts(tables: Tables, asked: Asked) -> Acts:
    """Done in the period, and not undone since."""
    taken = _within(tables[measures.LEDGER], asked, "taken_at")
    return Acts(
        [line for line in taken if line.get("standing") not in PROPOSED],
        _within(tables[transfers.LEDGER], asked, "sent_at"),
    )


def _within(view: View, asked: Asked, time: str) -> list[Line]:
    since = asked.since.isoformat(timespec="seconds") if asked.since else ""
    return [
        line
        for line in scope.nearby(view, asked.question)
        if (line.get(time) or "") >= since and line.get("revoked_at") is None
    ]
