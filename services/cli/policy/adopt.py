"""`bihuan policy adopt`: from now on it holds for what is found in an area."""

from pathlib import Path
from typing import Annotated
from uuid import uuid4

from cyclopts import Parameter
from pydantic import ValidationError

from contracts.commands import AdoptPolicy
from contracts.parties import Actor
from contracts.replies import Accepted
from contracts.terms import Role
from services.cli.acting import read_actor
from services.cli.connection import service
from services.cli.outcome import Exit, Status, Stop
from services.cli.policy.file import PolicyFile, read_file, unusable
from services.cli.send import EXITS, answer, show
from services.cli.session import Here
from services.hazard import app
from services.policies import UnusablePolicyError


async def adopt(
    file: Annotated[Path, Parameter(help="策略文件（YAML） The policy's file.")],
    /,
    *,
    area: Annotated[str, Parameter(help="在哪个区划施行，如 320623 Where: an area code.")],
    actor: Annotated[
        Path | None, Parameter(name=["--as", "--actor"], help="经办人 JSON 文件 Who adopts it: an Actor in JSON.")
    ] = None,
    by: Annotated[
        str | None, Parameter(help="或写 编号:姓名，如 li:李明，须是监管部门负责人 Or ID:NAME of a regulator's lead.")
    ] = None,
    body: Annotated[str | None, Parameter(help="其单位在机构目录中的编号 His body's id in the directory.")] = None,
    session: Here,
) -> Exit:
    """采用策略，对此后登记的隐患施行 Adopt a policy for the hazards that are found from now on.

    只有监管部门负责人可以采用，范围是其辖区及以下；已登记的隐患仍按原策略，除非用 send move_policy 变更。
    """
    try:
        read = read_file(file)
    except UnusablePolicyError as wrong:
        return unusable(session, wrong)
    command = _command(read, area, _actor(actor, by, body, area))
    async with service(session) as nc:
        reply = await answer(nc, command.imperative, command.model_dump_json(exclude_none=True).encode())
    show(session, reply)
    if isinstance(reply, Accepted):
        session.say(f"  版本 {read.version}，对 {area} 此后登记的隐患施行 in force for what is found there from now on")
    return EXITS[reply.status]


def _actor(path: Path | None, by: str | None, body: str | None, area: str) -> Actor:
    if path is not None:
        return read_actor(path)
    person, _, name = (by or "").replace("：", ":").partition(":")
    if not (person and name):
        reason = "请写明由谁采用：--as 经办人.json，或 --by 编号:姓名 --body 单位编号。Say who adopts it."
        raise Stop(Status.USAGE, reason)
    try:
        return Actor(id=person, name=name, roles=(Role.REGULATOR_LEAD,), body=body, area=area)
    except ValidationError as wrong:
        raise _usage(wrong) from wrong


def _command(read: PolicyFile, area: str, actor: Actor) -> AdoptPolicy:
    try:
        return AdoptPolicy(
            command_id=f"adopt-{uuid4()}",
            actor=actor,
            occurred_at=app.clock(),
            area=area,
            name=read.policy.name,
            content=read.text,
        )
    except ValidationError as wrong:
        raise _usage(wrong) from wrong


def _usage(wrong: ValidationError) -> Stop:
    first = wrong.errors()[0]
    return Stop(Status.USAGE, f"{'.'.join(map(str, first['loc']))} 有误：{first['msg']}。An option is wrong.")
