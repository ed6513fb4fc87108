"""`bihuan ledger verify`, `rebuild`, `resume`: whether a ledger is sound, and how it becomes so again."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from cyclopts import Parameter

from services.cli.ledgers.desk import Desk, desk, find
from services.cli.ledgers.options import Name
from services.cli.ledgers.progress import progress
from services.cli.outcome import Exit
from services.cli.session import Here
from services.projection import generations, rebuilding
from services.projection.comparing import Difference, Differences
from services.projection.ledger import Ledger
from services.projection.ledgers import BY_NAME
from services.projection.verifying import verify as recompute

NAMED = 20
"""Differences told to a person; a program gets up to a thousand of each sort."""


async def verify(name: Name, /, *, session: Here) -> Exit:
    """核对台账：按事件重算，逐行比较，指出被改动的行 Recompute a ledger and name the rows that differ."""
    async with desk(session) as place:
        ledger = find(name)
        await place.bring_up_to_date()
        with progress(session, "核对 Verifying", place.last) as moved:
            found = await recompute(place.store, place.database, ledger, place.settings.zone, moved=moved)
    good = f"核对无误：{found.rows} 行与事件一致，到第 {found.sequence} 号事件。The ledger is sound."
    bad = f"核对不符，共 {found.counted} 处：用 bihuan ledger rebuild {ledger.name} 重建。Rows differ; rebuild it."
    session.tell(_machine(ledger, found), bad if found.counted else good, *_people(ledger, found))
    return Exit.REFUSED if found.counted else Exit.DONE


async def rebuild(
    name: Name,
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="只算，不换 Build it, tell what would differ.", negative="")] = False,
    session: Here,
) -> Exit:
    """重建台账：在旁边建好再替换，期间照常可查 Build a ledger anew beside the present one, then switch."""
    async with desk(session) as place:
        ledger = find(name)
        if dry_run:
            await place.bring_up_to_date()
            found = await _would_differ(place, ledger)
            said = f"重建将改变 {found.counted} 处" if found.counted else f"重建不会改变任何一行（{found.rows} 行）"
            told = [f"{said}；什么都没有改动。Nothing was changed.", *_people(ledger, found)]
            session.tell(_machine(ledger, found), *told)
            return Exit.DONE
        with progress(session, "重建 Rebuilding", place.last) as moved:
            new = await rebuilding.rebuild(place.store, place.writer, ledger, moved=moved)
    session.tell(
        {"ledger": ledger.name, "generation": new.generation, "version": new.version, "sequence": new.sequence},
        f"{ledger.title}已重建（第 {new.generation} 代），记到第 {new.sequence} 号事件。It is rebuilt.",
    )
    return Exit.DONE


async def _would_differ(place: Desk, ledger: Ledger) -> Differences:
    with progress(place.session, "试算 Trying", place.last) as moved:
        return await rebuilding.difference(place.store, place.writer, ledger, place.settings.zone, moved=moved)


async def resume(
    name: Annotated[str | None, Parameter(help="台账名；不写则全部 The ledger; else all.")] = None, /, *, session: Here
) -> Exit:
    """已停止的台账再试一次 Let stopped ledgers try their event again."""
    async with desk(session) as place:
        ledgers = {ledger.name: ledger for ledger in ([find(name)] if name else BY_NAME.values())}
        tried = await asyncio.to_thread(generations.retry, place.database, ledgers)
        await place.bring_up_to_date()
        there = await asyncio.to_thread(generations.all_positions, place.database)
    still = [one for one in there.values() if one.stopped_at is not None and one.name in ledgers]
    went_on = sorted(set(tried) - {one.name for one in still})
    session.tell(
        {"resumed": went_on, "stopped": [asdict(one) for one in still]},
        *([] if tried else ["没有停止的台账。No ledger has stopped."]),
        *(f"{BY_NAME[one].title}已继续。It goes on." for one in went_on),
        *(f"{BY_NAME[one.name].title}仍停在第 {one.stopped_at} 号事件：{one.stopped_why}" for one in still),
    )
    return Exit.REFUSED if still else Exit.DONE


def _machine(ledger: Ledger, found: Differences) -> dict[str, Any]:
    return {"ledger": ledger.name, "sound": not found.counted, **asdict(found)}


def _people(ledger: Ledger, found: Differences) -> list[str]:
    told: list[str] = []
    for sort, differences in (("缺少", found.missing), ("多出", found.extra), ("不同", found.different)):
        told += [f"  {sort} {_said(ledger, one)}" for one in differences]
    return [*told[:NAMED], *([f"  …… 共 {found.counted} 处，--json 列出更多"] if found.counted > NAMED else [])]


def _said(ledger: Ledger, one: Difference) -> str:
    titles = [ledger.by_key[name].title if name in ledger.by_key else name.removeprefix("_") for name in one.columns]
    beside = f"（附表 {one.beside}）" if one.beside else ""
    return f"{one.key}{beside}" + (f"：{'、'.join(titles)}" if titles else "")
