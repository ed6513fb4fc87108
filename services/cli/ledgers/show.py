"""`bihuan ledger show`: lines of a ledger, now or as of a moment; for people, for programs, on paper."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from services.cli.ledgers import answering, table
from services.cli.ledgers.desk import Desk, desk, find
from services.cli.ledgers.late import NAMED, changes
from services.cli.ledgers.options import Lines, Name, Past
from services.cli.ledgers.past import State, state
from services.cli.outcome import Exit
from services.cli.session import Here, Session
from services.projection.ledger import Ledger
from services.projection.queries import View, opened

NO_LINES = Lines()
PRESENT = Past()


async def show(
    name: Name,
    /,
    *,
    lines: Lines = NO_LINES,
    past: Past = PRESENT,
    xlsx: Annotated[Path | None, Parameter(help="写成 Excel 文件 Write an .xlsx file.")] = None,
    session: Here,
) -> Exit:
    """查看台账，可按条件、按截止时间、按当时所知 Show a ledger, also as of a moment, as known then or now."""
    async with desk(session) as place:
        lines.check(whole=xlsx is not None)
        ledger = find(name)
        lines.conditions(ledger, place.settings.zone)
        async with state(place, ledger, past) as now:
            found = await _with_late(place, ledger, now)
            if xlsx is not None:
                await asyncio.to_thread(answering.on_paper, place, ledger, found, lines, xlsx)
            elif session.json:
                await asyncio.to_thread(answering.to_program, place, ledger, found, lines)
            else:
                await asyncio.to_thread(_people, session, ledger, found, lines)
    return Exit.DONE


async def _with_late(place: Desk, ledger: Ledger, found: State) -> State:
    if found.asked is None or found.asked.cutoff is None:
        return found
    late = await changes(place.store, ledger, found.asked.cutoff, found.asked.sequence, found.zone)
    return replace(found, late=late)


def _people(session: Session, ledger: Ledger, found: State, lines: Lines) -> None:
    limit = lines.limit or table.LINES
    with opened(found.database, ledger) as view:
        where = lines.conditions(view.ledger, found.zone)
        total = view.count(where)
        rows = list(view.rows(where, after=lines.after, limit=limit, page=lines.page))
        chosen = lines.chosen(view.ledger)
        first = 1 + (lines.page - 1) * limit
        left = table.print_rows(chosen or view.ledger.columns, rows, found.names, first=first, fit=not chosen)
        on = len(rows) == limit and lines.page * limit < total
        more = f"；后面的行：--after {rows[-1].key}" if on else ""
        session.aside(_foot(view, found, f"共 {total} 行，显示 {len(rows)} 行{more}"))
    if left:
        session.aside(f"另有 {left} 列没有显示：用 --columns 选择，或 --json、--xlsx 看全部。There are more columns.")
    for line in found.late.people(NAMED) if found.late else ():
        session.aside(line)
    if found.remark:
        session.aside(f"注意：{found.remark}")


def _foot(view: View, found: State, count: str) -> str:
    past = "".join(f"，{label} {said}" for label, said in found.said)
    return f"{view.ledger.title}：{count}。记到第 {view.sequence} 号事件{past}。"
