import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client
from runner_props import ALL, DIARY, TALLY, Teller, Undisturbed, fresh, raised, tables, told

from services.journal import delivery
from services.journal.api import call
from services.journal.events import EventStore
from services.projection import generations, lanes, positions
from services.projection import runner as runners
from services.projection.agreeing import WrongStreamError
from services.projection.database import Database
from services.projection.entries import Entry, UnapplicableError
from services.projection.ledger import Ledger
from services.projection.positions import Position
from services.projection.runner import Runner
from tests.servers import Servers, Stream, fresh_stream


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look soon again; small batches."""
    monkeypatch.setattr(runners, "PATIENCE", 0.05)
    monkeypatch.setattr(delivery, "EXPIRES", 0.3)
    monkeypatch.setattr(delivery, "BATCH", 40)
    monkeypatch.setattr(lanes, "TOGETHER", 25)


@asynccontextmanager
async def running(store: EventStore, url: str, ledgers: Sequence[Ledger] = ALL) -> AsyncIterator[Database]:
    """Ledgers that follow, in this process."""
    with fresh(url) as writer:
        runner = Runner(store, writer, ledgers)
        await runner.prepare()
        task = asyncio.create_task(runner.run())
        try:
            yield writer.database
            assert not task.done()
        finally:
            task.cancel()
            await asyncio.wait([task])


async def there(database: Database) -> list[Position]:
    """Every generation."""
    return list((await asyncio.to_thread(generations.all_positions, database)).values())


async def reached(database: Database, until: int, ledgers: Sequence[Ledger] = ALL) -> None:
    """Wait until readers find these, of that version, up to that sequence."""
    wanted = {(one.name, one.version, positions.CURRENT, until) for one in ledgers}
    async with asyncio.timeout(20):
        while wanted - {(one.name, one.version, one.standing, one.sequence) for one in await there(database)}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def stopped(database: Database, at: int) -> None:
    """Wait until a ledger stands before that event."""
    async with asyncio.timeout(20):
        while (at - 1, at) not in {(one.sequence, one.stopped_at) for one in await there(database)}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def noted(database: Database, wanted: str | None) -> None:
    """Wait until that trouble is written where `bihuan ledger status` finds it, or none is."""

    def read() -> str | None:
        with database.reading() as connection:
            return positions.noted(connection, runners.TROUBLE)

    async with asyncio.timeout(20):
        while (said := await asyncio.to_thread(read)) != wanted and (not wanted or wanted not in (said or "")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def teller(store: EventStore, stream: Stream) -> Teller:
    """Of the test's stream."""
    return Teller(store, told(stream.root))


@pytest.fixture
def truth(store: EventStore, tmp_path: Path) -> Undisturbed:
    """Of the test's stream."""
    return Undisturbed(store, tmp_path)


async def agree(database: Database, truth: Undisturbed, until: int, ledgers: Sequence[Ledger] = ALL) -> None:
    """Every table as an undisturbed run would have it."""
    await reached(database, until, ledgers)
    assert tables(database, ledgers) == {one.name: await truth.upto(one, until) for one in ledgers}


async def test_what_happens_is_entered_as_it_happens(teller: Teller, truth: Undisturbed, database_url: str) -> None:
    """From an empty stream on; also one event after a silence longer than a request lasts."""
    async with running(teller.store, database_url) as database:
        await reached(database, 0)
        await agree(database, truth, await teller.tell(60))
        await asyncio.sleep(delivery.EXPIRES * 2)
        await agree(database, truth, await teller.tell(1))


async def test_a_deleted_consumer_is_made_again(
    nc: Client, stream: Stream, teller: Teller, truth: Undisturbed, sqlite_url: str
) -> None:
    """Nothing twice, nothing left out."""
    async with running(teller.store, sqlite_url) as database:
        for _ in range(3):
            await reached(database, await teller.tell(20))
            for name in (await call(nc, f"CONSUMER.NAMES.{stream.name}"))["consumers"] or ():
                await call(nc, f"CONSUMER.DELETE.{stream.name}.{name}")
        await agree(database, truth, await teller.tell(20))


async def test_a_server_that_was_killed_is_waited_for(
    servers: Servers, teller: Teller, truth: Undisturbed, sqlite_url: str
) -> None:
    """The consumer died with it; the ledgers go on from their checkpoint."""
    async with running(teller.store, sqlite_url) as database:
        await reached(database, await teller.tell(50))
        servers.nodes[0].kill()
        servers.nodes[0].start()
        await servers.ready()
        async with asyncio.timeout(20):
            while not teller.store._reader._nc.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await agree(database, truth, await teller.tell(50))


async def test_two_side_by_side_enter_each_event_once(teller: Teller, truth: Undisturbed, database_url: str) -> None:
    """The place in the database decides, not what a process remembers."""
    async with running(teller.store, database_url) as database, running(teller.store, database_url):
        until = 0
        for _ in range(10):
            until = await teller.tell(20)
        await agree(database, truth, until)


async def test_a_gap_is_named_and_nothing_behind_it_is_entered(nc: Client, tmp_path: Path, sqlite_url: str) -> None:
    """A stream that lost a message: the ledgers stand before it, as long as it is missing."""
    stream = await fresh_stream(nc, 1, deny_delete=False)
    store = EventStore(nc, stream.name)
    await Teller(store, told(stream.root)).tell(100)
    await call(nc, f"STREAM.MSG.DELETE.{stream.name}", {"seq": 71})
    async with running(store, sqlite_url) as database:
        await noted(database, "between 70 and 72")
        wanted = {one.name: await Undisturbed(store, tmp_path).upto(one, 70) for one in ALL}
        async with asyncio.timeout(20):  # what was read before the gap may still be on its way
            while tables(database, ALL, positions.BUILDING) != wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_a_trouble_of_yesterday_is_forgotten(store: EventStore, teller: Teller, sqlite_url: str) -> None:
    """What another process noted is not told for ever, though nothing new happens."""
    async with running(store, sqlite_url) as database:
        await reached(database, await teller.tell(5))
    with fresh(sqlite_url) as writer:
        generations.note(writer.database, runners.TROUBLE, "a gap")
    async with running(store, sqlite_url) as database:
        await noted(database, None)


async def test_a_stopped_ledger_goes_on_when_it_is_asked_to(
    teller: Teller, truth: Undisturbed, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others never wait for it; `retry` by another process is enough."""
    apply = Ledger.apply

    def broken(ledger: Ledger, entry: Entry, page: object) -> None:
        if (ledger.name, entry.sequence) == ("diary", 33):
            raise UnapplicableError(33, "told to")
        apply(ledger, entry, page)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "apply", broken)
        async with running(teller.store, database_url) as database:
            until = await teller.tell(60)
            await reached(database, until, [one for one in ALL if one is not DIARY])
            await stopped(database, 33)
            patch.undo()
            generations.retry(database, {"diary": DIARY})
            await agree(database, truth, until)


async def test_a_changed_ledger_is_built_beside_and_takes_its_place(
    teller: Teller, truth: Undisturbed, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers see the old one until the new one has caught up; then the old tables are gone."""
    async with running(teller.store, database_url) as database:
        await reached(database, await teller.tell(100))
    changed = [raised(DIARY), TALLY, *(one for one in ALL if one not in (DIARY, TALLY))]
    seen = []
    switch = generations.switch

    def watched(database: Database, volume: object) -> None:
        seen.append((tables(database, [DIARY])["diary"], tables(database, changed, positions.BUILDING)["diary"]))
        switch(database, volume)  # type: ignore[arg-type]

    monkeypatch.setattr(generations, "switch", watched)
    async with running(teller.store, database_url, changed) as database:
        await agree(database, truth, await teller.tell(50), changed)
        [(old, new), *_] = seen
        assert old == await truth.upto(DIARY, old["sequence"])
        assert new == await truth.upto(raised(DIARY), new["sequence"])
        assert len(await there(database)) == len(ALL)
        with database.reading() as connection:
            assert not database.engine.dialect.has_table(connection, "ledger_diary_1")


async def test_an_older_program_beside_a_newer_one_leaves_the_ledger_to_it(
    teller: Teller, truth: Undisturbed, database_url: str
) -> None:
    """While servers are upgraded one after another, nobody builds what the other takes down."""
    newer = [raised(ledger) for ledger in ALL]
    async with running(teller.store, database_url) as database:
        await reached(database, await teller.tell(50))
        async with running(teller.store, database_url, newer):
            await agree(database, truth, await teller.tell(50), newer)
            await agree(database, truth, await teller.tell(50), newer)
            assert {one.generation for one in await there(database)} == {2}


async def test_a_new_ledger_fills_itself_beside_those_that_live(
    teller: Teller, truth: Undisturbed, sqlite_url: str
) -> None:
    """From the first event on."""
    async with running(teller.store, sqlite_url, [TALLY]) as database:
        await reached(database, await teller.tell(100), [TALLY])
    async with running(teller.store, sqlite_url) as database:
        await agree(database, truth, await teller.tell(1))


async def test_a_ledger_that_waits_for_the_next_batch_is_not_forgotten(
    teller: Teller, truth: Undisturbed, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that passes between its catching up and its joining the others is entered, though no other follows."""
    async with running(teller.store, sqlite_url, [TALLY]) as database:
        await reached(database, await teller.tell(30), [TALLY])
    bring = Runner._bring

    async def delayed(self: Runner, group: list, *args: object, **kwargs: bool) -> None:  # type: ignore[type-arg]
        await bring(self, group, *args, **kwargs)  # type: ignore[arg-type]
        if any(volume.ledger is DIARY for volume in group):
            await reached(self._writer.database, await teller.tell(1), [TALLY])

    monkeypatch.setattr(Runner, "_bring", delayed)
    async with running(teller.store, sqlite_url, [TALLY, DIARY]) as database:
        await agree(database, truth, 31, [TALLY, DIARY])


async def test_ledgers_of_another_stream_are_refused(nc: Client, teller: Teller, sqlite_url: str) -> None:
    """Two truths would be mixed: another history of the same length, or one that is shorter."""
    async with running(teller.store, sqlite_url) as database:
        await reached(database, await teller.tell(50))
    for count in (10, 100):
        other = await fresh_stream(nc, 1)
        store = EventStore(nc, other.name)
        await Teller(store, told(other.root)[1:]).tell(count)
        with fresh(sqlite_url) as writer:
            with pytest.raises(WrongStreamError, match="不是同一个"):
                await Runner(store, writer, ALL).prepare()
            assert {one.sequence for one in await there(writer.database)} == {50}


async def test_a_generation_that_was_begun_again_is_not_written_by_old_rules(teller: Teller, database_url: str) -> None:
    """A second program of a later version begins the building anew under the same number."""
    await teller.tell(40)
    second, third = raised(DIARY), raised(DIARY, 2)
    with fresh(database_url) as writer:
        database = writer.database
        await Runner(teller.store, writer, [DIARY]).prepare()
        generations.wanted(database, {"diary": second})
        old = lanes.Volume(database, second, generations.wanted(database, {"diary": second})["diary"])
        new = generations.wanted(database, {"diary": third})["diary"]
        assert (new.generation, new.version) == (old.position.generation, 3)
        await lanes.catch_up(teller.store, writer, [old], 40)
        assert old.stopped
        assert [one.sequence for one in await there(database)] == [0]
