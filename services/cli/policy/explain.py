"""`bihuan policy explain`: why somebody was told, or will be, or not."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter
from nats.aio.client import Client

from contracts import subjects
from contracts.base import short_number
from contracts.envelope import decode
from contracts.events import Event
from services.cli.connection import client, notifier_settings
from services.cli.finding import find
from services.cli.outcome import Exit, Status, Stop
from services.cli.policy.around import moment, stores_clock, work_calendar
from services.cli.session import Here
from services.cli.site import minute
from services.directories import load_directory
from services.journal import streams
from services.journal.bucket import Bucket
from services.journal.events import EventStore
from services.journal.library import Notification
from services.notifier.counts.counters import Counters
from services.notifier.letters import addressing
from services.notifier.policies import Policies
from services.notifier.rules import Rules
from services.notifier.settings import Settings
from services.notifier.timers import wanted
from services.notifier.timing import explaining
from services.notifier.timing.case import Case
from services.notifier.timing.counted import NONE, Counts
from services.notifier.timing.firing import Firing
from services.notifier.timing.folding import folded


async def explain(
    hazard: Annotated[str, Parameter(help="隐患编号，全号或短号 The hazard's id, or its short number.")],
    /,
    *,
    at: Annotated[
        str | None,
        Parameter(help="按那一日终了或那一时刻，如 2026-05-01，可为将来 As of the end of that day, or that moment."),
    ] = None,
    session: Here,
) -> Exit:
    """逐条说明规则：适用与否、为什么、何时到期、提醒谁 Each rule: applies or not, why, what is due when, who is told.

    将来的时刻按“此后无人办理”推算。For a moment to come: as if nothing else happened until then.
    """
    settings = notifier_settings()
    calendar = work_calendar(settings)
    async with client(session, existing=True) as (_, nc):
        told = _told(settings)
        found = await find(nc, hazard, (subjects.HAZARD,))
        now = moment(at, settings.zone) if at else await stores_clock(nc)
        case = _case(found.stored, now)
        rules = await Policies(EventStore(nc)).of(case)
        counts = await _counts(nc, case, rules)
    said = explaining.explain(case, rules, calendar, now, counts, lambda firing: told(firing, case, rules, now))
    head = f"{short_number(case.id)}　{rules.policy.name}（{rules.version[:12]}）　{minute(now)}"
    session.tell({**said, "name": rules.policy.name, "at": now.isoformat()}, head, *explaining.lines(said))
    return Exit.DONE


def _told(settings: Settings) -> Callable[[Firing, Case, Rules, datetime], list[str]]:
    """The names of those whom a step would tell, by the directory as it is now."""
    directory = load_directory(settings.bihuan_directory)

    def names(firing: Firing, case: Case, rules: Rules, now: datetime) -> list[str]:
        moment = max(now, firing.occurred_at)
        return [one.member.name for one in addressing.told(firing, case, rules, directory, moment, settings.zone)]

    return names


def _case(stored: Sequence[Notification], now: datetime) -> Case:
    """As far as it was recorded then."""
    history = [(one.id, decode(one.state)) for one in stored]
    case = folded(
        (sequence, envelope)
        for sequence, envelope in history
        if not isinstance(envelope.event, Event) or envelope.event.recorded_at <= now
    )
    if not case.version:
        raise Stop(Status.REFUSED, f"{minute(now)} 时还没有登记这条隐患。It was not recorded yet.")
    return case


async def _counts(nc: Client, case: Case, rules: Rules) -> Counts:
    """None are kept where no notifier ever ran."""
    if await streams.stream_config(nc, subjects.NOTIFIER) is None:
        return NONE
    return await Counters(Bucket(nc, subjects.NOTIFIER)).of(case, wanted(case, rules))
