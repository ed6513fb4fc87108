"""How long form B takes over a great many major hazards."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Final

from sqlalchemy import Table, func, select

from benchmarks.ledgers import ZONE, Bench, begun, middle
from benchmarks.measure import sure
from contracts.terms import Grade
from services.journal.library import Notification
from services.projection.database import Database
from services.projection.lanes import Writer
from services.projection.ledgers import BY_NAME
from services.projection.reports.standing import Figures, Question, figures, total
from services.projection.volume import Volume
from tests.lives import Counts, Told, Totals, beginning, generate, mending, plots
from tests.lives.moments import last_instant
from tests.lives.storing import recorded
from tests.lives.story import Story

SEED: Final = 11
TURNS: Final = 0.15
"""The share of lives that may take every turn there is."""
MAJOR: Final = 0.88
"""The share that counts as major in the end, at least."""
CUTOFF: Final = date(2025, 11, 30)
LAST: Final = date(2025, 12, 31)
"""Of the lives, which fill two years."""
TOGETHER: Final = 4_000


async def form_b(bench: Bench) -> None:
    """From the dated changes beside the rows, as known then and now; each answer is what the lives' plan says."""
    totals = Totals()
    told = generate(SEED, int(bench.sized(200_000, 10_000) / MAJOR), totals=totals, plot=_plot)
    with bench.databases() as databases:
        volumes = {name: begun(database, BY_NAME["majors"]) for name, database in databases.items()}
        folding = await _fold(databases, volumes, told)
        for name, database in databases.items():
            volume = volumes[name]
            sure(volume.sequence == totals.told, volume.position)
            _figures(bench, name, database, volume, totals, folding[name])


def _plot(story: Story) -> None:
    """Major from the beginning, and soon verified; or whatever may become of a hazard."""
    if story.chance(TURNS):
        plots.plot(story)
        return
    story.do(beginning.found, words=story.draw(6))
    story.do(beginning.graded, Grade.MAJOR)
    for act in (mending.passed, mending.closed):
        story.wait(20)
        if not story.chance(0.9):
            return
        story.do(act)


async def _fold(databases: dict[str, Database], volumes: dict[str, Volume], told: Iterator[Told]) -> dict[str, float]:
    """Seconds, without a stream: decoding, the rules, the rows, the changes beside them."""
    writers = {name: Writer(database, ZONE) for name, database in databases.items()}
    taken = dict.fromkeys(databases, 0.0)
    stream = _stream(told)
    while batch := list(islice(stream, TOGETHER)):
        for name, volume in volumes.items():
            began = perf_counter()
            await writers[name].write([volume], batch)
            taken[name] += perf_counter() - began
    for writer in writers.values():
        writer.close()
    return taken


def _stream(told: Iterable[Told]) -> Iterator[Notification]:
    for sequence, one in enumerate(recorded(told), 1):
        yield Notification(one.originator_id, one.originator_version, one.topic, one.state, sequence)


def _figures(bench: Bench, name: str, database: Database, volume: Volume, totals: Totals, folding: float) -> None:
    changes, majors = volume.shelf.sides["changes"], _majors(totals.count(LAST))
    sure(majors >= bench.sized(200_000, 10_000), f"{majors} major hazards are too few")
    alone, count = middle(partial(_count, database, changes))
    bench.table.head(f"Form B over {majors:,} major hazards with {count:,} dated changes, {name}")
    bench.table.tell("raw limit: SELECT count(*) of the changes", f"{alone:.0f} ms")
    bench.table.tell(f"by folding {totals.told:,} events instead, once", f"{folding:.1f} s")
    for area in (totals.areas[0][:6], ""):
        for told, known in (("then", totals.position(CUTOFF)), ("now", totals.told)):
            asked = Question(datetime.fromtimestamp(last_instant(CUTOFF) / 1e6, UTC), known, area=area)
            taken, answer = middle(partial(_ask, database, volume, asked))
            planned = totals.count(CUTOFF, known=known, area=area)
            sure(planned == Counts(**{key: getattr(answer, key) for key in asdict(planned)}), (planned, answer))
            place = f"area {area}" if area else "all areas"
            bench.table.tell(f"{place}, as known {told}", f"{taken:.0f} ms", "< 1 s", met=taken < 1_000)


def _majors(counts: Counts) -> int:
    return counts.major_self_found + counts.major_other_found


def _ask(database: Database, volume: Volume, asked: Question) -> Figures:
    with database.reading() as connection:
        return total(figures(connection, volume.shelf, asked))


def _count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
