"""Whose rows a report counts: an area with all below it, or one enterprise; and what there is, where there is none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.sql import Select

from services.projection.asking import Condition, QuestionError
from services.projection.ledger import Ledger
from services.projection.ledgers import hazards, inspections
from services.projection.pages import Row
from services.projection.queries import View
from services.projection.reports.asked import LEVELS
from services.projection.reports.question import Question, is_token
from services.projection.reports.tables import Tables

LEDGERS: Final = (hazards.LEDGER, inspections.LEDGER)
"""Where areas and enterprises are looked for."""
MOST: Final = 20
"""That a sentence lists."""
TOWNSHIP: Final = 9
"""Digits of the areas that it lists."""
_END: Final = ":"
"""Sorts behind every digit."""


def nearby(view: View, asked: Question) -> Iterator[Row]:
    """Those of the area; of an enterprise all, for lines that do not say whose hazard theirs is."""
    area = view.ledger.by_key["area"]
    return view.rows([Condition(area, ">=", asked.area), Condition(area, "<", asked.area + _END)] if asked.area else [])


def rows(view: View, asked: Question) -> Iterator[Row]:
    """Those of the area, or of the enterprise."""
    return (row for row in nearby(view, asked) if not asked.enterprise or party(row) == asked.enterprise)


def party(row: Row) -> str | None:
    """The id of the responsible party, or of the one visited."""
    held = row.state.get("party")
    found: str | None = held.get("id") if isinstance(held, dict) else held
    return found


def concerns(asked: Question, aggregate: str) -> bool:
    """Whether a hazard or visit was born there."""
    return aggregate.partition("-")[0].startswith(asked.area)


def check_area(tables: Tables, asked: Question, names: Mapping[str, str]) -> None:
    """Raises QuestionError for an area of which nothing is recorded, and which nobody named; the nearest come first."""
    if any(_has(tables, ledger, asked.area) for ledger in LEDGERS):
        return
    if any(named.startswith(asked.area) for named in names):
        return
    known = {area for ledger in LEDGERS for area in areas(tables, ledger, digits=TOWNSHIP)} | names.keys()
    there = sorted(known, key=lambda area: (-_shared(area, asked.area), area))
    listed = "、".join(f"{area} {names[area]}" if area in names else area for area in there[:MOST])
    more = f" 等 {len(there)} 个" if len(there) > MOST else ""
    reason = f"区划 {asked.area} 没有记录，有的是：{listed or '（还没有任何记录）'}{more}。There is no such area."
    raise QuestionError(reason)


def _shared(area: str, other: str) -> int:
    """Of how many levels they are the same."""
    return sum(area[:digits] == other[:digits] for digits in LEVELS)


def areas(tables: Tables, ledger: Ledger, *, digits: int, within: str = "") -> set[str]:
    """Cut to so many digits; shorter ones stand for themselves."""
    cell = tables[ledger].shelf.rows.c.c_area
    found = tables.connection.execute(select(cell).distinct().where(*_within(cell, within)))
    return {area[:digits] for (area,) in found if area is not None}


def named(tables: Tables, said: str, ledgers: Sequence[Ledger]) -> str | None:
    """Id of the enterprise of that id, name or 统一社会信用代码; raises QuestionError where several are called so."""
    found = {one for ledger in LEDGERS if ledger in ledgers for one in _ids(tables, ledger, said)}
    if len(found) > 1:
        reason = f"“{said[:60]}”不止一家，请用编号指明：{'、'.join(sorted(found)[:MOST])}。Several have that name."
        raise QuestionError(reason)
    return found.pop() if found else None


def enterprise(tables: Tables, said: str) -> str:
    """As `named`; raises QuestionError with those that there are."""
    if (found := named(tables, said, LEDGERS)) is not None:
        return found
    there = dict(sorted({one for ledger in LEDGERS for one in _known(tables, ledger)}))
    listed = "、".join(f"{name}（{one}）" for one, name in list(there.items())[:MOST])
    more = f" 等 {len(there)} 家" if len(there) > MOST else ""
    reason = f"没有“{said[:60]}”这家企业的记录，有的是：{listed or '（还没有）'}{more}。There is no such enterprise."
    raise QuestionError(reason)


def _has(tables: Tables, ledger: Ledger, area: str) -> bool:
    cell = tables[ledger].shelf.rows.c.c_area
    return tables.connection.execute(select(cell).where(*_within(cell, area)).limit(1)).first() is not None


def _within(cell: ColumnElement[Any], area: str) -> list[ColumnElement[bool]]:
    """Codes are digits: they need no escape, and no order of a language changes what they begin with."""
    return [cell.startswith(area)] if area else []


def _ids(tables: Tables, ledger: Ledger, said: str) -> Iterator[str]:
    """Ids of the parties that are called so."""
    table = tables[ledger].shelf.rows.c
    named = [table.c_party == said, table.c_credit_code == said]
    if is_token(said):
        named += [table.state.contains(f'"party":"{said}"', autoescape=True)]
        named += [table.state.contains(f'"party":{{"id":"{said}"', autoescape=True)]
    for row in _found(tables, ledger, select(*tables[ledger].shelf.rows.c).where(or_(*named))):
        if (one := party(row)) is not None and said in {one, row.get("party"), row.get("credit_code")}:
            yield one


def _known(tables: Tables, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Some parties with their names."""
    table = tables[ledger].shelf.rows
    question = select(*table.c).where(table.c.c_party.is_not(None)).order_by(table.c.born).limit(100 * MOST)
    for row in _found(tables, ledger, question):
        if (one := party(row)) is not None:
            yield one, row.get("party")


def _found(tables: Tables, ledger: Ledger, question: Select[Any]) -> Iterator[Row]:
    shelf = tables[ledger].shelf
    return (shelf.row(record) for record in tables.connection.execute(question))
