"""`bihuan inspection`: a visit, and what its checklists offer to open as a hazard, ready to send."""

from collections.abc import Sequence
from typing import Annotated, Any

from cyclopts import Parameter
from nats.aio.client import Client
from pydantic_core import to_json

from contracts import subjects, words
from contracts.base import short_number
from services.cli.connection import client
from services.cli.finding import find
from services.cli.history import told
from services.cli.offers import Opening, openings
from services.cli.outcome import Exit
from services.cli.session import Here
from services.cli.timeline import Entry
from services.hazard.inspection.inspection import UNVISITED, Inspection, evolve_inspection
from services.journal.events import EventStore

STANDS = {"open": "待处理", "declined": "已不予立项", "opened": "已立项", "withdrawn": "检查记录已撤销"}


async def inspection(
    inspection: Annotated[str, Parameter(help="检查编号，全号或短号 The visit's id, or its short number.")],
    /,
    *,
    session: Here,
) -> Exit:
    """显示一次检查和检查表可立的隐患 Show a visit and the hazards that its checklists offer to open.

    每条待处理的都附有现成的 find_hazard 命令：存成文件，核对经办人，用 bihuan send find_hazard 发送。
    """
    async with client(session, existing=True) as (_, nc):
        found = await find(nc, inspection, (subjects.INSPECTION,))
        entries = told(found)
        offers = [(one, await _stands(nc, one, _folded(entries))) for one in openings(found.id, entries[0].envelope)]
    session.tell(_machine(found.id, entries, offers), *_people(found.id, entries, offers))
    return Exit.DONE


def _folded(entries: Sequence[Entry]) -> Inspection:
    state = UNVISITED
    for entry in entries:
        state = evolve_inspection(state, entry.envelope.event)
    return state


async def _stands(nc: Client, opening: Opening, state: Inspection) -> str:
    """A hazard that was opened by another command than ours is not seen here."""
    if await EventStore(nc).last_sequence(subjects.events_subject(subjects.HAZARD, opening.hazard_id)):
        return "opened"
    if opening.key in state.declined:
        return "declined"
    return "withdrawn" if state.visit and state.visit.withdrawn else "open"


def _machine(inspection_id: str, entries: Sequence[Entry], offers: list[tuple[Opening, str]]) -> dict[str, Any]:
    return {
        "inspection_id": inspection_id,
        "short_number": short_number(inspection_id),
        "version": len(entries),
        "offers": [
            opening.offer.model_dump(mode="json", exclude_none=True)
            | {"stands": stands, "hazard_id": opening.hazard_id}
            | ({"find_hazard": opening.command} if stands == "open" else {})
            for opening, stands in offers
        ],
        "events": [entry.machine() for entry in entries],
    }


def _people(inspection_id: str, entries: Sequence[Entry], offers: list[tuple[Opening, str]]) -> list[str]:
    lines = [f"检查 {inspection_id}", f"短号 {short_number(inspection_id)}，共 {len(entries)} 条记录"]
    lines += [entry.people() for entry in entries]
    for opening, stands in offers:
        offer = opening.offer
        grade = words.grade(offer.grade)
        lines.append(f"\n可立项：{offer.text}（{offer.checklist} 第{offer.item}项，{grade}）：{STANDS[stands]}")
        if stands == "open":
            lines.append(to_json(opening.command, indent=2).decode())
        elif stands == "opened":
            lines.append(f"  隐患 {opening.hazard_id}")
    return lines
