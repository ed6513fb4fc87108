"""Build a ledger anew beside the one that readers see, and let it take that one's place when it has caught up.

A runner may go on with the present one meanwhile, here or in another process: it takes up the new one by itself.
Nothing is sent to anybody.
"""

from zoneinfo import ZoneInfo

from services.journal.events import EventStore
from services.projection import generations, positions
from services.projection.comparing import Differences
from services.projection.database import DatabaseTrouble
from services.projection.lanes import Moved, Writer, catch_up
from services.projection.ledger import Ledger
from services.projection.positions import Position
from services.projection.queries import opened
from services.projection.shelf import Shelf
from services.projection.verifying import against
from services.projection.volume import Volume


class StoppedError(Exception):
    """The new generation could not be built; readers keep the old one."""


async def rebuild(store: EventStore, writer: Writer, ledger: Ledger, *, moved: Moved | None = None) -> Position:
    """The new generation, which readers see from now on.

    Raises DatabaseTrouble where it belongs to a newer program; StoppedError where an event cannot be entered, or
    another rebuilding took its place: what was built of it is gone then.
    """
    begun: list[Position] = []
    await writer.call(lambda: begun.append(_begin(writer, ledger)))
    volume = Volume(writer.database, ledger, begun[0], pages=40_000)
    try:
        await _build(store, writer, volume, moved)
    except BaseException:
        await writer.call(lambda: _drop(writer, volume))
        raise
    return volume.position


async def difference(
    store: EventStore, writer: Writer, ledger: Ledger, zone: ZoneInfo, *, moved: Moved | None = None
) -> Differences:
    """What a rebuilding would change in what readers see, without changing it. Errors as `as_of`."""
    with opened(writer.database, ledger) as view:
        return await against(store, view, ledger, zone, moved=moved)


async def _build(store: EventStore, writer: Writer, volume: Volume, moved: Moved | None) -> None:
    """Up to the last event, and no less far than the generation that readers see, unless that one is past the end."""
    while volume.position.standing != positions.CURRENT:
        await catch_up(store, writer, [volume], await store.last_of_stream(), moved=moved)
        if volume.stopped:
            at, why = volume.position.stopped_at, volume.position.stopped_why
            raise StoppedError(f"第 {at} 号事件无法入账：{why}。旧的台账未动。Event {at} cannot be entered.")
        there = generations.all_positions(writer.database)
        own = there.get((volume.ledger.name, volume.position.generation))
        if own is None or own.version != volume.ledger.version:
            raise StoppedError("另一次重建取代了这一次：请稍后查看 bihuan ledger status。Another rebuilding took over.")
        volume.take(own)
        seen = positions.current(there, volume.ledger.name)
        if seen is None or seen.sequence <= own.sequence or seen.sequence > await store.last_of_stream():
            await writer.call(lambda: generations.switch(writer.database, volume))


def _begin(writer: Writer, ledger: Ledger) -> Position:
    """What an earlier attempt left is dropped; what a newer program has is not touched."""
    database = writer.database
    with database.writing() as connection:
        there = positions.positions(connection, lock=True)
        if generations.newer(there, {ledger.name: ledger}):
            raise DatabaseTrouble(generations.belongs_to_newer([ledger.name]))
        if (left := positions.building(there, ledger.name)) is not None:
            positions.remove(connection, left)
            Shelf(database, ledger, left.generation).drop(connection)
        return generations.begin(database, ledger, connection)


def _drop(writer: Writer, volume: Volume) -> None:
    database, position = writer.database, volume.position
    with database.writing() as connection:
        there = positions.positions(connection, lock=True).get((position.name, position.generation))
        if there is not None and there.standing == positions.BUILDING:
            positions.remove(connection, there)
            Shelf(database, volume.ledger, there.generation).drop(connection)
