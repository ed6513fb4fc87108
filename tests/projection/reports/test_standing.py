"""Form B's figures against lives whose totals are known from their plan, for cut-offs of all kinds."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.envelope import Envelope, encode
from services.projection import generations, positions
from services.projection.database import Database
from services.projection.entries import Entry
from services.projection.ledgers import majors
from services.projection.reports.standing import Figures, Question, figures, keys, total
from services.projection.volume import Volume
from tests.lives import Counts, Told, Totals, generate
from tests.lives.moments import last_instant

ZONE = ZoneInfo("Asia/Shanghai")
HAZARDS = int(os.environ.get("LIVES", "3000"))
"""`make lives` asks for 200,000."""
NO_HASH = "0" * 64


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Volume, Totals]]:
    """So many lives in the ledger, and what must come out."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('b') / 'b.sqlite'}", throwaway=True)
    database.open()
    totals = Totals()
    volume = _volume(database)
    batch: list[Entry] = []
    for sequence, told in enumerate(generate(11, HAZARDS, totals=totals), 1):
        batch.append(_entry(sequence, told))
        if len(batch) == 2_000:
            _enter(database, volume, batch)
            batch = []
    _enter(database, volume, batch)
    yield database, volume, totals
    database.close()


CUTOFFS = [date(2024, 1, 31), date(2024, 6, 30), date(2025, 2, 28), date(2025, 12, 31)]


@pytest.mark.parametrize("cutoff", CUTOFFS)
@pytest.mark.parametrize("known", ["then", "now", "between"])
@pytest.mark.parametrize("since", [None, date(2024, 5, 22)])
def test_every_area_counts_as_the_plan_says(
    lives: tuple[Database, Volume, Totals], cutoff: date, known: str, since: date | None
) -> None:
    """As known then, as known now, and at any moment between; from the campaign's beginning or of all time."""
    database, volume, totals = lives
    then, now = totals.position(cutoff), totals.told
    sequence = {"then": then, "now": now, "between": (then + now) // 2}[known]
    asked = _question(cutoff, sequence, since)
    with database.reading() as connection:
        ours = figures(connection, volume.shelf, asked, digits=6)
    assert {area: _counts(figure) for area, figure in ours.items() if _counts(figure) != Counts()} == {
        area: counts
        for area, counts in totals.by_area(6, cutoff, since=since, known=sequence).items()
        if counts != Counts()
    }


def test_what_is_known_later_changes_what_counted_then(lives: tuple[Database, Volume, Totals]) -> None:
    """The lives have late entries, so the two answers differ; else the tests above would prove little."""
    database, volume, totals = lives
    cutoff = date(2024, 12, 31)
    with database.reading() as connection:
        then = figures(connection, volume.shelf, _question(cutoff, totals.position(cutoff)))
        now = figures(connection, volume.shelf, _question(cutoff, totals.told))
    assert total(then) != total(now)
    assert total(now).ceased > 0
    assert total(now).listed_fixed > 0


def test_a_figure_names_what_it_counts(lives: tuple[Database, Volume, Totals]) -> None:
    """Each figure is the number of its keys, in one area as in all."""
    database, volume, totals = lives
    for area in ("", totals.areas[0][:6]):
        asked = _question(date(2025, 6, 30), totals.told, area=area)
        with database.reading() as connection:
            counted = total(figures(connection, volume.shelf, asked))
            named = keys(connection, volume.shelf, asked)
        assert {key: len(set(hazards)) for key, hazards in named.items()} == {
            key: getattr(counted, key) for key in named
        }
        assert all(hazard.startswith(area) for hazards in named.values() for hazard in hazards)


def _question(cutoff: date, known: int, since: date | None = None, area: str = "") -> Question:
    begin = datetime(since.year, since.month, since.day, tzinfo=ZONE) if since else None
    return Question(datetime.fromtimestamp(last_instant(cutoff) / 1e6, UTC), known, begin, area)


def _counts(figure: Figures) -> Counts:
    return Counts(**{key: getattr(figure, key) for key in Counts.__dataclass_fields__})


def _volume(database: Database) -> Volume:
    with database.writing() as connection:
        position = generations.begin(database, majors.LEDGER, connection)
    return Volume(database, majors.LEDGER, position, pages=40_000)


def _enter(database: Database, volume: Volume, batch: list[Entry]) -> None:
    with database.writing() as connection:
        positions.advance(connection, [volume.enter(connection, batch)])
    assert not volume.stopped, volume.position


def _entry(sequence: int, told: Told) -> Entry:
    body = encode(
        Envelope(
            id=f"e{sequence}",
            type=told.event.type,
            schema_version=told.event.schema_version,
            aggregate_id=told.aggregate_id,
            version=told.version,
            command_id=f"c{sequence}",
            command_hash=NO_HASH,
            previous_hash=NO_HASH,
            event=told.event,
        )
    )
    return Entry(sequence, told.kind, told.aggregate_id, told.version, told.event.type, body, ZONE)
