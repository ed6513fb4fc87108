"""Find the server: the one named, the one that runs on the data folder, or one of our own for as long as it takes."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from nats.aio.client import Client
from nats.errors import Error, NoRespondersError
from nats.errors import TimeoutError as NoAnswerError

from contracts import subjects
from services.cli.outcome import Status, Stop
from services.cli.session import Session
from services.environment import WrongSetting, public
from services.hazard import app
from services.hazard.library import UnreadableFileError
from services.hazard.settings import Settings
from services.journal import embedded, wire
from services.notifier.settings import Settings as NotifierSettings
from services.projection.agreeing import WrongStreamError
from services.projection.database import DatabaseTrouble
from services.projection.settings import Settings as LedgerSettings

PATIENCE: Final = 10.0
"""Seconds for a reply; the service itself gives up on the store sooner."""
EMPTY_BATCH: Final = b'{"commands": []}'


@dataclass(frozen=True)
class Server:
    """A server that answers, and where it is monitored."""

    settings: Settings
    own: bool
    """Started by this command and ended with it: nobody else serves there."""

    @property
    def url(self) -> str:
        """As people may see it: without a password."""
        return public(self.settings.nats_url)


@asynccontextmanager
async def server(session: Session, *, port: int = 0) -> AsyncIterator[Server]:
    """The server named with --nats, the one running on the data folder, or a new one."""
    with explained(session):
        if session.nats:
            yield Server(_settings(nats_url=session.nats), own=False)
        elif (found := await embedded.running(session.data)) is not None:
            with _silent(session, found):
                yield Server(_settings(nats_url=found.url, nats_monitor_urls=found.monitor_url), own=False)
        else:
            async with embedded.server(session.data, port=port) as mine:
                yield Server(_settings(nats_url=mine.url, nats_monitor_urls=mine.monitor_url), own=True)


@asynccontextmanager
async def client(session: Session, *, existing: bool = False) -> AsyncIterator[tuple[Server, Client]]:
    """A connection to that server; `existing`: not where no data was ever kept."""
    if existing and not session.nats and not (session.data / embedded.LOCK).exists():
        raise Stop(
            Status.NO_SERVER,
            f"{session.data} 里没有数据：请用 --data 指明数据目录，或先运行 bihuan up。No data there; give --data.",
        )
    async with server(session) as place:
        nc = await app.connect(place.settings, _nothing)
        try:
            yield place, nc
        finally:
            await nc.close()


@asynccontextmanager
async def service(session: Session) -> AsyncIterator[Client]:
    """A connection behind which a hazard service answers; where none does, ours, for as long as the block lasts."""
    async with client(session) as (place, nc):
        if not place.own and await answers(nc):
            yield nc
        else:
            async with app.build(nc, place.settings):
                yield nc


def _settings(**found: Any) -> Settings:  # noqa: ANN401 (settings by name)
    with _sound_environment():
        return Settings(**found)


def ledger_settings() -> LedgerSettings:
    """What the environment says to the ledgers."""
    with _sound_environment():
        return LedgerSettings()


def notifier_settings() -> NotifierSettings:
    """What it says to the notifier."""
    with _sound_environment():
        return NotifierSettings()


@contextmanager
def _sound_environment() -> Iterator[None]:
    try:
        yield
    except WrongSetting as wrong:
        raise Stop(Status.USAGE, f"{wrong}。A setting in the environment is wrong.") from wrong


async def _nothing() -> None:
    """What a short command does when its connection is closed."""


async def answers(nc: Client) -> bool:
    """Whether a hazard service serves there."""
    try:
        return await ask(nc, subjects.BATCH, EMPTY_BATCH) is not None
    except TimeoutError as silent:
        reason = "隐患服务在运行，但没有答复：请稍后再试；仍不行，请查看 bihuan up 的窗口。The service does not answer."
        raise Stop(Status.NO_SERVER, reason) from silent


async def ask(nc: Client, subject: str, body: bytes, patience: float = PATIENCE) -> bytes | None:
    """The reply, or None where nobody serves there. TimeoutError: nobody knows what became of it."""
    try:
        return (await nc.request(subject, body, timeout=patience)).data
    except NoRespondersError:
        return None
    except (Error, NoAnswerError) as lost:
        raise TimeoutError(str(lost) or type(lost).__name__) from lost


@contextmanager
def explained(session: Session) -> Iterator[None]:
    """What goes wrong around a server, in a sentence."""
    try:
        yield
    except (PermissionError, IsADirectoryError, NotADirectoryError) as wrong:
        reason = f"打不开 {wrong.filename}：{wrong.strerror}。请检查 --data 指的文件夹和权限。It cannot be opened."
        raise Stop(Status.USAGE, reason) from wrong
    except embedded.StoreLockedError as locked:
        raise Stop(Status.REFUSED, held(session, locked.holder)) from locked
    except UnreadableFileError as wrong:
        raise Stop(Status.USAGE, f"读不出来：{wrong}。请改正该文件（BIHUAN_DIRECTORY）。Mend that file.") from wrong
    except (DatabaseTrouble, WrongStreamError) as trouble:
        raise Stop(Status.REFUSED, str(trouble)) from trouble
    except wire.Unsafe as unsafe:
        reason = f"存储设置不安全，可能丢失或改动记录，拒绝使用：{unsafe}。用 bihuan doctor 查看。The store is unsafe."
        raise Stop(Status.REFUSED, reason) from unsafe
    except wire.EmbeddedError as failed:
        raise Stop(Status.NO_SERVER, f"内置 NATS 没有启动：{failed}。日志在 {session.data / embedded.LOG}") from failed
    except wire.UnknownOutcome as unknown:
        raise Stop(Status.UNKNOWN, "结果不明：请再执行一次，不会重复。Perhaps stored; do it again.") from unknown
    except wire.Unavailable as gone:
        where = public(session.nats or "") or f"{session.data} 的内置服务器"
        reason = f"{where} 没有应答：请检查地址，或先运行 bihuan up。No server answers ({gone})."
        raise Stop(Status.NO_SERVER, reason) from gone


@contextmanager
def _silent(session: Session, found: embedded.Embedded) -> Iterator[None]:
    """Its lock is held, so it is there; to start another would be the wrong advice."""
    try:
        yield
    except wire.Unavailable as gone:
        reason = (
            f"{session.data} 的服务器在运行（进程 {found.pid}，地址 {found.url}），但没有应答：请稍后再试；"
            f"仍不行，请查看 bihuan up 的窗口（进程 {found.holder_pid}）。The server does not answer ({gone})."
        )
        raise Stop(Status.NO_SERVER, reason) from gone


def held(session: Session, holder: embedded.Embedded | None) -> str:
    """Who has the data folder."""
    who = f"进程 {holder.holder_pid} 占用，地址 {holder.url}" if holder else "正在启动的另一进程占用"
    return (
        f"{session.data} 已被{who}：其他命令会自动连上它；要重新启动，请先结束它（Ctrl-C）。"
        "Another process serves this data already; end it first."
    )
