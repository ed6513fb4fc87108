"""`bihuan …`: the commands, their shared options, their exit codes. A command lives in a module of its own."""

import asyncio
import inspect
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Group, Parameter

from services import logs
from services.cli import doctor, history, inspection, notifier, report, send, up
from services.cli.demo import command as demo
from services.cli.importing import command as importing
from services.cli.ledgers import command as ledgers
from services.cli.notices import command as notices
from services.cli.outcome import Exit, Status, Stop
from services.cli.policy import command as policy
from services.cli.session import Session
from services.cli.usage import explain
from services.tuning import collect_seldom, loop_factory

HELP = """闭环：隐患从发现到销号的全过程，事后谁也改不了。
Bihuan keeps hazards from finding to closing, and nobody can later say that it was otherwise.

退出码 Exit codes: 0 完成 done · 1 被退回 refused · 2 用法有误 usage · 3 没有服务 no server · 4 结果不明 unknown outcome
"""
COMMANDS = Group("命令 Commands", sort_key=0)
GLOBAL = Group("通用选项 Options of every command", sort_key=9)

app = App(
    name="bihuan",
    help=HELP,
    help_format="plaintext",
    version=lambda: f"bihuan {version('bihuan')}",
    group_commands=COMMANDS,
    group_arguments=Group("参数 Arguments", sort_key=1),
    group_parameters=Group("选项 Options", sort_key=2),
)
app.meta.group_commands = COMMANDS
app.meta.group_parameters = GLOBAL
app["--help"].help = "显示用法 Show how it is used."
app["--version"].help = "显示版本 Show the version."

app.command(up.up, sort_key=1)
app.command(demo.demo, sort_key=2)
app.command(importing.import_file, name="import", sort_key=3)
app.command(send.send, sort_key=4)
app.command(history.history, sort_key=5)
app.command(inspection.inspection, sort_key=5)
app.command(ledgers.app(app))
app.command(report.report, sort_key=6)
app.command(policy.app(app))
app.command(notifier.app(app))
app.command(notices.app(app))
app.command(doctor.doctor, sort_key=8)


@app.meta.default
def launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    data: Annotated[Path, Parameter(help="数据目录 The folder of the embedded server.")] = Path(".bihuan"),
    nats: Annotated[str | None, Parameter(help="使用已有的 NATS 服务器 Use a server that exists instead.")] = None,
    json: Annotated[bool, Parameter(help="输出 JSON，供程序读取 Answer in JSON.", negative="")] = False,
) -> Exit:
    """Read the shared options and run the command."""
    command, bound, unfilled = app.parse_args(tokens, exit_on_error=False, print_error=False)
    session = Session(data, nats, json)
    arguments = dict.fromkeys(unfilled, session)
    try:
        _check_folder(session)
        return _code(command(*bound.args, **bound.kwargs, **arguments))
    except Stop as stop:
        return session.stopped(stop)
    except BrokenPipeError:  # `bihuan … | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except KeyboardInterrupt:
        return session.stopped(
            Stop(Status.UNKNOWN, "已中断；同一命令再执行一次，不会重复登记。Interrupted; do it again.")
        )


def _check_folder(session: Session) -> None:
    """The folder may not exist yet; a file in its place is a slip."""
    folder = session.data.absolute()
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
    except OSError as wrong:
        raise Stop(Status.USAGE, f"打不开 {folder}：{wrong.strerror}。The folder cannot be opened.") from wrong
    if not session.nats and not there.is_dir():
        raise Stop(Status.USAGE, f"--data 应为文件夹，{there} 是文件：请改用文件夹。--data is a folder, not a file.")


def run(arguments: Sequence[str]) -> Exit:
    """The exit code; everything is printed."""
    try:
        return _code(app.meta(arguments, exit_on_error=False, print_error=False, result_action="return_value"))
    except CycloptsError as wrong:
        session = Session(Path(), json="--json" in arguments)
        return session.stopped(Stop(Status.USAGE, explain(wrong)))


def main() -> None:
    """The entry point."""
    collect_seldom()
    logs.configure(logging.ERROR)
    sys.exit(run(sys.argv[1:]))


def _code(result: Any) -> Exit:  # noqa: ANN401 (whatever a command returned; help returns nothing)
    if inspect.iscoroutine(result):
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            result = runner.run(result)
    return Exit.DONE if result is None else Exit(result)
