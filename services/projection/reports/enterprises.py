"""家数 counts enterprises and sole traders: bodies of the state, villages and households are told apart on 溯源."""

from collections.abc import Iterable, Mapping
from typing import Final

from contracts import words
from contracts.terms import PartyKind
from services.projection.asking import Condition
from services.projection.facets import party_names
from services.projection.ledgers import parties
from services.projection.reports.tables import Tables

COUNTED: Final = (PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER)
OTHERS: Final = tuple(words.term(kind) for kind in PartyKind if kind not in COUNTED)
APART: Final = "不是企业，不计家数：{}（家）"


def others(tables: Tables) -> dict[str, str]:
    """Ids of the parties that are none, with what they are instead, in the words of 责任单位台账."""
    view = tables[parties.LEDGER]
    kind = view.ledger.by_key["kind"]
    return {
        row.key.removeprefix(party_names.PAGES): other
        for other in OTHERS
        for row in view.rows([Condition(kind, "=", other)])
    }


def apart(ids: Iterable[str], known: Mapping[str, str]) -> dict[str, int]:
    """How many of these are of each other kind; nothing where all are enterprises."""
    found = [known[one] for one in set(ids) if one in known]
    return {APART.format(other): count for other in OTHERS if (count := found.count(other))}
