"""B 月度调度表: one sheet for the whole area, one for each village; cumulative to the end of the month before."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sqlalchemy import select

from contracts import events, words
from contracts.terms import PartyKind
from services.projection.facets import changes
from services.projection.facets.spot_checks import SIDE as SPOT_CHECKS
from services.projection.forms.model import Sheet
from services.projection.knowing import Late
from services.projection.ledger import Ledger
from services.projection.ledgers import hazards, inspections, majors
from services.projection.reports import answer, enterprises, spot_checks, standing
from services.projection.reports.answer import Answer
from services.projection.reports.asked import LEVELS, Asked
from services.projection.reports.spot_checks import Checks
from services.projection.reports.standing import Figures
from services.projection.reports.tables import Tables

LEDGERS: Final = (majors.LEDGER, inspections.LEDGER, hazards.LEDGER)
ROLLUP, VILLAGE = "rollup", "village"
REVOKED: Final = "挂牌后撤销，仍计入挂牌督办（项）"
FIRST: Final = tuple(key for key in standing.KEYS if key not in {"ceased", "suspected"})
"""Keys of the first part; the others stand on 溯源."""
TYPES: Final = frozenset(
    {event.type for event in changes.RULES} | {events.InspectionRecorded.type, events.InspectionWithdrawn.type}
)


def make(tables: Tables, asked: Asked) -> Answer:
    """From dated changes, without folding the stream."""
    by_area = standing.figures(tables.connection, tables[majors.LEDGER].shelf, _question(asked))
    checked = spot_checks.checks(
        tables.connection, tables[inspections.LEDGER].shelf, _question(asked), digits=asked.below
    )
    whole = Checks()
    for checks in checked.values():
        whole.include(checks)
    cut = _cut(by_area, asked.below)
    area, figures = asked.question.area, standing.total(by_area)
    smallest = len(area) == LEVELS[-1]
    sheets = [_sheet(tables, asked, area, VILLAGE if smallest else ROLLUP, figures, whole)]
    if not smallest:
        sheets += [
            _sheet(tables, asked, each, VILLAGE, cut.get(each, Figures()), checked.get(each, Checks()))
            for each in _areas(tables, asked, {*cut, *checked})
        ]
    return Answer(sheets, _counts(asked, by_area, whole), _concerned(tables))


def open_majors(tables: Tables, asked: Asked) -> list[str]:
    """Found, and neither rectified nor ceased."""
    keys = standing.keys(tables.connection, tables[majors.LEDGER].shelf, _question(asked))
    ended = {*keys["major_self_fixed"], *keys["major_other_fixed"], *keys["ceased"]}
    return [one for one in (*keys["major_self_found"], *keys["major_other_found"]) if one not in ended]


def _question(asked: Asked, area: str | None = None) -> standing.Question:
    within = asked.question.area if area is None else area
    return standing.Question(asked.cutoff, asked.known, asked.since, within)


def _sheet(tables: Tables, asked: Asked, area: str, part: str, figures: Figures, checks: Checks) -> Sheet:
    keys = standing.keys(tables.connection, tables[majors.LEDGER].shelf, _question(asked, area))
    whole = area == asked.question.area
    name = (asked.unit if whole else "") or asked.called(area)
    return Sheet(
        name=f"{name} 汇总" if part == ROLLUP else name,
        part=part,
        area=area,
        heads={**asked.heads, "unit": name, "village": name},
        values={**{key: getattr(figures, key) for key in FIRST}, **checks.values},
        keys={**{key: keys[key] for key in FIRST}, **checks.keys},
        notes=[_until(asked)],
    )


def _until(asked: Asked) -> str:
    start = f"自{asked.since:%Y-%m-%d}起" if asked.since else "自有记录起"
    return f"统计口径：{start}，截至{asked.heads['until']}，按发生时间累计。"


def _cut(by_area: Mapping[str, Figures], digits: int) -> dict[str, Figures]:
    found: dict[str, dict[str, Figures]] = {}
    for area, figures in by_area.items():
        found.setdefault(area[:digits], {})[area] = figures
    return {area: standing.total(several) for area, several in found.items()}


def _areas(tables: Tables, asked: Asked, counted: Iterable[str]) -> list[str]:
    """Areas one level below that have hazards or visits, perhaps none that counts: a zero is reported too."""
    there = {*counted, *_there(tables, asked, hazards.LEDGER, "c_found_at")}
    there |= _there(tables, asked, inspections.LEDGER, "c_began_at")
    digits = asked.below
    return sorted({area[:digits] for area in there if len(area) >= digits})


def _there(tables: Tables, asked: Asked, ledger: Ledger, time: str) -> set[str]:
    cells, area = tables[ledger].shelf.rows.c, asked.question.area
    latest = asked.cutoff.isoformat(timespec="seconds")
    question = select(cells.c_area).distinct()
    question = question.where(cells.c_area.startswith(area), cells.born <= asked.known, cells[time] <= latest)
    return set(tables.connection.execute(question).scalars())


def _counts(asked: Asked, by_area: Mapping[str, Figures], whole: Checks) -> dict[str, int]:
    total = standing.total(by_area)
    counts = {answer.CEASED: total.ceased, answer.SUSPECTED: total.suspected}
    above = standing.total({area: one for area, one in by_area.items() if len(area) < asked.below})
    if asked.question.area and (unplaced := above.major_self_found + above.major_other_found):
        counts["只记到本级、未记到下级（村、社区），仅计入汇总的重大隐患（项）"] = unplaced
    for kind, parties in sorted(whole.others.items()):
        counts[enterprises.APART.format(words.term(PartyKind(kind)))] = len(parties)
    if whole.nameless:
        counts["未记明受检单位，不计家数的抽查（次）"] = whole.nameless
    return counts


def _concerned(tables: Tables) -> Callable[[Late], bool]:
    """Changes of hazards that are, or were, major; visits that are spot checks."""
    counted: set[str] = set()
    for ledger, side, column in (
        (majors.LEDGER, changes.SIDE, "hazard"),
        (inspections.LEDGER, SPOT_CHECKS, "inspection"),
    ):
        table = tables[ledger].shelf.sides[side.name]
        counted |= set(tables.connection.execute(select(table.c[column]).distinct()).scalars())
    return lambda late: late.type in TYPES and late.aggregate in counted
