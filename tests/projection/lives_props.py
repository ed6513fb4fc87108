"""Made-up lives under a stream of a test's own, and what the definition of as-of says of them, counted by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from nats.aio.client import Client

from contracts.events import Event, HazardCorrected
from services.journal.events import EventStore
from services.journal.library import Notification
from services.projection import generations, positions
from services.projection.database import Database
from services.projection.lanes import Writer
from services.projection.ledger import Ledger
from services.projection.volume import Volume
from tests.lives import Told, generate
from tests.lives.storing import recorded
from tests.projection.folding import SITE
from tests.servers import Stream

FIRST: Final = date(2024, 3, 1)


def lives(seed: int = 11, hazards: int = 120) -> list[Told]:
    """Some nine hundred events within 120 days; some told late, a few of them corrections."""
    return list(generate(seed, hazards, counties=2, first_day=FIRST, days=120))


def lives_store(nc: Client, stream: Stream) -> EventStore:
    """EVENTS' subjects stand under the root of the test's stream."""
    return EventStore(
        nc,
        stream.name,
        subject_of=lambda originator: str(originator).replace("events.", f"{stream.root}.", 1),
        originator_of=lambda subject: subject.replace(f"{stream.root}.", "events.", 1),
    )


def effective(told: Sequence[Told]) -> list[datetime]:
    """Of each event when it counts, by the definition."""
    by_place = {(each.aggregate_id, each.version): each.event for each in told}

    def when(aggregate: str, event: Event) -> datetime:
        if isinstance(event, HazardCorrected):
            return when(aggregate, by_place[aggregate, event.corrects])
        return event.occurred_at

    return [when(each.aggregate_id, each.event) for each in told]


def notified(told: Sequence[Told]) -> list[Notification]:
    """As the stream would give them, from sequence 1 on."""
    return [
        Notification(one.originator_id, one.originator_version, one.topic, one.state, id=sequence)
        for sequence, one in enumerate(recorded(told), 1)
    ]


@contextmanager
def opened_writer(url: str) -> Iterator[Writer]:
    """Closed in the end."""
    writer = Writer(Database(url), SITE)
    try:
        writer.database.open()
        yield writer
    finally:
        writer.close()
        writer.database.close()


async def fill(writer: Writer, ledgers: Sequence[Ledger], told: Sequence[Told]) -> None:
    """These ledgers with all of it in them, seen by readers."""
    database = writer.database
    begun: list[Volume] = []
    with database.writing() as connection:
        begun += [Volume(database, ledger, generations.begin(database, ledger, connection)) for ledger in ledgers]
    await writer.write(begun, notified(told))
    for volume in begun:
        assert not volume.stopped, volume.position.stopped_why
        generations.switch(database, volume)
        assert volume.position.standing == positions.CURRENT
