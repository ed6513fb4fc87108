"""How long a page of a hundred lines takes, anywhere in a ledger that is large already."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random
from statistics import median
from typing import Final
from uuid import UUID

from sqlalchemy import select

from benchmarks.ledgers import HAZARDS, Bench, begun, timed
from benchmarks.measure import AREA, sure
from contracts import subjects
from services.projection import positions
from services.projection.database import Database
from services.projection.pages import Book, Row
from services.projection.queries import opened
from services.projection.volume import Volume
from tests.lives import Told, benchmark_lives
from tests.projection.folding import fold

LINES: Final = 100
"""Of a page."""
TOGETHER: Final = 4_000
GOLDEN: Final = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""Its multiples lie scattered."""


async def paging(bench: Bench) -> None:
    """Through the product's own query, from any place on: past a row's key, or by the page's number."""
    rows, template = bench.sized(1_000_000, 50_000), _template()
    rng = Random(7)  # noqa: S311 (places, no secrets)
    firsts = [rng.randrange(1, rows // LINES) * LINES + 1 for _ in range(bench.sized(200, 100))]
    with bench.databases() as databases:
        for name, database in databases.items():
            volume = begun(database, HAZARDS)
            await asyncio.to_thread(_lay_out, database, volume, template, rows)
            bench.table.head(f"A page of {LINES} lines anywhere among {rows:,}, {name}")
            raw = [timed(partial(_by_primary_key, database, volume, first)) for first in firsts]
            bench.table.tell("raw limit: the same rows by primary key", _most(raw)[0])
            for told, asked in (
                ("past a row's key", lambda first: {"after": _key(first - 1)}),
                ("by the page's number", lambda first: {"page": first // LINES + 1}),
            ):
                taken = [timed(partial(_page, database, first, **asked(first))) for first in firsts]
                figure, most = _most(taken)
                bench.table.tell(told, figure, "< 50 ms", met=most < 50)


def _most(taken: Sequence[tuple[float, object]]) -> tuple[str, float]:
    """The figure, and the longest."""
    each = [milliseconds for milliseconds, _ in taken]
    return f"{median(each):.1f} ms (max {max(each):.1f})", max(each)


def _template() -> Row:
    """A line with most of its cells filled: of the longest of some lives."""
    lives = defaultdict[str, list[Told]](list)
    for told in benchmark_lives(200):
        lives[told.aggregate_id].append(told)
    longest = max(lives.values(), key=len)
    [row] = fold(HAZARDS, [(told.aggregate_id, told.event) for told in longest]).values()
    return row


def _lay_out(database: Database, volume: Volume, template: Row, rows: int) -> None:
    """As many copies, each under its own key, which come in no order."""
    for start in range(1, rows + 1, TOGETHER):
        book = Book(lambda _: {}, 0)
        for number in range(start, min(start + TOGETHER, rows + 1)):
            key, cells = _key(number), dict.fromkeys(template.cells, number)
            book.changed[key] = replace(template, key=key, page=key, born=number, sequence=number, cells=cells)
        with database.writing() as connection:
            volume.shelf.save(connection, book)
    with database.writing() as connection:
        positions.switch(connection, replace(volume.position, sequence=rows))


def _key(number: int) -> str:
    return subjects.aggregate_id(AREA, UUID(int=number * GOLDEN % 2**128))


def _page(database: Database, first: int, *, after: str | None = None, page: int = 1) -> None:
    with opened(database, HAZARDS) as view:
        lines = list(view.rows(after=after, limit=LINES, page=page))
    sure([line.born for line in lines] == list(range(first, first + LINES)), f"not the page from {first} on")


def _by_primary_key(database: Database, volume: Volume, first: int) -> None:
    table, keys = volume.shelf.rows, [_key(number) for number in range(first, first + LINES)]
    with database.reading() as connection:
        found = connection.execute(select(*table.c).where(table.c.key.in_(keys))).all()
    sure(len(found) == LINES, found)
