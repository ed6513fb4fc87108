"""`bihuan policy simulate`: what if the rule were different? All of history under another policy, compared."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from nats.aio.client import Client

from contracts import subjects
from services.cli.connection import client, notifier_settings
from services.cli.finding import find
from services.cli.ledgers.progress import progress
from services.cli.outcome import Exit, Status, Stop
from services.cli.policy.around import moment, stores_clock, work_calendar
from services.cli.policy.file import PolicyFile, read_file, unusable
from services.cli.policy.simulated import Simulated, Tellers
from services.cli.session import Here, Session
from services.directories import load_directory
from services.journal.events import EventStore
from services.notifier.policies import Policies
from services.notifier.rules import compiled
from services.notifier.settings import Settings
from services.notifier.simulations.shares import simulate as simulated
from services.notifier.simulations.simulation import Plan
from services.policies import UnusablePolicyError


@dataclass(frozen=True)
class Asked:
    """The options."""

    since: str | None
    to: str | None
    hazard: str | None
    first: int
    as_it_happened: bool


async def simulate(
    *,
    policy: Annotated[Path, Parameter(help="另一份策略文件（YAML） The other policy's file.")],
    since: Annotated[
        str | None, Parameter(name="--from", help="只看这一天起的提请 Only what is proposed from that day on.")
    ] = None,
    to: Annotated[
        str | None, Parameter(help="推演到这一天终了，默认到现在，可为将来 Up to the end of that day; now, if unsaid.")
    ] = None,
    hazard: Annotated[str | None, Parameter(help="只看这一条隐患，逐步列出 This hazard alone, step by step.")] = None,
    first: Annotated[int, Parameter(help="列出前几条有差别的隐患 So many of the hazards that differ.")] = 10,
    as_it_happened: Annotated[
        bool,
        Parameter(help="按发生时间，不按录入时间 By when it happened, not when it was recorded.", negative=""),
    ] = False,
    session: Here,
) -> Exit:
    """推演：历史全部按另一策略重算一遍，看谁会被提醒什么、差在哪里；不发送、不写入 What if the rules were different?"""
    try:
        read = read_file(policy)
    except UnusablePolicyError as wrong:
        return unusable(session, wrong)
    if first < 0:
        raise Stop(Status.USAGE, "--first 不得为负。--first is not negative.")
    settings = notifier_settings()
    async with client(session, existing=True) as (_, nc):
        plan = await _plan(nc, settings, read, Asked(since, to, hazard, first, as_it_happened))
        last = await EventStore(nc).last_of_stream()
        with progress(session, "推演 Simulating", last) as moved:
            result = await simulated(nc, plan, moved)
        return await _told(nc, settings, session, Simulated(read, plan, result))


async def _plan(nc: Client, settings: Settings, read: PolicyFile, asked: Asked) -> Plan:
    until = moment(asked.to, settings.zone) if asked.to else await stores_clock(nc)
    since = moment(asked.since, settings.zone, begins=True) if asked.since else None
    if since is not None and since > until:
        raise Stop(Status.USAGE, "--from 晚于 --to：请对调。--from lies after --to.")
    one = (await find(nc, asked.hazard, (subjects.HAZARD,))).id if asked.hazard else None
    most = 1 if one else asked.first
    calendar = work_calendar(settings)
    return Plan(read.policy, read.version, calendar, until, since, one, most, asked.as_it_happened)


async def _told(nc: Client, settings: Settings, session: Session, simulated: Simulated) -> Exit:
    """The names of single hazards are resolved with the directory as it is now."""
    policies = Policies(EventStore(nc))
    present = {one.case.id: await policies.of(one.case) for one in simulated.result.shown}
    given = compiled(simulated.plan.policy, simulated.plan.version)
    tellers = Tellers(load_directory(settings.bihuan_directory), settings.zone, present, given)
    session.tell(simulated.machine(tellers), *simulated.people(tellers))
    return Exit.DONE
