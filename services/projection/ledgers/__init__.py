"""The ledgers 台账, a file each. A new one is a file here and a line in `LEDGERS`."""

from typing import Final

from services.projection.ledger import Ledger
from services.projection.ledgers import (
    accountability,
    back_filling,
    ceased,
    dual_reports,
    expert_advice,
    extensions,
    hazards,
    inspections,
    listings,
    majors,
    measures,
    parties,
    problems,
    recurrences,
    self_checks,
    transfers,
    verifications,
)

LEDGERS: Final[tuple[Ledger, ...]] = (
    hazards.LEDGER,
    majors.LEDGER,
    self_checks.LEDGER,
    expert_advice.LEDGER,
    problems.LEDGER,
    listings.LEDGER,
    dual_reports.LEDGER,
    extensions.LEDGER,
    verifications.LEDGER,
    transfers.LEDGER,
    measures.LEDGER,
    inspections.LEDGER,
    recurrences.LEDGER,
    accountability.LEDGER,
    back_filling.LEDGER,
    parties.LEDGER,
    ceased.LEDGER,
)
"""In the order in which people look for them."""
BY_NAME: Final = {ledger.name: ledger for ledger in LEDGERS}
