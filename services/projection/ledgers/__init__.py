"""The ledgers 台账, a file each. A new one is a file here and a line in `LEDGERS`."""

from typing import Final

from services.projection.ledger import Ledger
from services.projection.ledgers import dual_reports, extensions, hazards, listings, majors, verifications

LEDGERS: Final[tuple[Ledger, ...]] = (
    hazards.LEDGER,
    majors.LEDGER,
    listings.LEDGER,
    dual_reports.LEDGER,
    extensions.LEDGER,
    verifications.LEDGER,
)
"""In the order in which people look for them."""
BY_NAME: Final = {ledger.name: ledger for ledger in LEDGERS}
