"""`bihuan import`: old tables in, what is wrong with them out."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from contracts import subjects
from services.cli.acting import read_actor
from services.cli.connection import service
from services.cli.importing import rejected, report, run
from services.cli.importing.cells import line
from services.cli.importing.forms import WrongHeading
from services.cli.importing.sheets import UnreadableFile
from services.cli.importing.sources import COMMAND_FILE, Rejected, Source, commands, form
from services.cli.importing.visits import VILLAGE_DIGITS, Circumstances, Kind, Unit, Visit, recorder
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here, Session
from services.hazard import app

OF_A_VILLAGE = frozenset({Visit.PATROL, Visit.SELF})


async def import_file(
    file: Annotated[Path, Parameter(help="排查表 .xlsx、.csv，或命令 .jsonl The table, or commands.")],
    /,
    *,
    area: Annotated[str | None, Parameter(help="区划代码，2、4、6、9 或 12 位数字 Where: an area code.")] = None,
    unit: Annotated[
        Unit,
        Parameter(help="“排查单位”是受检单位还是检查单位 Whose name 排查单位 is: the checked or the checking unit."),
    ] = Unit.CHECKED,
    visit_kind: Annotated[
        Kind | None,
        Parameter(help="检查性质，登记后不能改；不写就问，默认巡查 The kind of visit; it cannot be altered."),
    ] = None,
    actor: Annotated[Path | None, Parameter(help="经办人 JSON 文件 Who enters it: an Actor in JSON.")] = None,
    session: Here,
) -> Exit:
    """导入排查表或命令，重复导入不会重复登记；有退回的行，退出码为 1 Import a table or commands; again adds nothing.

    退回的行连同原因写入 FILE.rejected.xlsx，改好后可直接再导入它；.jsonl 退回的，请改原文件后再导入。
    Rows that are refused go to FILE.rejected.xlsx with the reason; mend them there and import that file. Commands
    are mended in the .jsonl itself.
    """
    given = None
    if file.suffix.lower() != COMMAND_FILE:
        given = _circumstances(file, area, unit, Visit(visit_kind) if visit_kind else _ask(session), actor)
    source = _open(file, given)
    if given:
        session.aside(report.before(given, source.hidden))
    async with service(session) as nc:
        with report.progress(session, source.total) as moved:
            tally = await run.send(nc, source, moved)
    path = rejected.beside(file)
    returned = report.Returned(path, written=bool(tally.rejected), there=path.exists(), commands=given is None)
    if tally.rejected:
        _keep(path, source, tally.rejected)
    session.tell(report.machine(tally, returned), *report.people(tally, returned))
    return Exit.UNKNOWN if tally.open else Exit.REFUSED if tally.rejected else Exit.DONE


def _open(file: Path, given: Circumstances | None) -> Source:
    try:
        return form(file, given, app.clock()) if given else commands(file)
    except (UnreadableFile, WrongHeading) as wrong:
        raise Stop(Status.USAGE, str(wrong)) from wrong


def _circumstances(file: Path, area: str | None, unit: Unit, visit: Visit, actor: Path | None) -> Circumstances:
    if area is None:
        raise Stop(Status.USAGE, "请用 --area 写明区划代码，如 --area 500229001。Give the area code with --area.")
    try:
        subjects.area_levels(area)
    except ValueError as wrong:
        raise Stop(
            Status.USAGE, f"区划代码 {area} 有误：应为 2、4、6、9 或 12 位数字。An area code has that many digits."
        ) from wrong
    if visit is Visit.SELF and unit is Unit.CHECKING:
        raise Stop(
            Status.USAGE, "自查的排查单位就是企业自己：请去掉 --unit checking。A self-check has no checking unit."
        )
    if actor is None and len(area) == VILLAGE_DIGITS and visit not in OF_A_VILLAGE:
        raise Stop(
            Status.USAGE,
            f"村（社区）只作巡查，不作{visit}：请用 --actor 写明由谁登记。A village patrols; give --actor.",
        )
    return Circumstances(area, unit, visit, read_actor(actor) if actor else recorder(area), line(file.name))


def _ask(session: Session) -> Visit:
    """On a terminal; a program that did not say gets the default."""
    if session.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return Visit.PATROL
    kinds = list(Visit)
    session.aside("这张表是哪种检查？登记后不能改。Which kind of visit was it? It cannot be altered later.")
    session.aside("  ".join(f"{number} {kind}" for number, kind in enumerate(kinds, 1)))
    while True:
        said = input(f"请选 1–{len(kinds)}，直接回车为{Visit.PATROL}：").strip()
        if not said:
            return Visit.PATROL
        if said in kinds:
            return Visit(said)
        if said.isdecimal() and 1 <= int(said) <= len(kinds):
            return kinds[int(said) - 1]


def _keep(path: Path, source: Source, rows: list[Rejected]) -> None:
    try:
        rejected.write(path, source.columns, rows)
    except OSError as wrong:
        reason = f"有 {len(rows)} 行退回，但写不进 {path}：{wrong.strerror}。"
        what_to_do = (
            "请把文件移到可写的文件夹再导入一次，已登记的不会重复。Move the file where we may write; import again."
        )
        raise Stop(Status.REFUSED, reason + what_to_do) from wrong
