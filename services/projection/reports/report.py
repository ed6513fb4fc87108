"""A form, from a question: the ledgers as of its days, its own figures, and where they come from 溯源."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from services.journal.events import EventStore
from services.journal.evidence import Evidence
from services.projection.asof import AsOf, as_of
from services.projection.database import Database
from services.projection.forms.library import shipped
from services.projection.forms.model import Form
from services.projection.forms.template import FormId, Template
from services.projection.lanes import Moved
from services.projection.ledger import Ledger
from services.projection.reports import answer, form_a, form_b, histories, pictures, scope
from services.projection.reports import asked as asking
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.late import concerned, late
from services.projection.reports.makers import MAKERS, Make
from services.projection.reports.night import night
from services.projection.reports.question import Question
from services.projection.reports.sources import trace
from services.projection.reports.tables import Tables, reading


@dataclass(frozen=True, slots=True)
class Desk:
    """What a report is made with: the store, ledgers that are up to date, the day, who asks."""

    store: EventStore
    database: Database
    evidence: Evidence | None
    """None: photos are named, not drawn."""
    zone: ZoneInfo
    now: datetime
    by: str
    unit: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    moved: Moved | None = None
    """Told how far the events have been read."""


async def produce(desk: Desk, question: Question, template: Template | None = None) -> Form:
    """The form with its 溯源. Raises QuestionError where area or enterprise is not there, or a ledger lags behind."""
    layout = template or shipped(question.form)
    last = await desk.store.last_of_stream()
    await asyncio.to_thread(_check_area, desk, question)
    asked = asking.asked(
        question,
        layout,
        known=last if question.known is None else question.known,
        now=desk.now,
        zone=desk.zone,
        by=desk.by,
        unit=desk.unit,
        names=desk.names,
    )
    made, asked = await _made(desk, asked)
    entries, more = await late(desk.store, asked, made.concerned)
    sheets = made.sheets
    if question.form is FormId.A and desk.evidence is not None:
        sheets = await pictures.drawn(sheets, desk.evidence)
    ledgers, _ = MAKERS[question.form]
    told = await trace(desk.store, asked, ledgers, {**made.counts, **more}, last)
    return Form(question.form, replace(told, late=entries), sheets, asking.title(asked))


def _check_area(desk: Desk, question: Question) -> None:
    if question.area:
        with reading(desk.database) as tables:
            scope.check_area(tables, question, desk.names)


def _named(asked: Asked, then: Database, ledgers: Sequence[Ledger], today: Database) -> Asked:
    """With the enterprise's id, as the ledgers of the question call it, else those of today: names and hands change."""
    if not asked.question.enterprise:
        return asked
    with reading(then) as tables:
        found = scope.named(tables, asked.question.enterprise, ledgers)
    if found is None:
        with reading(today) as tables:
            found = scope.enterprise(tables, asked.question.enterprise)
    return replace(asked, question=replace(asked.question, enterprise=found))


async def _made(desk: Desk, asked: Asked) -> tuple[Answer, Asked]:
    """From the ledgers of today where they are what is asked for, else from ledgers made for this question."""
    form = asked.question.form
    ledgers, make = MAKERS[form]
    if form is FormId.B:
        return await _with_histories(desk, asked, *await asyncio.to_thread(_b, desk, asked)), asked
    if asked.running and asked.question.known is None:
        asked = await asyncio.to_thread(_named, asked, desk.database, ledgers, desk.database)
        found = await asyncio.to_thread(_present, desk, asked, ledgers, make)
        if found is not None:
            return found
    async with as_of(desk.store, ledgers, AsOf(asked.cutoff, asked.known), asked.zone, moved=desk.moved) as database:
        asked = await asyncio.to_thread(_named, asked, database, ledgers, desk.database)
        if form is FormId.A and not asked.running:
            make = partial(form_a.make, night=await night(desk.store, desk.database, asked))
        return await asyncio.to_thread(_from, database, asked, ledgers, make), asked


def _b(desk: Desk, asked: Asked) -> tuple[Answer, list[str]]:
    with reading(desk.database) as tables:
        tables.check(form_b.LEDGERS, asked.known)
        return form_b.make(tables, asked), form_b.open_majors(tables, asked)


async def _with_histories(desk: Desk, asked: Asked, made: Answer, open_majors: Sequence[str]) -> Answer:
    made.counts[answer.SUBMITTED] = await histories.count(desk.store, open_majors, asked, histories.is_submitted)
    listed = made.sheets[0].keys["listed"]
    if revoked := await histories.count(desk.store, listed, asked, histories.is_listing_revoked):
        made.counts[form_b.REVOKED] = revoked
    return made


def _present(desk: Desk, asked: Asked, ledgers: Sequence[Ledger], make: Make) -> tuple[Answer, Asked] | None:
    """None where the ledgers do not stand together."""
    with reading(desk.database) as tables:
        reached = tables.together(ledgers, asked.known)
        if reached is None:
            return None
        now = replace(asked, known=reached)
        return _told(tables, now, ledgers, make), now


def _from(database: Database, asked: Asked, ledgers: Sequence[Ledger], make: Make) -> Answer:
    with reading(database) as tables:
        return _told(tables, asked, ledgers, make)


def _told(tables: Tables, asked: Asked, ledgers: Sequence[Ledger], make: Make) -> Answer:
    made, matters = make(tables, asked), concerned(tables, asked, ledgers)
    return replace(made, concerned=lambda late: made.concerned(late) and matters(late))
