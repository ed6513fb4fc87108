"""`bihuan ledger trace`: who said what a cell says, when, and on what evidence."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Parameter

from contracts import words
from services.cli.ledgers.desk import Desk, desk, find
from services.cli.ledgers.options import Name, Past
from services.cli.ledgers.past import state
from services.cli.ledgers.table import cell
from services.cli.outcome import Exit
from services.cli.session import Here
from services.cli.site import minute
from services.journal import wire
from services.projection import asking
from services.projection.asking import QuestionError
from services.projection.database import Database
from services.projection.ledger import Column, Ledger
from services.projection.pages import Row
from services.projection.queries import View, opened, plain
from services.projection.soundness import AlteredLedger
from services.projection.tracing import Source, source

PRESENT = Past()


@dataclass(frozen=True)
class Found:
    """A line, and what its counts count."""

    ledger: Ledger
    row: Row
    members: Mapping[str, Mapping[str, int]]


async def trace(
    name: Name,
    key: Annotated[str, Parameter(help="哪一行：键、编号，或键的开头 The row: its key, short number, or beginning.")],
    column: Annotated[str | None, Parameter(help="哪一列；不写则列出全部 The column; else all.")] = None,
    /,
    *,
    past: Past = PRESENT,
    session: Here,
) -> Exit:
    """追溯一格：哪件事、谁、何时发生、何时登记、凭什么 Trace a cell to its event, its actor and its evidence."""
    async with desk(session) as place:
        ledger = find(name)
        if column is not None:
            asking.column(ledger, column)
        async with state(place, ledger, past) as there:
            found = await asyncio.to_thread(_find, there.database, ledger, key)
        if column is None:
            await _tell_all(place, found)
        else:
            await _tell_one(place, found, asking.column(found.ledger, column))
        if there.remark:
            session.aside(f"注意：{there.remark}")
    return Exit.DONE


def _find(database: Database, ledger: Ledger, said: str) -> Found:
    with opened(database, ledger) as view:
        row = view.row(_key(view, said))
        if row is None:
            raise QuestionError(f"{ledger.title}没有“{said[:80]}”这一行。There is no such row.")
        return Found(view.ledger, row, view.members([row.key]).get(row.key, {}))


def _key(view: View, said: str) -> str:
    keys = view.find(said)
    if not keys:
        raise QuestionError(
            f"{view.ledger.title}没有“{said[:80]}”这一行：请写键、编号（如 320623104-5F0C1D2E-K）或键的开头。"
            "There is no such row."
        )
    if len(keys) > 1:
        raise QuestionError(f"“{said[:80]}”对应不止一行，请写全：{'、'.join(keys)}。More than one row begins so.")
    return keys[0]


async def _tell_one(place: Desk, found: Found, asked: Column) -> None:
    sequence = found.row.cells.get(asked.key)
    if not sequence:
        raise QuestionError(f"“{asked.title}”这一格是空的：还没有哪件事填过它。No event has set this cell.")
    event = await _source(place, found.ledger, sequence)
    members = found.members.get(asked.key, {})
    place.session.tell(
        {
            **_place(found),
            "column": asked.key,
            "value": plain(asked, found.row.get(asked.key)),
            **_machine(event),
            **({"keys": [{"key": key, "sequence": since} for key, since in members.items()]} if members else {}),
        },
        f"{found.ledger.title} {found.row.key}",
        f"{asked.title}：{cell(asked, found.row, place.names) or '（空）'}",
        *_people(event),
        *(f"  {key}（第 {since} 号事件计入）" for key, since in members.items()),
    )


async def _tell_all(place: Desk, found: Found) -> None:
    sequences = sorted(set(found.row.cells.values()))
    events = {each: await _source(place, found.ledger, each) for each in sequences}
    cells = [(one, events[found.row.cells[one.key]]) for one in found.ledger.columns if found.row.cells.get(one.key)]
    place.session.tell(
        {
            **_place(found),
            "cells": [
                {"column": one.key, "title": one.title, "value": plain(one, found.row.get(one.key)), **_machine(event)}
                for one, event in cells
            ],
        },
        f"{found.ledger.title} {found.row.key}",
        *(
            f"{one.title}：{cell(one, found.row, place.names) or '（空）'}\n"
            f"    第 {event.sequence} 号事件 {event.name}，"
            f"{event.actor.name}，{minute(event.occurred_at)}"
            for one, event in cells
        ),
    )


async def _source(place: Desk, ledger: Ledger, sequence: int) -> Source:
    try:
        return await source(place.store, sequence, place.settings.zone)
    except wire.Gap as gap:
        if sequence > await place.store.last_of_stream():
            raise AlteredLedger(ledger, f"有一格说它来自第 {sequence} 号事件，没有这个事件") from gap
        raise


def _place(found: Found) -> dict[str, Any]:
    return {"ledger": found.ledger.name, "key": found.row.key}


def _machine(event: Source) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "event": event.type,
        "name": event.name,
        "aggregate_id": event.aggregate,
        "version": event.version,
        "actor": event.actor.model_dump(mode="json", exclude_none=True),
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "evidence": [one.model_dump(mode="json", exclude_none=True) for one in event.evidence],
    }


def _people(event: Source) -> list[str]:
    roles = "、".join(words.role(role) for role in event.actor.roles)
    return [
        f"  {event.name}（{event.type}），第 {event.sequence} 号事件",
        f"  经办 {event.actor.name}（{roles}）",
        f"  {minute(event.occurred_at)} 发生，{minute(event.recorded_at)} 登记",
        *(f"  证据 {one.name or one.media_type}（SHA-256 {one.sha256}）" for one in event.evidence),
        *([] if event.evidence else ["  没有附证据"]),
    ]
