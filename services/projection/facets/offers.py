"""What a visit's checklists offered to open as a hazard, and what became of each.

They keep the columns `offers`, `offers_open`, `opened` and `declined`.
"""

from typing import Any, Final

from contracts import events
from services.projection.entries import Entry
from services.projection.pages import Page, Row

WAITING: Final = "待立项"
OPENED: Final = "已立项"


def begin(event: events.InspectionRecorded, entry: Entry, row: Row) -> None:
    """All of them wait."""
    if event.offers:
        row.state["offers"] = [
            {"checklist": one.checklist, "item": one.item, "text": one.text, "opened": [], "answer": WAITING}
            for one in event.offers
        ]
        _tell_offers(entry, row)


def opened(entry: Entry, page: Page, own: Row, row: Row) -> None:
    """By the hazard of that page, whose own row says which item it answers."""
    if own.state["offer"]:
        page.count_in(entry, row, "opened", page.key)
    for offer in _offers(own, row):
        offer["opened"].append(page.key)
        _settle(offer, entry, page, row)


def left(entry: Entry, page: Page, own: Row, row: Row) -> None:
    """That hazard was merged or withdrawn."""
    if own.state["offer"]:
        page.count_out(entry, row, "opened", page.key)
    for offer in _offers(own, row):
        offer["opened"].remove(page.key)
        _settle(offer, entry, page, row)


def declined(event: events.OfferDeclined, entry: Entry, page: Page) -> None:
    """不立项, with the reasons; but where a hazard was opened meanwhile, it is that that counts."""
    if (row := page.find()) is None:
        return
    for offer in row.state.get("offers", ()):
        if (offer["checklist"], offer["item"]) == (event.checklist, event.item):
            offer.update(declined=f"event:{entry.sequence}", reasons=event.reasons, counted=False)
            _settle(offer, entry, page, row)


def _offers(own: Row, row: Row) -> list[dict[str, Any]]:
    """That which the hazard answers."""
    offers = row.state.get("offers", ())
    return [one for one in offers if [one["checklist"], one["item"]] == own.state["offer"]]


def _settle(offer: dict[str, Any], entry: Entry, page: Page, row: Row) -> None:
    """已立项 while a hazard answers it, whatever was said before or since; else 不立项 with the reasons, if it was."""
    declined = offer.get("declined")
    if declined is not None and offer["counted"] is bool(offer["opened"]):
        offer["counted"] = not offer["opened"]
        (page.count_in if offer["counted"] else page.count_out)(entry, row, "declined", declined)
    if offer["opened"] or declined is None:
        offer["answer"] = OPENED
    else:
        offer["answer"] = f"不立项：{offer['reasons']}"
    _tell_offers(entry, row)


def _tell_offers(entry: Entry, row: Row) -> None:
    offers: list[dict[str, Any]] = row.state.get("offers", [])
    told = "；".join(f"第{one['item']}项 {one['text']}（{one['answer']}）" for one in offers)
    row.set(entry, offers=told or None, offers_open=sum(one["answer"] == WAITING for one in offers))
