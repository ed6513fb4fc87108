"""`bihuan send`: one command, one reply."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from nats.aio.client import Client
from pydantic_core import from_json

from contracts import subjects, words
from contracts.commands import COMMANDS
from contracts.reading import nearest
from contracts.replies import REPLY, Accepted, Refused, Reply, Unknown
from services.cli.connection import ask, service
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here, Session

EXITS = {"accepted": Exit.DONE, "refused": Exit.REFUSED, "unknown": Exit.UNKNOWN}


async def send(
    command: Annotated[str, Parameter(help="命令名，如 find_hazard The command's name.")],
    body: Annotated[
        str,
        Parameter(
            help="JSON 文件，- 为标准输入 A JSON file; - reads stdin.",
            allow_leading_hyphen=True,
            validator=lambda _, body: _no_option(body),
        ),
    ],
    /,
    *,
    session: Here,
) -> Exit:
    """发送一条命令并显示答复 Send one command and show its reply."""
    imperative = _imperative(command)
    data = _read(body)
    async with service(session) as nc:
        reply = await answer(nc, imperative, data)
    show(session, reply)
    return EXITS[reply.status]


def _no_option(body: str) -> None:
    if body.startswith("--"):
        raise ValueError(f"{body} 是选项：缺少 BODY，请写文件名或 -。BODY is missing.")


def _imperative(command: str) -> str:
    name = command.replace("-", "_")
    if name in COMMANDS:
        return name
    near = nearest(name)
    hint = f"最接近的是 {'、'.join(near)}" if near else "命令名形如 find_hazard、grade_hazard、plan_rectification"
    raise Stop(Status.USAGE, f"没有“{command[:60]}”这一命令：{hint}。No such command.")


def _read(body: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if body == "-" else Path(body).read_bytes()
    except OSError as wrong:
        raise Stop(Status.USAGE, f"打不开 {body}：{wrong.strerror}。The file cannot be opened.") from wrong


async def answer(nc: Client, imperative: str, data: bytes) -> Reply:
    """A time-out is no refusal: perhaps it was stored."""
    if len(data) > nc.max_payload:
        return Refused(code="too_large", reason=f"命令有 {len(data)} 字节，超过服务器上限 {nc.max_payload}：too large")
    try:
        said = await ask(nc, subjects.command_subject(imperative), data)
    except TimeoutError:
        return Unknown(command_id=_command_id(data))
    if said is None:
        raise Stop(Status.NO_SERVER, "隐患服务刚刚停止：请稍后再发。The service has just ended; send it again.")
    return REPLY.validate_json(said)


def _command_id(data: bytes) -> str:
    try:
        return str(from_json(data)["command_id"])
    except (ValueError, KeyError, TypeError):
        return ""


def show(session: Session, reply: Reply) -> None:
    """To a program as it came, to a person in sentences."""
    session.tell(reply.model_dump(mode="json", exclude_none=True), *_sentences(reply))


def _kind(reply: Accepted) -> str:
    """What the id is of."""
    return {subjects.INSPECTION: "检查", subjects.POLICY: "策略"}.get(reply.events[0].type.partition(".")[0], "隐患")


def _sentences(reply: Reply) -> list[str]:
    match reply:
        case Accepted():
            return [
                f"已受理：{_kind(reply)} {reply.hazard_id} 第 {reply.version} 版，总序号 {reply.sequence}",
                *(
                    "  " + "  ".join([words.act(event.type), event.type, *(words.flag(flag) for flag in event.flags)])
                    for event in reply.events
                ),
            ]
        case Refused():
            return [f"退回：{reply.reason}", f"  代码 {reply.code}" + (f"，字段 {reply.field}" if reply.field else "")]
        case Unknown():
            return [
                f"结果不明：命令 {reply.command_id} 可能已登记；请用同一编号、同一内容再发一次，不会重复。",
                "  Perhaps stored; send it again with the same id and body.",
            ]
