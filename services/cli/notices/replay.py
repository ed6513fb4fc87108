"""`bihuan notices replay`: send again by hand, under the old id, what did not arrive."""

import re
from collections.abc import Sequence
from typing import Annotated, Final

from cyclopts import Parameter
from nats.aio.client import Client
from pydantic import ValidationError

from contracts import subjects
from contracts.parties import Person
from services.cli.connection import client
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here
from services.journal import streams, wire
from services.journal.clock import ServerClock
from services.journal.events import EventStore
from services.notifier.delivering.carried import Carriers, is_copy
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices

FILTERS: Final = 200
"""Wildcards that one reading asks for."""
ID: Final = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
LEVELS: Final = range(1, 6)
"""Of an area."""
UNKNOWN: Final = "没有这份通知：no such notice"
UNDER_WAY: Final = "仍在自动发送或重试，不必重发：it is still being sent"
WAITS: Final = "等待每日汇总，不必重发：it waits for its digest"
IN_DIGEST: Final = "在每日汇总里，请重发该汇总 {}：send its digest again"
ARRIVED: Final = "已经送达，不必重发；确需再发一份请加 --again：it arrived; to send it once more add --again"
SEEN: Final = "{}已阅，不必重发；确需再发一份请加 --again：it was seen; to send it once more add --again"
MOVED: Final = "刚刚有变化，请先查看再决定：it moved on just now"


async def replay(
    *ids: Annotated[str, Parameter(help="通知编号，可写多个 Ids of notices.")],
    by: Annotated[str | None, Parameter(help="由谁重发：编号:姓名，如 li:李明 Who does: ID:NAME.")] = None,
    failed: Annotated[bool, Parameter(help="全部未能送达的 All that failed for good.", negative="")] = False,
    channel: Annotated[str | None, Parameter(help="其中某一渠道的 Of these, those of one channel.")] = None,
    again: Annotated[
        bool, Parameter(help="已送达、已阅的也再发一份 Even what arrived or was seen.", negative="")
    ] = False,
    session: Here,
) -> Exit:
    """重新发送未能送达的通知，沿用原编号 Send again what did not arrive, under its old id."""
    if bool(ids) is failed or (channel and not failed):
        reason = "请写通知编号，或用 --failed（可加 --channel），二者选一。Give ids, or --failed and perhaps --channel."
        raise Stop(Status.USAGE, reason)
    person = _person(by)
    async with client(session, existing=True) as (_, nc):
        notices = Notices(EventStore(nc, subjects.NOTICES))
        lives = await _lives(nc, notices, ids)
        chosen = [life for life in lives.values() if not failed or _is_dead(life, channel)]
        skipped = dict.fromkeys((one for one in ids if one not in lives), UNKNOWN)
        refusals = await _again(nc, notices, chosen, person, arrived=again)
    skipped |= {one: reason for one, reason in refusals.items() if reason}
    replayed = [one for one, reason in refusals.items() if not reason]
    session.tell(
        {"replayed": replayed, "skipped": [{"id": one, "reason": reason} for one, reason in skipped.items()]},
        f"已重新排队 {len(replayed)} 份，由{person.name}重发。Queued again.",
        *(f"  未重发 {one}：{reason}" for one, reason in skipped.items()),
    )
    return Exit.REFUSED if skipped else Exit.DONE


def _person(by: str | None) -> Person:
    number, _, name = (by or "").replace("：", ":").partition(":")
    try:
        return Person(id=number.strip(), name=name.strip())
    except ValidationError as wrong:
        reason = "请写明由谁重发：--by 编号:姓名，如 --by li:李明。Say who sends it again: --by ID:NAME."
        raise Stop(Status.USAGE, reason) from wrong


async def _lives(nc: Client, notices: Notices, ids: Sequence[str]) -> dict[str, Life]:
    """By id; all of them where none is named."""
    if await streams.stream_config(nc, subjects.NOTICES) is None:
        return {}
    if not ids:
        found = await notices.read()
    else:
        asked = [one for one in dict.fromkeys(ids) if ID.fullmatch(one)]
        wildcards = [f"notices.{'*.' * (level + 2)}{one}" for one in asked for level in LEVELS]
        found = []
        for first in range(0, len(wildcards), FILTERS):
            found += await notices.read(*wildcards[first : first + FILTERS])
    return {life.notice.id: life for life in found if life.notice and not is_copy(life)}


def _is_dead(life: Life, channel: str | None) -> bool:
    return life.state == "failed" and life.final and channel in {None, life.channel}


async def _again(nc: Client, notices: Notices, lives: Sequence[Life], by: Person, *, arrived: bool) -> dict[str, str]:
    """Why each was not queued again; an empty reason where it was. `arrived`: even what did."""
    clock, carriers = ServerClock(nc), Carriers(notices)
    await clock.start()
    try:
        return {
            life.notice.id: await _refusal(life, carriers, arrived=arrived) or await _queue(notices, life, by, clock)
            for life in lives
            if life.notice
        }
    finally:
        await clock.stop()


async def _refusal(life: Life, carriers: Carriers, *, arrived: bool) -> str:
    if life.notice and life.notice.digest is not None and life.standing != "dropped":
        digest = await carriers.of(life)
        return IN_DIGEST.format(digest.notice.id) if digest and digest.notice else WAITS
    if not life.is_over:
        return UNDER_WAY
    if life.acknowledged and not arrived:
        return SEEN.format(life.acknowledged.person.name)
    return ARRIVED if life.standing == "sent" and not arrived else ""


async def _queue(notices: Notices, life: Life, by: Person, clock: ServerClock) -> str:
    try:
        await notices.again(life, by, at=clock())
    except wire.Conflict:
        return MOVED
    return ""
