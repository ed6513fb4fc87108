"""The hazard that somebody names: by its id, or by the short number that people say on the telephone."""

import re
from typing import Final

from nats.aio.client import Client

from contracts import subjects
from contracts.base import short_number
from services.cli.outcome import Status, Stop
from services.journal import wire
from services.journal.api import call

_SHORT: Final = re.compile(r"([0-9]{2,12})-([0-9A-F]{8})(?:-[0-9A-Z])?")


async def full_id(nc: Client, said: str) -> str:
    """The id; raises Stop where no hazard, or more than one, goes by that short number."""
    said = said.strip()
    if re.fullmatch(subjects.AGGREGATE_ID_PATTERN, said.lower()):
        return said.lower()
    short = _SHORT.fullmatch(said.upper())
    if short is None:
        forms = "应为 320623104-5f0c1d2e-… 全号，或 320623104-5F0C1D2E-K 短号"
        raise Stop(Status.USAGE, f"“{said[:60]}”不是隐患编号：{forms}。It is no hazard's id.")
    if said.count("-") > 1 and short_number(f"{short[1]}-{short[2]}") != said.upper():
        raise Stop(Status.USAGE, f"短号 {said} 的校验位不对：请核对是否抄错。Its check character is wrong.")
    found = await _beginning(nc, short[1], short[2])
    if len(found) > 1:
        raise Stop(
            Status.USAGE, f"短号 {said} 对应 {len(found)} 条隐患，请用全号：{'、'.join(found)}。Give the whole id."
        )
    if not found:
        raise Stop(Status.REFUSED, f"没有这条隐患：{said}。No hazard has this number.")
    return found[0]


async def _beginning(nc: Client, area: str, head: str) -> list[str]:
    """Every hazard of that area whose uuid begins so. The server lists an area's subjects, some 100,000 at a time."""
    try:
        wildcard = subjects.events_of(subjects.HAZARD, area).removesuffix(">") + "*"
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
