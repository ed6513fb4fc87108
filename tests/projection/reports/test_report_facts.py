"""What a form counts by folding is what form B sums up: made-up lives, with late entries, whose totals are known."""

from datetime import date

import pytest

from services.projection.ledgers import hazards, listings
from services.projection.moments import last_instant
from services.projection.reports import counting
from services.projection.reports.facts import Outcome, fact
from tests.lives import Counts, Totals, generate
from tests.projection.folding import SITE, fold
from tests.projection.lives_props import FIRST, effective

TOTALS = Totals()
TOLD = list(generate(23, 250, counties=2, first_day=FIRST, days=120, totals=TOTALS))


@pytest.mark.parametrize("cutoff", [date(2024, 4, 10), date(2024, 5, 31), date(2024, 6, 28)])
@pytest.mark.parametrize("known", ["then", "now"])
def test_folded_hazards_count_as_form_b_does(cutoff: date, known: str) -> None:
    """Self and other, found and rectified, listed, ceased; as known then and as known now."""
    position = TOTALS.position(cutoff) if known == "then" else TOTALS.told
    instant = last_instant(cutoff, SITE)
    counted = zip(TOLD[:position], effective(TOLD)[:position], strict=True)
    history = [(each.aggregate_id, each.event) for each, when in counted if when <= instant]
    listed = {row.page for row in fold(listings.LEDGER, history).shown()}
    rows = [row for row in fold(hazards.LEDGER, history).shown() if row.get("found_at") is not None]
    found = [one for one in counting.standing(map(fact, rows)) if counting.is_major(one)]
    assert TOTALS.count(cutoff, known=position) == Counts(
        major_self_found=sum(one.own for one in found),
        major_self_fixed=sum(one.own and one.fixed for one in found),
        major_other_found=sum(not one.own for one in found),
        major_other_fixed=sum(not one.own and one.fixed for one in found),
        listed=sum(one.id in listed for one in found),
        listed_fixed=sum(one.id in listed and one.fixed for one in found),
        ceased=sum(one.outcome is Outcome.CEASED for one in found),
    )
    assert len(found) > 10
