"""`bihuan notices`: who was told what, through which channel, and whether it arrived."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts import subjects
from services.cli.connection import client
from services.cli.finding import find
from services.cli.notices.told import Told, told
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here, Session, out
from services.cli.site import minute

COLUMNS: Final = ("时间", "收件人", "级别", "内容", "渠道", "状态", "原因", "编号")
NONE: Final = "没有这样的通知。No such notice."


async def show(
    *,
    hazard: Annotated[str | None, Parameter(help="某条隐患的（编号或短号） About one hazard.")] = None,
    person: Annotated[str | None, Parameter(help="发给某人的（编号或姓名） To one person: his id or name.")] = None,
    failed: Annotated[
        bool, Parameter(help="未能送达和正在重试的 What failed, or is tried again.", negative="")
    ] = False,
    text: Annotated[bool, Parameter(help="连同全文 With all their words.", negative="")] = False,
    limit: Annotated[int, Parameter(help="最多显示多少条，最新的在后 How many, the newest last.")] = 50,
    session: Here,
) -> Exit:
    """查看通知：发给谁、内容、渠道、状态、未送达的原因 Who was told what, and whether it arrived."""
    if limit < 1:
        raise Stop(Status.USAGE, f"--limit 至少为 1，不是 {limit}。--limit is 1 or more.")
    async with client(session, existing=True) as (_, nc):
        about = (await find(nc, hazard, (subjects.HAZARD,))).id if hazard else None
        found = [one for one in await told(nc, about) if _asked(one, person, failed=failed)]
    shown = found[-limit:]
    machine = [one.machine(text=text) for one in shown]
    session.tell({"notices": machine, "total": len(found)})
    if not session.json:
        _print(session, shown, len(found), text=text)
    return Exit.DONE


def _asked(one: Told, person: str | None, *, failed: bool) -> bool:
    if failed and one.state != "failed":
        return False
    return person is None or person in {one.notice.person.id, one.notice.person.name}


def _print(session: Session, shown: Sequence[Told], total: int, *, text: bool) -> None:
    if not shown:
        session.say(NONE)
    elif text:
        for one in shown:
            session.say("\n".join(_whole(one)))
    elif out().is_terminal:
        _table(shown)
    else:
        for row in (COLUMNS, *map(_row, shown)):
            print("\t".join(row))
    if total > len(shown):
        session.aside(f"共 {total} 条，显示最新 {len(shown)} 条；用 --limit 显示更多。The newest of {total}.")


def _row(one: Told) -> tuple[str, ...]:
    by = one.by or one.life
    cells = (
        minute(one.at) if one.at else "",
        one.notice.person.name,
        f"L{one.notice.level}",
        one.notice.title,
        by.channel or "",
        one.word,
        (by.reason or "") if one.state in {"failed", "dropped"} else "",
        one.notice.id,
    )
    return tuple(" ".join(cell.split()) for cell in cells)


def _table(shown: Sequence[Told]) -> None:
    table = Table(row_styles=["", "dim"], padding=(0, 1))
    for column in COLUMNS:
        table.add_column(column, overflow="fold", no_wrap=column in {"时间", "级别"})
    for one in shown:
        table.add_row(*map(Text, _row(one)))
    Console(markup=False, highlight=False, emoji=False).print(table)


def _whole(one: Told) -> Iterator[str]:
    notice = one.notice
    yield f"—— {minute(one.at) if one.at else ''}  {notice.person.name}  {one.word}  {notice.id}"
    yield notice.title
    yield notice.text
    if notice.draft:
        yield f"【附：草稿】\n{notice.draft}"
