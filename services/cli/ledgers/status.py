"""`bihuan ledger status` and `list`: which ledgers there are, how far each is, what it stands still for."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.cli.ledgers.desk import Desk, desk
from services.cli.outcome import Exit
from services.cli.session import Here
from services.hazard import app
from services.projection import generations, positions
from services.projection.agreeing import advice
from services.projection.effective import recorded
from services.projection.ledger import Ledger
from services.projection.ledgers import LEDGERS
from services.projection.positions import Key, Position
from services.projection.queries import unreadable
from services.projection.runner import TROUBLE

STATES = {"current": "最新", "behind": "追赶中", "stopped": "已停止", "absent": "未建立"}
STATES |= {"newer": "由更新版本的程序建立，本程序不读也不写", "astray": "断点被改动", "altered": "表被改动"}
BAD = frozenset({"stopped", "astray", "altered"})


async def ledgers(*, session: Here) -> Exit:
    """列出全部台账 List the ledgers."""
    told = [
        {"name": one.name, "title": one.title, "version": one.version, "columns": len(one.columns)} for one in LEDGERS
    ]
    session.tell({"ledgers": told}, *(f"{one.name:<16}{one.title}（{len(one.columns)} 列）" for one in LEDGERS))
    return Exit.DONE


async def status(*, session: Here) -> Exit:
    """每本台账记到哪里、差多少、是否停止 How far each ledger is, and whether it has stopped."""
    async with desk(session) as place:
        there, trouble = await asyncio.to_thread(_read, place)
        told = [await _of(place, ledger, there, app.clock()) for ledger in LEDGERS]
    session.tell(
        {"last": place.last, "trouble": trouble, "ledgers": told},
        f"事件流末号 {place.last}，台账在 {place.database.place}",
        *(_line(one) for one in told),
        *([f"注意：{trouble}"] if trouble else []),
    )
    return Exit.REFUSED if trouble or any(one["state"] in BAD for one in told) else Exit.DONE


def _read(place: Desk) -> tuple[Mapping[Key, Position], str | None]:
    with place.database.reading() as connection:
        return positions.positions(connection), positions.noted(connection, TROUBLE)


async def _of(place: Desk, ledger: Ledger, there: Mapping[Key, Position], now: datetime) -> dict[str, Any]:
    seen, next_ = positions.current(there, ledger.name), positions.building(there, ledger.name)
    built = None
    if next_ is not None:
        percent = round(100 * next_.sequence / place.last, 1) if place.last else 100.0
        built = {"generation": next_.generation, "version": next_.version, "percent": percent, **_stopped(next_)}
    found: dict[str, Any] = {"name": ledger.name, "title": ledger.title, "building": built}
    if generations.newer(there, {ledger.name: ledger}):
        return {**found, "state": "newer", "sequence": seen.sequence if seen else 0}
    if (lost := next((one for one in (seen, next_) if one is not None and place.is_astray(one)), None)) is not None:
        return {**found, "state": "astray", "sequence": lost.sequence, "wrong": advice(lost)}
    if seen is None:
        return {**found, "state": "stopped" if next_ and next_.stopped_at else "absent", "sequence": 0}
    behind = max(0, place.last - seen.sequence)
    wrong = await _altered(place, ledger)
    state = "stopped" if seen.stopped_at is not None else "behind" if behind else "current"
    if wrong is not None:
        state = "altered"
    return {
        **found,
        "state": state,
        "version": seen.version,
        "generation": seen.generation,
        "sequence": seen.sequence,
        "behind": behind,
        "behind_seconds": await _seconds(place, seen.sequence, now) if behind else 0.0,
        "wrong": wrong,
        **_stopped(seen),
    }


async def _altered(place: Desk, ledger: Ledger) -> str | None:
    wrong = await asyncio.to_thread(unreadable, place.database, ledger)
    return f"{wrong}：用 bihuan ledger rebuild {ledger.name} 重建" if wrong is not None else None


async def _seconds(place: Desk, sequence: int, now: datetime) -> float | None:
    """Since the next event that it lacks was recorded."""
    stored = await place.store.at(sequence + 1)
    when = recorded(stored.state) if stored is not None else None
    return max(0.0, round((now - when).total_seconds(), 1)) if when is not None else None


def _stopped(position: Position) -> dict[str, Any]:
    return {"stopped_at": position.stopped_at, "stopped_why": position.stopped_why}


def _line(one: Mapping[str, Any]) -> str:
    head = f"{one['title']}（{one['name']}）：{STATES[one['state']]}"
    if one["state"] in {"absent", "newer"}:
        return head + _building(one["building"])
    if one["wrong"]:
        return f"{head}。{one['wrong']}"
    parts = [head, f"，第 {one.get('version', '?')} 版，记到第 {one['sequence']} 号事件"]
    if one.get("behind"):
        parts.append(f"，差 {one['behind']} 条、{one['behind_seconds'] or 0:.0f} 秒")
    if one.get("stopped_at") is not None:
        parts.append(
            f"；第 {one['stopped_at']} 号事件无法入账：{one['stopped_why']}。修复后用 bihuan ledger resume 继续"
        )
    return "".join([*parts, _building(one["building"])])


def _building(built: Mapping[str, Any] | None) -> str:
    if built is None:
        return ""
    why = f"，停在第 {built['stopped_at']} 号事件：{built['stopped_why']}" if built["stopped_at"] else ""
    return f"；正在建第 {built['generation']} 代（第 {built['version']} 版），{built['percent']}%{why}"
