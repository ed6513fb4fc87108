"""`bihuan history`: who did what, when, on what paper, and whether anybody changed it since."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from cyclopts import Parameter
from pydantic_core import from_json

from contracts import subjects
from contracts.base import short_number
from contracts.envelope import decode
from services.cli.connection import client
from services.cli.finding import Found, find
from services.cli.outcome import Exit
from services.cli.session import Here
from services.cli.timeline import Entry
from services.journal import chain
from services.journal.library import Notification

KINDS: Final = {subjects.HAZARD: "隐患", subjects.INSPECTION: "检查"}


async def history(
    hazard: Annotated[str, Parameter(help="隐患或检查的编号 The id, or short number, of a hazard or visit.")],
    /,
    *,
    verify: Annotated[bool, Parameter(help="核对哈希链，看有无改动 Check the chain of hashes.", negative="")] = False,
    tip: Annotated[
        str | None, Parameter(help="另处留存的末条哈希，一并核对 The last hash as noted elsewhere, to check against.")
    ] = None,
    session: Here,
) -> Exit:
    """显示一条隐患或检查的全部记录 Show the whole history of a hazard or visit."""
    async with client(session, existing=True) as (_, nc):
        found = await find(nc, hazard)
    entries = told(found)
    breaks = chain.check(map(_entry, found.stored), _claim, tip=tip) if verify or tip else None
    session.tell(_machine(found, entries, breaks), *_people(found, entries, breaks))
    return Exit.REFUSED if breaks else Exit.DONE


def told(found: Found) -> list[Entry]:
    """Each event as stored and as read."""
    return [Entry(one, decode(one.state), _hash(one)) for one in found.stored]


def _entry(stored: Notification) -> chain.Entry:
    return chain.Entry(str(stored.originator_id), stored.topic, stored.originator_version, stored.state)


def _claim(body: bytes) -> str:
    """The hash that a body names; ValueError where there is none."""
    try:
        return str(from_json(body)["previous_hash"])
    except (KeyError, TypeError) as missing:
        raise ValueError("no previous_hash") from missing


def _hash(stored: Notification) -> str:
    """Of this event, as the next one names it."""
    try:
        return chain.link(_claim(stored.state), *_entry(stored))
    except ValueError:
        return ""


def _machine(named: Found, entries: Sequence[Entry], breaks: list[chain.Break] | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        f"{named.kind}_id": named.id,
        "short_number": short_number(named.id),
        "version": len(entries),
        "events": [entry.machine() for entry in entries],
    }
    if breaks is not None:
        told = [{"position": one.position, "version": one.version, "reason": one.reason} for one in breaks]
        found |= {"verified": not breaks, "breaks": told}
    return found


def _people(named: Found, entries: Sequence[Entry], breaks: list[chain.Break] | None) -> list[str]:
    lines = [f"{KINDS[named.kind]} {named.id}", f"短号 {short_number(named.id)}，共 {len(entries)} 条记录"]
    lines += [entry.people() for entry in entries]
    if breaks:
        lines.append(f"核对不符，共 {len(breaks)} 处：记录被改动或缺失。The chain is broken.")
        lines += [f"  第 {one.position} 条（版本 {one.version}）：{one}" for one in breaks]
    elif breaks is not None:
        lines.append("核对无误：各条哈希首尾相接。The chain holds.")
        lines.append(f"末条哈希 {entries[-1].hash}：请另处留存，日后用 --tip 核对末条。Keep it elsewhere for --tip.")
    return lines
