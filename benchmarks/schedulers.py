"""The peers: APScheduler with its jobs in SQLite, and a table that is asked each second, as most such systems do.

Both run in this process and call a function of it: nobody decides, records, claims or sends. Neither can be run twice
side by side, and neither knows when a job was done: the comparison favours them.
"""

import pickle
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any, Final
from uuid import uuid4

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from benchmarks.deadlines import moments
from services.hazard.app import clock

FAR: Final = timedelta(days=60)
LEAD: Final = 3.0
EVERY: Final = 1.0
"""Seconds between two looks at the table."""
_late: list[float] = []


def callback(due: datetime) -> None:
    """What a job does."""
    _late.append((clock() - due).total_seconds())


def scheduled(folder: Path, pending: int, count: int, seconds: float) -> list[float]:
    """Seconds by which each of `count` callbacks was late, with so many other jobs in the store."""
    _late.clear()
    store = SQLAlchemyJobStore(f"sqlite:///{folder / f'{uuid4()}.sqlite'}")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    far = clock() + FAR
    template = scheduler.add_job(callback, "date", run_date=far, args=[far], misfire_grace_time=None).__getstate__()
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), [_job(template, far) for _ in range(pending)])
        connection.execute(store.jobs_t.insert(), [_job(template, due) for due in moments(count, seconds, LEAD)])
    scheduler.resume()
    while len(_late) < count:
        sleep(0.1)
    scheduler.shutdown()
    return sorted(_late)


def _job(template: Mapping[str, Any], due: datetime) -> dict[str, Any]:
    """As the store writes it."""
    own = uuid4().hex
    state = {**template, "id": own, "args": [due], "trigger": DateTrigger(due), "next_run_time": due}
    return {"id": own, "next_run_time": due.timestamp(), "job_state": pickle.dumps(state, pickle.HIGHEST_PROTOCOL)}


def polled(folder: Path, pending: int, count: int, seconds: float) -> list[float]:
    """The same with a table; each job is marked as done in a transaction of its own, so that none is done twice."""
    _late.clear()
    with closing(sqlite3.connect(folder / f"{uuid4()}.sqlite", isolation_level=None)) as table:
        table.execute("PRAGMA synchronous=FULL")
        table.execute("CREATE TABLE job (id INTEGER PRIMARY KEY, due REAL, done INTEGER DEFAULT 0)")
        table.execute("CREATE INDEX due ON job (due) WHERE NOT done")
        table.execute("BEGIN")
        table.executemany("INSERT INTO job (due) VALUES (?)", _rows(pending, count, seconds))
        table.execute("COMMIT")
        while len(_late) < count:
            sleep(EVERY)
            now = clock().timestamp()
            for job, due in table.execute("SELECT id, due FROM job WHERE due <= ? AND NOT done", (now,)).fetchall():
                table.execute("UPDATE job SET done = 1 WHERE id = ?", (job,))
                callback(datetime.fromtimestamp(due, UTC))
    return sorted(_late)


def _rows(pending: int, count: int, seconds: float) -> Iterator[tuple[float]]:
    far = (clock() + FAR).timestamp()
    yield from ((far,) for _ in range(pending))
    yield from ((due.timestamp(),) for due in moments(count, seconds, LEAD))


PEERS: Final[Mapping[str, Callable[[Path, int, int, float], list[float]]]] = {
    "APScheduler with SQLite": scheduled,
    "a table asked each second": polled,
}
