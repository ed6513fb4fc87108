"""补录台账: how much later than it happened each unit records each act. A page for a unit, a line for each of its acts.

Late is what is recorded more than a day after it happened. 历史补录, facts older than the system, stand apart. What
goes past the head (bypassing.py) counts nowhere: heads read this ledger.
"""

from datetime import timedelta
from functools import cache
from typing import Final

from contracts import words
from contracts.events import Event
from contracts.parties import Actor
from contracts.terms import Role
from services.projection.entries import Entry
from services.projection.facets import bypassing, walking
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Book, Page

LATE: Final = timedelta(days=1)
BUCKETS: Final = (
    ("at_once", timedelta(hours=1)),
    ("within_day", timedelta(days=1)),
    ("within_3_days", timedelta(days=3)),
    ("within_7_days", timedelta(days=7)),
    ("within_30_days", timedelta(days=30)),
    ("later", timedelta.max),
)
"""Each up to and including its limit, and past the one before."""
COLUMNS: Final = (
    Column("unit", "记录单位", bodies=True),
    Column("act", "事项"),
    Column("total", "记录（件）", Kind.COUNT),
    Column("at_once", "即时（1小时内）", Kind.COUNT),
    Column("within_day", "24小时内", Kind.COUNT),
    Column("within_3_days", "3天内", Kind.COUNT),
    Column("within_7_days", "7天内", Kind.COUNT),
    Column("within_30_days", "30天内", Kind.COUNT),
    Column("later", "超过30天", Kind.COUNT),
    Column("late_share", "超过24小时占比"),
    Column("longest", "最长延迟（天）", Kind.NUMBER),
    Column("historical", "历史补录（件）", Kind.COUNT),
)
MACHINE: Final = "system"


def enter(event: Event, entry: Entry, page: Page) -> None:
    """One more event of its unit and kind, in its bucket."""
    if bypassing.past_the_head(event, entry, page):
        return
    for key, name in _names(event):
        _call(page.book, key, name, entry)
    unit = page.book.page(_unit(event.actor))
    row = unit.row(entry, entry.type)
    if not row.cells:
        row.set(entry, unit=_called(unit, event.actor), act=_act(type(event)))
    member = f"event:{entry.sequence}"
    if event.historical is not None:
        unit.count_in(entry, row, "historical", member)
        return
    delay = event.recorded_at - event.occurred_at
    for column in ("total", next(name for name, limit in BUCKETS if delay <= limit)):
        unit.count_in(entry, row, column, member)
    row.state["late"] = late = row.state.get("late", 0) + (delay > LATE)
    row.set(entry, late_share=f"{late / row.get('total'):.1%}")
    if row.get("longest") is None or delay.days > row.get("longest"):
        row.set(entry, longest=max(0, delay.days))


def pages(entry: Entry) -> list[str]:
    """The unit's, and those of the units that it names."""
    event = entry.event
    return [entry.aggregate, _unit(event.actor), *(key for key, _ in _names(event))]


def _unit(actor: Actor) -> str:
    """Of the body, else of the enterprise, else whoever acts for that area."""
    if actor.body is not None:
        return f"body:{actor.body}"
    if actor.enterprise is not None:
        return f"party:{actor.enterprise}"
    return MACHINE if Role.NOTIFIER in actor.roles else f"area:{actor.area or ''}"


def _called(unit: Page, actor: Actor) -> str:
    head = unit.rows.get(unit.key)
    if head is not None:
        name: str = head.state["name"]
        return name
    if unit.key == MACHINE:
        return actor.name
    kind, _, known = unit.key.partition(":")
    return (f"{known}（区划）" if known else "未注明单位") if kind == "area" else known


def _names(event: Event) -> list[tuple[str, str]]:
    bodies = [(f"body:{body.id}", body.name) for body in walking.bodies(event) if body.id is not None]
    return bodies + [(f"party:{party.id}", party.name) for party in walking.parties(event)]


def _call(book: Book, key: str, name: str, entry: Entry) -> None:
    """From now on the unit is called so, in all its lines."""
    unit = book.page(key)
    if (head := unit.rows.get(key)) is not None and head.state["name"] == name:
        return
    unit.row(entry, shown=False).state["name"] = name
    for row in unit.others():
        row.set(entry, unit=name)


_act: Final = cache(words.act)

LEDGER: Final = Ledger(
    name="back_filling",
    title="补录台账",
    version=2,
    columns=COLUMNS,
    every=enter,
    kinds=frozenset({"hazard", "inspection"}),
    pages=pages,
)
