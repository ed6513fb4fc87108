"""越级报告 (安全生产法 art. 46): what the safety manager reports past the head, and the receipt for it.

The head reads neither, so ledgers that heads read are silent about both.
"""

from contracts import events
from contracts.events import Event
from services.projection.entries import Entry
from services.projection.pages import Page


def past_the_head(event: Event, entry: Entry, page: Page) -> bool:
    """Whether it is one of the two. To be asked of every event: reports that are the enterprise's own are remembered.

    A receipt whose report is not told may be for such a report, so it is taken for one.
    """
    if isinstance(event, events.ReportedToRegulator):
        if not event.bypass:
            page.row(entry, shown=False).state.setdefault("own_reports", []).append(event.report)
        return event.bypass
    if isinstance(event, events.ReportAcknowledged):
        head = page.rows.get(page.key)
        return head is None or event.report not in head.state.get("own_reports", ())
    return False
