"""`bihuan demo`: watch real cases and an illustrative township go round the loop."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from cyclopts import Parameter
from rich.progress import Progress

from contracts import subjects
from contracts.envelope import decode
from services.cli.connection import answers, client
from services.cli.demo import show
from services.cli.demo.play import Attempt, player
from services.cli.demo.published import cases
from services.cli.demo.rungs import Climb
from services.cli.demo.script import DATA, Life, township
from services.cli.demo.visited import Visited
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here, Session, aside
from services.cli.signals import set_at_the_end
from services.directories import load_directory
from services.journal.events import EventStore
from services.notifier.policies import Policies
from services.notifier.timing.calendars import load_calendar

ORDINARY = Path(".bihuan")
"""Where a township's own data is unless it says otherwise."""


async def demo(
    *,
    once: Annotated[bool, Parameter(help="放完即止 End when the lives are told.", negative="")] = False,
    session: Here,
) -> Exit:
    """演示：公开案例和虚构的镇走一遍闭环 Watch published cases and a fictitious township go round the loop."""
    lives = cases() + township()
    async with _place(session, once=once) as here, client(here) as (server, nc):
        if await answers(nc):
            raise Stop(Status.REFUSED, f"{server.url} 上已有隐患服务在运行：演示要用自己的数据目录，请用 --data 另选。")
        data = None if here.nats else here.data
        async with player(nc, server.settings, data, lives) as stage:
            with _progress(session, sum(len(life.steps) for life in lives)) as advance:
                refused = await stage.play(lives, advance)
            await _tell(session, EventStore(nc), lives, refused, ZoneInfo(server.settings.bihuan_zone))
            if not once:
                session.aside(f"服务仍在运行：另开一个终端，bihuan --data {here.data} history 编号。Ctrl-C 结束。")
                ended = asyncio.Event()
                set_at_the_end(ended)
                await ended.wait()
    return Exit.DONE


@asynccontextmanager
async def _place(session: Session, *, once: bool) -> AsyncIterator[Session]:
    """The demo never mixes with a township's own data: its folder is a throw-away one, unless --data or --nats says."""
    if session.nats or session.data != ORDINARY:
        yield session
    elif once:
        with tempfile.TemporaryDirectory(prefix="bihuan-demo-") as folder:
            yield replace(session, data=Path(folder))
    else:
        yield replace(session, data=ORDINARY / "demo")


async def _tell(session: Session, store: EventStore, lives: list[Life], refused: list[Attempt], zone: ZoneInfo) -> None:
    directory = load_directory(DATA / "directory.yaml")
    climb = Climb(Policies(store), directory, load_calendar(None, zone.key), zone)
    told: dict[str, list[show.Told | Visited]] = {}
    for life in lives:
        named = dict.fromkeys(step.aggregate for step in life.steps)
        told[life.id] = [await _of(store, climb, life, one) for one in named]
        attempts = [attempt for attempt in refused if attempt.life == life.id]
        session.tell(show.machine(life, told[life.id], attempts), *show.people(life, told[life.id], attempts))
    totals = show.totals(lives, told, len(refused))
    session.tell(totals, "", _sum(totals), "以上“示例”均为虚构；公开案例未说的，记录里也没有。本记录不替代执法文书。")


async def _of(store: EventStore, climb: Climb, life: Life, aggregate: str) -> show.Told | Visited:
    stored = await store.load(subjects.events_subject(life.kind, aggregate))
    history = [(one.id, decode(one.state)) for one in stored]
    events = [envelope for _, envelope in history]
    if life.kind != subjects.HAZARD:
        return Visited.of(aggregate, events)
    reckoning = [] if life.illustrative else await climb.reckoned(aggregate, history)
    return show.Told.of(aggregate, events, await climb.recorded(aggregate, history), reckoning)


def _sum(totals: dict[str, Any]) -> str:
    notices = totals["notices"]
    return (
        f"共 {totals['hazards']} 条隐患，{totals['visits']} 次检查，{totals['events']} 条记录："
        f"销号 {totals['closed']}，未销号 {totals['open']}，"
        f"并案 {totals['merged']}，撤销 {totals['withdrawn']}；退回 {totals['refused']} 次。\n"
        f"系统提请（含提醒）{totals['proposals']} 项：提醒 {notices.get('reminder', 0)} 份，"
        f"待签草稿通知 {notices.get('draft', 0)} 份，演示中只拟稿、不发送。"
    )


@contextmanager
def _progress(session: Session, total: int) -> Iterator[Callable[[], None]]:
    """On a terminal only, and gone when it is done."""
    with Progress(console=aside(), transient=True, disable=session.json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("演示", total=total)
        yield lambda: bar.advance(task)
