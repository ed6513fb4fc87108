"""Built anew beside the running one, on both databases; readers never see it half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from sqlalchemy import inspect, text

from contracts import events
from contracts.events import Event
from services.journal.events import EventStore
from services.projection import generations, positions
from services.projection.app import Settings, build
from services.projection.database import Database, DatabaseTrouble
from services.projection.entries import Entry
from services.projection.lanes import Writer
from services.projection.ledger import Ledger
from services.projection.ledgers import hazards
from services.projection.pages import Page
from services.projection.positions import Position
from services.projection.queries import opened
from services.projection.rebuilding import StoppedError, difference, rebuild
from services.projection.runner import Runner
from tests.projection.folding import SITE
from tests.projection.lives_props import opened_writer
from tests.projection.runner_props import ALL, DIARY, TALLY, Teller, Undisturbed, raised, tables, told
from tests.servers import Stream

BEFORE, AFTER = 150, 60


@dataclass
class Place:
    """Ledgers that are up to date, and a history that goes on."""

    store: EventStore
    teller: Teller
    writer: Writer
    url: str

    @property
    def database(self) -> Database:
        """As readers use it."""
        return self.writer.database

    def generation(self, ledger: Ledger) -> int:
        """Which one readers see."""
        there = positions.current(generations.all_positions(self.database), ledger.name)
        assert there is not None
        return there.generation

    def names(self) -> set[str]:
        """Of every generation that there is."""
        return {f"{name}_{generation}" for name, generation in generations.all_positions(self.database)}


@pytest.fixture
async def place(nc: Client, stream: Stream, database_url: str) -> AsyncIterator[Place]:
    """Three ledgers."""
    store = EventStore(nc, stream.name)
    teller = Teller(store, told(stream.root, 20))
    await teller.tell(BEFORE)
    with opened_writer(database_url) as writer:
        await Runner(store, writer, ALL).catch_up()
        yield Place(store, teller, writer, database_url)


async def test_the_new_generation_takes_the_place_of_the_old(place: Place, tmp_path: Path) -> None:
    """Whatever was altered in the old one is gone with it; the others stay as they are."""
    with place.database.writing() as connection:
        connection.execute(text("UPDATE ledger_tally_1 SET c_open = 99"))
    seen: list[int] = []
    new = await rebuild(place.store, place.writer, TALLY, moved=seen.append)
    assert (new.generation, new.standing, new.sequence) == (2, positions.CURRENT, BEFORE)
    assert seen[-1] == BEFORE
    assert place.names() == {"hazards_1", "tally_2", "diary_1"}
    expected = await Undisturbed(place.store, tmp_path).upto(TALLY, BEFORE)
    assert tables(place.database, [TALLY])["tally"] == expected
    with place.database.reading() as connection, pytest.raises(Exception, match="ledger_tally_1"):
        connection.execute(text("SELECT * FROM ledger_tally_1"))


async def test_readers_see_the_old_one_until_then(place: Place) -> None:
    """All of it, while the next stands half done beside it."""
    before = tables(place.database, [DIARY])["diary"]
    looked: list[tuple[bool, str]] = []

    def look(_: int) -> None:
        next_ = positions.building(generations.all_positions(place.database), DIARY.name)
        looked.append((tables(place.database, [DIARY])["diary"] == before, next_.standing if next_ else ""))

    await rebuild(place.store, place.writer, DIARY, moved=look)
    assert looked
    assert set(looked) == {(True, positions.BUILDING)}
    assert tables(place.database, [DIARY])["diary"] == before


@asynccontextmanager
async def running(nc: Client, place: Place, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The service on the test's own stream, as another process would run it."""
    monkeypatch.setattr("services.projection.app.FarReader", lambda nc: EventStore(nc, stream.name))
    settings = Settings(bihuan_ledgers=place.url)
    async with build(nc, settings, ledgers=ALL) as task:
        yield
        assert not task.done()


async def reached(place: Place, ledger: Ledger, sequence: int) -> None:
    """Readers see every event up to that one."""
    async with asyncio.timeout(20):
        while True:
            with opened(place.database, ledger) as view:
                if view.sequence >= sequence:
                    return
            await asyncio.sleep(0.05)


async def test_a_running_service_takes_up_the_new_one(
    nc: Client, place: Place, stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on while the new one is built, and then with the new one: every event counts once."""
    once: list[asyncio.Task[Any]] = []

    def tell_more(_: int) -> None:
        if not once:
            once.append(asyncio.get_running_loop().create_task(place.teller.tell(AFTER)))

    async with running(nc, place, stream, monkeypatch):
        new = await rebuild(place.store, place.writer, DIARY, moved=tell_more)
        await once[0]
        assert new.generation == place.generation(DIARY) == 2
        last = await place.teller.tell(5)
        for ledger in ALL:
            await reached(place, ledger, last)
        found = tables(place.database, ALL)
    undisturbed = Undisturbed(place.store, tmp_path)
    assert found == {ledger.name: await undisturbed.upto(ledger, last) for ledger in ALL}


async def test_readers_never_go_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new one that is behind the old one when it is done goes on before it takes its place."""
    told_since: list[int] = []
    runner = Runner(place.store, place.writer, ALL)
    last_of_stream = place.store.last_of_stream

    async def then_more() -> int:
        last = await last_of_stream()
        if not told_since:
            told_since.append(await place.teller.tell(AFTER))
            await runner.catch_up()
        return last

    monkeypatch.setattr(place.store, "last_of_stream", then_more)
    new = await rebuild(place.store, place.writer, DIARY)
    assert new.sequence == told_since[0] == BEFORE + AFTER


def _fails(event: Event, entry: Entry, page: Page) -> None:
    if entry.sequence == 7:
        raise ValueError(f"no room for {entry.type}")
    TALLY.rules[events.HazardFound](event, entry, page)


POISONED = replace(TALLY, version=2, rules={**TALLY.rules, events.HazardFound: _fails})


async def test_an_event_that_cannot_be_entered_leaves_all_as_it_was(place: Place) -> None:
    """The sentence has its sequence and the reason; nothing half-built is left."""
    before = tables(place.database, ALL)
    with pytest.raises(StoppedError, match="no room for") as raised_:
        await rebuild(place.store, place.writer, POISONED)
    assert str(raised_.value).startswith("第 7 号事件无法入账")
    assert place.names() == {"hazards_1", "tally_1", "diary_1"}
    assert tables(place.database, ALL) == before


async def test_what_an_interrupted_one_left_is_swept_away(place: Place) -> None:
    """The next one begins from the beginning."""

    def stop(_: int) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await rebuild(place.store, place.writer, TALLY, moved=stop)
    assert place.names() == {"hazards_1", "tally_1", "diary_1"}
    with place.database.writing() as connection:
        generations.begin(place.database, TALLY, connection)
    assert "tally_2" in place.names()
    await rebuild(place.store, place.writer, TALLY)
    assert place.names() == {"hazards_1", "tally_2", "diary_1"}


async def test_two_at_once_do_no_harm(place: Place, tmp_path: Path) -> None:
    """One may give way to the other; what readers see then is whole."""
    with opened_writer(place.url) as other:
        both = await asyncio.gather(
            rebuild(place.store, place.writer, DIARY), rebuild(place.store, other, DIARY), return_exceptions=True
        )
    assert any(isinstance(one, Position) for one in both)
    assert all(isinstance(one, Position | StoppedError) for one in both), both
    assert len(place.names()) == 3
    assert tables(place.database, [DIARY])["diary"] == await Undisturbed(place.store, tmp_path).upto(DIARY, BEFORE)


async def test_a_trial_tells_what_would_change_and_changes_nothing(place: Place) -> None:
    """Also for rules of another version: then only the columns that both have."""
    with place.database.writing() as connection:
        connection.execute(text("UPDATE ledger_tally_1 SET c_area = 'elsewhere' WHERE key = '320623104'"))
    before = tables(place.database, ALL)
    for ledger in (TALLY, raised(TALLY)):
        found = await difference(place.store, place.writer, ledger, SITE)
        assert [(one.key, one.columns) for one in found.different] == [("320623104", ("area",))]
        assert found.counted == 1
    assert (await difference(place.store, place.writer, hazards.LEDGER, SITE)).counted == 0
    assert tables(place.database, ALL) == before
    assert place.names() == {"hazards_1", "tally_1", "diary_1"}


async def test_a_changed_version_may_be_built_by_hand(place: Place) -> None:
    """As the runner would, with its new column."""
    newer = raised(TALLY)
    new = await rebuild(place.store, place.writer, newer)
    assert (new.version, new.generation) == (2, 2)
    with opened(place.database, newer) as view:
        assert view.ledger is newer
        assert view.count() == 3


async def test_a_ledger_that_went_astray_is_left_alone_until_it_is_rebuilt(place: Place, tmp_path: Path) -> None:
    """Somebody altered how far it says it is: the others go on, and it is rebuilt as any other."""
    for altered in (BEFORE + 1000, 3):
        before = place.generation(TALLY)
        with place.database.writing() as connection:
            connection.execute(text("UPDATE bihuan_ledgers SET sequence = :to WHERE name = 'tally'"), {"to": altered})
        last = await place.teller.tell(5)
        runner = Runner(place.store, place.writer, ALL)
        await runner.prepare()
        assert [one.name for one in runner.astray.values()] == ["tally"]
        await runner.catch_up()
        there = positions.current(generations.all_positions(place.database), TALLY.name)
        assert there is not None
        assert there.sequence == altered
        await reached(place, DIARY, last)
        new = await rebuild(place.store, place.writer, TALLY)
        assert (new.sequence, place.generation(TALLY)) == (last, before + 1)
        await Runner(place.store, place.writer, ALL).prepare()
        assert tables(place.database, [TALLY])["tally"] == await Undisturbed(place.store, tmp_path).upto(TALLY, last)


async def test_what_a_newer_program_has_is_not_rebuilt(place: Place) -> None:
    """Neither what it built, nor what it is building beside the ledger that an older one still keeps."""
    with place.database.writing() as connection:
        generations.begin(place.database, raised(TALLY), connection)
    for ledger in (TALLY, raised(TALLY)):
        before, names = tables(place.database, [ledger, DIARY]), place.names()
        with pytest.raises(DatabaseTrouble, match="更新版本"):
            await rebuild(place.store, place.writer, TALLY)
        assert (tables(place.database, [ledger, DIARY]), place.names()) == (before, names)
        await Runner(place.store, place.writer, [raised(TALLY)]).catch_up()


async def test_a_side_table_that_the_next_version_has_no_more_goes_too(place: Place) -> None:
    """Nothing of the old generation is left; another ledger whose name begins alike is not touched."""
    with place.database.writing() as connection:
        connection.execute(text("CREATE TABLE ledger_diary_10 (key TEXT)"))
    await rebuild(place.store, place.writer, replace(raised(DIARY), sides=(), every=_counts))
    with place.database.reading() as connection:
        names = [name for name in inspect(connection).get_table_names() if name.startswith("ledger_diary_")]
    assert sorted(names) == ["ledger_diary_10", "ledger_diary_2", "ledger_diary_2_members"]


def _counts(_: Event, entry: Entry, page: Page) -> None:
    page.row(entry).set(entry, last=entry.type)
