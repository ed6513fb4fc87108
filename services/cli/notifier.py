"""`bihuan notifier status`: whether those who are late are chased, and if not, what to do."""

from collections.abc import Iterator

from cyclopts import App

from contracts import subjects
from contracts.base import short_number
from services.cli.connection import client
from services.cli.outcome import Exit
from services.cli.session import Here
from services.cli.site import minute
from services.journal import streams
from services.journal.clock import ServerClock
from services.notifier.running.keeper import RECORDS
from services.notifier.running.status import Queue, Status, status

NAMES = {"events": "待核事件", "wake-ups": "已到时限", "notices": "待发通知"}
NOBODY = (
    "没有催办服务在运行：请运行 bihuan up，或 python -m services.notifier.app。到期事项会在它恢复后立即补办，不会丢失。"
    "No notifier is alive."
)
STUCK = "“{}”有积压，但一分钟以上没有办结：请确认隐患服务在运行，并查看催办服务的日志。The queue {} does not move."
NEVER = "“{}”队列还没有建立：请启动催办服务。The queue {} was never made."

UNARMED = (
    "定时提醒被清除过：在运行的催办服务会在一分钟内全部重新设定，没有在运行的请启动它。"
    "Wake-ups were purged; a notifier sets them again."
)
GONE = {subjects.NOTICES: f"{RECORDS[subjects.NOTICES]}。", subjects.TIMERS: UNARMED}
GONE_OTHER = "NATS 流 {0} 不见了：请重新启动催办服务，它会另建一个。The stream {0} is gone."
UNTOLD = (
    "有 {} 份 L2 以上的建议没有通知到任何人，仍待答复：用 bihuan notices --failed 查看原因，"
    "补正后用 bihuan notices replay 重发。Nobody was told of them."
)


def app(parent: App) -> App:
    """To stand among the others."""
    groups = {"group_commands": parent.group_commands, "group_arguments": parent.group_arguments}
    said = "催办服务 The notifier: is it alive, and what waits."
    found = App(name="notifier", help=said, sort_key=6, group_parameters=parent.group_parameters, **groups)
    found.command(show, name="status")
    return found


async def show(*, session: Here) -> Exit:
    """谁在运行、积压多少、最久未答复的草稿、发送失败 Who is alive, what waits, what failed."""
    async with client(session, existing=True) as (_, nc):
        if await streams.stream_config(nc, subjects.NOTIFIER) is None:
            session.tell({"well": False, "notifiers": [], "wrong": [NOBODY]}, NOBODY)
            return Exit.REFUSED
        clock = ServerClock(nc, stream=f"KV_{subjects.NOTIFIER}")
        await clock.start()
        try:
            found = await status(nc, clock())
        finally:
            await clock.stop()
    wrong = list(_wrong(found))
    session.tell({"well": not wrong, **_machine(found), "wrong": wrong}, *_lines(found), *wrong)
    return Exit.REFUSED if wrong else Exit.DONE


def _wrong(found: Status) -> Iterator[str]:
    if not found.notifiers:
        yield NOBODY
    for name in found.gone:
        yield GONE.get(name, GONE_OTHER.format(name))
    if not found.armed and subjects.TIMERS not in found.gone:
        yield UNARMED
    if found.untold:
        yield UNTOLD.format(found.untold)
    for queue in found.queues:
        if queue.stuck:
            yield STUCK.format(NAMES[queue.name], queue.name)
        elif not queue.declared and found.notifiers and not found.gone:
            yield NEVER.format(NAMES[queue.name], queue.name)


def _machine(found: Status) -> dict[str, object]:
    return {
        "notifiers": [beat.model_dump(mode="json") for beat in found.notifiers],
        "queues": {one.name: {"pending": one.pending, "under_way": one.under_way} for one in found.queues},
        "wake_ups": found.wake_ups,
        "oldest_draft": found.draft
        and {
            "hazard": found.draft.hazard,
            "proposal": found.draft.proposal,
            "title": found.draft.title,
            "person": found.draft.person,
            "since": found.draft.since.isoformat(),
        },
        "failures": {channel: {"trying": one.trying, "final": one.final} for channel, one in found.failures.items()},
        "dead_letters": found.dead,
        "untold_proposals": found.untold,
    }


def _lines(found: Status) -> Iterator[str]:
    for beat in found.notifiers:
        yield f"运行中  {beat.host}（进程 {beat.pid}），{minute(beat.since)} 起"
    yield f"定时    {found.wake_ups} 个"
    for queue in found.queues:
        yield f"{NAMES[queue.name]}  {_queue(queue)}"
    if (draft := found.draft) is not None:
        number = short_number(draft.hazard)
        yield f"最久未答复的草稿  {draft.title}（{number}，待{draft.person}处理），{minute(draft.since)} 起"
    for channel, one in found.failures.items():
        yield f"渠道 {channel}  重试中 {one.trying}，未能送达 {one.final}"
    if found.dead:
        yield f"有 {found.dead} 份通知未能送达：用 bihuan notices --failed 查看，处理后用 bihuan notices replay 重发。"


def _queue(queue: Queue) -> str:
    return f"{queue.pending} 件，办理中 {queue.under_way} 件" if queue.declared else "尚未建立"
