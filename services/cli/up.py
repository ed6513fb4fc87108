"""`bihuan up`: everything in one process, until Ctrl-C."""

import asyncio
import logging
from collections.abc import Collection
from contextlib import AsyncExitStack
from importlib.metadata import version
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number
from nats.aio.client import Client

from services import logs
from services.cli.connection import Server, explained, held, ledger_settings, notifier_settings
from services.cli.connection import server as find_server
from services.cli.doctor import NO_DIRECTORY
from services.cli.outcome import Status, Stop
from services.cli.session import Here, Session
from services.cli.signals import set_at_the_end
from services.hazard import app as hazard
from services.journal import embedded
from services.projection import app as projection

SERVICES = {"hazard": "隐患", "projection": "台账", "notifier": "催办"}
"""What runs here, by name; `_services` starts each."""
Optional = Literal["projection", "notifier"]


async def up(
    *,
    port: Annotated[
        int, Parameter(help="NATS 端口，0 为自动 The port; 0: a free one.", validator=Number(gte=0, lte=65535))
    ] = 0,
    without: Annotated[
        tuple[Optional, ...], Parameter(help="不启动的服务，另行运行时用 Leave it out: it runs elsewhere.", negative="")
    ] = (),
    session: Here,
) -> None:
    """启动全部服务 Run everything in one process until Ctrl-C."""
    with explained(session):
        if not session.nats and (holder := await embedded.running(session.data)) is not None:
            raise Stop(Status.REFUSED, held(session, holder))
        async with find_server(session, port=port) as server:
            if not (server.own or session.nats):
                raise Stop(Status.REFUSED, held(session, await embedded.running(session.data)))
            await _run(session, server, without)


async def _run(session: Session, server: Server, without: Collection[str]) -> None:
    logs.configure(logging.INFO)
    ended = asyncio.Event()
    lost = asyncio.Event()
    set_at_the_end(ended)

    async def closed() -> None:
        lost.set()
        ended.set()

    async with AsyncExitStack() as stack:
        nc = await hazard.connect(server.settings, closed)
        stack.push_async_callback(nc.close)
        tasks = await _services(stack, nc, session, server, without)
        _announce(session, server, without)
        await projection.until(ended, *tasks)
        if lost.is_set():
            raise Stop(
                Status.NO_SERVER, f"{server.url} 断开了连接，服务已停止：请查明原因后重新启动。The server closed it."
            )
        session.aside("正在结束… Ending.")


async def _services(
    stack: AsyncExitStack, nc: Client, session: Session, server: Server, without: Collection[str]
) -> list[asyncio.Task[None]]:
    """Each service is a context of its own; they end in the opposite order. The tasks end only by a fault."""
    await stack.enter_async_context(hazard.build(nc, server.settings))
    tasks = []
    if "projection" not in without:
        tasks.append(await stack.enter_async_context(projection.build(nc, ledger_settings(), session.data)))
    if "notifier" not in without:
        tasks.append(await _notifier(stack, nc))
    return tasks


async def _notifier(stack: AsyncExitStack, nc: Client) -> asyncio.Task[None]:
    from services.notifier import app as notifier  # noqa: PLC0415 (its web server and channels: for `up` alone)

    try:
        return (await stack.enter_async_context(notifier.build(nc, notifier_settings()))).task
    except (ValueError, OSError) as wrong:
        raise Stop(Status.USAGE, f"催办服务不能启动：{wrong}。请改正后重新启动。The notifier cannot start.") from wrong


def _announce(session: Session, server: Server, without: Collection[str]) -> None:
    runs = {name: word for name, word in SERVICES.items() if name not in without}
    where = {"url": server.url, "data": None if session.nats else str(session.data.resolve())}
    session.tell(
        {"status": "up", "version": version("bihuan"), **where, "services": list(runs)},
        f"闭环 Bihuan {version('bihuan')} 已启动 is up",
        f"  NATS  {server.url}",
        f"  数据  {where['data'] or '由该服务器保管 kept by that server'}",
        f"  服务  {'、'.join(f'{word} {name}' for name, word in runs.items())}",
        "按 Ctrl-C 结束。Press Ctrl-C to end.",
    )
    if server.settings.bihuan_directory is None:
        session.aside(f"注意：{NO_DIRECTORY}。No directory of bodies is set: orders will be refused.")
