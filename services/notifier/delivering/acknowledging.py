"""已阅: the page behind a signed link. To look at it changes nothing; the button says that the notice was seen.

Mail and chat programs open links to show a preview, so only the button (a POST) records. An acknowledgement is
recorded once, stops no clock and answers no draft.
"""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, tzinfo
from http import HTTPStatus
from typing import Final

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from contracts.notices import Acknowledged
from services.environment import wrong
from services.journal import wire
from services.notifier.delivering.life import Life
from services.notifier.delivering.links import Linked, Links
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.pages import AWAY, HEADERS, UNKNOWN, page

CONFLICTS: Final = 5
LISTEN: Final = "BIHUAN_ACK_LISTEN"
_BARRED: Final = {
    errno.EADDRINUSE: "端口已被别的程序占用，请换一个或结束那个程序：the port is in use",
    errno.EACCES: "没有权限使用这个端口，请用 1024 以上的：no permission for that port",
    errno.EADDRNOTAVAIL: "本机没有这个地址：this machine has no such address",
}


class Seen:
    """Looks notices up by their links, and records that they were seen."""

    def __init__(self, notices: Notices, links: Links, clock: Callable[[], datetime]) -> None:
        self._notices = notices
        self._links = links
        self._clock = clock

    async def look(self, token: str) -> Life | None:
        """None for a link that we did not sign, or that speaks of nothing."""
        linked = self._links.read(token)
        return await self._look(linked) if linked else None

    async def record(self, token: str) -> Life | None:
        """By whom the link is for; once, however often he presses."""
        linked = self._links.read(token)
        if linked is None:
            return None
        for _ in range(CONFLICTS):
            life = await self._look(linked)
            if life is None or life.notice is None or life.acknowledged:
                return life
            try:
                return await self._notices.append(life, Acknowledged(at=self._clock(), person=life.notice.person))
            except wire.Conflict:
                continue
        raise wire.Unavailable("the notice moves on too fast: press again")

    async def _look(self, linked: Linked) -> Life | None:
        life = await self._notices.life(linked.subject)
        return life if life.notice and life.notice.person.id == linked.person else None


def app(seen: Seen, zone: tzinfo) -> FastAPI:
    """One page at /n/<token>; nothing else is there."""
    found = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @found.get("/n/{token}")
    async def look(token: str) -> HTMLResponse:
        return await _answer(seen.look(token), zone)

    @found.post("/n/{token}")
    async def press(token: str) -> HTMLResponse:
        return await _answer(seen.record(token), zone)

    @found.exception_handler(HTTPException)
    async def nothing(*_: object) -> HTMLResponse:
        return HTMLResponse(UNKNOWN, HTTPStatus.NOT_FOUND, HEADERS)

    return found


async def _answer(asked: Awaitable[Life | None], zone: tzinfo) -> HTMLResponse:
    try:
        life = await asked
    except wire.JournalError:
        return HTMLResponse(AWAY, HTTPStatus.SERVICE_UNAVAILABLE, HEADERS)
    if life is None:
        return HTMLResponse(UNKNOWN, HTTPStatus.NOT_FOUND, HEADERS)
    return HTMLResponse(page(life, zone), HTTPStatus.OK, HEADERS)


class _Quiet(uvicorn.Server):
    """Whoever runs it listens to signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve(seen: Seen, zone: tzinfo, host: str, port: int) -> AsyncIterator[str]:
    """Serves for as long as the block lasts; gives its address. Port 0: one that is free. Raises WrongSetting."""
    with _listening(host, port) as listening:
        server = _Quiet(uvicorn.Config(app(seen, zone), log_config=None, access_log=False, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            at, at_port = listening.getsockname()[:2]
            yield f"http://[{at}]:{at_port}" if ":" in at else f"http://{at}:{at_port}"
        finally:
            server.should_exit = True
            await serving


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family)
    except (socket.gaierror, UnicodeError):
        raise wrong(LISTEN, "查不到这个主机名：no such host") from None
    except OSError as trouble:
        why = _BARRED.get(trouble.errno or 0) or f"不能在这个地址上服务：{os.strerror(trouble.errno or 0)}"
        raise wrong(LISTEN, why) from None
