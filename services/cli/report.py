"""`bihuan report`: a form of the notices for a month, from the ledgers: on paper, for programs, or at a glance."""

import asyncio
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from services.cli.connection import ledger_settings
from services.cli.glance import glance
from services.cli.ledgers import desk as ledgers
from services.cli.ledgers.progress import progress
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Here, Session
from services.hazard import app
from services.hazard.library import load_directory
from services.hazard.settings import Settings
from services.journal.evidence import Evidence
from services.projection.forms import telling, writing
from services.projection.forms.library import BadTemplate, load
from services.projection.forms.model import Form
from services.projection.forms.template import Template
from services.projection.knowing import sequence_at
from services.projection.moments import moment_or_sequence
from services.projection.reports import places, question
from services.projection.reports.makers import needed
from services.projection.reports.question import Question
from services.projection.reports.report import Desk, produce
from services.projection.runner import Runner


@dataclass(frozen=True)
class Printing:
    """Who produces it, for whom, and on what."""

    by: str
    unit: str
    template: Template | None
    xlsx: Path | None


async def report(  # noqa: PLR0913 (options of a command)
    form: Annotated[
        str,
        Parameter(
            help="报表：A 排查表、B 月度调度表、C 检查清单、D 统计报表、quarterly、annual、listing-register、bulletin."
        ),
    ],
    /,
    *,
    month: Annotated[str, Parameter(help="月份，如 2026-05；季报、年报写其中任一个月 The month.")],
    area: Annotated[str | None, Parameter(help="区划代码 Of that area and all below it.")] = None,
    enterprise: Annotated[str | None, Parameter(help="企业编号、名称或统一社会信用代码 Of one enterprise.")] = None,
    campaign_start: Annotated[
        str | None, Parameter(help="专项行动开始日，累计从这一天起（B、D、挂牌督办台账） Count from that day on.")
    ] = None,
    known_at: Annotated[
        str | None,
        Parameter(help="按当时所知：日期、时刻或事件序号 As it was known then: a time, or an event's number."),
    ] = None,
    xlsx: Annotated[Path | None, Parameter(help="写成 Excel 文件 Write an .xlsx file.")] = None,
    template: Annotated[
        Path | None, Parameter(help="换用自己的版式（YAML），栏目可改 Your own layout, columns included.")
    ] = None,
    unit: Annotated[str | None, Parameter(help="填报单位名称 The unit that reports, as printed.")] = None,
    by: Annotated[str | None, Parameter(help="填表人，默认为登录名 Who fills it in.")] = None,
    session: Here,
) -> Exit:
    """出报表：A、B、C、D 表，季度、年度统计，挂牌督办台账，半年通报 A form for a month, from the ledgers."""
    with explained():
        asked = _question(form, month, area, enterprise, campaign_start)
        layout = load(template, asked.form) if template else None
        paper = Printing(by or getpass.getuser(), unit or "", layout, xlsx)
        if xlsx is not None:
            _check_file(xlsx)
        async with ledgers.desk(session) as place:
            evidence = Evidence(place.nc) if xlsx is not None else None
            made = await _made(place, evidence, asked, known_at, paper)
        if xlsx is not None:
            await asyncio.to_thread(writing.write, made, xlsx, layout)
        _tell(session, made, paper)
    return Exit.DONE


def _question(form: str, month: str, area: str | None, enterprise: str | None, campaign_start: str | None) -> Question:
    """Everything that can be refused without looking at a record."""
    today = app.clock().astimezone(ledger_settings().zone).date()
    asked = question.form(form)
    first = question.month(month, today)
    start = question.campaign_start(campaign_start, asked, today) if campaign_start is not None else None
    return Question(asked, first, *question.scope(asked, area, enterprise), start)


async def _made(
    place: ledgers.Desk, evidence: Evidence | None, asked: Question, known_at: str | None, paper: Printing
) -> Form:
    await _bring_up_to_date(place, asked)
    now, zone = app.clock(), place.settings.zone
    known = await _known(place, known_at, now)
    with progress(place.session, "统计 Counting", place.last) as moved:
        desk = Desk(place.store, place.database, evidence, zone, now, paper.by, paper.unit, _names(), moved=moved)
        return await produce(desk, replace(asked, known=known), paper.template)


async def _bring_up_to_date(place: ledgers.Desk, asked: Question) -> None:
    """Where nobody else keeps the ledgers, only those that this form needs."""
    if not place.alone:
        await place.bring_up_to_date()
        return
    with progress(place.session, "更新台账 Updating", place.last) as moved:
        await Runner(place.store, place.writer, needed(asked.form)).catch_up(moved)


async def _known(place: ledgers.Desk, said: str | None, now: datetime) -> int | None:
    if said is None:
        return None
    known = moment_or_sequence(said, place.settings.zone, now, place.last)
    return known if isinstance(known, int) else await sequence_at(place.store, known)


def _names() -> dict[str, str]:
    """By the tenant's directory, where one is set."""
    directory = Settings().bihuan_directory
    return places.names(load_directory(directory)) if directory else {}


def _check_file(path: Path) -> None:
    """Before anything is counted."""
    if path.suffix.lower() != writing.SUFFIX:
        raise Stop(Status.USAGE, f"{path} 应以 .xlsx 结尾。The file's name should end in .xlsx.")
    if not path.absolute().parent.is_dir():
        raise Stop(Status.USAGE, f"没有 {path.parent} 这个文件夹：请先建立，或换一个。There is no such folder.")


def _tell(session: Session, made: Form, paper: Printing) -> None:
    told = telling.as_json(made, paper.template)
    written = {"file": str(paper.xlsx)} if paper.xlsx else {}
    session.tell({**told, **written}, *glance(told))
    session.say(
        f"已写入 {paper.xlsx}。Written." if paper.xlsx else "用 --xlsx 文件名.xlsx 写成 Excel。--xlsx writes it."
    )


@contextmanager
def explained() -> Iterator[None]:
    """What goes wrong with a form, in a sentence."""
    try:
        with ledgers.explained():
            yield
    except (BadTemplate, writing.UnwritableFile) as wrong:
        raise Stop(Status.USAGE, str(wrong)) from wrong
