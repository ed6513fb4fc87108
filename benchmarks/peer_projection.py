"""The peer: the library's own `ProjectionRunner` builds 隐患台账 from events of the same lives, on the same server.

An application of the library follows a stream of its own through services.journal.persistence; its view is a tracking
recorder of eventsourcing.sqlite or .postgres, which writes the row and the position in one transaction for each event,
as the library does. What reads a body, the rules, the pages kept in memory, the SQL and the table are ours: compared
are the two ways to get events from the stream into the database. That favours the peer, and so does its short stream.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import Any, Final, cast

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, Notification, StoredEvent, Tracking
from eventsourcing.projection import Projection, ProjectionRunner
from sqlalchemy import func, select

from benchmarks.ledgers import EVENTS_EACH, HAZARDS, ZONE, begun
from benchmarks.measure import sure
from benchmarks.peer_view import PostgresRows, Rows, SQLiteRows
from contracts import subjects
from services.journal.embedded import Embedded
from services.projection.database import Database
from services.projection.entries import Entry
from services.projection.shelf import Shelf
from tests.lives import benchmark_lives
from tests.lives.storing import recorded

TOGETHER: Final = 400
"""Events of one batch, when the stream is filled."""
PATIENCE: Final = 3600.0


class Reading(Mapper[str]):
    """A stored body becomes our event, with its place beside it, which the rules ask for."""

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401 (an Entry: no class of the library's)
        """Read at once."""
        one = cast("Notification", stored_event)
        version, body = one.originator_version, bytes(one.state)
        entry = Entry(one.id, subjects.HAZARD, str(one.originator_id), version, one.topic, body, ZONE)
        sure(entry.event.type == one.topic, one)
        return entry


class Lives(Application[str]):
    """Its events are stored already."""

    name = "peer"

    def construct_mapper(self) -> Mapper[str]:
        """One that reads our bodies."""
        return Reading(self.construct_transcoder())


class Entering(Projection[Any]):
    """Every event goes to the view."""

    name = "ledger"

    def process_event(self, domain_event: Entry, tracking: Tracking) -> None:
        """With its place."""
        self.view.enter(domain_event, tracking)


def rates(server: Embedded, databases: Mapping[str, Database], count: int) -> Iterator[tuple[str, float]]:
    """Events a second into each of these databases, of a stream of about so many. It blocks."""
    env = {
        "PEER_PERSISTENCE_MODULE": "services.journal.persistence",
        "NATS_URL": server.url,
        "NATS_STREAM": "PEER",
        "ORIGINATOR_ID_TYPE": "text",
    }
    stored, hazards = _fill(env, int(count / EVENTS_EACH))
    for name, database in databases.items():
        shelf = begun(database, HAZARDS).shelf
        yield name, stored / _run(env | _place(database), shelf, SQLiteRows if database.is_sqlite else PostgresRows)
        with database.reading() as connection:
            written = connection.execute(select(func.count()).select_from(shelf.rows)).scalar_one()
        sure(written == hazards, f"{written} rows of {hazards}")


def _fill(env: Mapping[str, str], hazards: int) -> tuple[int, int]:
    """How many events, of how many hazards."""
    told = list(benchmark_lives(hazards))
    events = (replace(stored, originator_id=one.aggregate_id) for one, stored in zip(told, recorded(told), strict=True))
    with Lives(dict(env)) as application:
        while batch := list(islice(events, TOGETHER)):
            application.recorder.insert_events(batch)
    return len(told), len({one.aggregate_id for one in told})


def _place(database: Database) -> dict[str, str]:
    """The same database, as the library is told of it."""
    url = database.engine.url
    if database.is_sqlite:
        return {"LEDGER_PERSISTENCE_MODULE": "eventsourcing.sqlite", "LEDGER_SQLITE_DBNAME": str(url.database)}
    return {
        "LEDGER_PERSISTENCE_MODULE": "eventsourcing.postgres",
        "LEDGER_POSTGRES_DBNAME": str(url.database),
        "LEDGER_POSTGRES_HOST": str(url.host),
        "LEDGER_POSTGRES_PORT": str(url.port),
        "LEDGER_POSTGRES_USER": str(url.username),
        "LEDGER_POSTGRES_PASSWORD": "",
    }


def _run(env: Mapping[str, str], shelf: Shelf, view: type[Rows]) -> float:
    """Seconds from its start to the last position."""
    view.shelf = shelf
    began = perf_counter()
    with ProjectionRunner[Lives, Any](
        application_class=Lives, projection_class=Entering, view_class=view, env=dict(env)
    ) as runner:
        runner.wait(runner.app.recorder.max_notification_id(), timeout=PATIENCE)
        return float(runner.view.moved - began)
