"""`bihuan demo`: watch real cases and an illustrative township go round the loop."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.progress import Progress

from contracts import subjects
from contracts.envelope import Envelope, decode
from services.cli.connection import answers, client
from services.cli.demo import show
from services.cli.demo.play import Attempt, player
from services.cli.demo.published import cases
from services.cli.demo.script import Life, township
from services.cli.demo.visited import Visited
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here, Session, aside
from services.cli.signals import set_at_the_end
from services.journal.events import EventStore

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
            await _tell(session, EventStore(nc), lives, refused)
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


async def _tell(session: Session, store: EventStore, lives: list[Life], refused: list[Attempt]) -> None:
    told: dict[str, list[show.Told | Visited]] = {}
    for life in lives:
        kind = show.Told if life.kind == subjects.HAZARD else Visited
        named = dict.fromkeys(step.aggregate for step in life.steps)
        told[life.id] = [kind.of(one, await _history(store, life.kind, one)) for one in named]
        attempts = [attempt for attempt in refused if attempt.life == life.id]
        session.tell(show.machine(life, told[life.id], attempts), *show.people(life, told[life.id], attempts))
    totals = show.totals(lives, told, len(refused))
    session.tell(totals, "", _sum(totals), "以上“示例”均为虚构；公开案例未说的，记录里也没有。本记录不替代执法文书。")


async def _history(store: EventStore, kind: str, aggregate: str) -> list[Envelope]:
    stored = await store.load(subjects.events_subject(kind, aggregate))
    return [decode(one.state) for one in stored]


def _sum(totals: dict[str, Any]) -> str:
    return (
        f"共 {totals['hazards']} 条隐患，{totals['visits']} 次检查，{totals['events']} 条记录："
        f"销号 {totals['closed']}，未销号 {totals['open']}，"
        f"并案 {totals['merged']}，撤销 {totals['withdrawn']}；退回 {totals['refused']} 次。"
    )


@contextmanager
def _progress(session: Session, total: int) -> Iterator[Callable[[], None]]:
    """On a terminal only, and gone when it is done."""
    with Progress(console=aside(), transient=True, disable=session.json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("演示", total=total)
        yield lambda: bar.advance(task)
