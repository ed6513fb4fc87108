"""The hazard or visit that somebody names: by its id, or by the short number that people say on the telephone."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from nats.aio.client import Client

from contracts import subjects
from contracts.base import short_number
from services.cli.outcome import Status, Stop
from services.journal import wire
from services.journal.api import call
from services.journal.events import EventStore
from services.journal.library import Notification

_SHORT: Final = re.compile(r"([0-9]{2,12})-([0-9A-F]{8})(?:-[0-9A-Z])?")

WORDS: Final = {subjects.HAZARD: ("隐患", "hazard"), subjects.INSPECTION: ("检查", "visit")}


class Found(NamedTuple):
    """Of which kind it is, its id, and all that is stored of it."""

    kind: str
    id: str
    stored: Sequence[Notification]


async def find(nc: Client, said: str, kinds: Sequence[str] = (subjects.HAZARD, subjects.INSPECTION)) -> Found:
    """Its history; raises Stop where nothing of these kinds, or more than one, goes by that id or short number."""
    store, named = EventStore(nc), await _full_id(nc, said.strip(), kinds)
    for kind in kinds:
        if stored := await store.load(subjects.events_subject(kind, named)):
            return Found(kind, named, stored)
    what, which = WORDS[kinds[0]] if len(kinds) == 1 else ("隐患或检查", "hazard or visit")
    raise Stop(Status.REFUSED, f"没有这条{what}：{named}。No {which} has this id.")


async def _full_id(nc: Client, said: str, kinds: Sequence[str]) -> str:
    if re.fullmatch(subjects.AGGREGATE_ID_PATTERN, said.lower()):
        return said.lower()
    short = _SHORT.fullmatch(said.upper())
    if short is None:
        forms = "应为 320623104-5f0c1d2e-… 全号，或 320623104-5F0C1D2E-K 短号"
        raise Stop(Status.USAGE, f"“{said[:60]}”不是编号：{forms}。It is no id.")
    if said.count("-") > 1 and short_number(f"{short[1]}-{short[2]}") != said.upper():
        raise Stop(Status.USAGE, f"短号 {said} 的校验位不对：请核对是否抄错。Its check character is wrong.")
    found = [one for kind in kinds for one in await _beginning(nc, kind, short[1], short[2])]
    if len(found) > 1:
        raise Stop(
            Status.USAGE, f"短号 {said} 对应 {len(found)} 条记录，请用全号：{'、'.join(found)}。Give the whole id."
        )
    if not found:
        raise Stop(Status.REFUSED, f"没有这一编号的记录：{said}。Nothing has this number.")
    return found[0]


async def _beginning(nc: Client, kind: str, area: str, head: str) -> list[str]:
    """Every hazard, or visit, of that area whose uuid begins so; the server lists some 100,000 subjects at a time."""
    try:
        wildcard = subjects.events_of(kind, area).removesuffix(">") + "*"
    except ValueError as wrong:
        raise Stop(Status.USAGE, f"短号里的区划代码 {area} 有误。The area code is wrong.") from wrong
    found: list[str] = []
    offset, total = 0, 1
    while offset < total:
        query = {"subjects_filter": wildcard, "offset": offset}
        try:
            answer = await call(nc, f"STREAM.INFO.{subjects.EVENTS}", query)
        except wire.ApiError as error:
            if error.code == wire.NO_STREAM:
                return []
            raise
        page = answer["state"].get("subjects") or {}
        ids = [subjects.parse_events_subject(subject)[1] for subject in page]
        found += [one for one in ids if one.partition("-")[2].startswith(head.lower())]
        offset, total = offset + len(page), answer.get("total", 0) if page else 0
    return found
