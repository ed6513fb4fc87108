"""`bihuan doctor`: is everything there, and could anything lose or alter a record?"""

import platform
import re
import shutil
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from typing import Final, NamedTuple

from nats.aio.client import Client

from contracts import subjects
from services.cli.connection import Server, client
from services.cli.outcome import Exit
from services.cli.session import Here, Session
from services.hazard import app
from services.hazard.library import UnreadableFileError, load_directory
from services.journal import wire
from services.journal.api import call
from services.journal.binary import describe_binary
from services.journal.monitor import check_servers
from services.journal.streams import STREAMS, inspect_streams, stream_config

LIBRARIES: Final = ("bihuan", "nats-py", "faststream", "eventsourcing", "pydantic")
ENOUGH_DISK: Final = 2**30
"""Bytes; a full disk refuses new records, it does not lose old ones."""
ENOUGH_CLOCK: Final = 5.0
"""Seconds."""
NO_DIRECTORY: Final = "未设置 BIHUAN_DIRECTORY（机构目录），没有单位有执法权，责令、停产等会被退回"


class State(StrEnum):
    """How a thing is."""

    GOOD = "good"
    NOTE = "note"
    UNSAFE = "unsafe"


MARKS: Final = {State.GOOD: "✓", State.NOTE: "·", State.UNSAFE: "✗"}


class Check(NamedTuple):
    """What was looked at, how it is, in a sentence."""

    name: str
    state: State
    said: str


async def doctor(*, session: Here) -> Exit:
    """检查服务器、存储设置、版本、磁盘、时钟 Check the server, the streams, versions, disk and clock."""
    async with client(session, existing=True) as (server, nc):
        checks = [
            _connected(server, nc),
            await _durable(server),
            *await _streams(nc),
            await _clock(nc),
            _disk(session),
            _directory(server),
            await _versions(session),
        ]
    unsafe = [check for check in checks if check.state is State.UNSAFE]
    session.tell(
        {"status": "unsafe" if unsafe else "good", "url": server.url, "checks": [one._asdict() for one in checks]},
        *(f"{MARKS[state]} {name}：{said}" for name, state, said in checks),
        _verdict(checks),
    )
    return Exit.REFUSED if unsafe else Exit.DONE


def _verdict(checks: list[Check]) -> str:
    """A note is no fault, but it must not pass unseen."""
    if unsafe := sum(check.state is State.UNSAFE for check in checks):
        return f"有 {unsafe} 处不安全，请按上面的说明处理。Something is unsafe."
    if notes := [check.name for check in checks if check.state is State.NOTE]:
        return f"没有不安全之处，但请留意：{'、'.join(notes)}（见上）。Nothing is unsafe; mind these notes."
    return "一切正常。All is well."


def _connected(server: Server, nc: Client) -> Check:
    how = "，为本次检查临时启动" if server.own else ""
    said = f"{server.url}，nats-server {_release(nc)}{how}"
    return Check("服务器", State.GOOD, said)


def _release(nc: Client) -> str:
    found = nc.connected_server_version
    return f"{found.major}.{found.minor}.{found.patch}"


async def _durable(server: Server) -> Check:
    """What no client connection tells."""
    try:
        await check_servers(server.settings.nats_monitor_urls)
    except wire.Unsafe as unsafe:
        return Check("落盘", State.UNSAFE, f"服务器可能在写盘之前就答复：{unsafe}")
    return Check("落盘", State.GOOD, "先写盘、后答复（sync_interval: always）")


async def _streams(nc: Client) -> list[Check]:
    """Looks and creates nothing; a stream that was never needed is not there yet."""
    try:
        there = [name for name in STREAMS if await stream_config(nc, name) is not None]
        drifts = await inspect_streams(nc, there) if there else []
    except (wire.Refused, wire.Unavailable) as error:
        return [Check("存储流", State.UNSAFE, f"看不到存储流：{error}")]
    checks = [
        Check(f"存储流 {one.stream}", State.UNSAFE if one.unsafe else State.NOTE, f"设置有变：{one}") for one in drifts
    ]
    sound = [name for name in there if name not in {one.stream for one in drifts}]
    if sound:
        checks.insert(0, Check("存储流", State.GOOD, f"{'、'.join(sound)} 与声明一致，不会丢失或改动记录"))
    if subjects.EVENTS not in there:
        checks.append(Check("存储流", State.NOTE, f"{subjects.EVENTS} 尚未建立：第一次 bihuan up 时建立"))
    return checks


async def _clock(nc: Client) -> Check:
    """The server stamps its answers; a wrong clock of ours would date records wrongly."""
    try:
        answer = await call(nc, f"STREAM.INFO.{subjects.EVENTS}")
    except (wire.Refused, wire.Unavailable):
        return Check("时钟", State.NOTE, "服务器上还没有存储流，无从比较")
    here, there = app.clock(), datetime.fromisoformat(_microseconds(answer["ts"]))
    seconds = (here - there).total_seconds()
    said = f"本机 {here:%Y-%m-%d %H:%M:%S} UTC，与服务器相差 {abs(seconds):.1f} 秒"
    if abs(seconds) > ENOUGH_CLOCK:
        return Check("时钟", State.UNSAFE, f"{said}：请校准时钟，否则登记时间有误")
    return Check("时钟", State.GOOD, said)


def _microseconds(stamp: str) -> str:
    """The server counts nanoseconds, Python does not."""
    return re.sub(r"(\.\d{6})\d+", r"\1", stamp)


def _disk(session: Session) -> Check:
    if session.nats:
        return Check("磁盘", State.NOTE, "由该服务器保管，这里看不到")
    free = shutil.disk_usage(session.data).free
    said = f"{session.data.resolve()} 所在磁盘剩余 {free / 2**30:.1f} GiB"
    if free < ENOUGH_DISK:
        return Check("磁盘", State.UNSAFE, f"{said}：将满，满了以后登记会被拒绝，请清理")
    return Check("磁盘", State.GOOD, said)


def _directory(server: Server) -> Check:
    path = server.settings.bihuan_directory
    if path is None:
        return Check("机构目录", State.NOTE, NO_DIRECTORY)
    try:
        bodies = load_directory(path).bodies
    except UnreadableFileError as wrong:
        return Check("机构目录", State.UNSAFE, f"读不出来：{wrong}")
    return Check("机构目录", State.GOOD, f"{path}，{len(bodies)} 个单位")


async def _versions(session: Session) -> Check:
    found = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)]
    if not session.nats:
        binary = await describe_binary()
        found.append(f"nats-server {binary.version}（SHA-256 {binary.sha256[:16]}…）")
    return Check("版本", State.GOOD, "，".join(found))
