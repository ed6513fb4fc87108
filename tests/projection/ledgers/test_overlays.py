"""What holds of every ledger whose lines are overlays of a hazard, or hidden until there is a reason."""

from itertools import combinations

import pytest

from contracts import commands as do
from services.projection.ledger import Ledger
from services.projection.ledgers import dual_reports, extensions, listings, verifications
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.ledgers.lines import entered, lines, told
from tests.scenario import by

LEDGERS = [module.LEDGER for module in (dual_reports, extensions, listings, verifications)]
COUNTY = "listing-5"
LONG = (
    *(*d.MAJOR_ORDERED, d.proposed, d.county_listed.but(proposal="proposal-4")),
    *(d.city_listed, s.filed.but(listing=COUNTY), s.published.but(listing=COUNTY), s.recalled),
    *(d.asked_for_time.but(until=p.day(35)), d.granted, d.shared_with_tenant, s.corrected.but(actor=p.officer)),
    *(d.planned_major, d.submitted_major, d.asked_to_delist.but(listing=COUNTY), s.delisting_refused),
    *(d.failed, d.submitted_major, d.passed, d.told_regulator, s.acknowledged, d.told_workers),
    *(d.delisted.but(listing=COUNTY), s.renamed, s.look_back),
)
each_ledger = pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.name)


@each_ledger
def test_a_history_with_holes_is_entered(ledger: Ledger) -> None:
    """As of a cut-off, events before others are left out: rules never fail, and every cell still has its event."""
    history = told(LONG)
    assert entered(ledger, history).shown()
    for without in [*combinations(range(len(history)), 1), *combinations(range(len(history)), 2)]:
        entered(ledger, history, without=without)
    for first in range(len(history)):
        entered(ledger, history, without=range(first))


@each_ledger
def test_a_hazard_without_overlays_has_no_line(ledger: Ledger) -> None:
    """Its description is kept for the day when it has one."""
    assert lines(ledger, d.GENERAL_SUBMITTED) == []


@each_ledger
def test_lines_follow_what_is_corrected(ledger: Ledger) -> None:
    """The place as it is now, by the event that said so."""
    mended = by(p.officer, do.CorrectHazard, corrects=1, reasons="地点写错", place="打磨二间")
    history = told(LONG, mended)
    rows = entered(ledger, history).shown()
    assert {(row.get("place"), row.cells["place"]) for row in rows} == {("打磨二间", len(history))}
