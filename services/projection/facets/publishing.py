"""A listing outside its case: filed with the level above, published, taken back 备案 · 公告 · 撤回公开."""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.terms import PublicationKind
from services.projection.entries import Entry
from services.projection.facets import bodies
from services.projection.ledger import Column, Kind
from services.projection.pages import Page

LISTED: Final = (
    Column("filed_with", "备案单位"),
    Column("filed_on", "备案日期", Kind.DAY),
    Column("published_on", "挂牌公告日期", Kind.DAY),
    Column("published_in", "挂牌公告媒体"),
    Column("publication_withdrawn", "撤回公开"),
)
DELISTED: Final = (
    Column("delisted_on", "摘牌公告日期", Kind.DAY),
    Column("delisted_in", "摘牌公告媒体"),
)


def filed(event: events.ListingFiled, entry: Entry, page: Page) -> None:
    """With the level above."""
    bodies.learn(entry, page, event.filed_with)
    if row := page.find(event.listing):
        day = event.filed_on.isoformat() if event.filed_on else entry.day(event.occurred_at)
        row.set(entry, filed_with=event.filed_with.name, filed_on=day)


def published(event: events.ListingPublished, entry: Entry, page: Page) -> None:
    """That it was listed, that it ended: the last notice of each."""
    row = page.find(event.listing)
    if row is None:
        return
    day = event.published_on.isoformat() if event.published_on else entry.day(event.occurred_at)
    where = f"{event.medium}（{event.link}）" if event.link else event.medium
    row.state.setdefault("publications", {})[event.publication] = f"{words.term(event.kind)}（{day}）"
    if event.kind is PublicationKind.LISTED:
        row.set(entry, published_on=day, published_in=where)
    else:
        row.set(entry, delisted_on=day, delisted_in=where)


def recalled(event: events.PublicationWithdrawn, entry: Entry, page: Page) -> None:
    """Which notice, when, where, why. That it was published stays."""
    for row in page.others():
        if (notice := row.state.get("publications", {}).get(event.publication)) is not None:
            said = f"{notice}已于{entry.day(event.occurred_at)}在{event.medium}撤回：{event.reasons}"
            earlier = row.get("publication_withdrawn")
            row.set(entry, publication_withdrawn=f"{earlier}\n{said}" if earlier else said)


RULES: Final[dict[type[Event], Any]] = {
    events.ListingFiled: filed,
    events.ListingPublished: published,
    events.PublicationWithdrawn: recalled,
}
"""For rows whose suffix is the listing's id."""
